import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Team } from "@matchpoint/sdk";
import { z } from "zod";
import { gameLines, type Reading } from "../gameLines.ts";
import { MapSet } from "./mapSet.ts";
import type { Fight, RoundRow, RoundsRow } from "./rows.ts";
import { readSnapshots, SNAPSHOTS_FOLDER } from "./snapshots.ts";

const CT = 3;
const TEAM_SIZE = 5;

const ROUND = z.object({
  n: z.int().min(1),
  a: z.int().min(0),
  b: z.int().min(0),
  aSide: z.union([z.literal(2), z.literal(3)]),
  aEq: z.number().min(0),
  bEq: z.number().min(0),
  win: z.union([z.literal(2), z.literal(3)]),
  fzEndTick: z.number(),
  endTick: z.number(),
});
type Round = z.output<typeof ROUND>;

/** Round, tick, side of the killer, side of the victim, then weapon and the like. */
const KILL = z.tuple([z.number(), z.number(), z.unknown(), z.number()]).rest(z.unknown());
type Kill = z.output<typeof KILL>;

/** A map that was not recorded whole may hold rounds without an end: it is left out before its rounds are looked at. */
const INCOMPLETE = z.object({ complete: z.literal(false) });

const LINE = z.union([
  INCOMPLETE,
  z.object({
    complete: z.literal(true).nullish(),
    event: z.string(),
    demo: z.string(),
    date: z.string(),
    winner: z.union([z.literal("A"), z.literal("B")]),
    rounds: z.array(ROUND).min(1),
    kills: z.array(KILL).nullish(),
  }),
]);

/**
 * Reads the maps of a folder: one CS2 map a line with `rounds` and `kills`. Incomplete maps are left out. For a fit, in-round
 * states are taken from {@link SNAPSHOTS_FOLDER} where it lies beside the folder.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or what `reading` throws
 */
export async function readCs2Maps(folder: string, reading: Reading): Promise<RoundsRow[]> {
  const beside = join(folder, "..", SNAPSHOTS_FOLDER);
  const snapshots = reading.fitting && existsSync(beside) ? await readSnapshots(beside) : undefined;
  const maps = new MapSet("cs2", reading);
  for await (const { value, where } of gameLines(folder, LINE, reading)) {
    if (value.complete === false) {
      reading.passed("not recorded whole");
      continue;
    }
    const { winner, event, demo, date, rounds, kills } = value;
    const row: RoundsRow = {
      game: `${date} ${event} ${demo}`,
      // "liquid-vs-cloud9-m2-ancient" is the second map of a match, "liquid-vs-cloud9-ancient" the only one.
      match: `${date} ${event} ${demo.replace(/-m\d+-.*$/, "")}`,
      playedAt: date,
      won: winner === "A",
      rounds: roundsOf(rounds, kills ?? []),
      ...(snapshots === undefined ? {} : { snapshots }),
    };
    const last = rounds.at(-1)!;
    maps.add(row, [last.a, last.b], where);
  }
  return maps.rows;
}

function roundsOf(rounds: readonly Round[], kills: readonly Kill[]): RoundRow[] {
  let score: readonly [number, number] = [0, 0];
  return rounds.map((round) => {
    const firstSide: Team = round.aSide === CT ? 0 : 1;
    const row: RoundRow = {
      score,
      firstSide,
      equipment: [round.aEq, round.bEq],
      won: round.win === round.aSide,
      fights: fightsOf(
        round,
        kills.filter(([n]) => n === round.n),
      ),
    };
    score = [round.a, round.b];
    return row;
  });
}

/** After each kill while the round goes on. The round is over with its last tick, or when nobody of a team stands. */
function fightsOf({ aSide, fzEndTick, endTick }: Round, kills: readonly Kill[]): Fight[] {
  const alive: [number, number] = [TEAM_SIZE, TEAM_SIZE];
  const fights: Fight[] = [];
  for (const [, tick, , victim] of kills.toSorted((x, y) => x[1] - y[1])) {
    if (tick < fzEndTick) continue;
    if (tick >= endTick) break;
    alive[victim === aSide ? 0 : 1] -= 1;
    if (alive[0] <= 0 || alive[1] <= 0) break;
    fights.push({ alive: [...alive] });
  }
  return fights;
}
