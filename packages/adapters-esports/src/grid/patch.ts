import { CLAIM_LIMITS, type Millis } from "@matchpoint/sdk";
import {
  needObject,
  needText,
  readArray,
  readFlag,
  readInteger,
  readNumber,
  readObject,
  readText,
  readTime,
  type Json,
} from "../common/read.ts";

/** How often a team has completed what claims are made of. */
export interface Objectives {
  readonly towers: number;
  readonly dragons: number;
  readonly barons: number;
  readonly inhibitors: number;
  /** Bombs and spikes planted. */
  readonly plants: number;
}

/** What is said of a team, of a series or of a game. */
export interface TeamPatch {
  readonly id: string;
  readonly name: string | undefined;
  readonly score: number | undefined;
  readonly won: boolean | undefined;
  readonly kills: number | undefined;
  readonly netWorth: number | undefined;
  /** Worth of what the players carry: `loadoutValue`, or `inventoryValue` as CS has it. */
  readonly equipment: number | undefined;
  readonly objectives: Objectives | undefined;
  readonly side: string | undefined;
  readonly players: readonly PlayerPatch[] | undefined;
}

export interface PlayerPatch {
  readonly id: string;
  readonly alive: boolean | undefined;
}

export interface GamePatch {
  readonly id: string;
  readonly number: number | undefined;
  readonly started: boolean | undefined;
  readonly finished: boolean | undefined;
  readonly paused: boolean | undefined;
  readonly clock:
    { readonly seconds: number | undefined; readonly backwards: boolean | undefined } | undefined;
  readonly teams: readonly TeamPatch[] | undefined;
  /** Number of the latest started round that is named; null when rounds are listed and none has started. */
  readonly round: number | null | undefined;
}

/**
 * What a delta or a state says about a series. The same fields in both; in a delta the counts are signed increments,
 * in a state they are absolute. `sequenceNumber` of games and rounds is identity and absolute in both.
 */
export interface SeriesPatch {
  readonly started: boolean | undefined;
  readonly finished: boolean | undefined;
  readonly valid: boolean | undefined;
  readonly updatedAt: Millis | undefined;
  readonly teams: readonly TeamPatch[] | undefined;
  /** A state lists every game; one that is not listed is gone. */
  readonly games: readonly GamePatch[] | undefined;
}

/** @throws `FRAME_INVALID` */
export function readSeries(json: Json): SeriesPatch {
  readText(json["id"], "series.id");
  return {
    started: readFlag(json["started"], "series.started"),
    finished: readFlag(json["finished"], "series.finished"),
    valid: readFlag(json["valid"], "series.valid"),
    updatedAt: readTime(json["updatedAt"]),
    teams: readTeams(json["teams"], CLAIM_LIMITS.maps),
    games: readArray(json["games"], "series.games")?.map((game) => readGame(needObject(game, "game"))),
  };
}

/** @throws `FRAME_INVALID` */
export function readGame(json: Json): GamePatch {
  const clock = readObject(json["clock"], "game.clock");
  return {
    id: needText(json["id"], "game.id"),
    number: readOrdinal(json["sequenceNumber"], "game.sequenceNumber"),
    started: readFlag(json["started"], "game.started"),
    finished: readFlag(json["finished"], "game.finished"),
    paused: readFlag(json["paused"], "game.paused"),
    clock: clock === undefined ? undefined : readClock(clock),
    teams: readTeams(json["teams"], CLAIM_LIMITS.tally),
    round: readRound(json["segments"]),
  };
}

/** @throws `FRAME_INVALID` */
export function readClock(json: Json): NonNullable<GamePatch["clock"]> {
  return {
    seconds: readNumber(json["currentSeconds"], "clock.currentSeconds"),
    backwards: readFlag(json["ticksBackwards"], "clock.ticksBackwards"),
  };
}

/** Numbers of games and rounds. */
export function readOrdinal(value: unknown, what: string): number | undefined {
  return readInteger(value, 1, 99, what);
}

function readTeams(value: unknown, maxScore: number): readonly TeamPatch[] | undefined {
  return readArray(value, "teams")?.map((team) => readTeam(needObject(team, "team"), maxScore));
}

function readTeam(json: Json, maxScore: number): TeamPatch {
  return {
    id: needText(json["id"], "team.id"),
    name: readText(json["name"], "team.name"),
    score: readNumber(json["score"], "team.score", maxScore),
    won: readFlag(json["won"], "team.won"),
    kills: readNumber(json["kills"], "team.kills", CLAIM_LIMITS.tally),
    netWorth: readNumber(json["netWorth"], "team.netWorth"),
    equipment:
      readNumber(json["loadoutValue"], "team.loadoutValue") ??
      readNumber(json["inventoryValue"], "team.inventoryValue"),
    objectives: readObjectives(json["objectives"]),
    side: readText(json["side"], "team.side"),
    players: readArray(json["players"], "team.players")?.map((player) => {
      const fields = needObject(player, "player");
      return { id: needText(fields["id"], "player.id"), alive: readFlag(fields["alive"], "player.alive") };
    }),
  };
}

/** GRID's names of objectives. A dragon is one whatever its element. */
function objectiveOf(type: string): keyof Objectives | undefined {
  switch (type) {
    case "destroyTower":
      return "towers";
    case "slayBaron":
      return "barons";
    case "destroyFortifier":
      return "inhibitors";
    case "plantBomb":
      return "plants";
    default:
      return /^slay[A-Za-z]*Drake$/.test(type) ? "dragons" : undefined;
  }
}

/** A list without an objective says that it was not completed. */
function readObjectives(value: unknown): Objectives | undefined {
  const list = readArray(value, "team.objectives");
  if (list === undefined) return undefined;
  const counts = { towers: 0, dragons: 0, barons: 0, inhibitors: 0, plants: 0 };
  for (const item of list) {
    const objective = needObject(item, "objective");
    const id = readText(objective["id"], "objective.id");
    const type = readText(objective["type"], "objective.type");
    const completed = readNumber(
      objective["completionCount"],
      "objective.completionCount",
      CLAIM_LIMITS.tally,
    );
    const name = objectiveOf(type ?? id ?? "");
    if (name !== undefined) counts[name] += completed ?? 0;
  }
  return counts;
}

function readRound(value: unknown): number | null | undefined {
  const segments = readArray(value, "game.segments");
  if (segments === undefined) return undefined;
  let round: number | null = null;
  for (const item of segments) {
    const segment = needObject(item, "segment");
    const id = needText(segment["id"], "segment.id");
    const type = readText(segment["type"], "segment.type");
    const ordinal = readOrdinal(segment["sequenceNumber"], "segment.sequenceNumber");
    const started = readFlag(segment["started"], "segment.started");
    if (type !== undefined && type !== "round") continue;
    const named = ordinal ?? roundOf(id);
    if (started !== false && named !== undefined && named > (round ?? 0)) round = named;
  }
  return round;
}

/** The number in an id such as `round-7`. */
export function roundOf(id: string): number | undefined {
  const digits = /^round-(\d{1,2})$/.exec(id)?.[1];
  const number = digits === undefined ? 0 : Number(digits);
  return number > 0 ? number : undefined;
}
