import type { Side, TradeReport } from "../events/index.ts";
import { formatShares, formatUsdc, NANOS_PER_MS, type Nanos, type Usdc } from "../units/index.ts";
import type { Floor } from "./floor.ts";

/** Whoever waits longer than this for a trade to be settled wants to know: trades are confirmed within seconds. */
const LONG = 60_000 * NANOS_PER_MS;
const LOOK_EVERY = 1_000 * NANOS_PER_MS;

/** Tells, once each, of trades that are neither confirmed nor failed for long, and of those that are voided. */
export class SettlementWatch {
  readonly #floor: Floor;
  readonly #told = new WeakSet();
  #lookAt = 0 as Nanos;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  /** When an event has been taken in: what it has settled is not late. */
  look(): void {
    const { now, options, recovering, orders } = this.#floor;
    if (now < this.#lookAt || options.bookkeeping === true || recovering) return;
    this.#lookAt = (now + LOOK_EVERY) as Nanos;
    for (const trade of orders.unsettled()) {
      const { report, status } = trade;
      const age = now - report.at;
      if (age < LONG || this.#told.has(trade)) continue;
      this.#told.add(trade);
      const seconds = Math.floor(age / (1_000 * NANOS_PER_MS));
      this.#floor.alarm(
        "TRADE_UNSETTLED",
        `trade ${report.tradeId} is still ${status} after ${seconds} s: ${words(report)} may stand, or be voided yet`,
        report.marketId,
      );
    }
  }

  /** A trade has failed. `held`: it had counted until now. */
  voided(report: TradeReport, held: boolean): void {
    const { tradeId, marketId, size, cost, fee, side } = report;
    const shares = `${formatShares(size)} shares`;
    const cash = `$${formatUsdc((side === "buy" ? cost + fee : cost - fee) as Usdc)}`;
    const back =
      side === "buy" ? `${shares} are gone, ${cash} is back` : `${shares} are back, ${cash} is gone`;
    const what = held ? back : "it was not heard of before, and never counted";
    this.#floor.alarm("FILL_VOIDED", `trade ${tradeId} has failed: ${what}`, marketId);
  }
}

const DONE: Readonly<Record<Side, string>> = { buy: "bought", sell: "sold" };

function words({ size, cost, side }: TradeReport): string {
  return `${formatShares(size)} shares ${DONE[side]} for $${formatUsdc(cost)}`;
}
