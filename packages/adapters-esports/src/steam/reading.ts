import type { GameProgress, Team } from "@matchpoint/sdk";
import type { SteamGame } from "./schema.ts";

type Pair = readonly [number, number];
type Side = NonNullable<SteamGame["scoreboard"]>["radiant"];

/** What one poll says of one game, in the order of the match's teams. */
export interface SteamReading {
  readonly ref: string;
  /** The team on radiant. It changes from game to game. */
  readonly radiant: Team;
  /** Games that the teams had won before this one. */
  readonly wins: Pair;
  /** Past the draft: towers stand or the clock runs. */
  readonly started: boolean;
  readonly durationMs: number;
  readonly progress: GameProgress;
}

const PLAYERS = 5;
const TOWERS = 11;

/** Reads a game of the match whose radiant team is `radiant`. */
export function readSteamGame(game: SteamGame, ref: string, radiant: Team): SteamReading {
  const ours = (onRadiant: number, onDire: number): Pair =>
    radiant === 0 ? [onRadiant, onDire] : [onDire, onRadiant];
  const board = game.scoreboard;
  const [first, second] = [board?.radiant, board?.dire];
  const durationMs = Math.round((board?.duration ?? 0) * 1000);
  const towers = [first?.tower_state ?? 0, second?.tower_state ?? 0] as const;
  // Before the horn the clock stands at 0 and heroes may already have died; before that no tower stands.
  const started = durationMs > 0 || towers[0] > 0 || towers[1] > 0;
  return {
    ref,
    radiant,
    wins: ours(game.radiant_series_wins ?? 0, game.dire_series_wins ?? 0),
    started,
    durationMs,
    progress: started ? progressOf(first, second, durationMs, radiant, ours) : {},
  };
}

function progressOf(
  first: Side,
  second: Side,
  clockMs: number,
  radiant: Team,
  ours: (onRadiant: number, onDire: number) => Pair,
): GameProgress {
  const progress: { -readonly [K in keyof GameProgress]: GameProgress[K] } = { clockMs, firstSide: radiant };
  const both = (one: number | undefined, two: number | undefined): Pair | undefined =>
    one === undefined || two === undefined ? undefined : ours(one, two);
  const put = (field: "score" | "kills" | "gold" | "towers" | "alive", pair: Pair | undefined): void => {
    if (pair !== undefined) progress[field] = pair;
  };
  put("score", both(first?.score, second?.score));
  put("kills", progress.score);
  put("gold", both(netWorth(first), netWorth(second)));
  // Towers that the other side has lost.
  if ((first?.tower_state ?? 0) > 0 || (second?.tower_state ?? 0) > 0) {
    put("towers", both(fallen(second?.tower_state), fallen(first?.tower_state)));
  }
  put("alive", both(alive(first), alive(second)));
  return progress;
}

/** Gold that a side is worth; unknown unless all five players say. */
function netWorth(side: Side): number | undefined {
  const players = side?.players ?? [];
  if (players.length !== PLAYERS) return undefined;
  let sum = 0;
  for (const { net_worth: worth } of players) {
    if (worth === undefined) return undefined;
    sum += worth;
  }
  return sum;
}

function alive(side: Side): number | undefined {
  const players = side?.players ?? [];
  if (players.length !== PLAYERS) return undefined;
  let count = 0;
  for (const { respawn_timer: seconds } of players) {
    if (seconds === undefined) return undefined;
    if (seconds === 0) count += 1;
  }
  return count;
}

function fallen(towerState: number | undefined): number | undefined {
  if (towerState === undefined) return undefined;
  let standing = 0;
  for (let bits = towerState; bits > 0; bits >>= 1) standing += bits & 1;
  return TOWERS - standing;
}
