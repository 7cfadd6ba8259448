import type { BookEvent, CoreEvent } from "../events/index.ts";
import type { MarketId, RunId } from "../ids.ts";
import type { Millis, Nanos, Price, Shares } from "../units/index.ts";
import { matches, utf8 } from "./bytes.ts";
import { JOURNAL_SCHEMA_VERSION, type JournalEntry } from "./types.ts";

type HotKind = "book_delta" | "book_snapshot" | "market_trade" | "best_quote";

const FIRST_KEY: Readonly<Record<HotKind, string>> = {
  book_delta: '"levels":[',
  book_snapshot: '"outcome":',
  market_trade: '"outcome":',
  best_quote: '"bestBid":',
};

const HEAD = /* @__PURE__ */ utf8(`{"schema_version":${JOURNAL_SCHEMA_VERSION},"seq":`);
const OCCURRED = /* @__PURE__ */ utf8(',"occurred_at":');
const RECEIVED = /* @__PURE__ */ utf8(',"received_at":');
const MONO = /* @__PURE__ */ utf8(',"mono_ns":');
const NTP = /* @__PURE__ */ utf8(',"ntp_offset_ms":');
const VENUE = /* @__PURE__ */ utf8(',"venue_offset_ms":');
const LEVELS_END = /* @__PURE__ */ utf8('],"bestBid":');
const BEST_ASK = /* @__PURE__ */ utf8(',"bestAsk":');
const LEVELS = /* @__PURE__ */ utf8(',"levels":[');
const SYNTHETIC = /* @__PURE__ */ utf8('],"synthetic":true');
const NOT_SYNTHETIC = /* @__PURE__ */ utf8('],"synthetic":false');
const BUY = /* @__PURE__ */ utf8(',"side":"buy","price":');
const SELL = /* @__PURE__ */ utf8(',"side":"sell","price":');
const SIZE = /* @__PURE__ */ utf8(',"size":');
const PUBLISHED = /* @__PURE__ */ utf8(',"publishedAt":');
const EFFECTS = /* @__PURE__ */ utf8('},"effects_hash":"');

const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const CLOSE_LIST = 93;
const CLOSE = 125;
const HASH_BYTES = 32;
const MAX_DIGITS = 16;
const MAX_KNOWN = 64;
const PRICE_MAX = 10_000;

/** A piece of a line that was read before, and what it says. */
interface Known<T> {
  readonly bytes: Uint8Array;
  readonly says: T;
}

/**
 * Reads lines of market data as the writer of this version makes them, number by number, without parsing JSON. Whatever
 * looks otherwise it leaves to the general reader, from whose result it learns the pieces that lines have in common.
 */
export class HotDecoder {
  readonly #heads: Known<{ readonly runId: RunId; readonly marketId: MarketId }>[] = [];
  readonly #kinds: Known<{ readonly bootId: string; readonly kind: HotKind }>[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #failed = false;

  /** Reads the line that starts at `start` and whose crc field is at `tail`; `undefined` when it is not of the plain kind. */
  read(bytes: Uint8Array, start: number, tail: number, line: number): JournalEntry | undefined {
    this.#bytes = bytes;
    this.#at = start;
    this.#failed = false;
    this.#expect(HEAD);
    const seq = this.#integer();
    const head = this.#known(this.#heads);
    if (head === undefined) return undefined;
    const occurredAt = this.#skip(OCCURRED) ? (this.#integer() as Millis) : undefined;
    this.#expect(RECEIVED);
    const receivedAt = this.#integer() as Millis;
    this.#expect(MONO);
    const at = this.#integer() as Nanos;
    const ntpOffsetMs = this.#skip(NTP) ? this.#signed() : undefined;
    const venueOffsetMs = this.#skip(VENUE) ? this.#signed() : undefined;
    const kind = this.#known(this.#kinds);
    if (kind === undefined) return undefined;
    const stamp = occurredAt === undefined ? { at, receivedAt } : { at, receivedAt, occurredAt };
    const event = this.#payload(kind.kind, head.marketId, stamp);
    if (this.#skip(PUBLISHED)) (event as { publishedAt?: Millis }).publishedAt = this.#integer() as Millis;
    if (ntpOffsetMs !== undefined) (event as { ntpOffsetMs?: number }).ntpOffsetMs = ntpOffsetMs;
    if (venueOffsetMs !== undefined) (event as { venueOffsetMs?: number }).venueOffsetMs = venueOffsetMs;
    const effectsHash = this.#hash();
    if (this.#at !== tail || this.#hasFailed()) return undefined;
    return { seq, event, effectsHash, line, runId: head.runId, bootId: kind.bootId };
  }

  /** Remembers what the lines of an entry's market and kind look like. */
  learn(entry: JournalEntry): void {
    const { event, runId, bootId } = entry;
    if (!Object.hasOwn(FIRST_KEY, event.type)) return;
    const { type: kind, marketId } = event as CoreEvent & { readonly type: HotKind };
    remember(this.#heads, `,"run_id":${JSON.stringify(runId)},"market_id":${JSON.stringify(marketId)}`, {
      runId,
      marketId,
    });
    const payload = `,"boot_id":${JSON.stringify(bootId)},"kind":"${kind}","payload":{${FIRST_KEY[kind]}`;
    remember(this.#kinds, payload, { bootId, kind });
  }

  #payload(kind: HotKind, marketId: MarketId, stamp: { at: Nanos; receivedAt: Millis }): BookEvent {
    switch (kind) {
      case "book_delta": {
        const levels = this.#levels();
        this.#expect(LEVELS_END);
        const bestBid = this.#best();
        this.#expect(BEST_ASK);
        return { type: kind, ...stamp, marketId, levels, bestBid, bestAsk: this.#best() };
      }
      case "book_snapshot": {
        const outcome = this.#bit();
        this.#expect(LEVELS);
        const levels = this.#levels();
        const synthetic = this.#skip(SYNTHETIC);
        if (!synthetic) this.#expect(NOT_SYNTHETIC);
        return { type: kind, ...stamp, marketId, outcome, levels, synthetic };
      }
      case "market_trade": {
        const outcome = this.#bit();
        const buy = this.#skip(BUY);
        if (!buy) this.#expect(SELL);
        const price = this.#upTo(PRICE_MAX) as Price;
        this.#expect(SIZE);
        const size = this.#integer() as Shares;
        return { type: kind, ...stamp, marketId, outcome, side: buy ? "buy" : "sell", price, size };
      }
      case "best_quote": {
        const bestBid = this.#upTo(PRICE_MAX);
        this.#expect(BEST_ASK);
        return { type: kind, ...stamp, marketId, bestBid, bestAsk: this.#upTo(PRICE_MAX) };
      }
    }
  }

  /** Triples up to the closing bracket, which is left for the piece that follows. */
  #levels(): number[] {
    const levels: number[] = [];
    if (this.#bytes[this.#at] === CLOSE_LIST) return levels;
    for (;;) {
      levels.push(this.#upTo(3));
      this.#comma();
      levels.push(this.#upTo(PRICE_MAX));
      this.#comma();
      levels.push(this.#integer());
      if (this.#failed || this.#bytes[this.#at] !== COMMA) return levels;
      this.#at += 1;
    }
  }

  #hasFailed(): boolean {
    return this.#failed;
  }

  #bit(): 0 | 1 {
    return this.#upTo(1) as 0 | 1;
  }

  /** A stated best price; -1 when none is stated. */
  #best(): number {
    if (this.#bytes[this.#at] !== MINUS) return this.#upTo(PRICE_MAX);
    this.#at += 1;
    if (this.#integer() !== 1) this.#failed = true;
    return -1;
  }

  #upTo(max: number): number {
    const value = this.#integer();
    if (value > max) this.#failed = true;
    return value;
  }

  /** A non-negative whole number without sign, fraction, exponent or leading zeros. */
  #integer(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let i = start;
    let value = 0;
    for (;;) {
      const digit = bytes[i]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      i += 1;
    }
    const digits = i - start;
    if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[start] === ZERO)) this.#failed = true;
    if (value > Number.MAX_SAFE_INTEGER) this.#failed = true;
    this.#at = i;
    return value;
  }

  #signed(): number {
    if (this.#bytes[this.#at] !== MINUS) return this.#integer();
    this.#at += 1;
    const value = this.#integer();
    if (value === 0) this.#failed = true;
    return -value;
  }

  #comma(): void {
    if (this.#bytes[this.#at] === COMMA) this.#at += 1;
    else this.#failed = true;
  }

  /** The payload's closing brace, and the hash when there is one. */
  #hash(): string | undefined {
    if (!this.#skip(EFFECTS)) {
      if (this.#bytes[this.#at] === CLOSE) this.#at += 1;
      else this.#failed = true;
      return undefined;
    }
    let hash = "";
    for (let i = 0; i < HASH_BYTES; i++) {
      const byte = this.#bytes[this.#at + i] ?? 0;
      if (!((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))) this.#failed = true;
      hash += String.fromCharCode(byte);
    }
    this.#at += HASH_BYTES + 1;
    if (this.#bytes[this.#at - 1] !== 34) this.#failed = true;
    return hash;
  }

  #expect(piece: Uint8Array): void {
    if (!this.#skip(piece)) this.#failed = true;
  }

  #skip(piece: Uint8Array): boolean {
    if (!matches(this.#bytes, this.#at, piece)) return false;
    this.#at += piece.length;
    return true;
  }

  /** The known piece that stands here, moved to the front for the next line. */
  #known<T>(pieces: Known<T>[]): T | undefined {
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i]!;
      if (!this.#skip(piece.bytes)) continue;
      if (i > 0) {
        pieces[i] = pieces[i - 1]!;
        pieces[i - 1] = piece;
      }
      return piece.says;
    }
    return undefined;
  }
}

function remember<T>(pieces: Known<T>[], text: string, says: T): void {
  const bytes = utf8(text);
  if (pieces.some((piece) => piece.bytes.length === bytes.length && matches(bytes, 0, piece.bytes))) return;
  if (pieces.length >= MAX_KNOWN) pieces.pop();
  pieces.unshift({ bytes, says });
}
