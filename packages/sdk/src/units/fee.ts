import { MatchpointError } from "../errors.ts";
import { PRICE_ONE, type Price, type Shares, type Usdc } from "./brand.ts";

/**
 * A market's own fee schedule. Polymarket charges takers `shares * rate * (p * (1 - p)) ^ exponent` dollars, rounded to
 * five decimals, and makers nothing (docs.polymarket.com/trading/fees).
 */
export interface FeeSchedule {
  /** The rate in millionths: `50_000` is 0.05. */
  readonly ratePpm: number;
  /** A whole exponent; 1 on every current category. */
  readonly exponent: number;
  /** Whether makers are exempt. */
  readonly takerOnly: boolean;
}

/** A schedule that charges nothing. */
export const NO_FEE: FeeSchedule = { ratePpm: 0, exponent: 1, takerOnly: true };

const FIVE_DECIMALS = 10;
const ONE = BigInt(PRICE_ONE);

/**
 * Checks a schedule.
 * @throws {@link MatchpointError} `UNIT_INVALID` when the rate is not from 0 to 1 or the exponent not 0 to 4
 */
export function feeSchedule(ratePpm: number, exponent: number, takerOnly: boolean): FeeSchedule {
  if (!Number.isInteger(ratePpm) || ratePpm < 0 || ratePpm > 1_000_000) {
    throw new MatchpointError("UNIT_INVALID", `fee rate ${ratePpm} ppm is not an integer from 0 to 1000000`);
  }
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > 4) {
    throw new MatchpointError("UNIT_INVALID", `fee exponent ${exponent} is not an integer from 0 to 4`);
  }
  return { ratePpm, exponent, takerOnly };
}

/**
 * The taker fee of one fill in micro-dollars: exact, rounded half up to five decimals; what would be less than $0.00001
 * is nothing.
 *
 * @example
 * ```ts
 * import { feeSchedule, parsePrice, parseShares, takerFee } from "@matchpoint/sdk";
 * takerFee(parseShares("100"), parsePrice("0.5"), feeSchedule(50_000, 1, true)); // 1_250_000: $1.25
 * ```
 */
export function takerFee(amount: Shares, at: Price, schedule: FeeSchedule): Usdc {
  if (schedule.ratePpm === 0 || amount === 0) return 0 as Usdc;
  let numerator = BigInt(amount) * BigInt(schedule.ratePpm);
  let denominator = 1_000_000n * BigInt(FIVE_DECIMALS);
  const factor = BigInt(at) * (ONE - BigInt(at));
  for (let i = 0; i < schedule.exponent; i++) {
    numerator *= factor;
    denominator *= ONE * ONE;
  }
  return (Number((2n * numerator + denominator) / (2n * denominator)) * FIVE_DECIMALS) as Usdc;
}

/** The taker fee per share as a float in dollars, for probabilities and edges (money uses {@link takerFee}). */
export function feePerShare(at: Price, schedule: FeeSchedule): number {
  const p = at / PRICE_ONE;
  let fee = schedule.ratePpm / 1_000_000;
  for (let i = 0; i < schedule.exponent; i++) fee *= p * (1 - p);
  return fee;
}
