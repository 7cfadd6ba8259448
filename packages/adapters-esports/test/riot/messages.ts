import type { MatchDescription } from "@matchpoint/sdk";
import { EPOCH } from "../support.ts";

/* Answers of Riot's gateway and live statistics, typed from the documented shapes. */

export const MATCH_ID = "115548128963037563";
export const WOLVES = "98767991860392497";
export const OTTERS = "98767991853197861";

export const RIFT: MatchDescription = {
  matchId: "lol-wolves-otters" as MatchDescription["matchId"],
  title: "lol",
  teams: [{ name: "Wolves", aliases: ["WLV"] }, { name: "Sea Otters" }],
  bestOf: 3,
  refs: { riot_gateway: { match: MATCH_ID, teams: [WOLVES, OTTERS] } },
};

/** Id of a game: its number in the last digits. */
export const gameId = (number: number): string => `11554812896303756${3 + number}`;

export const time = (ms: number): string => new Date(EPOCH + ms).toISOString();

export const listedGame = (number: number, state: string, id = gameId(number)): object => ({
  number,
  id,
  state,
  teams: [
    { id: WOLVES, side: "blue" },
    { id: OTTERS, side: "red" },
  ],
  vods: [],
});

interface EventOptions {
  readonly count?: number;
  readonly outcomes?: readonly [string | null, string | null];
  readonly teams?: readonly object[];
}

/** An answer of `getEventDetails`; the teams come in Riot's own order, which is not ours. */
export function details(
  wins: readonly [number, number],
  games: readonly object[],
  { count = 3, outcomes = [null, null], teams }: EventOptions = {},
): object {
  const ours = [
    {
      id: OTTERS,
      name: "Sea Otters",
      code: "OTT",
      image: "",
      result: { outcome: outcomes[1], gameWins: wins[1] },
    },
    {
      id: WOLVES,
      name: "Wolves",
      code: "WLV",
      image: "",
      result: { outcome: outcomes[0], gameWins: wins[0] },
    },
  ];
  const strategy = { type: "bestOf", count };
  const match = { id: MATCH_ID, strategy, teams: teams ?? ours, games };
  return { data: { event: { id: MATCH_ID, type: "match", state: null, league: {}, match, streams: [] } } };
}

interface SideOptions {
  readonly gold?: number;
  readonly kills?: number;
  readonly towers?: number;
  readonly barons?: number;
  readonly inhibitors?: number;
  readonly dragons?: readonly string[];
  readonly dead?: number;
}

export function side(from: number, options: SideOptions = {}): object {
  const { gold = 2_500, kills = 0, towers = 0, barons = 0, inhibitors = 0, dragons = [], dead = 0 } = options;
  return {
    totalGold: gold,
    inhibitors,
    towers,
    barons,
    totalKills: kills,
    dragons,
    participants: Array.from({ length: 5 }, (_, index) => ({
      participantId: from + index,
      totalGold: gold / 5,
      level: 9,
      kills: 0,
      deaths: 0,
      assists: 0,
      creepScore: 120,
      currentHealth: index < dead ? 0 : 900,
      maxHealth: 1500,
    })),
  };
}

/** A frame `ms` after the epoch. */
export const frame = (
  ms: number,
  blue: SideOptions = {},
  red: SideOptions = {},
  gameState = "in_game",
): object => ({
  rfc460Timestamp: time(ms),
  gameState,
  blueTeam: side(1, blue),
  redTeam: side(6, red),
});

const metadata = (team: string, from: number): object => ({
  esportsTeamId: team,
  participantMetadata: Array.from({ length: 5 }, (_, index) => ({
    participantId: from + index,
    esportsPlayerId: "1",
    summonerName: "WLV Top",
    championId: "Ornn",
    role: "top",
  })),
});

/** A window of a game; the Otters play blue unless said otherwise. */
export const window = (
  game: string,
  frames: readonly object[],
  teams: readonly [string, string] = [OTTERS, WOLVES],
): object => ({
  esportsGameId: game,
  esportsMatchId: MATCH_ID,
  gameMetadata: {
    patchVersion: "16.16.1",
    blueTeamMetadata: metadata(teams[0], 1),
    redTeamMetadata: metadata(teams[1], 6),
  },
  frames,
});

/** A frame of the details feed: each participant's gold and kills. */
export const detailsFrame = (ms: number, blue: number, red: number): object => ({
  rfc460Timestamp: time(ms),
  participants: Array.from({ length: 10 }, (_, index) => ({
    participantId: index + 1,
    totalGoldEarned: index < 5 ? blue / 5 : red / 5,
    kills: index < 5 ? 1 : 2,
    items: [1001],
    wardsPlaced: 3,
  })),
});

export const listing = (id: string, more: object = {}): object => ({
  startTime: "2026-05-01T10:00:00Z",
  state: "unstarted",
  type: "match",
  blockName: "Week 1",
  league: { name: "LCK", slug: "lck" },
  match: {
    id,
    flags: [],
    teams: [
      { name: "Wolves", code: "WLV", image: "", result: { outcome: null, gameWins: 0 }, record: {} },
      { name: "Sea Otters", code: "OTT", image: "", result: null, record: null },
    ],
    strategy: { type: "bestOf", count: 3 },
  },
  ...more,
});

export const schedule = (events: readonly object[]): object => ({
  data: { schedule: { pages: { older: "a", newer: null }, events } },
});
