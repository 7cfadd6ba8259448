import type { Price, Shares, Usdc } from "@matchpoint/sdk";

/** Shares in millionths. */
export function inShares(shares: number): Shares {
  return Math.round(shares * 1_000_000) as Shares;
}

/** Dollars in millionths. */
export function inDollars(dollars: number): Usdc {
  return Math.round(dollars * 1_000_000) as Usdc;
}

/** Dollars per share in ten-thousandths. */
export function inTicks(dollars: number): Price {
  return Math.round(dollars * 10_000) as Price;
}
