import type { Intent } from "../events/index.ts";
import {
  mulDiv,
  notional,
  PRICE_ONE,
  sharesFor,
  takerFee,
  type FeeSchedule,
  type Price,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import type { RiskBook } from "./view.ts";

/** The venue rounds the fee of each fill by itself: what that can add up to over the fills of one order. */
const FEE_ROUNDING = 100;
/** The fee per share is highest at $0.50. */
const HALF = (PRICE_ONE / 2) as Price;

/** FAK and FOK never rest. */
export function isImmediate(intent: Intent): boolean {
  return intent.orderType === "FAK" || intent.orderType === "FOK";
}

/** Whether a limit reaches the other side of the book. */
export function crosses(intent: Intent, book: RiskBook): boolean {
  if (intent.side === "buy") {
    const ask = book.ask(intent.outcome);
    return ask < PRICE_ONE && intent.limit >= ask;
  }
  const bid = book.bid(intent.outcome);
  return bid > 0 && intent.limit <= bid;
}

/** Whether an order would take liquidity if it reached the venue now. */
export function takes(intent: Intent, book: RiskBook): boolean {
  return isImmediate(intent) || (!intent.postOnly && crosses(intent, book));
}

/** What an order is worth at its limit, without fees: what it spends, or its shares at the limit. */
export function orderValue(intent: Intent): Usdc {
  return intent.spend ?? notional(intent.size, intent.limit, "up");
}

/**
 * The highest fee that a buy can come to. An exact amount of shares pays most at the price nearest to $0.50 that the limit
 * allows; a FAK or FOK buy spends dollars and pays `dollars * rate * (1 - p)` at exponent 1, so most at the lowest price.
 */
export function worstFee(intent: Intent, fee: FeeSchedule, tick: Price): Usdc {
  if (intent.side === "sell" || fee.ratePpm === 0 || (intent.postOnly && fee.takerOnly)) return 0 as Usdc;
  const { spend, size } = intent;
  let worst: number;
  if (spend === undefined) worst = takerFee(size, Math.min(intent.limit, HALF) as Price, fee);
  else if (fee.exponent === 0) worst = takerFee(sharesFor(spend, tick), tick, fee);
  else worst = mulDiv(spend, fee.ratePpm, 1_000_000, "up");
  return (worst + FEE_ROUNDING) as Usdc;
}

/** The most dollars that an intent can cost, fees included. Sells cost nothing. */
export function worstCash(intent: Intent, fee: FeeSchedule, tick: Price): Usdc {
  return intent.side === "sell" ? (0 as Usdc) : ((orderValue(intent) + worstFee(intent, fee, tick)) as Usdc);
}

/** The most shares that an intent can buy or sell: a FAK or FOK buy gets more than it asks for when the book is better than its limit. */
export function worstShares(intent: Intent, book: RiskBook): Shares {
  if (intent.spend === undefined) return intent.size;
  const best = Math.min(book.ask(intent.outcome), intent.limit) as Price;
  return best <= 0 ? intent.size : (Math.max(intent.size, sharesFor(intent.spend, best)) as Shares);
}
