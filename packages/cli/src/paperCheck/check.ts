import { createPaperBroker, type PaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  id,
  isOutside,
  matchOf,
  PRICE_ONE,
  USDC_ONE,
  type ActionId,
  type Core,
  type CoreEvent,
  type ExecutionCommand,
  type Intent,
  type IntentId,
  type MarketId,
  type Nanos,
  type OrderId,
  type OrderPrepared,
  type OrderReport,
  type Outcome,
  type Shares,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { Stopwatch, type Measured } from "./measured.ts";
import { better, type Compared } from "./optimism.ts";
import { OwnInBook } from "./ownInBook.ts";
import { Tally } from "./tally.ts";

/** So that no order lacks money or shares: each is judged by itself, whatever became of those before it. */
const MONEY = 1_000_000_000 * USDC_ONE;
const PAIRS = (1_000_000 * USDC_ONE) as Shares;
/** How long after the last line the paper venue may still finish what is under way. */
const SETTLING = 120_000_000_000;
const OVER = new Set<OrderReport["status"]>(["canceled", "expired", "invalid", "rejected"]);

/** How a resting order could be taken to be filled, and how far that is from what really was. */
export interface QueueFit {
  readonly model: string;
  /** Shares of resting orders that it fills, and those that it fills too many or too few, order by order. */
  readonly filled: number;
  readonly apart: number;
}

/** What came of a comparison. */
export interface CheckResult {
  readonly orders: readonly Compared[];
  readonly fits: readonly QueueFit[];
  readonly measured: readonly Measured[];
  /** Orders that never left, and are in no comparison. */
  readonly notSent: number;
}

/** A paper venue on the side, with what it says of the orders. */
class Side {
  readonly tally = new Tally();
  readonly name: string;
  readonly #broker: PaperBroker;

  constructor(name: string, options: PaperBrokerOptions) {
    this.name = name;
    this.#broker = createPaperBroker({
      ...options,
      latency: { ...options.latency, chain_ms: 0 },
      faults: { ...options.faults, chain_revert: 0 },
      collateral: MONEY as Usdc,
      sell_gate: "matched",
      scenarios: "off",
    });
  }

  reach(at: Nanos): void {
    this.#broker.advance(at, (report) => {
      this.tally.take(report);
    });
  }

  observe(event: CoreEvent): void {
    this.#broker.observe(event);
  }

  submit(command: ExecutionCommand, at: Nanos): void {
    this.#broker.submit(command, at);
  }
}

const FITS: readonly (readonly [string, Partial<PaperBrokerOptions>])[] = [
  ["touch", { fill_model: "touch" }],
  ...[0, 0.5, 1, 2, 3].map(
    (queue_exponent) => [`queue ${queue_exponent}`, { fill_model: "queue", queue_exponent }] as const,
  ),
  ["worst_queue", { fill_model: "worst_queue" }],
];

/** Sends the orders of a live journal to the paper venue, at the same times and into the same world, event by event. */
export class PaperCheck {
  readonly #core: Core;
  readonly #base: Side;
  readonly #sides: readonly Side[];
  readonly #real = new Tally();
  readonly #own = new OwnInBook();
  readonly #stopwatch = new Stopwatch();
  readonly #orders = new Map<OrderId, Intent>();
  readonly #hashes = new Map<IntentId, OrderId>();
  readonly #left = new Set<OrderId>();
  readonly #asked = new Set<OrderId>();
  /** Trades of orders that were taken from what rests. */
  readonly #counted = new Set<string>();
  readonly #split = new Set<MarketId>();
  #at = 0 as Nanos;
  #seq = 0;

  /**
   * @param core a fresh core of the journal's run: it is what says when a cancel was asked for
   * @param options of the paper venue to judge
   */
  constructor(core: Core, options: PaperBrokerOptions) {
    this.#core = core;
    this.#base = new Side("base", options);
    this.#sides = [this.#base, ...FITS.map(([name, over]) => new Side(name, { ...options, ...over }))];
  }

  take(event: CoreEvent): void {
    if (event.at > this.#at) this.#at = event.at;
    for (const side of this.#sides) side.reach(this.#at);
    const effects = this.#core.step(event);
    this.#stopwatch.take(event);
    if (event.type === "order_prepared") this.#prepared(event);
    if (event.type === "order_report") this.#said(event);
    if (event.type === "trade_report") {
      this.#filled(event);
      this.#real.take(event);
    }
    if (isOutside(event)) this.#world(event);
    for (const effect of effects) {
      if (effect.type !== "cancel") continue;
      const orderId = effect.orderId ?? this.#hashes.get(effect.intentId);
      if (orderId !== undefined) this.#cancel(orderId);
    }
  }

  /** The end of the journal: the paper venue finishes what is under way. */
  end(): CheckResult {
    for (const side of this.#sides) side.reach((this.#at + SETTLING) as Nanos);
    const orders: Compared[] = [];
    for (const [orderId, intent] of this.#orders) {
      if (!this.#left.has(orderId)) continue;
      const entry = this.#core.market(intent.marketId);
      const { side, outcome, orderType, limit, size, marketId } = intent;
      const real = this.#real.of(orderId)!;
      const paper = this.#base.tally.of(orderId)!;
      const worth = this.#worth(marketId, outcome);
      orders.push({
        orderId,
        match: (entry === undefined ? undefined : matchOf(entry.market)) ?? marketId,
        market: marketId,
        side,
        outcome: entry?.market.outcomes[outcome].name ?? String(outcome),
        orderType,
        limit,
        size,
        real,
        paper,
        worth,
        better: better(side, real, paper, worth),
      });
    }
    const notSent = this.#orders.size - orders.length;
    return { orders, fits: this.#fits(orders), measured: this.#stopwatch.measured(), notSent };
  }

  #prepared(event: OrderPrepared): void {
    const { orderId, intentId } = event;
    const intent = event.intent ?? this.#core.orders.byOrderId(orderId)?.intent;
    const market = intent && this.#core.market(intent.marketId)?.market;
    if (intent === undefined || market === undefined) return;
    this.#hashes.set(intentId, orderId);
    this.#orders.set(orderId, intent);
    this.#own.sent(orderId, intent, market);
    this.#real.placed(orderId, this.#at);
    this.#stopwatch.placed(orderId, this.#at);
    const order = { orderId, intent, payload: { seq: this.#seq++ } };
    for (const side of this.#sides) {
      side.tally.placed(orderId, this.#at);
      side.submit({ kind: "place", order }, this.#at);
    }
  }

  /** A trade takes from the order once, whichever of its states is heard first; one that fails does not put it back. */
  #filled({ tradeId, orderId, status, size }: TradeReport): void {
    const key = `${tradeId} ${orderId}`;
    if (status === "FAILED" || this.#counted.has(key)) return;
    this.#counted.add(key);
    this.#own.filled(orderId, size);
  }

  #said(report: OrderReport): void {
    const { orderId, status } = report;
    this.#real.take(report);
    if (status === "sent") this.#left.add(orderId);
    if (status === "live" || status === "unmatched") this.#own.live(orderId);
    if (!OVER.has(status)) return;
    this.#own.over(orderId);
    // Nobody of the run asked for it: the venue, or the run's end, took it off.
    if (status === "canceled" || status === "invalid") this.#cancel(orderId);
  }

  #cancel(orderId: OrderId): void {
    if (!this.#orders.has(orderId) || this.#asked.has(orderId)) return;
    this.#asked.add(orderId);
    this.#stopwatch.canceling(orderId, this.#at);
    for (const side of this.#sides)
      side.submit({ kind: "cancel", intentId: id<IntentId>(""), orderId }, this.#at);
  }

  #world(event: CoreEvent): void {
    const seen = this.#own.without(event);
    if (seen === undefined) return;
    for (const side of this.#sides) side.observe(seen);
    if (event.type !== "market_listed" || this.#split.has(event.market.marketId)) return;
    const { marketId } = event.market;
    this.#split.add(marketId);
    const actionId = id<ActionId>(`stock-${marketId}`);
    for (const side of this.#sides)
      side.submit(
        { kind: "chain", action: { actionId, kind: "split", marketId, amounts: [PAIRS, PAIRS] } },
        this.#at,
      );
  }

  /** What a share turned out to be worth: its payout, else halfway between the best prices, else as the run's books have it. */
  #worth(marketId: MarketId, outcome: Outcome): number {
    const entry = this.#core.market(marketId);
    if (entry === undefined) return 0;
    const payout = entry.payouts?.[outcome];
    if (payout !== undefined) return payout / USDC_ONE;
    const bid = entry.book.bid(outcome);
    const ask = entry.book.ask(outcome);
    if (bid > 0 && ask < PRICE_ONE) return (bid + ask) / 2 / PRICE_ONE;
    return (this.#core.mark(marketId)?.fair[outcome] ?? 0) / USDC_ONE;
  }

  #fits(orders: readonly Compared[]): QueueFit[] {
    const resting = orders.filter(({ orderType }) => orderType === "GTC" || orderType === "GTD");
    return this.#sides.slice(1).map(({ name, tally }) => {
      let filled = 0;
      let apart = 0;
      for (const { orderId, real } of resting) {
        const shares = tally.of(id<OrderId>(orderId))?.shares ?? 0;
        filled += shares;
        apart += Math.abs(shares - real.shares);
      }
      return { model: name, filled: filled / 1e6, apart: apart / 1e6 };
    });
  }
}
