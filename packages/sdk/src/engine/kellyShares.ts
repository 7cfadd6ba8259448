import { kellyFraction } from "../strategy/index.ts";
import {
  feePerShare,
  PRICE_ONE,
  sharesFor,
  USDC_ONE,
  usdc,
  type FeeSchedule,
  type Price,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import { floorToHundredth } from "./intents.ts";

/** What a size is reckoned from, besides what is asked. */
export interface KellyBasis {
  readonly fee: FeeSchedule;
  /** Deposits and what was realized: what fractions are of. */
  readonly bankroll: Usdc;
  /** Collateral that nothing holds back: counted only where there is an edge. */
  readonly cash: () => Usdc;
  /** `risk.max_order_usdc`. */
  readonly maxOrderUsdc: number;
  /** What a drawdown leaves of a size. */
  readonly scale: number;
}

/** What is asked. */
export interface KellyAsked {
  readonly p: number;
  readonly price: Price;
  readonly fraction: number;
  readonly maxUsdc: Usdc | undefined;
}

/** Capped fractional Kelly for a buy, in hundredths of a share; 0 when there is no edge. */
export function kellyShares({ p, price, fraction, maxUsdc }: KellyAsked, basis: KellyBasis): Shares {
  const { fee, bankroll, cash, maxOrderUsdc, scale } = basis;
  const cost = price / PRICE_ONE + feePerShare(price, fee);
  const stake = kellyFraction(p, cost) * fraction;
  if (!(stake > 0) || price <= 0) return 0 as Shares;
  const cap = Math.min(maxUsdc ?? Infinity, maxOrderUsdc * USDC_ONE, cash());
  const dollars = Math.floor(Math.min(stake * bankroll, cap) * scale);
  if (dollars <= 0) return 0 as Shares;
  return floorToHundredth(sharesFor(usdc(dollars), Math.ceil(cost * PRICE_ONE) as Price));
}
