import { createPaperExchange, type ExchangeNews, type PaperExchange } from "@matchpoint/paper-broker";
import {
  LADDER,
  type ChainAction,
  type ChainReport,
  type CoreEvent,
  type ExecutionReport,
  type MarketDescription,
  type MarketId,
  type Nanos,
  type OpenOrder,
  type OrderId,
  type OrderReport,
  type PreparedOrder,
  type Trade,
  type TradeId,
  type TradeReport,
  type TradeStatus,
  type Usdc,
  type VenueModeChanged,
  type VenuePosition,
} from "@matchpoint/sdk";
import type { ArrivalEntry } from "../history.ts";
import type { Ground } from "../kernel/ground.ts";
import type { Life } from "../program/life.ts";
import type { Holdings, RestingOrder, TrueBook } from "../record.ts";

/** The account of the wallet that is traded with. */
const OWN = "own";
type Mode = VenueModeChanged["mode"];
/** An event of the outside world without its stamps. */
export type Unstamped = CoreEvent extends infer E
  ? E extends CoreEvent
    ? Omit<E, "at" | "receivedAt">
    : never
  : never;

/** What the rest of the world hears of the venue. */
export interface VenueEars {
  /** Word of an own order or trade, for the user channel. */
  onReport(report: ExecutionReport): void;
  /** A public frame of a market. */
  onFrame(marketId: MarketId, event: Unstamped): void;
  /** A match of ours. */
  onMatch(trade: TradeReport): void;
}

/** The venue as it truly is: the paper venue's own exchange, and the history of what it does. Nothing of it takes time. */
export class SimVenue {
  readonly #exchange: PaperExchange;
  readonly #ground: Ground;
  readonly #ears: VenueEars;
  readonly #markets = new Map<MarketId, MarketDescription>();
  readonly #told = new Map<MarketId, Map<number, number>>();
  /** Who has sent an order. */
  readonly #senders = new Map<OrderId, number>();
  /** Trades that a reorganisation has taken back after they were confirmed: the exchange knows no such thing. */
  readonly #undone = new Set<TradeId>();
  readonly #frames = new Map<MarketId, number>();
  mode: Mode = "OPEN";
  /** While set, orders are refused for a balance that is there. */
  phantom = false;
  #frame = 0;
  #timer: (() => void) | undefined;

  constructor(ground: Ground, seed: number, collateral: number, ears: VenueEars, sellsMatched = false) {
    this.#ground = ground;
    this.#ears = ears;
    this.#exchange = createPaperExchange({
      runId: "v",
      seed,
      settlement: "told",
      selfCross: "allow",
      latency: {
        place_ms: 0,
        cancel_ms: 0,
        ack_ms: 0,
        fill_report_ms: 0,
        mined_ms: 2_000,
        confirmed_ms: 2_000,
        chain_ms: 4_000,
        jitter_ms: 0,
      },
      gtd_min_lead_ms: 0,
      ...(sellsMatched ? { sell_gate: "matched" } : {}),
      retain: 1_000_000,
    });
    this.#exchange.deposit(OWN, collateral as Usdc);
  }

  get #now(): Nanos {
    return this.#ground.time.now as Nanos;
  }

  /** Opens a market, or changes its terms. */
  list(market: MarketDescription): void {
    this.#markets.set(market.marketId, market);
    this.#ground.history.add({ kind: "market", market });
    this.observe({ type: "market_listed", market });
  }

  market(marketId: MarketId): MarketDescription | undefined {
    return this.#markets.get(marketId);
  }

  /** What others do: books and prints of theirs, resolutions. */
  observe(event: Unstamped): void {
    this.#exchange.observe({ ...event, at: this.#now, receivedAt: this.#ground.wall() });
    this.#pump();
  }

  /** A signed order has arrived. What the venue answers. */
  place(
    order: PreparedOrder,
    { number: life, epoch }: Pick<Life, "number" | "epoch">,
    copy: ArrivalEntry["copy"],
  ): OrderReport | undefined {
    const { orderId } = order;
    this.#senders.set(orderId, life);
    this.#ground.history.add({ kind: "arrival", orderId, copy, life, epoch });
    return this.#answered(orderId, () => {
      this.#exchange.submit(OWN, { kind: "place", order }, this.#now);
    });
  }

  cancel(orderId: OrderId): OrderReport | undefined {
    return this.#answered(orderId, () => {
      this.#exchange.submit(OWN, { kind: "cancel", intentId: "" as never, orderId }, this.#now);
    });
  }

  /** The venue cancels all that rests of the account. `quietly`: nobody is told. */
  cancelAll(detail: string, quietly: boolean): number {
    this.#quiet = quietly;
    const count = this.#exchange.expireAll(OWN, detail, this.#now);
    this.#pump();
    this.#quiet = false;
    return count;
  }

  cancelMarket(marketId: MarketId): void {
    for (const order of this.#exchange.view(OWN).openOrders(marketId)) this.cancel(order.orderId);
  }

  act(action: ChainAction): void {
    this.#exchange.submit(OWN, { kind: "chain", action }, this.#now);
    this.#pump();
  }

  /** The chain says what became of a trade. */
  settle(tradeId: TradeId, status: TradeStatus, why?: string): void {
    this.#why = why;
    this.#exchange.settleTrade(tradeId, status, this.#now);
    this.#pump();
    this.#why = undefined;
  }

  /** A confirmed trade is taken back with all of its legs (two of the account's own orders may have met in it), if what it brought is still there. */
  undo(tradeId: TradeId): boolean {
    const legs = this.trades().trades.filter((each) => each.tradeId === tradeId);
    if (legs.length === 0 || this.#undone.has(tradeId)) return false;
    const earned = legs.reduce((sum, { side, cost, fee }) => sum + (side === "sell" ? cost - fee : 0), 0);
    if (this.#exchange.view(OWN).free() < earned || !legs.every((leg) => this.#stillThere(leg))) return false;
    this.#undone.add(tradeId);
    for (const { marketId, outcome, side, size, cost, fee } of legs) {
      const buys = side === "buy";
      this.#exchange.transfer(OWN, { marketId, outcome }, buys ? 0 - size : size, this.#now);
      this.#exchange.transfer(OWN, "collateral", buys ? cost + fee : fee - cost, this.#now);
    }
    const receivedAt = this.#ground.wall();
    this.#why = "deep reorg";
    for (const leg of legs)
      this.#hear({ ...leg, type: "trade_report", status: "FAILED", at: this.#now, receivedAt });
    this.#why = undefined;
    this.#pump();
    return true;
  }

  #stillThere({ marketId, outcome, side, size }: Trade): boolean {
    const same = (each: { readonly marketId: MarketId; readonly outcome: number }): boolean =>
      each.marketId === marketId && each.outcome === outcome;
    const held = this.positions().find(same);
    if (side === "buy" && (held?.settled ?? 0) < size) return false;
    return !this.resting().some((each) => each.side === "sell" && same(each));
  }

  /** Somebody moves dollars of the account. */
  transfer(amount: number, why: string): void {
    this.#exchange.transfer(OWN, "collateral", amount, this.#now);
    this.#ground.history.add({ kind: "transfer", amount, why });
    this.#pump();
  }

  order(orderId: OrderId): ReturnType<ReturnType<PaperExchange["view"]>["order"]> {
    return this.#exchange.view(OWN).order(orderId);
  }

  trades(since?: string): { readonly trades: readonly Trade[]; readonly cursor: string } {
    const from = since === undefined ? 0 : Number(since);
    const { trades, next } = this.#exchange.view(OWN).trades(Number.isSafeInteger(from) ? from : 0);
    const shown = trades.map((trade) =>
      this.#undone.has(trade.tradeId) ? { ...trade, status: "FAILED" as const } : trade,
    );
    return { trades: shown, cursor: String(next) };
  }

  positions(): readonly VenuePosition[] {
    return this.#exchange.view(OWN).positions();
  }

  cash(): number {
    return this.#exchange.view(OWN).balances().collateral;
  }

  free(): number {
    return this.#exchange.view(OWN).free();
  }

  openOrders(): readonly OpenOrder[] {
    return this.#exchange.view(OWN).openOrders();
  }

  /** The life that has sent an order. */
  senderOf(orderId: OrderId): number | undefined {
    return this.#senders.get(orderId);
  }

  /** Orders of the account that are open there: in the book, or held by the taker delay. */
  resting(): readonly RestingOrder[] {
    return this.openOrders();
  }

  holdings(): Holdings {
    return { cash: this.cash(), positions: this.positions() };
  }

  chainStatus(action: ChainAction["actionId"]): string | undefined {
    return this.#exchange.view(OWN).chainStatus(action);
  }

  book(marketId: MarketId): TrueBook | undefined {
    const market = this.#markets.get(marketId);
    if (market === undefined) return undefined;
    const { bids, asks } = this.#exchange.book(marketId, 0);
    return {
      tick: market.tick,
      bids: bids.map(({ price, size }) => [price, size] as const),
      asks: asks.map(({ price, size }) => [price, size] as const),
      frame: this.#frames.get(marketId) ?? -1,
    };
  }

  /** The whole public book as a frame. */
  snapshot(marketId: MarketId): Unstamped {
    const { bids, asks } = this.#exchange.book(marketId, 0);
    const levels: number[] = [];
    for (const { price, size } of bids) levels.push(LADDER.BID_0, price, size);
    for (const { price, size } of asks) levels.push(LADDER.ASK_0, price, size);
    return { type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false };
  }

  /** The number of the frame that is sent next; counted over all markets. */
  nextFrame(marketId: MarketId): number {
    this.#frames.set(marketId, this.#frame);
    return this.#frame++;
  }

  #quiet = false;
  #why: string | undefined;
  #answer: { readonly orderId: OrderId; report?: OrderReport } | undefined;

  /** Does something whose answer comes at once, and gives it. */
  #answered(orderId: OrderId, act: () => void): OrderReport | undefined {
    const answer: { readonly orderId: OrderId; report?: OrderReport } = { orderId };
    this.#answer = answer;
    act();
    this.#pump();
    this.#answer = undefined;
    return answer.report;
  }

  #pump(): void {
    const exchange = this.#exchange;
    exchange.advance(this.#now, (news) => {
      this.#take(news);
    });
    this.#timer?.();
    const due = exchange.nextDue();
    this.#timer = due === undefined ? undefined : this.#ground.time.at(due, () => this.#pump());
  }

  #take(news: ExchangeNews): void {
    if (news.kind === "report") this.#hear(news.report);
    else if (news.kind === "book") this.#showBook(news.marketId);
  }

  #hear(report: ExecutionReport): void {
    const { history } = this.#ground;
    if (report.type === "order_report") {
      const { orderId, status, code, detail } = report;
      if (status === "sent") return;
      if (this.#answer?.orderId === orderId && this.#answer.report === undefined)
        this.#answer.report = report;
      if (status === "cancel_refused" || status === "unknown" || status === "absent") return;
      const more = { ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) };
      if (code !== "DUPLICATE") history.add({ kind: "venue_order", orderId, status, ...more });
      if (status !== "rejected" && !this.#quiet) this.#ears.onReport(report);
      return;
    }
    if (report.type === "trade_report") {
      const { tradeId, orderId, marketId, outcome, side, price, size, cost, fee, liquidity, status } = report;
      const why = this.#why === undefined ? {} : { why: this.#why };
      history.add({
        kind: "venue_trade",
        tradeId,
        orderId,
        marketId,
        outcome,
        side,
        price,
        size,
        cost,
        fee,
        liquidity,
        status,
        ...why,
      });
      if (status === "MATCHED") this.#ears.onMatch(report);
      this.#ears.onReport(report);
      return;
    }
    if (report.type === "chain_report") this.onChain?.(report);
  }

  /** Told of each state of a chain action. */
  onChain: ((report: ChainReport) => void) | undefined;

  /** Tells everybody what has changed in a book since it was told last. */
  #showBook(marketId: MarketId): void {
    const { bids, asks } = this.#exchange.book(marketId, 0);
    const now = new Map<number, number>();
    for (const { price, size } of bids) now.set(keyOf(LADDER.BID_0, price), size);
    for (const { price, size } of asks) now.set(keyOf(LADDER.ASK_0, price), size);
    const before = this.#told.get(marketId);
    this.#told.set(marketId, now);
    if (before === undefined) {
      this.#ears.onFrame(marketId, this.snapshot(marketId));
      return;
    }
    const levels: number[] = [];
    for (const [key, size] of now) if (before.get(key) !== size) levels.push(key >> 14, key & 16383, size);
    for (const key of before.keys()) if (!now.has(key)) levels.push(key >> 14, key & 16383, 0);
    if (levels.length === 0) return;
    const bestBid = bids[0]?.price ?? 0;
    const bestAsk = asks[0]?.price ?? 10_000;
    this.#ears.onFrame(marketId, { type: "book_delta", marketId, levels, bestBid, bestAsk });
  }
}

/** A level's ladder and price in one number. */
function keyOf(ladder: number, price: number): number {
  return (ladder << 14) | price;
}
