import type { GameProgress, Team } from "@matchpoint/sdk";
import type { TeamOf } from "../common/teams.ts";
import type { PandascoreEvent, PandascoreFrame } from "./schema.ts";

/** What a frame says about the game that it shows. */
export interface LiveReading {
  readonly gameId: string;
  readonly finished: boolean;
  readonly winnerId: string | undefined;
  readonly paused: boolean;
  /** Seconds; of the game in LoL and Dota 2, of the round in CS. */
  readonly timestamp: number | undefined;
  /** Whether `timestamp` runs through the whole game, so that going back means a rewind. */
  readonly gameClock: boolean;
  readonly progress: GameProgress;
  /** Maps won before this game, where the frame has them. */
  readonly mapsBefore: number | undefined;
}

type Side = NonNullable<PandascoreFrame["blue"]>;
type Pair = readonly [number, number];

/**
 * Reads a frame. What `score` means depends on the title: maps won in LoL and CS, kills in Dota 2. Dota's `towers` are
 * left out because it is not documented whether they stand or have fallen; so is the `score` of Valorant.
 */
export function readFrame(frame: PandascoreFrame, teamOf: TeamOf): LiveReading {
  const { blue, red, radiant, dire, attackers, defenders } = frame;
  const ct = frame.counter_terrorists;
  const t = frame.terrorists;
  const timestamp = frame.current_timestamp;
  const progress: { -readonly [K in keyof GameProgress]: GameProgress[K] } = {};
  let mapsBefore: number | undefined;
  const put = (field: "score" | "gold" | "towers" | "kills", value: Pair | undefined): void => {
    if (value !== undefined) progress[field] = value;
  };
  const sides = (first: Side | undefined, second: Side | undefined): readonly [Side, Side] | undefined => {
    if (first === undefined || second === undefined) return undefined;
    const team = first.id === undefined ? undefined : teamOf(first.id);
    if (team !== undefined) progress.firstSide = team;
    return [first, second];
  };
  const of = (both: readonly [Side, Side] | undefined, field: Exclude<keyof Side, "id">): Pair | undefined =>
    both === undefined ? undefined : pairOf(teamOf, both[0].id, both[0][field], both[1].id, both[1][field]);

  const lol = sides(blue, red);
  const cs = sides(ct, t);
  const dota = sides(radiant, dire);
  if (lol !== undefined) {
    put("score", of(lol, "kills"));
    put("kills", of(lol, "kills"));
    put("gold", of(lol, "gold"));
    put("towers", of(lol, "towers"));
    mapsBefore = sum(of(lol, "score"));
  } else if (cs !== undefined) {
    put("score", of(cs, "round_score"));
    mapsBefore = sum(of(cs, "score"));
  } else if (dota !== undefined) {
    put("score", of(dota, "score"));
    put("kills", of(dota, "score"));
  } else {
    const named = sides(defenders, attackers);
    const [one, two] = frame.teams ?? [];
    put(
      "score",
      of(named ?? (one === undefined || two === undefined ? undefined : [one, two]), "round_score"),
    );
  }
  const gameClock = lol !== undefined || dota !== undefined;
  if (gameClock && timestamp !== undefined && timestamp >= 0 && timestamp < 1e6) {
    progress.clockMs = Math.round(timestamp * 1000);
  }
  const round = typeof frame.round === "number" ? frame.round : frame.round?.number;
  if (round !== undefined && round > 0) progress.round = round;
  return {
    gameId: frame.game.id,
    finished: frame.game.finished === true,
    winnerId: frame.game.winner_id,
    paused: frame.paused === true,
    timestamp,
    gameClock,
    progress,
    mapsBefore,
  };
}

/** The score and round that an event states; `undefined` for the many that state none. */
export function readRoundEvent(
  event: PandascoreEvent,
  teamOf: TeamOf,
): Pick<GameProgress, "score" | "round"> | undefined {
  const stated = event.payload?.round_score;
  const ct = stated?.counter_terrorists;
  const t = stated?.terrorists;
  const score = pairOf(teamOf, ct?.team_id, ct?.score, t?.team_id, t?.score);
  const round = event.round_number;
  if (score === undefined) return undefined;
  return round === undefined || round < 1 ? { score } : { score, round };
}

/** Two sides' counts in the order of the match's teams; `undefined` unless both sides are those teams. */
function pairOf(
  teamOf: TeamOf,
  firstId: string | undefined,
  first: number | undefined,
  secondId: string | undefined,
  second: number | undefined,
): Pair | undefined {
  if (firstId === undefined || secondId === undefined) return undefined;
  if (first === undefined || second === undefined) return undefined;
  const a: Team | undefined = teamOf(firstId);
  const b: Team | undefined = teamOf(secondId);
  if (a === undefined || b === undefined || a === b) return undefined;
  return a === 0 ? [first, second] : [second, first];
}

function sum(pair: Pair | undefined): number | undefined {
  return pair === undefined ? undefined : pair[0] + pair[1];
}
