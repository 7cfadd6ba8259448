import type { GameProgress, Team } from "@matchpoint/sdk";
import type { TeamOf } from "../common/teams.ts";
import { PANDASCORE_TOWERS, type PandascoreEvent, type PandascoreFrame } from "./schema.ts";

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
type Count = "score" | "round_score" | "gold" | "kills" | "drakes" | "nashors" | "inhibitors";
type PairField = "score" | "gold" | "towers" | "kills" | "dragons" | "barons" | "inhibitors" | "alive";

const PLAYERS = 5;
/** Maps won before the last one of the longest series: what adds up to more is no score of maps. */
const MAPS_AT_MOST = 4;

/**
 * Reads a frame. What `score` means depends on the title: maps won in LoL and CS, kills in Dota 2. Dota's `towers` are
 * left out because it is not documented whether the team has taken or lost them. Valorant's `score` is not documented: it is
 * one of rounds where it adds up to the rounds that were played, and more than any score of maps does.
 */
export function readFrame(frame: PandascoreFrame, teamOf: TeamOf): LiveReading {
  const { blue, red, radiant, dire, attackers, defenders } = frame;
  const ct = frame.counter_terrorists;
  const t = frame.terrorists;
  const timestamp = frame.current_timestamp;
  const progress: { -readonly [K in keyof GameProgress]: GameProgress[K] } = {};
  let mapsBefore: number | undefined;
  const put = (field: PairField, value: Pair | undefined): void => {
    if (value !== undefined) progress[field] = value;
  };
  const sides = (first: Side | undefined, second: Side | undefined): readonly [Side, Side] | undefined => {
    if (first === undefined || second === undefined) return undefined;
    const team = first.id === undefined ? undefined : teamOf(first.id);
    if (team !== undefined) progress.firstSide = team;
    return [first, second];
  };
  const by = (
    both: readonly [Side, Side] | undefined,
    count: (side: Side) => number | undefined,
  ): Pair | undefined =>
    both === undefined ? undefined : pairOf(teamOf, both[0].id, count(both[0]), both[1].id, count(both[1]));
  const of = (both: readonly [Side, Side] | undefined, field: Count): Pair | undefined =>
    by(both, (side) => side[field]);
  const round = typeof frame.round === "number" ? frame.round : frame.round?.number;

  const lol = sides(blue, red);
  const cs = sides(ct, t);
  const dota = sides(radiant, dire);
  if (lol !== undefined) {
    put("score", of(lol, "kills"));
    put("kills", of(lol, "kills"));
    put("gold", of(lol, "gold"));
    put(
      "towers",
      by(lol, (side) => PANDASCORE_TOWERS.parse(side.towers)),
    );
    put("dragons", of(lol, "drakes"));
    put("barons", of(lol, "nashors"));
    put("inhibitors", of(lol, "inhibitors"));
    mapsBefore = sum(of(lol, "score"));
  } else if (cs !== undefined) {
    put("score", of(cs, "round_score"));
    mapsBefore = sum(of(cs, "score"));
  } else if (dota !== undefined) {
    put("score", of(dota, "score"));
    put("kills", of(dota, "score"));
  } else {
    const [one, two] = frame.teams ?? [];
    const listed = one === undefined || two === undefined ? undefined : ([one, two] as const);
    const valorant = sides(defenders, attackers) ?? listed;
    put("score", of(valorant, "round_score") ?? roundsIn(of(valorant, "score"), round));
    put("alive", by(valorant, living));
  }
  put("alive", by(cs ?? dota ?? lol, living));
  if (frame.bomb_planted !== undefined) progress.planted = frame.bomb_planted;
  const gameClock = lol !== undefined || dota !== undefined;
  if (gameClock && timestamp !== undefined && timestamp >= 0 && timestamp < 1e6) {
    progress.clockMs = Math.round(timestamp * 1000);
  }
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
  const first = stated?.counter_terrorists ?? stated?.defenders;
  const second = stated?.terrorists ?? stated?.attackers;
  const score = pairOf(teamOf, first?.team_id, first?.score, second?.team_id, second?.score);
  const round = event.round_number;
  if (score === undefined) return undefined;
  return round === undefined || round < 1 ? { score } : { score, round };
}

/** A score that is surely one of rounds, by the number of the round that is played or was the last. */
function roundsIn(score: Pair | undefined, round: number | undefined): Pair | undefined {
  const played = sum(score);
  if (played === undefined || round === undefined || played <= MAPS_AT_MOST) return undefined;
  return played === round || played === round - 1 ? score : undefined;
}

/** Players of a side who live; unknown unless all five say. */
function living(side: Side): number | undefined {
  const players = Object.values(side.players ?? {});
  if (players.length !== PLAYERS) return undefined;
  let count = 0;
  for (const { alive, is_alive: isAlive, hp } of players) {
    const lives = alive ?? isAlive ?? (hp === undefined ? undefined : hp > 0);
    if (lives === undefined) return undefined;
    if (lives) count += 1;
  }
  return count;
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
