import {
  NANOS_PER_MS,
  type ActionId,
  type ChainReport,
  type ExecutionReport,
  type MarketId,
  type Millis,
  type Nanos,
  type OrderId,
  type OrderReport,
  type TradeId,
  type TradeReport,
} from "@matchpoint/sdk";
import { Account } from "./account.ts";
import { Agenda } from "./agenda.ts";
import { luck } from "./luck.ts";
import type { PaperMarket } from "./market.ts";
import type { Settings } from "./options.ts";
import {
  noStats,
  trim,
  type PaperAction,
  type PaperOrder,
  type PaperStats,
  type PaperTrade,
} from "./records.ts";

type Stamps = "at" | "receivedAt" | "occurredAt" | "publishedAt";
type Latency = keyof Settings["nanos"];

/** A quick way takes no longer: what is beyond it is the clocks'. */
const USUAL_LAG_MS = 250;
/** Beyond this a time says nothing about a clock. */
const MOST_LAG_MS = 10_000;

/** Everything that the paper venue knows, and how it plans and speaks. The rules are in the files beside. */
export class Venue {
  readonly settings: Settings;
  readonly account: Account;
  readonly agenda = new Agenda();
  readonly markets = new Map<MarketId, PaperMarket>();
  /** Orders that are not done, by submission. */
  readonly open = new Map<OrderId, PaperOrder>();
  /** The newest finished orders. */
  readonly done = new Map<OrderId, PaperOrder>();
  /** Trades that may still change. */
  readonly pending = new Map<TradeId, PaperTrade>();
  /** The newest trades by their number in the run. */
  readonly trades = new Map<number, PaperTrade>();
  tradeCount = 0;
  readonly chain = new Map<ActionId, PaperAction>();
  stats: PaperStats = noStats();
  /** Wall clock minus monotonic time, in ms; known from the first outside event on. */
  wallOffset: number | undefined;
  /** The least that an event's time was behind its receipt, in ms: the way, and how far the two clocks are apart. */
  leastLag: number | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    this.account = new Account(settings.collateral, settings.gate);
  }

  order(orderId: OrderId): PaperOrder | undefined {
    return this.open.get(orderId) ?? this.done.get(orderId);
  }

  wall(at: number): Millis {
    return ((this.wallOffset ?? 0) + Math.floor(at / NANOS_PER_MS)) as Millis;
  }

  /** An event was received so many ms after the time that it states. */
  hearClock(lagMs: number): void {
    if (Math.abs(lagMs) <= MOST_LAG_MS && lagMs < (this.leastLag ?? Infinity)) this.leastLag = lagMs;
  }

  /** A time of ours by the venue's clock, as far as that is known. */
  venueWall(at: number): number {
    const lag = this.leastLag ?? 0;
    return this.wall(at) - (lag < 0 ? lag : Math.max(0, lag - USUAL_LAG_MS));
  }

  /** A latency in nanoseconds; `key` names what is under way, for its jitter. */
  takes(latency: Latency, key: string): number {
    const { nanos, seed } = this.settings;
    if (nanos.jitter === 0) return nanos[latency];
    return nanos[latency] + Math.floor(luck(seed, latency, key) * nanos.jitter);
  }

  /** Whether a fault of this probability strikes. */
  strikes(probability: number, what: string, key: string): boolean {
    return probability > 0 && luck(this.settings.seed, what, key) < probability;
  }

  /** Says something about an order: `ack` answers a request, `fill_report` tells what happened by itself. */
  tell(
    latency: "ack" | "fill_report",
    now: number,
    orderId: OrderId,
    status: OrderReport["status"],
    rest: Pick<OrderReport, "code" | "detail"> = {},
  ): void {
    const due = now + this.takes(latency, `${orderId}|${status}`);
    this.say<OrderReport>(now, due, { type: "order_report", orderId, status, ...rest });
  }

  /** Says what state a trade is in. */
  tellTrade(now: number, due: number, trade: PaperTrade): void {
    this.say<TradeReport>(now, due, { type: "trade_report", ...trade });
    if (
      this.strikes(this.settings.faults.duplicate_report, "duplicate", `${trade.tradeId}|${trade.status}`)
    ) {
      this.say<TradeReport>(now, due, { type: "trade_report", ...trade });
    }
  }

  tellChain(now: number, due: number, report: Omit<ChainReport, Stamps | "type">): void {
    this.say<ChainReport>(now, due, { type: "chain_report", ...report });
  }

  say<R extends ExecutionReport>(now: number, due: number, report: Omit<R, Stamps>): void {
    const stamps = { at: due as Nanos, receivedAt: this.wall(due), occurredAt: this.wall(now) };
    this.agenda.say(due, { ...report, ...stamps } as unknown as R);
  }

  /** Sets what an order holds back of the account: dollars of a buy, shares of a sell. */
  hold(order: PaperOrder, cash: number, offered: number): void {
    const { marketId, outcome } = order.intent;
    this.account.reserved += cash - order.reservedCash;
    this.account.holding(marketId, outcome).offered += offered - order.offered;
    order.reservedCash = cash;
    order.offered = offered;
  }

  /** Ends an order: it leaves the book and holds nothing back any more. The oldest finished ones are forgotten. */
  finish(order: PaperOrder, status: PaperOrder["status"]): void {
    this.hold(order, 0, 0);
    this.markets.get(order.intent.marketId)?.remove(order);
    order.stage = "done";
    order.status = status;
    this.open.delete(order.orderId);
    this.done.set(order.orderId, order);
    trim(this.done, this.settings.retain);
  }

  remember(trade: PaperTrade): void {
    this.pending.set(trade.tradeId, trade);
    this.trades.set(this.tradeCount++, trade);
    trim(this.trades, this.settings.retain);
  }
}
