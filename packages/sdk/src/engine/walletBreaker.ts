import type { OrderReport } from "../events/index.ts";
import type { Order } from "../orders/index.ts";
import type { RiskLimits } from "../risk/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { Floor } from "./floor.ts";

/**
 * So many buys in a row, over all markets, that the venue refused for want of balance hold the wallet's entries back. One or two may have
 * crossed a withdrawal; and it is fewer than a market's breaker takes by default, since all of them tell of the same dollars.
 */
export const MOST_BALANCE_REFUSALS = 4;

/** Entries of the whole wallet wait: the venue refuses for a balance that the books have. */
export interface BalanceHold {
  readonly refusals: number;
  /** What the venue said last. */
  readonly detail: string;
  /** When the cool-down is over; absent: an operator ends it. */
  readonly until: Nanos | undefined;
}

/** The breaker of the wallet: every market spends the same dollars. Ends as a market's does, by its cool-down or a resume of everything. */
export class WalletBreaker {
  readonly #floor: Floor;
  readonly #limits: RiskLimits;
  #refusals = 0;

  constructor(floor: Floor, limits: RiskLimits) {
    this.#floor = floor;
    this.#limits = limits;
  }

  /** An order was refused. What a market breaker's cool-down does to its count is done here too: after it, it begins from nothing. */
  refused({ intent }: Order, code: OrderReport["code"], detail = ""): void {
    const floor = this.#floor;
    if (code !== "BALANCE" || intent.side !== "buy") return;
    // A run that only keeps the books lets nothing out; and where rejects in a row are nothing, these are none either.
    if (floor.options.bookkeeping === true || this.#limits.maxConsecutiveRejects === 0) return;
    if (floor.balanceHold !== undefined && !holds(floor.balanceHold, floor.now)) this.clear();
    this.#refusals += 1;
    if (this.#refusals < MOST_BALANCE_REFUSALS) return;
    const { breakerByOperator, breakerCooldownMs } = this.#limits;
    const until = breakerByOperator ? undefined : ((floor.now + breakerCooldownMs * NANOS_PER_MS) as Nanos);
    floor.balanceHold = { refusals: this.#refusals, detail: detail.slice(0, 120), until };
    floor.alarm(
      "BALANCE_REFUSED",
      `${this.#refusals} orders in a row were refused for a balance that the books have, over all markets: no entries for now`,
      intent.marketId,
    );
  }

  /** The venue has taken an order. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** Everything was resumed. */
  clear(): void {
    this.#refusals = 0;
    this.#floor.balanceHold = undefined;
  }
}

/** Whether a hold holds still. */
export function holds({ until }: BalanceHold, now: Nanos): boolean {
  return until === undefined || now < until;
}
