import type {
  ExecutionReport,
  FrameQuarantined,
  ReceiveStamp,
  Shares,
  Trade,
  TradeReport,
} from "@matchpoint/sdk";
import { FieldCounts } from "./fields.ts";
import { Ownership, type AccountIdentity } from "./identity.ts";
import { decodeOrder, orderReport } from "./order.ts";
import { Recent } from "./recent.ts";
import type { AccountTokens } from "./tokens.ts";
import { decodeTrade, type AccountTrade } from "./trade.ts";

/** The name under which frames of the user channel are quarantined. */
export const USER_FEED = "polymarket-user";

const SAMPLE = 200;
const REMEMBERED = 50_000;
const CONTROL: ReadonlySet<string> = new Set(["PONG", "PING", "NO NEW ASSETS", ""]);
const ORDER_TYPES: ReadonlySet<unknown> = new Set(["PLACEMENT", "UPDATE", "CANCELLATION"]);

/** Counters of a {@link UserDecoder}. */
export interface UserDecoderStats {
  readonly orders: number;
  /** Reports of trades; a trade with several orders of ours counts once for each. */
  readonly trades: number;
  /** Trades that had been reported with the same status before. */
  readonly duplicates: number;
  readonly quarantined: number;
  /** Events of other types, and text that is no JSON (`PONG`). */
  readonly ignored: number;
  readonly control: number;
  /** Times that could not be read and were left out. */
  readonly unreadableTimes: number;
  /** Trades whose makers' parts add up to another price than the trade's own. */
  readonly repriced: number;
  /** Fields that nobody knows here, by `record.field`. */
  readonly unknownFields: ReadonlyMap<string, number>;
}

/** What is read along with a report of an order. */
export interface OrderFacts {
  /** Shares that the venue says are matched of it; absent when it does not say. */
  readonly matched: Shares | undefined;
}

/** Takes what a decoder reads. `facts` come with order reports. */
export type Emit = (event: ExecutionReport | FrameQuarantined, facts?: OrderFacts) => void;

/** Options of {@link createUserDecoder}. */
export interface UserDecoderOptions {
  readonly identity: AccountIdentity;
  readonly tokens: AccountTokens;
  /** How many trade statuses are remembered to drop repetitions; default 50,000. */
  readonly remembered?: number;
  /**
   * Asked about a trade of ours whose token nobody knows, with its record. Who answers `true` finds out what the token stands for
   * and hands the record in again; otherwise the record is quarantined.
   */
  readonly onUnknownToken?: (tokenId: string, marketId: string, record: unknown) => boolean;
}

/** Decodes the user channel. */
export interface UserDecoder {
  readonly stats: UserDecoderStats;
  /** Reads a frame, and emits a report for each event in it, or a `frame_quarantined` that says why there is none. Never throws. */
  decode(text: string, stamp: ReceiveStamp, emit: Emit): void;
  /** Reads one record of `/data/orders`, `/data/order` or `/data/trades`, with the same memory of what was said. Never throws. */
  record(kind: "order" | "trade", value: unknown, stamp: ReceiveStamp, emit: Emit): void;
}

/**
 * Decodes frames of Polymarket's user channel: what the venue says about our own orders and trades.
 *
 * A frame is one event or a list of them; each event counts by itself, so that a bad one hides no fill beside it. The venue sends a
 * trade once per status, in any order, sometimes twice: what has been said is dropped here, order is the order store's business.
 * A status that says something else than before under the same name is quarantined.
 *
 * @example
 * ```ts
 * import { AccountTokens, createUserDecoder } from "@matchpoint/adapters-polymarket";
 * import type { Millis, Nanos } from "@matchpoint/sdk";
 *
 * const identity = { apiKeys: ["00000000-0000-0000-0000-000000000001"], addresses: [] };
 * const decoder = createUserDecoder({ identity, tokens: new AccountTokens() });
 * decoder.decode("PONG", { at: 0 as Nanos, receivedAt: 1_790_000_000_000 as Millis }, console.log);
 * decoder.stats.control; // 1
 * ```
 */
export function createUserDecoder(options: UserDecoderOptions): UserDecoder {
  return new Decoder(options);
}

class Decoder implements UserDecoder {
  readonly #own: Ownership;
  readonly #tokens: AccountTokens;
  readonly #fields = new FieldCounts();
  readonly #recent: Recent;
  readonly #counts = {
    orders: 0,
    trades: 0,
    duplicates: 0,
    quarantined: 0,
    ignored: 0,
    control: 0,
    unreadableTimes: 0,
    repriced: 0,
  };

  readonly #onUnknownToken: UserDecoderOptions["onUnknownToken"];

  constructor({ identity, tokens, remembered = REMEMBERED, onUnknownToken }: UserDecoderOptions) {
    this.#onUnknownToken = onUnknownToken;
    this.#own = new Ownership(identity);
    this.#tokens = tokens;
    this.#recent = new Recent(remembered);
  }

  get stats(): UserDecoderStats {
    return { ...this.#counts, unknownFields: this.#fields.seen };
  }

  record(kind: "order" | "trade", value: unknown, stamp: ReceiveStamp, emit: Emit): void {
    const reason = kind === "order" ? this.#order(value, stamp, emit) : this.#trade(value, stamp, emit);
    if (reason !== undefined) emit(this.#quarantine(reason, sample(value), stamp));
  }

  decode(text: string, stamp: ReceiveStamp, emit: Emit): void {
    if (CONTROL.has(text.length < 20 ? text.trim() : text)) {
      this.#counts.control++;
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      emit(this.#quarantine("not JSON", text, stamp));
      return;
    }
    const sampleOf = (event: unknown) => (event === value ? text : sample(event));
    for (const event of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const reason = this.#event(event, stamp, emit);
      if (reason !== undefined) emit(this.#quarantine(reason, sampleOf(event), stamp));
    }
  }

  #event(event: unknown, stamp: ReceiveStamp, emit: Emit): string | undefined {
    if (typeof event !== "object" || event === null || Array.isArray(event))
      return "an event is not an object";
    const { event_type: kind, type } = event as { readonly event_type?: unknown; readonly type?: unknown };
    if (kind === "order" || (kind === undefined && ORDER_TYPES.has(type)))
      return this.#order(event, stamp, emit);
    if (kind === "trade" || (kind === undefined && type === "TRADE")) return this.#trade(event, stamp, emit);
    if (typeof kind !== "string") return "neither an order nor a trade";
    this.#counts.ignored++;
    return undefined;
  }

  #order(value: unknown, stamp: ReceiveStamp, emit: Emit): string | undefined {
    const order = decodeOrder(value, this.#own, this.#fields);
    if (typeof order === "string") return order;
    this.#counts.orders++;
    this.#counts.unreadableTimes += order.unreadableTimes;
    emit(orderReport(order, stamp), { matched: order.matched });
    return undefined;
  }

  #trade(value: unknown, stamp: ReceiveStamp, emit: Emit): string | undefined {
    const trade = decodeTrade(value, this.#own, this.#tokens, this.#fields);
    if (typeof trade === "string") return trade;
    if ("unknownToken" in trade) {
      const taken = this.#onUnknownToken?.(trade.unknownToken, trade.marketId, value) === true;
      return taken ? undefined : trade.reason;
    }
    this.#counts.unreadableTimes += trade.unreadableTimes;
    if (trade.repriced) this.#counts.repriced++;
    let contradiction: string | undefined;
    for (const each of trade.trades) {
      // A trade may be mined, retried and mined again: the same word at another time is news.
      const key = `${each.tradeId} ${each.orderId} ${each.status} ${trade.updatedAt ?? ""}`;
      const words = wordsOf(each);
      const before = this.#recent.say(key, words);
      if (before === undefined) {
        this.#counts.trades++;
        emit(tradeReport(each, trade, stamp));
      } else if (before === words) this.#counts.duplicates++;
      else contradiction = `trade ${each.tradeId} is ${each.status} again, but not as before`;
    }
    return contradiction;
  }

  #quarantine(reason: string, text: string, stamp: ReceiveStamp): FrameQuarantined {
    this.#counts.quarantined++;
    return {
      type: "frame_quarantined",
      feed: USER_FEED,
      reason,
      sample: text.slice(0, SAMPLE),
      at: stamp.at,
      receivedAt: stamp.receivedAt,
    };
  }
}

/** What must stay the same however often a trade is reported. The fee is ours, and may change with the schedule. */
function wordsOf({ marketId, outcome, side, size, cost }: Trade): string {
  return `${marketId} ${outcome} ${side} ${size} ${cost}`;
}

/** The report of a trade as the log keeps it. */
export function tradeReport(each: Trade, trade: AccountTrade, stamp: ReceiveStamp): TradeReport {
  const { matchedAt, publishedAt } = trade;
  return {
    type: "trade_report",
    ...each,
    at: stamp.at,
    receivedAt: stamp.receivedAt,
    ...(matchedAt === undefined ? {} : { occurredAt: matchedAt }),
    ...(publishedAt === undefined ? {} : { publishedAt }),
  };
}

/** The beginning of an event as text, without writing out what is deep or long. */
function sample(event: unknown): string {
  if (typeof event !== "object" || event === null) return String(event).slice(0, SAMPLE);
  const parts: string[] = [];
  for (const [key, value] of Object.entries(event).slice(0, 12)) {
    const shown = typeof value === "object" && value !== null ? "…" : String(value).slice(0, 40);
    parts.push(`${key.slice(0, 40)}: ${shown}`);
  }
  return parts.join(", ");
}
