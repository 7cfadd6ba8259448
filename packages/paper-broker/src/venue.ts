import {
  NANOS_PER_MS,
  type ChainReport,
  type ExecutionReport,
  type MarketId,
  type Millis,
  type Nanos,
  type OrderId,
  type OrderReport,
  type TradeId,
  type TradeReport,
  type VenueModeChanged,
} from "@matchpoint/sdk";
import { Account } from "./account.ts";
import { Agenda } from "./agenda.ts";
import type { AccountId } from "./exchange.ts";
import { luck } from "./luck.ts";
import type { PaperMarket } from "./market.ts";
import type { LatencyLeg } from "./realism/latencyTables.ts";
import { atShare } from "./realism/quantiles.ts";
import { RestartCalendar, type Openness } from "./realism/restarts.ts";
import { takeToken } from "./realism/buckets.ts";
import type { Settings } from "./settings.ts";
import {
  noStats,
  ownLegs,
  publicTrade,
  tradeOf,
  trim,
  type PaperMatch,
  type PaperOrder,
  type PaperStats,
} from "./records.ts";

type Stamps = "at" | "receivedAt" | "occurredAt" | "publishedAt";

/** A quick way takes no longer: what is beyond it is the clocks'. */
const USUAL_LAG_MS = 250;
/** Whom a report is for, and about which order. */
interface Whose {
  readonly account: AccountId;
  readonly orderId: OrderId;
  readonly lot?: string;
}

/** The venue's words after a restart. */
export const POST_ONLY = "post-only mode: only post-only orders and cancels are allowed";

/** Beyond this a time says nothing about a clock. */
const MOST_LAG_MS = 10_000;

/** Everything that the paper venue knows, and how it plans and speaks. The rules are in the files beside. */
export class Venue {
  readonly settings: Settings;
  readonly accounts = new Map<AccountId, Account>();
  readonly agenda = new Agenda();
  readonly markets = new Map<MarketId, PaperMarket>();
  /** Orders that are not done, by submission. */
  readonly open = new Map<OrderId, PaperOrder>();
  /** The newest finished orders. */
  readonly done = new Map<OrderId, PaperOrder>();
  /** Trades that may still change. */
  readonly pending = new Map<TradeId, PaperMatch>();
  /** The newest trades by their number in the run. */
  readonly trades = new Map<number, PaperMatch>();
  tradeCount = 0;
  /** Latest time seen: of an event, a command or something done. */
  now = 0;
  stats: PaperStats = noStats();
  /** Wall clock minus monotonic time, in ms; known from the first outside event on. */
  wallOffset: number | undefined;
  /** The least that an event's time was behind its receipt, in ms: the way, and how far the two clocks are apart. */
  leastLag: number | undefined;
  /** Until when (Unix ms) an account was told that the venue is not open. */
  readonly toldClosed = new Map<AccountId, number>();
  readonly #calendar: RestartCalendar;

  constructor(settings: Settings) {
    this.settings = settings;
    this.#calendar = new RestartCalendar(settings.restarts, settings.seed);
  }

  /** An account; opened when it is new. */
  account(id: AccountId): Account {
    let account = this.accounts.get(id);
    if (account === undefined) {
      account = new Account(0, this.settings.gate);
      this.accounts.set(id, account);
    }
    return account;
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

  /** How long a leg takes, in nanoseconds; `key` names what is under way, for what is drawn. */
  takes(leg: LatencyLeg, key: string): number {
    const { legs, jitter, seed } = this.settings;
    const table = legs[leg];
    const way = table.length === 1 ? table[0]![1] : Math.floor(atShare(table, luck(seed, leg, key)));
    // What takes no time on its way does not vary either.
    return jitter === 0 || (leg === "feed" && way === 0)
      ? way
      : way + Math.floor(luck(seed, `${leg}+`, key) * jitter);
  }

  /**
   * When something that is sent now meets the book that is seen here: what the venue shows at its arrival is seen a feed's way
   * later.
   */
  reaches(leg: "place" | "cancel", key: string): number {
    return this.now + this.takes(leg, key) + this.takes("feed", key);
  }

  /** When word of something that is seen here at `now` comes: it set out when the market data of that moment did. */
  wordOf(leg: "ack" | "fill_report", key: string, now: number): number {
    return now + Math.max(0, this.takes(leg, key) - this.takes("feed", key));
  }

  /** What orders the venue takes now. Open while nobody knows what time it is. */
  openness(now: number): Openness {
    return this.#calendar.at(this.wallOffset === undefined ? -Infinity : this.wall(now));
  }

  /** Takes a token for a request of an account; returns whether there was one. */
  allows(account: AccountId, kind: "order" | "cancel", now: number): boolean {
    const { rateLimit } = this.settings;
    if (rateLimit === "off" || takeToken(this.account(account).buckets, kind, rateLimit, now)) return true;
    this.stats.rateLimited++;
    return false;
  }

  /** Tells an account that the venue restarts, what follows, and when it is over; once per restart. */
  tellClosed(account: AccountId, { mode, until, open }: Openness, now: number): void {
    if (mode === "OPEN" || (this.toldClosed.get(account) ?? -Infinity) >= open) return;
    this.toldClosed.set(account, open);
    this.stats.restartsMet++;
    const at = (wall: number): number => (wall - (this.wallOffset ?? 0)) * NANOS_PER_MS;
    const say = (what: VenueModeChanged["mode"], from: number, detail: string): void => {
      const due = this.wordOf("ack", `${account}|${open}|${what}`, Math.max(now, from));
      this.say<VenueModeChanged>(account, Math.max(now, from), due, {
        type: "venue_mode",
        mode: what,
        detail,
      });
    };
    if (mode === "RESTARTING") {
      say("RESTARTING", now, "425: the matching engine restarts");
      if (open > until) say("POST_ONLY", at(until), POST_ONLY);
    } else {
      say("POST_ONLY", now, POST_ONLY);
    }
    say("OPEN", at(open), "the venue takes all orders again");
  }

  /** Whether a fault of this probability strikes. */
  strikes(probability: number, what: string, key: string): boolean {
    return probability > 0 && luck(this.settings.seed, what, key) < probability;
  }

  /** Says something about an order: `ack` answers a request, `fill_report` tells what happened by itself. */
  tell(
    latency: "ack" | "fill_report",
    now: number,
    { account, orderId, lot }: Whose,
    status: OrderReport["status"],
    rest: Pick<OrderReport, "code" | "detail"> = {},
  ): void {
    const due = this.wordOf(latency, `${lot ?? orderId}|${status}`, now);
    this.say<OrderReport>(account, now, due, { type: "order_report", orderId, status, ...rest });
  }

  /** Says what state a trade is in: to each account that is in it, the taker first, and to everyone. */
  tellTrade(now: number, due: number, match: PaperMatch): void {
    if (this.settings.mute) return;
    let key = `${match.lot}|${match.status}`;
    for (const { account, leg, liquidity } of ownLegs(match)) {
      const trade = tradeOf(match, leg, liquidity);
      this.say<TradeReport>(account, now, due, { type: "trade_report", ...trade });
      if (this.strikes(this.settings.faults.duplicate_report, "duplicate", key)) {
        this.say<TradeReport>(account, now, due, { type: "trade_report", ...trade });
      }
      key += "|";
    }
    if (!this.settings.shared) return;
    this.agenda.announce({ kind: "trade", trade: publicTrade(match), at: now as Nanos });
  }

  tellChain(account: AccountId, now: number, due: number, report: Omit<ChainReport, Stamps | "type">): void {
    this.say<ChainReport>(account, now, due, { type: "chain_report", ...report });
  }

  say<R extends ExecutionReport>(
    account: AccountId,
    now: number,
    due: number,
    report: Omit<R, Stamps>,
  ): void {
    if (this.settings.mute) return;
    const stamps = { at: due as Nanos, receivedAt: this.wall(due), occurredAt: this.wall(now) };
    this.agenda.say(due, { kind: "report", account, report: { ...report, ...stamps } as unknown as R });
  }

  /** The public book of a market may have changed. */
  touch(market: PaperMarket): void {
    if (this.settings.shared) this.agenda.touch(market.description.marketId, this.now);
  }

  /** Sets what an order holds back of the account: dollars of a buy, shares of a sell. */
  hold(order: PaperOrder, cash: number, offered: number): void {
    const { marketId, outcome } = order.intent;
    const account = this.account(order.account);
    account.reserved += cash - order.reservedCash;
    account.holding(marketId, outcome).offered += offered - order.offered;
    order.reservedCash = cash;
    order.offered = offered;
  }

  /** Ends an order: it leaves the book and holds nothing back any more. The oldest finished ones are forgotten. */
  finish(order: PaperOrder, status: PaperOrder["status"]): void {
    this.hold(order, 0, 0);
    const market = this.markets.get(order.intent.marketId);
    if (market?.remove(order) === true) this.touch(market);
    order.stage = "done";
    order.status = status;
    this.open.delete(order.orderId);
    this.done.set(order.orderId, order);
    trim(this.done, this.settings.retain);
  }

  /** The id of the next trade. */
  nextTrade(): TradeId {
    return `${this.settings.runId}-t${this.tradeCount}` as TradeId;
  }

  remember(match: PaperMatch): void {
    this.pending.set(match.tradeId, match);
    this.trades.set(this.tradeCount++, match);
    trim(this.trades, this.settings.retain);
  }

  /** A trade that may still change or is remembered. */
  trade(tradeId: TradeId): PaperMatch | undefined {
    const pending = this.pending.get(tradeId);
    if (pending !== undefined) return pending;
    const found = this.trades.get(Number(tradeId.slice(this.settings.runId.length + 2)));
    return found?.tradeId === tradeId ? found : undefined;
  }
}
