import { bumped, LEAST_BUMP_PERCENT, type TxAttempt } from "./nonces.ts";

/** What a wallet may pay for gas, in wei, and what it must keep. */
export interface GasLimits {
  /** The most per unit of gas, tip included. Above it nothing is sent: all that is sent here can wait. */
  readonly maxFeePerGas: bigint;
  /** The least tip that validators take. Polygon's take none below 25 gwei. */
  readonly minTip: bigint;
  /** What must be left of POL after a transaction at its worst price. */
  readonly polFloor: bigint;
  /** By how much fees rise when a transaction replaces a stuck one, in percent; 10 at least. */
  readonly bumpPercent: bigint;
}

/** Fees of one transaction, in wei. */
export type Fees = Pick<TxAttempt, "maxFee" | "tip">;

export const GWEI = 1_000_000_000n;

/** Limits that hold unless others are given. */
export const GAS_LIMITS: GasLimits = Object.freeze({
  maxFeePerGas: 1_000n * GWEI,
  minTip: 25n * GWEI,
  polFloor: 100_000_000_000_000_000n,
  bumpPercent: 12n,
});

/** Fees for a transaction now: twice the base fee, within the cap. `undefined` when even the present one is above it. */
export function openingFees(baseFee: bigint, suggestedTip: bigint, limits: GasLimits): Fees | undefined {
  const tip = suggestedTip > limits.minTip ? suggestedTip : limits.minTip;
  if (baseFee + limits.minTip > limits.maxFeePerGas) return undefined;
  const wanted = baseFee * 2n + tip;
  const maxFee = wanted < limits.maxFeePerGas ? wanted : limits.maxFeePerGas;
  return { maxFee, tip: tip < maxFee ? tip : maxFee };
}

/** Fees that replace the last attempt. `undefined` when the cap leaves no room: the last one stays. */
export function replacementFees(last: Fees, now: Fees | undefined, limits: GasLimits): Fees | undefined {
  const percent = limits.bumpPercent < LEAST_BUMP_PERCENT ? LEAST_BUMP_PERCENT : limits.bumpPercent;
  const most = (a: bigint, b: bigint | undefined): bigint => (b !== undefined && b > a ? b : a);
  const tip = most(bumped(last.tip, percent), now?.tip);
  const maxFee = most(most(bumped(last.maxFee, percent), now?.maxFee), tip);
  if (maxFee <= limits.maxFeePerGas) return { maxFee, tip };
  const least = { maxFee: bumped(last.maxFee), tip: bumped(last.tip) };
  return least.maxFee <= limits.maxFeePerGas && least.tip <= least.maxFee ? least : undefined;
}
