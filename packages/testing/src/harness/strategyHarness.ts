import { createPaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  createRuntime,
  NANOS_PER_MS,
  parseConfig,
  USDC_ONE,
  type BotConfigInput,
  type CoreEvent,
  type Effect,
  type IntentId,
  type MarketDescription,
  type MatchDescription,
  type Millis,
  type Nanos,
  type Outcome,
  type Runtime,
  type RunSummary,
  type StrategyClass,
  type TradeReport,
  type TradingStatus,
  type Usdc,
} from "@matchpoint/sdk";
import type { SimEvent } from "../simulator/index.ts";
import { testMarket, testMatch } from "./listings.ts";
import { WorldScript } from "./worldScript.ts";
import {
  fillOf,
  money,
  orderOf,
  shareCount,
  type HarnessFill,
  type HarnessOrder,
  type HarnessPosition,
  type HarnessSkip,
} from "./results.ts";

/** What a harness is made of. */
export interface HarnessOptions {
  readonly strategy: StrategyClass;
  /** Checked against the strategy's schema. */
  readonly params?: unknown;
  /** What the market has otherwise than {@link testMarket}. */
  readonly market?: Partial<MarketDescription>;
  /** What the match has otherwise than {@link testMatch}; `false`: none is known. */
  readonly match?: Partial<MatchDescription> | false;
  /** Limits and thresholds, as in the configuration file. */
  readonly config?: Omit<BotConfigInput, "strategies" | "mode">;
  /**
   * Latencies, faults and the rest of the paper venue. Nothing is drawn here unless it is asked for: what is not stated is ideal;
   * `{ realism: "on" }` makes it as real as a run's.
   */
  readonly paper?: Omit<PaperBrokerOptions, "runId" | "seed" | "collateral">;
}

const STARTS_AT = 1_790_000_000_000;
const RUN = "harness";

/** One strategy in one market, run by the real runtime against the paper venue under virtual time. */
export class StrategyHarness extends WorldScript {
  /** The runtime itself, for whatever the harness does not show. */
  readonly runtime: Runtime;
  readonly market: MarketDescription;
  readonly match: MatchDescription | undefined;
  readonly #orders = new Map<IntentId, HarnessOrder>();
  readonly #fills = new Map<string, HarnessFill>();
  readonly #alarms: string[] = [];
  #nowMs = 0;

  constructor(options: HarnessOptions) {
    super();
    this.match = options.match === false ? undefined : testMatch(options.match);
    this.market = testMarket(options.market, this.match ?? false);
    const config = parseConfig({ ...options.config });
    this.runtime = createRuntime({
      config,
      strategies: [{ use: options.strategy, params: options.params ?? {} }],
      execution: createPaperBroker({
        realism: "off",
        fill_model: "worst_queue",
        ...options.paper,
        runId: RUN,
        seed: config.seed,
        collateral: Math.round(config.paper.collateral_usdc * USDC_ONE) as Usdc,
      }),
      runId: RUN,
      startsAt: STARTS_AT,
    });
    this.runtime.on("step", (event, effects) => {
      this.#note(event, effects);
    });
    if (this.match !== undefined) this.offer({ type: "match_listed", ...this.received(), match: this.match });
    this.offer({ type: "market_listed", ...this.received(), market: this.market });
  }

  /** Virtual milliseconds since the harness was made. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lets time pass: orders reach the venue, are matched and reported, timers ring. */
  advance(ms: number): this {
    this.#nowMs += ms;
    this.runtime.advanceTo(this.#at());
    return this;
  }

  /** Any other event, at the present time. */
  offer(event: SimEvent): this {
    this.runtime.offer({ ...event, at: this.#at() });
    return this;
  }

  /** Every order that was asked for, oldest first, those denied included. */
  orders(): readonly HarnessOrder[] {
    return [...this.#orders.values()].map((known) => this.#current(known));
  }

  /** Orders that may still be matched. */
  openOrders(): readonly HarnessOrder[] {
    const open = new Set(
      this.runtime.core.orders.open(this.market.marketId).map((order) => order.intent.intentId),
    );
    return this.orders().filter((order) => open.has(order.id));
  }

  /** Every trade of our orders, oldest first, each with what became of it. */
  fills(): readonly HarnessFill[] {
    return [...this.#fills.values()];
  }

  /** Why nothing was done, most frequent first. */
  skips(): readonly HarnessSkip[] {
    const entry = this.runtime.core.market(this.market.marketId)!;
    return entry.bindings.flatMap(({ skips }) => skips.list().map((skip) => ({ ...skip })));
  }

  /** Alarms raised so far, as `CODE: message`. */
  alarms(): readonly string[] {
    return this.#alarms;
  }

  /** What is held of an outcome. */
  position(outcome: Outcome): HarnessPosition {
    const { matched, settled, cost } = this.runtime.core.ledger.position(this.market.marketId, outcome);
    return { shares: shareCount(matched), settled: shareCount(settled), cost: money(cost) };
  }

  /** Dollars on the account. */
  cash(): number {
    return money(this.runtime.core.ledger.cash);
  }

  /** Where the market's trading machine stands. */
  status(): TradingStatus {
    return this.runtime.core.market(this.market.marketId)!.trading.status;
  }

  /** Ends the run and gives its account. @throws `MatchpointError` `LEDGER_UNBALANCED` if it does not add up */
  finish(): RunSummary {
    return this.runtime.finish("the test is over");
  }

  protected received(): { readonly receivedAt: Millis } {
    return { receivedAt: (STARTS_AT + Math.floor(this.#nowMs)) as Millis };
  }

  #at(): Nanos {
    return Math.round(this.#nowMs * NANOS_PER_MS) as Nanos;
  }

  /** The order as it stands now; one that the core has let go of, as it stood last. */
  #current(known: HarnessOrder): HarnessOrder {
    const order = this.runtime.core.orders.get(known.id);
    if (order === undefined) return known;
    const { status, code, matched } = order;
    return { ...known, status, code: code ?? known.code, matched: shareCount(matched) };
  }

  #note(event: CoreEvent, effects: readonly Effect[]): void {
    const atMs = event.at / NANOS_PER_MS;
    if (event.type === "trade_report") this.#noteTrade(event, atMs);
    for (const effect of effects) {
      if (effect.type === "place") {
        this.#orders.set(effect.intent.intentId, orderOf(effect.intent, atMs, "INTENT"));
      } else if (effect.type === "denied") {
        this.#orders.set(effect.intent.intentId, orderOf(effect.intent, atMs, "DENIED", effect.code));
      } else if (effect.type === "alarm") {
        this.#alarms.push(`${effect.code}: ${effect.message}`);
      }
    }
    for (const [key, known] of this.#orders) this.#orders.set(key, this.#current(known));
  }

  #noteTrade(report: TradeReport, atMs: number): void {
    const known = this.#fills.get(report.tradeId);
    const order = this.runtime.core.orders.byOrderId(report.orderId);
    this.#fills.set(
      report.tradeId,
      known === undefined
        ? fillOf(report, order?.intent.intentId, atMs)
        : { ...known, status: report.status },
    );
  }
}

/**
 * Puts a strategy into one market and lets a test play the world: books, trades, news of the match, time. Orders go through
 * the real risk gate to the paper venue; nothing is mocked and nothing waits for a clock.
 *
 * @example
 * ```ts
 * import { parseShares, Strategy, type BookContext } from "@matchpoint/sdk";
 * import { strategyHarness } from "@matchpoint/testing";
 * import { z } from "zod";
 *
 * class BuyCheap extends Strategy<typeof BuyCheap.params> {
 *   static readonly id = "buy-cheap";
 *   static readonly posture = "directional";
 *   static readonly params = z.object({ below: z.number().default(0.2) });
 *
 *   override onBook(ctx: BookContext) {
 *     const { ask } = ctx.quote(0);
 *     if (ask / 10_000 >= this.params.below) return ctx.skip("not cheap");
 *     if (ctx.orders().length > 0 || ctx.position(0).matched > 0) return ctx.skip("bought already");
 *     ctx.buy({ outcome: 0, limit: ask, size: parseShares("10") });
 *   }
 * }
 *
 * const harness = strategyHarness({ strategy: BuyCheap, params: { below: 0.3 } });
 * harness.book({ bids: [[0.49, 100]], asks: [[0.51, 100]] });
 * harness.skips(); // [{ reason: "not cheap", count: 1, last: undefined }]
 * harness.book({ bids: [[0.24, 100]], asks: [[0.25, 100]] }).advance(3_000);
 * harness.fills(); // one of 10 shares at 0.25
 * ```
 *
 * @throws `MatchpointError` `STRATEGY_INVALID` for parameters that the strategy refuses, `CONFIG_INVALID` for the configuration
 */
export function strategyHarness(options: HarnessOptions): StrategyHarness {
  return new StrategyHarness(options);
}
