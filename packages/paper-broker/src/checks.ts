import {
  formatPrice,
  formatShares,
  formatUsdc,
  NANOS_PER_MS,
  PRICE_ONE,
  USDC_ONE,
  type Intent,
  type MarketDescription,
  type OrderId,
  type RejectCode,
  type Usdc,
} from "@matchpoint/sdk";
import type { PaperMarket } from "./market.ts";
import { isImmediate, spendsDollars, type PaperOrder } from "./records.ts";

/** What decides whether two orders meet. */
type Terms = Pick<Intent, "outcome" | "side" | "limit">;

/** Why an order is refused. */
export interface Refusal {
  readonly code: RejectCode;
  readonly detail: string;
}

/** Sizes go in hundredths of a share, dollars of a market buy in whole cents: both 10,000 micro-units. */
const HUNDREDTH = 10_000;
/** A billion shares, and $900,000 in one market buy: up to here no product leaves the range of exact integers. */
const MAX_SHARES = 1e15;
const MAX_SPEND = 9e11;
/** The least that a marketable buy may be worth. */
export const MIN_MARKETABLE: Usdc = USDC_ONE;

function within(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && value <= max;
}

/** Checks that need neither book nor balance. `now` in nanoseconds, `lead` the least life of a GTD order. */
export function refusal(intent: Intent, market: PaperMarket, now: number, lead: number): Refusal | undefined {
  if (market.payouts !== undefined || !market.description.acceptingOrders) {
    return { code: "MARKET_CLOSED", detail: "the market does not take orders" };
  }
  return (
    flags(intent) ?? price(intent, market) ?? size(intent, market.description) ?? expiry(intent, now, lead)
  );
}

function flags(intent: Intent): Refusal | undefined {
  if (intent.postOnly && isImmediate(intent)) {
    return { code: "OTHER", detail: `post-only goes with GTC and GTD, not with ${intent.orderType}` };
  }
  if (intent.spend !== undefined && !spendsDollars(intent)) {
    return { code: "OTHER", detail: "only a FAK or FOK buy spends dollars" };
  }
  return undefined;
}

/** Price within the bounds and on the grid: `tick <= price <= 1 - tick`. Also asked again when the grid changes. */
export function price(intent: Intent, market: PaperMarket): Refusal | undefined {
  const { limit } = intent;
  const { tick } = market.book;
  if (Number.isInteger(limit) && limit % tick === 0 && limit >= tick && limit <= PRICE_ONE - tick)
    return undefined;
  const shown = Number.isInteger(limit) ? formatPrice(limit) : String(limit);
  return { code: "TICK", detail: `Price (${shown}) breaks minimum tick size rule: ${formatPrice(tick)}` };
}

function size(intent: Intent, market: MarketDescription): Refusal | undefined {
  if (!within(intent.size, MAX_SHARES))
    return { code: "PRECISION", detail: `size ${intent.size} is not an amount of shares` };
  if (spendsDollars(intent)) {
    const { spend } = intent;
    if (spend === undefined || !within(spend, MAX_SPEND)) {
      return { code: "PRECISION", detail: `a FAK or FOK buy spends dollars; spend is ${String(spend)}` };
    }
    if (spend % HUNDREDTH !== 0) {
      return {
        code: "PRECISION",
        detail: "market buy orders maker amount supports a max accuracy of 2 decimals",
      };
    }
    return spend < MIN_MARKETABLE ? belowMinimum(spend) : undefined;
  }
  if (intent.size % HUNDREDTH !== 0) {
    return { code: "PRECISION", detail: "sizes support a max accuracy of 2 decimals" };
  }
  if (!isImmediate(intent) && intent.size < market.minSize) {
    const detail = `Size (${formatShares(intent.size)}) lower than the minimum: ${formatShares(market.minSize)}`;
    return { code: "MIN_SIZE", detail };
  }
  return undefined;
}

/** A marketable buy that is worth too little. */
export function belowMinimum(worth: Usdc): Refusal {
  return {
    code: "MIN_SIZE",
    detail: `invalid amount for a marketable BUY order ($${formatUsdc(worth)}), min size: $1`,
  };
}

function expiry(intent: Intent, now: number, lead: number): Refusal | undefined {
  const { expiresAt, orderType } = intent;
  if (orderType !== "GTD") {
    return expiresAt === undefined
      ? undefined
      : { code: "EXPIRATION", detail: `a ${orderType} order has no expiration` };
  }
  if (
    expiresAt !== undefined &&
    Number.isSafeInteger(expiresAt) &&
    expiresAt > now &&
    expiresAt - now >= lead
  ) {
    return undefined;
  }
  return { code: "EXPIRATION", detail: `invalid expiration: at least ${lead / NANOS_PER_MS} ms ahead` };
}

/**
 * Whether two orders could trade with each other: a bid and an ask of one outcome that meet, or, on a mirrored market, buys of
 * both outcomes that add up to a dollar or more, or sells that add up to a dollar or less.
 */
export function crosses(a: Terms, b: Terms, mirrored: boolean): boolean {
  if (a.outcome === b.outcome) {
    if (a.side === b.side) return false;
    return a.side === "buy" ? a.limit >= b.limit : a.limit <= b.limit;
  }
  if (!mirrored || a.side !== b.side) return false;
  const sum = a.limit + b.limit;
  return a.side === "buy" ? sum >= PRICE_ONE : sum <= PRICE_ONE;
}

/** A resting order of the same account that an order would trade with. */
export function ownCounterpart({ account, intent }: PaperOrder, market: PaperMarket): OrderId | undefined {
  const { mirrored } = market.description;
  for (const other of market.resting) {
    if (other.account === account && crosses(other.intent, intent, mirrored)) return other.orderId;
  }
  return undefined;
}
