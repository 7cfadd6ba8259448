import { z } from "zod";
import type { Misstep } from "../events/index.ts";
import type { StrategyId } from "../ids.ts";
import { formatUsdc, NANOS_PER_MS, USDC_ONE, type Nanos, type Usdc } from "../units/index.ts";
import { SumWindow } from "./sumWindow.ts";

const count = (fallback: number) => z.number().int().min(0).max(10_000_000).default(fallback);
const rate = z.number().int().min(0).max(10_000_000).exactOptional();
const dollars = z.number().min(0).max(1_000_000_000_000);

/**
 * When orders run away. A strategy that reaches one of its limits is halted, the account is killed when it reaches one of its own; both
 * until an operator resumes with a reason. 0: no such limit.
 */
export const RUNAWAY_CONFIG = z
  .strictObject({
    max_orders_per_second: rate.describe(
      "Orders of the whole account within a second; the next one kills the account. Absent: 100, or three times `max_open_orders` where that is more. 0: no limit.",
    ),
    max_usdc_per_minute: dollars
      .exactOptional()
      .describe(
        "Dollars that orders of the whole account are worth at their limits, within a minute; what goes beyond kills the account. Absent: 1,000 times `max_order_usdc`. 0: no limit.",
      ),
    max_rejects_per_minute: count(120).describe(
      "Orders of the whole account that the venue refuses within a minute, other than for want of a match; 0: no limit.",
    ),
    strategy_orders_per_second: rate.describe(
      "The same of one strategy: the next order halts it. Absent: 50, or twice `max_open_orders` where that is more. 0: no limit.",
    ),
    strategy_usdc_per_minute: dollars
      .exactOptional()
      .describe("The same of one strategy. Absent: 500 times `max_order_usdc`. 0: no limit."),
    strategy_rejects_per_minute: count(60).describe("The same of one strategy; 0: no limit."),
    strategy_cancels_per_fill: count(1_000).describe(
      "Cancels that one strategy asks for within a minute, for each fill that it had in it (one at least); 0: no limit.",
    ),
    strategy_malformed_per_minute: count(5).describe(
      "Orders that are none (a size that is no number, a field that there is not) within a minute; 0: no limit.",
    ),
    strategy_faults: count(5).describe("Hooks of one strategy that fail within ten minutes; 0: no limit."),
  })
  .prefault({});

/** The same in the units of the core. */
export interface RunawayLimits {
  readonly account: RateLimits;
  readonly strategy: RateLimits;
  readonly cancelsPerFill: number;
  readonly malformedPerMinute: number;
  readonly faults: number;
}
interface RateLimits {
  readonly ordersPerSecond: number;
  readonly usdcPerMinute: number;
  readonly rejectsPerMinute: number;
}

/** Converts the configuration, beside `max_order_usdc` in dollars and `max_open_orders`. */
export function runawayLimits(
  config: z.output<typeof RUNAWAY_CONFIG>,
  maxOrder: number,
  maxOpen: number,
): RunawayLimits {
  const usd = (value: number): number => Math.floor(value * USDC_ONE + 1e-6);
  return {
    account: {
      ordersPerSecond: config.max_orders_per_second ?? Math.max(100, 3 * maxOpen),
      usdcPerMinute: usd(config.max_usdc_per_minute ?? 1_000 * maxOrder),
      rejectsPerMinute: config.max_rejects_per_minute,
    },
    strategy: {
      ordersPerSecond: config.strategy_orders_per_second ?? Math.max(50, 2 * maxOpen),
      usdcPerMinute: usd(config.strategy_usdc_per_minute ?? 500 * maxOrder),
      rejectsPerMinute: config.strategy_rejects_per_minute,
    },
    cancelsPerFill: config.strategy_cancels_per_fill,
    malformedPerMinute: config.strategy_malformed_per_minute,
    faults: config.strategy_faults,
  };
}

/** Missteps of a strategy, so many about then. */
export interface Missteps {
  readonly what: Misstep;
  readonly strategyId: StrategyId;
  readonly at: Nanos;
  readonly count: number;
}

/** A limit was reached: who has to stop, and why. */
export interface Runaway {
  readonly who: "account" | "strategy";
  readonly reason: string;
}

const SECOND = 1_000 * NANOS_PER_MS;
const MINUTE = 60 * SECOND;

class Meters {
  readonly orders = new SumWindow(SECOND, 10);
  readonly usdc = new SumWindow(MINUTE, 60);
  readonly rejects = new SumWindow(MINUTE, 60);
  readonly cancels = new SumWindow(MINUTE, 60);
  readonly fills = new SumWindow(MINUTE, 60);
  readonly malformed = new SumWindow(MINUTE, 60);
  readonly faults = new SumWindow(10 * MINUTE, 60);
}

const MISSTEPS = [
  ["malformed_order", "malformed"],
  ["failed_hook", "faults"],
] as const satisfies readonly (readonly [Misstep, keyof Meters])[];

/** Measures how fast an account and each of its strategies act. Memory is bounded by the number of strategies. */
export class RunawayGuard {
  readonly #limits: RunawayLimits;
  readonly #account = new Meters();
  readonly #strategies = new Map<StrategyId, Meters>();

  constructor(limits: RunawayLimits) {
    this.#limits = limits;
  }

  /** Whether one more order would be too much. Counts nothing: see {@link RunawayGuard.sent}. */
  excess(strategyId: StrategyId, value: Usdc, now: Nanos): Runaway | undefined {
    const { account, strategy } = this.#limits;
    const own = tooFast(this.#of(strategyId), strategy, value, now);
    if (own !== undefined) return { who: "strategy", reason: own };
    const all = tooFast(this.#account, account, value, now);
    return all === undefined ? undefined : { who: "account", reason: all };
  }

  /** An order passed the gate. */
  sent(strategyId: StrategyId, value: Usdc, now: Nanos): void {
    for (const meters of [this.#account, this.#of(strategyId)]) {
      meters.orders.add(1, now);
      meters.usdc.add(value, now);
    }
  }

  /** The venue refused an order, and not for want of a match. */
  rejected(strategyId: StrategyId, now: Nanos): Runaway | undefined {
    const { account, strategy } = this.#limits;
    const own = this.#of(strategyId);
    for (const meters of [this.#account, own]) meters.rejects.add(1, now);
    const reached = (meters: Meters, most: number): string | undefined =>
      most > 0 && meters.rejects.total(now) >= most
        ? `${meters.rejects.total(now)} orders rejected within a minute, the limit is ${most}`
        : undefined;
    const mine = reached(own, strategy.rejectsPerMinute);
    if (mine !== undefined) return { who: "strategy", reason: mine };
    const all = reached(this.#account, account.rejectsPerMinute);
    return all === undefined ? undefined : { who: "account", reason: all };
  }

  /** A strategy had a fill. */
  filled(strategyId: StrategyId, now: Nanos): void {
    this.#of(strategyId).fills.add(1, now);
  }

  /** A strategy asked for a cancel, and it is being sent. */
  cancelled(strategyId: StrategyId, now: Nanos): Runaway | undefined {
    const meters = this.#of(strategyId);
    meters.cancels.add(1, now);
    const { cancelsPerFill: most } = this.#limits;
    const [cancels, fills] = [meters.cancels.total(now), meters.fills.total(now)];
    if (most === 0 || cancels <= most * Math.max(1, fills)) return undefined;
    return {
      who: "strategy",
      reason: `${cancels} cancels and ${fills} fills within a minute, the limit is ${most} per fill`,
    };
  }

  /** Whether missteps of a kind are limited at all. */
  limits(what: Misstep): boolean {
    return this.#most(what) > 0;
  }

  /** A strategy asked for an order that is none, or a hook of it failed. */
  misstep(what: Misstep, strategyId: StrategyId, detail: string, now: Nanos): Runaway | undefined {
    const window = this.#windowOf(what, strategyId);
    window.add(1, now);
    const [seen, most] = [window.total(now), this.#most(what)];
    if (most === 0 || seen < most) return undefined;
    const reason =
      what === "malformed_order"
        ? `${seen} orders within a minute that are none, the last: ${detail}`
        : `${seen} of its hooks failed within ten minutes`;
    return { who: "strategy", reason };
  }

  /** The missteps that count now. */
  missteps(now: Nanos): readonly Missteps[] {
    return [...this.#strategies].flatMap(([strategyId, meters]) =>
      MISSTEPS.flatMap(([what, name]) =>
        meters[name].pieces(now).map(({ at, sum }) => ({ what, strategyId, at, count: sum })),
      ),
    );
  }

  /** Missteps of an earlier run, oldest first of each strategy's. What they came to has latched already, where it was too much. */
  seed({ what, strategyId, at, count }: Missteps): void {
    this.#windowOf(what, strategyId).add(count, at);
  }

  /** An operator lets a strategy go on: it is measured anew. */
  clear(strategyId: StrategyId): void {
    this.#strategies.delete(strategyId);
  }
  /** An operator lets the account go on. */
  clearAccount(): void {
    for (const window of [this.#account.orders, this.#account.usdc, this.#account.rejects]) window.clear();
  }

  #most(what: Misstep): number {
    return what === "malformed_order" ? this.#limits.malformedPerMinute : this.#limits.faults;
  }

  #windowOf(what: Misstep, strategyId: StrategyId): SumWindow {
    const { malformed, faults } = this.#of(strategyId);
    return what === "malformed_order" ? malformed : faults;
  }

  #of(strategyId: StrategyId): Meters {
    let meters = this.#strategies.get(strategyId);
    if (meters === undefined) {
      meters = new Meters();
      this.#strategies.set(strategyId, meters);
    }
    return meters;
  }
}

function tooFast(
  { orders, usdc }: Meters,
  { ordersPerSecond, usdcPerMinute }: RateLimits,
  value: Usdc,
  now: Nanos,
): string | undefined {
  const sent = orders.total(now) + 1;
  if (ordersPerSecond > 0 && sent > ordersPerSecond)
    return `${sent} orders within a second, the limit is ${ordersPerSecond}`;
  const spent = usdc.total(now) + value;
  if (usdcPerMinute > 0 && spent > usdcPerMinute)
    return `orders for $${formatUsdc(spent as Usdc)} within a minute, the limit is $${formatUsdc(usdcPerMinute as Usdc)}`;
  return undefined;
}
