import { z } from "zod";
import { gameLines, type Reading } from "../gameLines.ts";
import { MapSet } from "./mapSet.ts";
import type { Fight, RoundRow, RoundsRow } from "./rows.ts";

const TEAM_SIZE = 5;
/** From the plant of the spike to its detonation; and the length of a round without a plant. */
const FUSE_MS = 45_000;
const ROUND_MS = 100_000;

const TEAM = z.union([z.literal("A"), z.literal("B")]);
/** Kill (of whom by whom), plant, defuse, or a player brought back to life. */
const EVENT = z.union([
  z.tuple([z.number(), z.literal("k"), TEAM, TEAM]),
  z.tuple([z.number(), z.literal("p"), TEAM]),
  z.tuple([z.number(), z.literal("d"), TEAM]),
  z.tuple([z.number(), z.literal("r"), TEAM]),
]);
type Happening = z.output<typeof EVENT>;

const ROUND = z.object({
  att: TEAM,
  win: TEAM,
  a: z.int().min(0),
  b: z.int().min(0),
  aLoad: z.number().min(0),
  bLoad: z.number().min(0),
  ev: z.array(EVENT),
});

/** A map whose score does not come out is left out before its rounds are looked at. */
const ILLEGAL = z.union([z.object({ legal: z.literal(false) }), z.object({ winner: z.null() })]);

const LINE = z.union([
  ILLEGAL.transform(() => undefined),
  z.object({
    matchId: z.union([z.number(), z.string()]),
    map: z.string(),
    winner: TEAM,
    legal: z.literal(true).nullish(),
    rounds: z.array(ROUND).min(1),
  }),
]);

/**
 * Reads the maps of a folder: one Valorant map a line with `rounds` and their events. Maps whose score is not legal are left
 * out.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or what `reading` throws
 */
export async function readValorantMaps(folder: string, reading: Reading): Promise<RoundsRow[]> {
  const maps = new MapSet("valorant", reading);
  for await (const { value, where } of gameLines(folder, LINE, reading)) {
    if (value === undefined) {
      reading.passed("not a legal score");
      continue;
    }
    const { matchId, map, winner, rounds } = value;
    const row: RoundsRow = {
      game: `${matchId} ${map}`,
      match: String(matchId),
      playedAt: "2024",
      won: winner === "A",
      rounds: roundsOf(rounds),
    };
    const last = rounds.at(-1)!;
    maps.add(row, [last.a, last.b], where);
  }
  return maps.rows;
}

function roundsOf(rounds: readonly z.output<typeof ROUND>[]): RoundRow[] {
  let score: readonly [number, number] = [0, 0];
  return rounds.map(({ att, win, a, b, aLoad, bLoad, ev }) => {
    const row: RoundRow = {
      score,
      firstSide: att === "A" ? 1 : 0,
      equipment: [aLoad, bLoad],
      won: win === "A",
      fights: fightsOf(ev),
    };
    score = [a, b];
    return row;
  });
}

/** After each kill, plant or revival while the round goes on: until a team has fallen, the spike is gone, or time is up. */
function fightsOf(events: readonly Happening[]): Fight[] {
  const alive: [number, number] = [TEAM_SIZE, TEAM_SIZE];
  const fights: Fight[] = [];
  let end = ROUND_MS;
  let planted = false;
  for (const event of events.toSorted((x, y) => x[0] - y[0])) {
    if (event[0] >= end || event[1] === "d") break;
    if (event[1] === "p") {
      planted = true;
      end = event[0] + FUSE_MS;
    } else if (event[1] === "k") alive[event[3] === "A" ? 0 : 1] -= 1;
    else {
      const team = event[2] === "A" ? 0 : 1;
      alive[team] = Math.min(TEAM_SIZE, alive[team] + 1);
    }
    if (alive[0] <= 0 || alive[1] <= 0) break;
    fights.push({ alive: [...alive], planted });
  }
  return fights;
}
