import { MatchpointError } from "../errors.ts";
import { eventProblem, shownValue, type CoreEvent, type CoreEventType } from "../events/index.ts";
import type { RunId } from "../ids.ts";
import { COLUMNS, EVENT_COLUMNS } from "./envelope.ts";
import { migrate, type JournalRecord } from "./migrations.ts";
import type { JournalEntry } from "./types.ts";

/** Where a line is, for errors; its text is made only when one is thrown. */
export interface LinePosition {
  readonly file: string;
  line: number;
  offset: number;
}

export function whereOf(position: LinePosition): string {
  return `${position.file}: line ${position.line}, byte ${position.offset}`;
}

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

/** What a line says, and the hash of the lines before it where it states one. */
export interface DecodedLine {
  readonly entry: JournalEntry;
  readonly sha256: string | undefined;
}

/**
 * Reads a line whose checksum holds.
 * @throws {@link MatchpointError} `JOURNAL_CORRUPT`, `JOURNAL_SCHEMA_NEWER`
 */
export function decodeLine(bytes: Uint8Array, start: number, end: number, where: LinePosition): DecodedLine {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoder.decode(bytes.subarray(start, end)));
  } catch (cause) {
    throw new MatchpointError("JOURNAL_CORRUPT", "the line is no JSON although its checksum holds", {
      where: whereOf(where),
      cause,
    });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw corrupt("the line is no object", where);
  const record = migrate(parsed as JournalRecord, () => whereOf(where));
  const { seq, run_id: runId, boot_id: bootId, effects_hash: effectsHash } = record;
  if (!Number.isSafeInteger(seq)) throw corrupt("seq is no whole number", where);
  if (typeof runId !== "string" || typeof bootId !== "string")
    throw corrupt("run_id or boot_id is no text", where);
  if (effectsHash !== undefined && typeof effectsHash !== "string")
    throw corrupt("effects_hash is no text", where);
  const { sha256 } = record;
  if (sha256 !== undefined && typeof sha256 !== "string") throw corrupt("sha256 is no text", where);
  const event = eventOf(record, where);
  return {
    entry: { seq: seq as number, event, effectsHash, line: where.line, runId: runId as RunId, bootId },
    sha256,
  };
}

function eventOf(record: JournalRecord, where: LinePosition): CoreEvent {
  const { kind, payload } = record;
  if (typeof kind !== "string" || !Object.hasOwn(EVENT_COLUMNS, kind)) {
    throw corrupt(`there is no event ${shownValue(kind)}`, where);
  }
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw corrupt("payload is no object", where);
  }
  const event: Record<string, unknown> = {
    type: kind,
    at: record["mono_ns"],
    receivedAt: record["received_at"],
  };
  if (record["occurred_at"] !== undefined) event["occurredAt"] = record["occurred_at"];
  if (record["ntp_offset_ms"] !== undefined) event["ntpOffsetMs"] = record["ntp_offset_ms"];
  if (record["venue_offset_ms"] !== undefined) event["venueOffsetMs"] = record["venue_offset_ms"];
  const fields: readonly string[] = EVENT_COLUMNS[kind as CoreEventType];
  for (const [field, key] of COLUMNS) {
    if (record[key] !== undefined && fields.includes(field)) event[field] = record[key];
  }
  for (const [key, value] of Object.entries(payload)) {
    if (key === "__proto__") throw corrupt("event: unknown field __proto__", where);
    if (Object.hasOwn(event, key)) throw corrupt(`payload.${key} is also in the envelope`, where);
    event[key] = value;
  }
  const problem = eventProblem(event);
  if (problem !== undefined) throw corrupt(problem, where);
  return event as unknown as CoreEvent;
}

function corrupt(what: string, where: LinePosition): MatchpointError {
  return new MatchpointError("JOURNAL_CORRUPT", what, { where: whereOf(where) });
}
