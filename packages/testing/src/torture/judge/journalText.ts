import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { CoreEvent } from "@matchpoint/sdk";

/** Reads a program's journal with nothing but the description of its lines, to see what a crash has really left. @module */

/** Kinds that say what the account is; the rest of a journal, most of it, is passed over unread. */
const TOLD =
  /"kind":"(?:run_started|balance_report|adopted|order_prepared|trade_report|order_report|chain_requested|chain_report|market_resolution|operator|risk_noted)"/;
const COLUMNS = [
  ["market_id", "marketId"],
  ["match_id", "matchId"],
  ["intent_id", "intentId"],
  ["order_id", "orderId"],
] as const;

const PREPARED = Buffer.from('"kind":"order_prepared"');

/** What is wrong with a line, or with the file. */
export interface JournalFlaw {
  readonly line: number;
  readonly what: string;
}

/** The whole lines between two places of a file, with the place after each. */
function* linesOf(bytes: Uint8Array, from: number, to: number): Generator<readonly [Buffer, number]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = from; start < to;) {
    const end = bytes.indexOf(10, start);
    if (end === -1 || end >= to) return;
    yield [buffer.subarray(start, end), end + 1];
    start = end + 1;
  }
}

/** The event that a line holds, when it is of a kind that has a say in the account. */
function eventOfLine(line: Buffer): CoreEvent | undefined {
  const text = line.toString("utf8");
  if (!TOLD.test(text.slice(0, 1_000))) return undefined;
  const record = JSON.parse(text) as Record<string, unknown>;
  const event: Record<string, unknown> = {
    type: record["kind"],
    at: record["mono_ns"],
    receivedAt: record["received_at"],
    ...(record["payload"] as Record<string, unknown>),
  };
  for (const [column, field] of COLUMNS)
    if (record[column] !== undefined && event[field] === undefined) event[field] = record[column];
  return event as unknown as CoreEvent;
}

/** The checksum that a line states and what follows it, and whether the line is what was written. */
function checksumOf(line: Buffer): { stated: string; tail: string; at: number; holds: boolean } | undefined {
  const at = line.lastIndexOf(',"crc":"');
  const next = at + 8;
  const stated = line.toString("latin1", next, next + 8);
  const tail = line.toString("latin1", next + 8);
  if (at === -1 || !/^","prev":"[0-9a-f]{8}"\}$/.test(tail)) return undefined;
  // Of the line as it is without its checksum.
  const crc = crc32(`,${tail.slice(2)}`, crc32(line.subarray(0, at)));
  return { stated, tail, at, holds: crc.toString(16).padStart(8, "0") === stated };
}

/** The account's events of a journal, as far as its lines are whole. A line that is not what was written ends it, though it may read as one. */
export function* eventsOf(bytes: Uint8Array): Generator<CoreEvent> {
  for (const [line] of linesOf(bytes, 0, bytes.length)) {
    if (checksumOf(line)?.holds !== true) return;
    const event = eventOfLine(line);
    if (event !== undefined) yield event;
  }
}

/** Checks every whole line of a journal: its checksum, that it follows the line before, and what hash it states of those before it. */
export function flawOf(bytes: Uint8Array): JournalFlaw | undefined {
  let prev = "00000000";
  let number = 0;
  let hash = createHash("sha256");
  for (const [line] of linesOf(bytes, 0, bytes.length)) {
    number += 1;
    const checksum = checksumOf(line);
    if (checksum === undefined) return { line: number, what: "has no checksum" };
    const { stated, tail, at, holds } = checksum;
    if (!holds) return { line: number, what: "is not what was written" };
    if (tail.slice(10, 18) !== prev) return { line: number, what: "does not follow the line before it" };
    prev = stated;
    const sha256 = /^,"sha256":"([0-9a-f]{64})"$/.exec(
      line.toString("latin1", Math.max(0, at - 76), at),
    )?.[1];
    if (sha256 !== undefined) {
      if (hash.digest("hex") !== sha256)
        return { line: number, what: "states another hash of the lines before it" };
      hash = createHash("sha256");
    }
    hash.update(line).update("\n");
  }
  return undefined;
}

/** What an order was written down as, before it left. */
export interface WrittenOrder {
  readonly intentId: string;
  readonly limit: number | undefined;
  readonly size: number | undefined;
  /** Place in the file up to which it has to be durable. */
  readonly end: number;
}

/** Follows one journal as it grows, and knows which orders stand in it. */
export class OrdersWritten {
  readonly #orders = new Map<string, WrittenOrder>();
  #read = 0;

  /** Reads on to `to`. */
  upTo(bytes: Uint8Array, to: number): this {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Only whole lines count, and few of them are of orders.
    const most = Math.min(to, bytes.length);
    const last = most === 0 ? -1 : buffer.lastIndexOf(10, most - 1);
    let at = buffer.indexOf(PREPARED, this.#read);
    while (at !== -1 && at < last) {
      const end = buffer.indexOf(10, at) + 1;
      const event = eventOfLine(buffer.subarray(buffer.lastIndexOf(10, at) + 1, end - 1));
      if (event?.type === "order_prepared") {
        const { orderId, intentId, intent } = event;
        this.#orders.set(orderId, { intentId, limit: intent?.limit, size: intent?.size, end });
      }
      at = buffer.indexOf(PREPARED, end);
    }
    this.#read = Math.max(this.#read, last + 1);
    return this;
  }

  get(orderId: string): WrittenOrder | undefined {
    return this.#orders.get(orderId);
  }
}
