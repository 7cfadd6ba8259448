import type { Millis } from "@matchpoint/sdk";
import {
  believable,
  malformed,
  needObject,
  needText,
  readArray,
  readFlag,
  readInteger,
  readObject,
  readText,
  readTime,
  type Json,
} from "../common/read.ts";
import {
  readClock,
  readGame,
  readSeries,
  type GamePatch,
  type PlayerPatch,
  type SeriesPatch,
} from "./patch.ts";

/** One event of a transaction, reduced to what claims are made of. */
export interface GridEvent {
  readonly id: string | undefined;
  /** `actor-action-target`, with `!` before the action of an inverse event. */
  readonly type: string;
  /** Undoes an earlier event. */
  readonly inverse: boolean;
  /** The type without `!`. */
  readonly kind: string;
  readonly actorId: string;
  readonly targetId: string;
  readonly delta: SeriesPatch | undefined;
  /** The whole series after the event. */
  readonly series: SeriesPatch | undefined;
  /** The whole game after the event, when the event is about one. */
  readonly game: GamePatch | undefined;
  /** The clock after the event, when the event is about one. */
  readonly clock: GamePatch["clock"];
  /** The player that the event happened to, after it. */
  readonly victim: PlayerPatch | undefined;
}

/** One frame of Series Events. */
export interface GridTransaction {
  readonly seriesId: string;
  /** Dense per series: the key for order and duplicates. */
  readonly sequence: number;
  readonly occurredAt: Millis | undefined;
  readonly publishedAt: Millis | undefined;
  readonly events: readonly GridEvent[];
}

const TYPE = /^([a-zA-Z]+)-(!?)([a-zA-Z]+)-([a-zA-Z0-9]+)$/;

/** The envelope: enough to know which series a frame belongs to and where in it. @throws `FRAME_INVALID` */
export function readEnvelope(json: Json): { readonly seriesId: string; readonly sequence: number } {
  const seriesId = needText(json["seriesId"], "seriesId");
  const sequence = readInteger(json["sequenceNumber"], 1, Number.MAX_SAFE_INTEGER, "sequenceNumber");
  if (sequence === undefined) throw malformed("sequenceNumber", "a positive integer");
  return { seriesId, sequence };
}

/** @throws `FRAME_INVALID` */
export function readTransaction(json: Json, receivedAt: Millis): GridTransaction {
  const { seriesId, sequence } = readEnvelope(json);
  const list = readArray(json["events"], "events");
  if (list === undefined) throw malformed("events", "an array");
  const events: GridEvent[] = [];
  const seen = new Set<string>();
  for (const item of list) {
    const event = readEvent(needObject(item, "event"));
    if (event.id !== undefined && event.id !== "") {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
    }
    events.push(event);
  }
  return {
    seriesId,
    sequence,
    occurredAt: believable(readTime(json["occurredAt"]), receivedAt),
    publishedAt: believable(readTime(json["publishedAt"]), receivedAt),
    events,
  };
}

function readEvent(json: Json): GridEvent {
  const actor = needObject(json["actor"], "actor");
  const target = needObject(json["target"], "target");
  const actorType = needString(actor["type"], "actor.type");
  const targetType = needString(target["type"], "target.type");
  const action = needString(json["action"], "action");
  // Some exports leave the type out.
  const type = readText(json["type"], "type") ?? `${actorType}-${action}-${targetType}`;
  const parts = TYPE.exec(type);
  const delta = readObject(json["seriesStateDelta"], "seriesStateDelta");
  const series = readObject(json["seriesState"], "seriesState");
  const state = {
    actor: readObject(actor["state"], "actor.state"),
    target: readObject(target["state"], "target.state"),
  };
  const named = (wanted: string): Json | undefined =>
    actorType === wanted ? state.actor : targetType === wanted ? state.target : undefined;
  // A series or game that takes part in an event comes with its whole state, also when full states are switched off.
  const whole = series ?? named("series");
  const game = named("game");
  const clock = named("clock") ?? named("gameClock");
  return {
    id: readText(json["id"], "event.id"),
    type,
    inverse: parts?.[2] === "!",
    kind: parts === null ? type : `${parts[1]!}-${parts[3]!}-${parts[4]!}`,
    actorId: needString(actor["id"], "actor.id"),
    targetId: needString(target["id"], "target.id"),
    delta: delta === undefined ? undefined : readSeries(delta),
    series: whole === undefined ? undefined : readSeries(whole),
    game: game === undefined ? undefined : readGame(game),
    clock: clock === undefined ? undefined : readClock(clock),
    victim:
      targetType === "player" && state.target !== undefined ? readVictim(target, state.target) : undefined,
  };
}

function needString(value: unknown, what: string): string {
  const text = readText(value, what);
  if (text === undefined) throw malformed(what, "text");
  return text;
}

function readVictim(target: Json, state: Json): PlayerPatch {
  const game = readObject(state["game"], "player.game");
  const alive = game === undefined ? undefined : readFlag(game["alive"], "player.alive");
  return { id: needString(target["id"], "target.id"), alive };
}
