import type { Intent } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { CheckCode, RiskCheck } from "./check.ts";
import { DEFAULT_CHECKS } from "./checks/index.ts";
import { riskLimits, type RiskConfig, type RiskLimits } from "./config.ts";
import { OrderRate } from "./orderRate.ts";
import type { RiskView } from "./view.ts";

/** The gate's answer. */
export type RiskVerdict =
  { readonly allow: true } | { readonly allow: false; readonly code: CheckCode; readonly detail: string };

const ALLOW: RiskVerdict = { allow: true };
const MINUTE = 60_000 * NANOS_PER_MS;

/**
 * The gate that every intent passes, exits too. Runs its checks in order, cheap ones first, and stops at the first that
 * denies. An intent that passes counts as sent for the order rate: ask only for what is sent when allowed.
 */
export class RiskGate {
  readonly limits: RiskLimits;
  readonly #checks: readonly RiskCheck[];
  readonly #rates = new Map<MarketId, OrderRate>();

  constructor(config: RiskConfig, checks: readonly RiskCheck[] = DEFAULT_CHECKS) {
    this.limits = riskLimits(config);
    this.#checks = checks;
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
    let rate = this.#rates.get(intent.marketId);
    if (rate === undefined) {
      rate = new OrderRate(maxOrdersPerMinute + exitOrdersPerMinute);
      this.#rates.set(intent.marketId, rate);
    }
    if (rate.within(now - MINUTE) >= limit) {
      return { allow: false, code: "ORDER_RATE", detail: `${limit} orders within the last minute` };
    }
    rate.add(now);
    return ALLOW;
  }
}
