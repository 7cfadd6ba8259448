import { MatchpointError } from "../errors.ts";
import {
  eventProblem,
  shownValue,
  type BestQuote,
  type BookDelta,
  type BookSnapshot,
  type CoreEvent,
  type MarketTrade,
} from "../events/index.ts";
import type { MarketId, RunId } from "../ids.ts";
import {
  MAX_NUMBER_BYTES,
  putAscii,
  putBytes,
  putLevels,
  putNumber,
  putUpTo,
  putWhole,
  utf8,
} from "./bytes.ts";
import { crcOverPiece, pureCrc32, readyPiece, type ReadyPiece } from "./crc32.ts";
import { columnOf, COLUMNS } from "./envelope.ts";
import { PRICE_ONE } from "../units/index.ts";
import { JOURNAL_SCHEMA_VERSION } from "./types.ts";

type HotEvent = BookDelta | BookSnapshot | MarketTrade | BestQuote;

const HEAD = /* @__PURE__ */ utf8(`{"schema_version":${JOURNAL_SCHEMA_VERSION},"seq":`);
const HEAD_CRC = /* @__PURE__ */ pureCrc32(HEAD, 0, HEAD.length);
const OCCURRED = /* @__PURE__ */ utf8(',"occurred_at":');
const RECEIVED = /* @__PURE__ */ utf8(',"received_at":');
const MONO = /* @__PURE__ */ utf8(',"mono_ns":');
const NTP = /* @__PURE__ */ utf8(',"ntp_offset_ms":');
const VENUE = /* @__PURE__ */ utf8(',"venue_offset_ms":');
const BEST_BID = /* @__PURE__ */ utf8('],"bestBid":');
const BEST_ASK = /* @__PURE__ */ utf8(',"bestAsk":');
const LEVELS = /* @__PURE__ */ utf8(',"levels":[');
const SYNTHETIC = /* @__PURE__ */ utf8('],"synthetic":true');
const NOT_SYNTHETIC = /* @__PURE__ */ utf8('],"synthetic":false');
const SIDES: ReadonlyMap<string, Uint8Array> = /* @__PURE__ */ new Map([
  ["buy", /* @__PURE__ */ utf8(',"side":"buy","price":')],
  ["sell", /* @__PURE__ */ utf8(',"side":"sell","price":')],
]);
const SIZE = /* @__PURE__ */ utf8(',"size":');
const PUBLISHED = /* @__PURE__ */ utf8(',"publishedAt":');
const NONE_STATED = /* @__PURE__ */ utf8("-1");
const EFFECTS = /* @__PURE__ */ utf8(',"effects_hash":"');

const QUOTE = 34;
const MINUS = 45;
const CLOSE = 125;
/** More than all fixed pieces and single numbers of a hot line together. */
const FIXED_BYTES = 500;
const LEVEL_BYTES = MAX_NUMBER_BYTES + 1;
/** Ids of markets whose ready-made piece is kept; beyond that the map starts anew. */
const MAX_PIECES = 20_000;

/** Fields of an event that are in the line's envelope rather than in its payload. */
const ENVELOPE = /* @__PURE__ */ new Set<string>([
  "type",
  "at",
  "receivedAt",
  "occurredAt",
  "ntpOffsetMs",
  "venueOffsetMs",
  ...COLUMNS.map(([field]) => field),
]);

/** Makes the lines of one run: everything up to the checksum. */
export class LineEncoder {
  readonly #runId: string;
  readonly #bootId: string;
  readonly #marketPieces = new Map<MarketId, ReadyPiece>();
  readonly #kindPieces: Readonly<Record<HotEvent["type"], ReadyPiece>>;
  /** After {@link LineEncoder.hot}: the line's checksum up to {@link LineEncoder.crcEnd}. */
  crc = 0;
  crcEnd = 0;

  constructor(runId: RunId, bootId: string) {
    this.#runId = `,"run_id":${JSON.stringify(runId)}`;
    this.#bootId = `,"boot_id":${JSON.stringify(bootId)}`;
    const piece = (kind: HotEvent["type"], first: string): ReadyPiece =>
      readyPiece(utf8(`${this.#bootId},"kind":"${kind}","payload":{${first}`));
    this.#kindPieces = {
      book_delta: piece("book_delta", '"levels":['),
      book_snapshot: piece("book_snapshot", '"outcome":'),
      market_trade: piece("market_trade", '"outcome":'),
      best_quote: piece("best_quote", '"bestBid":'),
    };
  }

  /** Bytes that {@link LineEncoder.hot} may need for an event; 0 when it has no fast path, or no market. */
  room(event: CoreEvent, hash: string | undefined): number {
    if (!isHot(event) || typeof event.marketId !== "string" || event.marketId === "") return 0;
    const ids = this.#piece(event.marketId).bytes.length + this.#kindPieces[event.type].bytes.length;
    const levels = "levels" in event ? event.levels.length * LEVEL_BYTES : 0;
    return FIXED_BYTES + ids + levels + (hash === undefined ? 0 : hash.length);
  }

  /**
   * Writes a market data line up to its checksum, byte by byte. Returns the position after it; -1 when a field is not what
   * its reader takes, so that {@link LineEncoder.text} can say which.
   */
  hot(event: HotEvent, seq: number, hash: string | undefined, buffer: Uint8Array, start: number): number {
    const market = this.#piece(event.marketId);
    const kind = this.#kindPieces[event.type];
    const seqStart = putBytes(buffer, start, HEAD);
    const seqEnd = putNumber(buffer, seqStart, seq);
    const timesStart = putBytes(buffer, seqEnd, market.bytes);
    let at = timesStart;
    if (event.occurredAt !== undefined) {
      at = putNumber(buffer, putBytes(buffer, at, OCCURRED), event.occurredAt);
      if (at === -1) return -1;
    }
    at = putNumber(buffer, putBytes(buffer, at, RECEIVED), event.receivedAt);
    if (at === -1) return -1;
    at = putWhole(buffer, putBytes(buffer, at, MONO), event.at);
    if (at === -1) return -1;
    if (event.ntpOffsetMs !== undefined) {
      at = putSigned(buffer, putBytes(buffer, at, NTP), event.ntpOffsetMs);
      if (at === -1) return -1;
    }
    if (event.venueOffsetMs !== undefined) {
      at = putSigned(buffer, putBytes(buffer, at, VENUE), event.venueOffsetMs);
      if (at === -1) return -1;
    }
    const timesEnd = at;
    at = putBytes(buffer, at, kind.bytes);
    this.crc = pureCrc32(buffer, seqStart, seqEnd, HEAD_CRC);
    this.crc = pureCrc32(buffer, timesStart, timesEnd, crcOverPiece(this.crc, market));
    this.crc = crcOverPiece(this.crc, kind);
    this.crcEnd = at;
    at = putPayload(event, buffer, at);
    if (at === -1) return -1;
    if (event.publishedAt !== undefined) {
      at = putNumber(buffer, putBytes(buffer, at, PUBLISHED), event.publishedAt);
      if (at === -1) return -1;
    }
    buffer[at++] = CLOSE;
    if (hash !== undefined) {
      at = putAscii(buffer, putBytes(buffer, at, EFFECTS), hash);
      buffer[at++] = QUOTE;
    }
    return at;
  }

  /**
   * Any line up to its checksum, as text.
   * @throws {@link MatchpointError} `EVENT_INVALID` when the event is none that the journal's reader would take back
   */
  text(event: CoreEvent, seq: number, hash: string | undefined): string {
    const problem = eventProblem(event);
    if (problem !== undefined) throw refused(event, problem);
    let line = `{"schema_version":${JOURNAL_SCHEMA_VERSION},"seq":${seq}${this.#runId}`;
    for (const [field, key] of COLUMNS) {
      const value = columnOf(event, field);
      if (value !== undefined) line += `,"${key}":${JSON.stringify(value)}`;
    }
    if (event.occurredAt !== undefined) line += `,"occurred_at":${event.occurredAt}`;
    line += `,"received_at":${event.receivedAt},"mono_ns":${event.at}`;
    if (event.ntpOffsetMs !== undefined) line += `,"ntp_offset_ms":${event.ntpOffsetMs}`;
    if (event.venueOffsetMs !== undefined) line += `,"venue_offset_ms":${event.venueOffsetMs}`;
    line += `${this.#bootId},"kind":"${event.type}","payload":${payloadText(event)}`;
    return hash === undefined ? line : `${line},"effects_hash":${JSON.stringify(hash)}`;
  }

  /** `,"run_id":"…","market_id":"…"`, made once per market. */
  #piece(marketId: MarketId): ReadyPiece {
    const known = this.#marketPieces.get(marketId);
    if (known !== undefined) return known;
    if (this.#marketPieces.size >= MAX_PIECES) this.#marketPieces.clear();
    const piece = readyPiece(utf8(`${this.#runId},"market_id":${JSON.stringify(marketId)}`));
    this.#marketPieces.set(marketId, piece);
    return piece;
  }
}

/** Whether an event has a fast path. */
export function isHot(event: CoreEvent): event is HotEvent {
  switch (event.type) {
    case "book_delta":
    case "book_snapshot":
    case "market_trade":
    case "best_quote":
      return true;
    default:
      return false;
  }
}

function putPayload(event: HotEvent, buffer: Uint8Array, start: number): number {
  let at = start;
  switch (event.type) {
    case "book_delta":
      at = putLevels(buffer, at, event.levels);
      if (at === -1) return -1;
      at = putStated(buffer, putBytes(buffer, at, BEST_BID), event.bestBid);
      if (at === -1) return -1;
      return putStated(buffer, putBytes(buffer, at, BEST_ASK), event.bestAsk);
    case "book_snapshot":
      at = putUpTo(buffer, at, event.outcome, 1);
      if (at === -1) return -1;
      at = putLevels(buffer, putBytes(buffer, at, LEVELS), event.levels);
      if (at === -1 || typeof event.synthetic !== "boolean") return -1;
      return putBytes(buffer, at, event.synthetic ? SYNTHETIC : NOT_SYNTHETIC);
    case "market_trade": {
      const side = SIDES.get(event.side);
      at = putUpTo(buffer, at, event.outcome, 1);
      if (at === -1 || side === undefined) return -1;
      at = putUpTo(buffer, putBytes(buffer, at, side), event.price, PRICE_ONE);
      return at === -1 ? -1 : putWhole(buffer, putBytes(buffer, at, SIZE), event.size);
    }
    case "best_quote":
      at = putUpTo(buffer, at, event.bestBid, PRICE_ONE);
      if (at === -1) return -1;
      return putUpTo(buffer, putBytes(buffer, at, BEST_ASK), event.bestAsk, PRICE_ONE);
  }
}

/** A whole number of either sign. */
function putSigned(buffer: Uint8Array, at: number, value: number): number {
  if (value >= 0) return putWhole(buffer, at, value);
  buffer[at] = MINUS;
  return putWhole(buffer, at + 1, -value);
}

/** A best price, or -1 where none is stated. */
function putStated(buffer: Uint8Array, at: number, price: number): number {
  return price === -1 ? putBytes(buffer, at, NONE_STATED) : putUpTo(buffer, at, price, PRICE_ONE);
}

function payloadText(event: CoreEvent): string {
  const payload: Record<string, unknown> = {};
  for (const key of Object.keys(event))
    if (!ENVELOPE.has(key)) payload[key] = (event as unknown as Record<string, unknown>)[key];
  let text: string;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw refused(event, "it holds something that JSON cannot", cause);
  }
  if (text.includes("null")) {
    const path = nonFinite(payload, "event");
    if (path !== undefined) throw refused(event, `${path}: JSON has no such number`);
  }
  return text;
}

/** Where a value holds a number that JSON would turn into `null`. */
function nonFinite(value: unknown, path: string): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = nonFinite(item, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refused(event: CoreEvent, problem: string, cause?: unknown): MatchpointError {
  return new MatchpointError(
    "EVENT_INVALID",
    `a ${shownValue(event.type)} cannot be written to the journal: ${problem}`,
    {
      hint: "Nothing is written that could not be read back. This is a fault of whoever made the event.",
      cause,
    },
  );
}
