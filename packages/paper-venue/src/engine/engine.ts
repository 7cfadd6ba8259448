import type { AccountId, ExchangeNews, ExchangeTrade, PaperExchange } from "@matchpoint/paper-broker";
import {
  id,
  NANOS_PER_MS,
  type ActionId,
  type ChainAction,
  type ChainReport,
  type ExecutionReport,
  type Intent,
  type MarketDescription,
  type Nanos,
  type OrderId,
  type OrderReport,
  type PreparedOrder,
} from "@matchpoint/sdk";
import { bytes32Of, uuidOf } from "../derive.ts";
import type { WallTime } from "../time.ts";
import type { Market, Markets } from "../world/listing.ts";
import type { OrderRecord, TradeRecord, WireStatus } from "./records.ts";

/** What the engine tells the channels, in the order in which it happened. */
export interface EngineEvents {
  order(record: OrderRecord, type: "PLACEMENT" | "UPDATE" | "CANCELLATION", at: Nanos): void;
  trade(record: TradeRecord, at: Nanos): void;
  book(market: Market, at: Nanos): void;
}

/** How the exchange answered a command. */
export interface Verdict {
  readonly status: OrderReport["status"] | "silent";
  readonly code?: OrderReport["code"];
  readonly detail?: string;
}

const RESOLVED = "the market is resolved";

/** The exchange with the wire's records of its orders and trades. */
export class Engine {
  readonly exchange: PaperExchange;
  readonly orders = new Map<OrderId, OrderRecord>();
  /** Trades by their wire id, oldest first. */
  readonly trades = new Map<string, TradeRecord>();
  readonly #markets: Markets;
  readonly #wall: WallTime;
  readonly #seed: number;
  readonly #keep: number;
  readonly #tell: EngineEvents;
  /** The command that is being answered. */
  #asked: OrderId | undefined;
  #answer: Verdict | undefined;
  readonly #pending = new Set<string>();
  readonly #chain = new Map<ActionId, ChainReport>();

  constructor(options: {
    readonly exchange: PaperExchange;
    readonly markets: Markets;
    readonly wall: WallTime;
    readonly seed: number;
    /** How many orders that are over, and how many trades, are kept. */
    readonly keep: number;
    readonly tell: EngineEvents;
  }) {
    this.exchange = options.exchange;
    this.#markets = options.markets;
    this.#wall = options.wall;
    this.#seed = options.seed;
    this.#keep = options.keep;
    this.#tell = options.tell;
  }

  /** Lists a market, or says how it changed. */
  list(market: Market, description: MarketDescription, at: Nanos): void {
    market.description = description;
    this.exchange.observe({
      type: "market_listed",
      market: description,
      at,
      receivedAt: this.#wall.millis(at),
    });
    this.advance(at);
  }

  /** A book of nobody else's orders: the market is open. */
  openBook(market: Market, at: Nanos): void {
    this.exchange.observe({
      type: "book_snapshot",
      marketId: market.description.marketId,
      outcome: 0,
      levels: [],
      synthetic: false,
      at,
      receivedAt: this.#wall.millis(at),
    });
    this.advance(at);
  }

  /** Hands an order over and says what became of it at once. */
  place(account: AccountId, order: PreparedOrder, record: OrderRecord | undefined, at: Nanos): Verdict {
    if (record !== undefined) this.orders.set(record.orderId, record);
    return this.#ask(order.orderId, () => {
      this.exchange.submit(account, { kind: "place", order }, at);
      this.advance(at);
    });
  }

  cancel(account: AccountId, orderId: OrderId, at: Nanos): Verdict {
    return this.#ask(orderId, () => {
      this.exchange.submit(account, { kind: "cancel", intentId: id(orderId), orderId }, at);
      this.advance(at);
    });
  }

  /** Merge, split or redeem. */
  chain(account: AccountId, action: ChainAction, at: Nanos): void {
    this.exchange.submit(account, { kind: "chain", action }, at);
    this.advance(at);
  }

  chainReport(actionId: ActionId): ChainReport | undefined {
    return this.#chain.get(actionId);
  }

  /** An intent as the exchange wants it. */
  static intent(
    parts: Omit<Intent, "intentId" | "strategyId" | "purpose" | "reason">,
    orderId: string,
  ): Intent {
    return { ...parts, intentId: id(orderId), strategyId: id("venue"), purpose: "entry", reason: "wire" };
  }

  /** Does what is due in the exchange up to a time. */
  advance(at: Nanos): void {
    this.exchange.advance(at, (news) => {
      this.#hear(news);
    });
  }

  /** The orders of a key that still rest or wait. */
  openOrders(owner: string): OrderRecord[] {
    return [...this.orders.values()].filter((each) => each.owner === owner && each.endedAt === undefined);
  }

  /** Trades that are not on the chain yet. */
  *pendingTrades(): Iterable<TradeRecord> {
    for (const tradeId of this.#pending) {
      const trade = this.trades.get(tradeId);
      if (trade?.status === "MATCHED" || trade?.status === "RETRYING") yield trade;
      else this.#pending.delete(tradeId);
    }
  }

  #ask(orderId: OrderId, act: () => void): Verdict {
    this.#asked = orderId;
    this.#answer = undefined;
    act();
    this.#asked = undefined;
    return this.#told() ?? { status: "silent" };
  }

  #told(): Verdict | undefined {
    return this.#answer;
  }

  #hear(news: ExchangeNews): void {
    if (news.kind === "trade") this.#trade(news.trade, news.at);
    else if (news.kind === "book") {
      const market = this.#markets.get(news.marketId);
      if (market !== undefined) this.#tell.book(market, news.at);
    } else this.#report(news.report);
  }

  #report(report: ExecutionReport): void {
    if (report.type === "chain_report") {
      this.#chain.set(report.actionId, report);
      return;
    }
    if (report.type !== "order_report" || report.status === "sent") return;
    if (report.orderId === this.#asked) {
      const { status, code, detail } = report;
      this.#answer ??= {
        status,
        ...(code === undefined ? {} : { code }),
        ...(detail === undefined ? {} : { detail }),
      };
    }
    const record = this.orders.get(report.orderId);
    if (record === undefined) return;
    const { at } = report;
    switch (report.status) {
      case "live":
        record.status = "LIVE";
        this.#tell.order(record, "PLACEMENT", at);
        return;
      case "matched":
        // Its trades follow, and with them the amounts.
        if (record.status !== "DELAYED") this.#tell.order(record, "PLACEMENT", at);
        return;
      case "delayed":
        record.status = "DELAYED";
        this.#tell.order(record, "PLACEMENT", at);
        return;
      case "unmatched":
        record.status = "LIVE";
        this.#tell.order({ ...record, status: "UNMATCHED" }, "UPDATE", at);
        return;
      case "rejected": {
        const late = record.status === "DELAYED";
        if (!late && report.code !== "FOK_NOT_FILLED") {
          // It never was an order.
          if (report.code !== "DUPLICATE") this.orders.delete(record.orderId);
          return;
        }
        this.#end(record, `CANCELED_${report.detail ?? ""}`, at);
        if (!late) this.orders.delete(record.orderId);
        return;
      }
      case "canceled":
        this.#end(record, cancelStatus(report), at);
        return;
      case "expired":
        this.#end(record, "CANCELED", at);
        return;
      case "invalid":
        this.#end(record, "INVALID", at);
        return;
      default:
        return;
    }
  }

  #end(record: OrderRecord, status: WireStatus, at: Nanos): void {
    if (record.endedAt !== undefined) return;
    record.status = status;
    record.endedAt = this.#wall.millis(at);
    this.#tell.order(record, "CANCELLATION", at);
    this.#trim();
  }

  #trade(trade: ExchangeTrade, at: Nanos): void {
    const wireId = uuidOf(`trade|${this.#seed}|${trade.tradeId}`);
    const known = this.trades.get(wireId);
    if (known !== undefined) {
      known.trade = trade;
      known.status = trade.status;
      known.updatedAt = this.#wall.millis(at);
      if (trade.status === "MINED" || trade.status === "CONFIRMED" || trade.status === "FAILED")
        known.transactionHash ||= bytes32Of(`tx|${wireId}`);
      this.#tell.trade(known, at);
      return;
    }
    const market = this.#markets.get(trade.marketId);
    if (market === undefined) return;
    const matchedAt = this.#wall.millis(at);
    const record: TradeRecord = {
      id: wireId,
      market,
      trade,
      status: trade.status,
      matchedAt,
      matchedNano: (BigInt(this.#wall.start) * BigInt(NANOS_PER_MS) + BigInt(Math.floor(at))).toString(),
      updatedAt: matchedAt,
      transactionHash: "",
    };
    this.trades.set(wireId, record);
    this.#pending.add(wireId);
    market.lastTrade = { outcome: trade.taker.outcome, price: trade.taker.price, side: trade.taker.side };
    market.traded = true;
    this.#fill(trade.taker.orderId, wireId, trade.taker, true, at);
    for (const leg of trade.makers) this.#fill(leg.orderId, wireId, leg, false, at);
    this.#tell.trade(record, at);
    if (this.trades.size > this.#keep) {
      const [oldest] = this.trades.keys();
      if (oldest !== undefined) this.trades.delete(oldest);
    }
  }

  #fill(
    orderId: OrderId | undefined,
    tradeId: string,
    leg: ExchangeTrade["taker"],
    taker: boolean,
    at: Nanos,
  ): void {
    const record = orderId === undefined ? undefined : this.orders.get(orderId);
    if (record === undefined) return;
    record.matched += leg.size;
    if (!record.trades.includes(tradeId)) record.trades.push(tradeId);
    if (taker) {
      record.takerDollars += leg.cost;
      record.takerShares += leg.size;
    }
    const { stage } = this.exchange.order(record.orderId) ?? { stage: "done" };
    if (stage === "done" || record.matched >= record.original) {
      record.status = "MATCHED";
      record.endedAt ??= this.#wall.millis(at);
      this.#trim();
    }
    this.#tell.order(record, "UPDATE", at);
  }

  #trim(): void {
    if (this.orders.size <= this.#keep) return;
    for (const [orderId, record] of this.orders) {
      if (record.endedAt === undefined) continue;
      this.orders.delete(orderId);
      return;
    }
  }
}

function cancelStatus(report: OrderReport): WireStatus {
  if (report.detail === RESOLVED) return "CANCELED_MARKET_RESOLVED";
  if (report.code === "FOK_NOT_FILLED" || report.code === "FAK_NO_MATCH")
    return `CANCELED_${report.detail ?? ""}`;
  return "CANCELED";
}
