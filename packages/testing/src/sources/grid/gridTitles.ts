import type { Title } from "@matchpoint/sdk";

/** What GRID calls things in one title. */
export interface GridTitle {
  /** Id and short name in Central Data. */
  readonly id: string;
  readonly shortName: string;
  /** Side names, the first side first. */
  readonly sides: readonly [string, string];
  /** Whether a game's score is rounds; else it is kills. */
  readonly rounds: boolean;
  readonly clock: "clock" | "gameClock";
  /** Lengths in seconds where the clock counts down. */
  readonly roundSeconds: number;
  readonly bombSeconds: number;
  readonly map: string;
}

const CS2: GridTitle = {
  id: "28",
  shortName: "cs2",
  sides: ["counter-terrorists", "terrorists"],
  rounds: true,
  clock: "clock",
  roundSeconds: 115,
  bombSeconds: 40,
  map: "inferno",
};
const PLAIN = { rounds: false, clock: "gameClock", roundSeconds: 0, bombSeconds: 0 } as const;

/** By title, as documented by GRID; ids of League of Legends and Valorant are those of paid keys. */
export const GRID_TITLES: Readonly<Record<Title, GridTitle>> = {
  cs2: CS2,
  valorant: {
    ...CS2,
    id: "6",
    shortName: "val",
    sides: ["defender", "attacker"],
    clock: "gameClock",
    roundSeconds: 100,
    bombSeconds: 45,
    map: "breeze",
  },
  lol: { ...PLAIN, id: "3", shortName: "lol", sides: ["blue", "red"], map: "Summoner's Rift" },
  dota2: { ...PLAIN, id: "2", shortName: "dota2", sides: ["radiant", "dire"], map: "dota" },
  other: { ...PLAIN, id: "0", shortName: "other", sides: ["first", "second"], map: "map" },
};
