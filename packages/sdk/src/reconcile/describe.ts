import type { Difference } from "../events/index.ts";
import { formatShares, formatUsdc, type Shares, type Usdc } from "../units/index.ts";

/** A difference in words for people, with its amounts in dollars and shares. */
export function describeDifference(difference: Difference): string {
  const { kind, marketId, outcome, orderId, tradeId, expected, actual } = difference;
  if (kind === "cash" || kind === "chain_cash")
    return `${kind === "cash" ? "cash" : "cash on the chain"}: ${dollars(expected)} expected, ${dollars(actual)} there`;
  if (kind === "unanswered") return `the venue did not answer ${actual} looks in a row`;
  const where = [
    orderId === undefined ? "" : ` order ${orderId}`,
    tradeId === undefined ? "" : ` trade ${tradeId}`,
    outcome === undefined ? "" : ` outcome ${outcome}`,
    marketId === undefined ? "" : ` of market ${marketId}`,
  ].join("");
  return `${kind.replace("_", " ")}${where}: ${shares(expected)} shares expected, ${shares(actual)} there`;
}

function dollars(amount: number): string {
  return `${amount < 0 ? "-" : ""}$${formatUsdc(Math.abs(amount) as Usdc)}`;
}

function shares(amount: number): string {
  return `${amount < 0 ? "-" : ""}${formatShares(Math.abs(amount) as Shares)}`;
}
