import type { Intent } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { orderValue } from "./amounts.ts";
import type { CheckCode, RiskCheck } from "./check.ts";
import { DEFAULT_CHECKS } from "./checks/index.ts";
import { riskLimits, type RiskConfig, type RiskLimits } from "./config.ts";
import { OrderRate } from "./orderRate.ts";
import { RunawayGuard, type Runaway } from "./runaway.ts";
import type { RiskView } from "./view.ts";

/** The gate's answer. */
export type RiskVerdict =
  | { readonly allow: true }
  | {
      readonly allow: false;
      readonly code: CheckCode;
      readonly detail: string;
      /** Who has to be stopped for it. */
      readonly runaway?: Runaway;
    };

const ALLOW: RiskVerdict = { allow: true };
const MINUTE = 60_000 * NANOS_PER_MS;

/**
 * The gate that every intent passes, exits too. Runs its checks in order, cheap ones first, and stops at the first that
 * denies. An intent that passes counts as sent for the order rate: ask only for what is sent when allowed.
 */
export class RiskGate {
  readonly limits: RiskLimits;
  /** How fast the account and its strategies act; told by the engine of what does not pass here. */
  readonly guard: RunawayGuard;
  readonly #checks: readonly RiskCheck[];
  readonly #rates = new Map<MarketId, OrderRate>();

  constructor(config: RiskConfig, checks: readonly RiskCheck[] = DEFAULT_CHECKS) {
    this.limits = riskLimits(config);
    this.guard = new RunawayGuard(this.limits.runaway);
    this.#checks = checks;
  }

  /** Orders of an earlier run of the account count for the rates of this one; oldest first. */
  seed(intent: Intent, at: Nanos): void {
    this.#rateOf(intent.marketId).add(at);
    this.guard.sent(intent.strategyId, orderValue(intent), at);
  }

  check(intent: Intent, view: RiskView): RiskVerdict {
    for (const check of this.#checks) {
      if (check.purposes !== undefined && !check.purposes.includes(intent.purpose)) continue;
      const detail = check.check(intent, view, this.limits);
      if (detail !== undefined) return { allow: false, code: check.code, detail };
    }
    return this.#rate(intent, view.now);
  }

  /** Last, since passing it counts. */
  #rate(intent: Intent, now: Nanos): RiskVerdict {
    const { maxOrdersPerMinute, exitOrdersPerMinute } = this.limits;
    const limit = maxOrdersPerMinute + (intent.purpose === "exit" ? exitOrdersPerMinute : 0);
    const rate = this.#rateOf(intent.marketId);
    if (rate.within(now - MINUTE) >= limit) {
      return { allow: false, code: "ORDER_RATE", detail: `${limit} orders within the last minute` };
    }
    const { strategyId } = intent;
    const value = orderValue(intent);
    const runaway = this.guard.excess(strategyId, value, now);
    if (runaway !== undefined) return { allow: false, code: "RUNAWAY", detail: runaway.reason, runaway };
    rate.add(now);
    this.guard.sent(strategyId, value, now);
    return ALLOW;
  }

  #rateOf(marketId: MarketId): OrderRate {
    let rate = this.#rates.get(marketId);
    if (rate === undefined) {
      rate = new OrderRate(this.limits.maxOrdersPerMinute + this.limits.exitOrdersPerMinute);
      this.#rates.set(marketId, rate);
    }
    return rate;
  }
}
