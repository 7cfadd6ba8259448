import { join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { readdirSync } from "node:fs";
import { LineFile } from "../../import/lines.ts";

/** What a market had done of a goal's whole move by the time at which the score feed showed it. */
export interface GoalMove {
  readonly token: string;
  /** When the feed showed the goal, in Unix ms, and the score then: home, away. */
  readonly shownAt: number;
  readonly score: readonly [number, number];
  /** Mids a minute before, at that time, and a minute after. */
  readonly before: number;
  readonly shown: number;
  readonly after: number;
}

const MINUTE = 60_000;
/** A market that moved less than this over the two minutes was not about the goal. */
const LEAST_MOVE = 0.05;

/**
 * Reads a capture of `ticks.csv.gz` (`ts_ms,ev,tok,side,price,size,best_bid,best_ask`) with `espn_*.csv` on the same clock,
 * and measures how much of each goal was in the price when the score feed showed it. Of both tokens of a market the one that
 * comes first is taken.
 *
 * @throws MatchpointError `FILE_NOT_FOUND` when one of both files is missing
 */
export async function measureLateScore(folder: string): Promise<GoalMove[]> {
  const score = readdirSync(folder).find((name) => /^espn_.*\.csv$/.test(name));
  if (score === undefined) {
    throw new MatchpointError("FILE_NOT_FOUND", "no score feed (espn_*.csv)", { where: folder });
  }
  const goals = await readGoals(join(folder, score));
  const wanted = goals.flatMap(({ t }) => [t - MINUTE, t, t + MINUTE]);
  const mids = await readMids(join(folder, "ticks.csv.gz"), wanted);
  const moves: GoalMove[] = [];
  const mirrored = new Set<string>();
  for (const { t, score } of goals) {
    for (const [token, at] of mids) {
      const [before, shown, after] = [at.get(t - MINUTE), at.get(t), at.get(t + MINUTE)];
      if (before === undefined || shown === undefined || after === undefined) continue;
      const key = `${t} ${Math.abs(after - before).toFixed(4)} ${Math.abs(shown - before).toFixed(4)}`;
      if (Math.abs(after - before) < LEAST_MOVE || mirrored.has(key)) continue;
      mirrored.add(key);
      moves.push({ token, shownAt: t, score, before, shown, after });
    }
  }
  return moves;
}

interface Goal {
  readonly t: number;
  readonly score: readonly [number, number];
}

async function readGoals(path: string): Promise<Goal[]> {
  const goals: Goal[] = [];
  let last: readonly [number, number] | undefined;
  for await (const cells of table(path, ["ts_ms", "home_score", "away_score"])) {
    const [t, home, away] = cells.map(Number) as [number, number, number];
    if (last !== undefined && home + away > last[0] + last[1]) goals.push({ t, score: [home, away] });
    last = [home, away];
  }
  return goals;
}

/** Per token the last mid before each of the times. */
async function readMids(path: string, times: readonly number[]): Promise<Map<string, Map<number, number>>> {
  const sorted = [...times].toSorted((a, b) => a - b);
  const mids = new Map<string, Map<number, number>>();
  for await (const [ts, event, token, bid, ask] of table(path, [
    "ts_ms",
    "ev",
    "tok",
    "best_bid",
    "best_ask",
  ])) {
    const [best, least] = [Number(bid), Number(ask)];
    if (event !== "P" || best <= 0 || least >= 1 || least < best) continue;
    const at = mids.get(token!) ?? new Map<number, number>();
    mids.set(token!, at);
    for (const time of sorted) if (Number(ts) <= time) at.set(time, (best + least) / 2);
  }
  return mids;
}

async function* table(path: string, columns: readonly string[]): AsyncGenerator<(string | undefined)[]> {
  let places: number[] | undefined;
  for await (const line of new LineFile(path).lines()) {
    const cells = line.split(",");
    if (places === undefined) places = columns.map((name) => cells.indexOf(name));
    else if (line !== "") yield places.map((place) => cells[place]);
  }
}
