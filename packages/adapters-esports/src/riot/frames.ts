import type { GameProgress, Millis, Team } from "@matchpoint/sdk";
import { refusal, type Tally } from "../common/frame.ts";
import { malformed, readTime, believable } from "../common/read.ts";
import type { TeamOf } from "../common/teams.ts";
import { pairOf, type DetailsReading, type LiveReading } from "./liveGame.ts";
import { RIOT_DETAILS_FRAME, RIOT_FRAME, type RiotSide, type RiotWindow } from "./schema.ts";

/** Which of the match's teams plays blue in a game, and which participants are its players. */
export interface Sides {
  readonly blue: Team;
  readonly participants: { readonly blue: ReadonlySet<number>; readonly red: ReadonlySet<number> };
}

/** Who is on which side by the team ids of the window: the sides that `getEventDetails` lists may be others. */
export function sidesOf(window: RiotWindow, teamOf: TeamOf): Sides | string | undefined {
  const blue = window.gameMetadata?.blueTeamMetadata;
  const red = window.gameMetadata?.redTeamMetadata;
  if (blue?.esportsTeamId === undefined || red?.esportsTeamId === undefined) return undefined;
  const first = teamOf(blue.esportsTeamId);
  const second = teamOf(red.esportsTeamId);
  if (first === undefined) return blue.esportsTeamId;
  if (second === undefined || second === first) return red.esportsTeamId;
  const numbers = (side: typeof blue): ReadonlySet<number> =>
    new Set((side.participantMetadata ?? []).map(({ participantId }) => participantId));
  return { blue: first, participants: { blue: numbers(blue), red: numbers(red) } };
}

const STATES = new Set(["in_game", "paused", "finished"]);

/**
 * Reads a window's frames in the order of their times. One that cannot be read does not spoil the others.
 * @param unknown counts states that are not documented
 */
export function readFrames(
  frames: readonly unknown[],
  sides: Sides | undefined,
  receivedAt: Millis,
  unknown: Tally,
): { readonly readings: readonly LiveReading[]; readonly problem: string | undefined } {
  const readings: LiveReading[] = [];
  let problem: string | undefined;
  for (const frame of frames) {
    try {
      const reading = readFrame(frame, sides, receivedAt);
      readings.push(reading);
      const { state = "missing" } = reading;
      if (!STATES.has(state)) unknown.add(`gameState ${state}`);
    } catch (error) {
      problem ??= refusal(error);
    }
  }
  return { readings: readings.sort((a, b) => a.at - b.at), problem };
}

/**
 * Reads one frame of a window. Without known sides only its state is taken.
 * @throws `FRAME_INVALID`, or a `ZodError`, for a frame that is not of its shape
 */
function readFrame(json: unknown, sides: Sides | undefined, receivedAt: Millis): LiveReading {
  const frame = RIOT_FRAME.parse(json);
  const at = timeOf(frame.rfc460Timestamp, receivedAt);
  const progress: { -readonly [K in keyof GameProgress]: GameProgress[K] } = {};
  const { blueTeam: blue, redTeam: red } = frame;
  if (sides !== undefined && blue !== undefined && red !== undefined) {
    progress.firstSide = sides.blue;
    const put = (
      field: "gold" | "kills" | "score" | "towers" | "dragons" | "barons" | "inhibitors" | "alive",
      of: (side: RiotSide) => number | undefined,
    ): void => {
      const pair = pairOf(sides.blue, of(blue), of(red));
      if (pair !== undefined) progress[field] = pair;
    };
    put("score", (side) => side.totalKills);
    put("kills", (side) => side.totalKills);
    put("gold", (side) => side.totalGold);
    put("towers", (side) => side.towers);
    put("dragons", (side) => side.dragons?.length);
    put("barons", (side) => side.barons);
    put("inhibitors", (side) => side.inhibitors);
    put("alive", aliveOf);
  }
  return { at, state: frame.gameState, progress };
}

/** Reads one frame of the details feed: what its participants own and have killed, by team. */
export function readDetails(json: unknown, sides: Sides, receivedAt: Millis): DetailsReading {
  const frame = RIOT_DETAILS_FRAME.parse(json);
  const at = timeOf(frame.rfc460Timestamp, receivedAt);
  const of = (side: "blue" | "red", field: "totalGoldEarned" | "kills"): number | undefined => {
    const numbers = sides.participants[side];
    const own = frame.participants.filter(({ participantId }) => numbers.has(participantId));
    if (numbers.size === 0 || own.length < numbers.size) return undefined;
    let sum = 0;
    for (const participant of own) {
      const value = participant[field];
      if (value === undefined) return undefined;
      sum += value;
    }
    return sum;
  };
  return {
    at,
    gold: pairOf(sides.blue, of("blue", "totalGoldEarned"), of("red", "totalGoldEarned")),
    kills: pairOf(sides.blue, of("blue", "kills"), of("red", "kills")),
  };
}

/** Players with health left; unknown before they have entered the game, when nobody has any. */
function aliveOf({ participants }: RiotSide): number | undefined {
  if (participants === undefined || participants.length === 0) return undefined;
  let alive = 0;
  for (const { currentHealth, maxHealth } of participants) {
    if (currentHealth === undefined || maxHealth === undefined || maxHealth <= 0) return undefined;
    if (currentHealth > 0) alive += 1;
  }
  return alive;
}

function timeOf(text: string, receivedAt: Millis): Millis {
  const at = believable(readTime(text), receivedAt);
  if (at === undefined) throw malformed("rfc460Timestamp", "a time of the past");
  return at;
}
