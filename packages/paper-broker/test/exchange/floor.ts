import {
  id,
  NANOS_PER_MS,
  type ActionId,
  type ChainAction,
  type CoreEvent,
  type ExecutionReport,
  type Intent,
  type IntentId,
  type MarketDescription,
  type Nanos,
  type OrderId,
  type OrderReport,
  type Outcome,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import {
  createPaperExchange,
  type AccountId,
  type ExchangeNews,
  type ExchangeTrade,
  type PaperExchange,
  type PaperExchangeOptions,
} from "@matchpoint/paper-broker";
import type { Command } from "../witness.ts";
import { intent, levels, market, MARKET, sh, SHARE, usd, WALL, type Side0 } from "../harness.ts";

/** Everything at once, but for the chain. */
export const INSTANT = { place_ms: 0, cancel_ms: 0, ack_ms: 0, fill_report_ms: 0 };

/** An exchange with people on it: drives it step by step and keeps all that it tells. */
export class Floor {
  readonly exchange: PaperExchange;
  readonly news: ExchangeNews[] = [];
  now = 0;
  /** What was handed over, for those who keep books of their own. */
  readonly commands: (Command & { readonly account: AccountId })[] = [];
  /** Hears all news at the moment when they are told. */
  listener: ((news: ExchangeNews) => void) | undefined;
  /** All dollars that were ever paid in, less those paid out. */
  paid = 0;
  #seq = 0;
  #lazy = false;

  constructor(options: Partial<PaperExchangeOptions> = {}, listed: MarketDescription | null = market()) {
    this.exchange = createPaperExchange({ runId: "floor", seed: 7, latency: INSTANT, ...options });
    if (listed !== null) this.list(listed);
  }

  /** Dollars in or out; returns what was moved, and counts it. */
  pay(account: AccountId, dollars: Usdc): Usdc {
    const moved = this.exchange.deposit(account, dollars);
    this.paid += moved;
    return moved;
  }

  expire(account: AccountId): number {
    this.to(this.now);
    const expired = this.exchange.expireAll(account, "the heartbeat stopped", this.at);
    this.to(this.now);
    return expired;
  }

  /** Opens accounts with $1,000 each, and if asked with shares of both outcomes. */
  open(accounts: readonly AccountId[], pairs = 0): this {
    for (const account of accounts) {
      this.pay(account, usd(1_000 + pairs));
      if (pairs > 0) this.chain(account, "split", [pairs, pairs]);
    }
    return pairs > 0 ? this.wait(5_000) : this;
  }

  get at(): Nanos {
    return (this.now * NANOS_PER_MS) as Nanos;
  }

  /** From now on moves the exchange's clock only at the end. */
  lazily(): this {
    this.#lazy = true;
    return this;
  }

  /** Goes on where another one is, with an exchange of its own. */
  resume(other: Floor): this {
    this.news.push(...other.news);
    this.now = other.now;
    this.paid = other.paid;
    this.#seq = other.#seq;
    return this;
  }

  to(ms: number): this {
    const until = ms * NANOS_PER_MS;
    if (this.#lazy) {
      if (ms > this.now + 20_000) this.exchange.advance(until as Nanos, (news) => this.news.push(news));
      this.now = ms;
      return this;
    }
    for (;;) {
      const due = this.exchange.nextDue();
      if (due === undefined || due > until) break;
      this.exchange.advance(due, (news) => {
        this.news.push(news);
        this.listener?.(news);
      });
    }
    this.now = ms;
    return this;
  }

  wait(ms: number): this {
    return this.to(this.now + ms);
  }

  event(event: Record<string, unknown> & { type: CoreEvent["type"] }): this {
    this.to(this.now);
    this.exchange.observe({ ...event, at: this.at, receivedAt: WALL + Math.floor(this.now) } as never);
    return this.to(this.now);
  }

  list(description: MarketDescription): this {
    return this.event({ type: "market_listed", market: description });
  }

  /** A whole book of the outside world. */
  book(bids: Side0, asks: Side0): this {
    const book = { marketId: MARKET, outcome: 0, levels: levels(bids, asks), synthetic: false };
    return this.event({ type: "book_snapshot", ...book });
  }

  delta(bids: Side0, asks: Side0): this {
    return this.event({
      type: "book_delta",
      marketId: MARKET,
      levels: levels(bids, asks),
      bestBid: -1,
      bestAsk: -1,
    });
  }

  /** Hands over an order at once; what is due at once is told. */
  place(account: AccountId, over: Partial<Intent>, orderId = id<OrderId>(`o${this.#seq}`)): OrderId {
    this.to(this.now);
    const order = { orderId, intent: intent(this.#seq++, over) };
    this.commands.push({ account, order, at: this.at });
    this.exchange.submit(account, { kind: "place", order }, this.at);
    this.to(this.now);
    return orderId;
  }

  cancel(account: AccountId, orderId: OrderId): this {
    this.to(this.now);
    this.exchange.submit(account, { kind: "cancel", intentId: id<IntentId>("x"), orderId }, this.at);
    return this.to(this.now);
  }

  chain(account: AccountId, kind: ChainAction["kind"], [a, b]: readonly [number, number]): ActionId {
    this.to(this.now);
    const actionId = id<ActionId>(`chain-${this.#seq++}`);
    const action: ChainAction = { actionId, kind, marketId: MARKET, amounts: [sh(a), sh(b)] };
    this.commands.push({ account, action, at: this.at });
    this.exchange.submit(account, { kind: "chain", action }, this.at);
    this.to(this.now);
    return actionId;
  }

  reports(account: AccountId): ExecutionReport[] {
    return this.news.flatMap((each) =>
      each.kind === "report" && each.account === account ? [each.report] : [],
    );
  }

  /** What an account was told about an order. */
  statuses(account: AccountId, orderId: OrderId): string[] {
    return this.reports(account)
      .filter((each): each is OrderReport => each.type === "order_report" && each.orderId === orderId)
      .map(({ status, code }) => (code === undefined ? status : `${status}:${code}`));
  }

  /** An account's fills, or another state of them. */
  fills(account: AccountId, status: TradeReport["status"] = "MATCHED"): TradeReport[] {
    return this.reports(account).filter(
      (each): each is TradeReport => each.type === "trade_report" && each.status === status,
    );
  }

  /** The matches that were told. */
  trades(status: ExchangeTrade["status"] = "MATCHED"): ExchangeTrade[] {
    return this.news.flatMap((each) =>
      each.kind === "trade" && each.trade.status === status ? [each.trade] : [],
    );
  }

  /** The public book in cents and shares. */
  shown(outcome: Outcome = 0): { bids: number[][]; asks: number[][] } {
    const { bids, asks } = this.exchange.book(MARKET, outcome);
    const plain = (side: typeof bids): number[][] =>
      side.map(({ price, size }) => [price / 100, size / SHARE]);
    return { bids: plain(bids), asks: plain(asks) };
  }

  cash(account: AccountId): number {
    return this.exchange.view(account).balances().collateral;
  }

  held(account: AccountId, outcome: Outcome): number {
    return (
      this.exchange
        .view(account)
        .positions()
        .find((each) => each.outcome === outcome)?.matched ?? 0
    );
  }
}
