import {
  formatPrice,
  formatShares,
  formatUsdc,
  notional,
  PRICE_ONE,
  USDC_ONE,
  type Price,
} from "../../units/index.ts";
import { crosses, isImmediate, orderValue, takes } from "../amounts.ts";
import type { RiskCheck } from "../check.ts";
import { LONGEST_REASON, type Intent } from "../../events/index.ts";
import type { RiskView } from "../view.ts";

/** The venue's sizes are hundredths of a share and whole cents; both are 10,000 micro-units. */
const HUNDREDTH = 10_000;
const MARKETABLE_MINIMUM = USDC_ONE;

const ORDER_TYPES: readonly unknown[] = ["FAK", "FOK", "GTC", "GTD"];
const PURPOSES: readonly unknown[] = ["entry", "exit", "hedge"];

/** A value of unknown kind and length, short enough for a message. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 20));
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
}

/** Fields by themselves. Strategies are not trusted to keep to their types. */
function fieldProblem(intent: Intent, view: RiskView): string | undefined {
  const { outcome, side, postOnly, orderType, purpose, limit, size, edge, reason } = intent as {
    [K in keyof Intent]: unknown;
  };
  if (intent.marketId !== view.market.marketId)
    return `market ${intent.marketId} is not ${view.market.marketId}`;
  if (intent.strategyId !== view.strategy.id)
    return `strategy ${intent.strategyId} is not ${view.strategy.id}`;
  if (outcome !== 0 && outcome !== 1) return `outcome ${show(outcome)} is neither 0 nor 1`;
  if (side !== "buy" && side !== "sell") return `side ${show(side)} is neither buy nor sell`;
  if (!ORDER_TYPES.includes(orderType)) return `order type ${show(orderType)} is not known`;
  if (!PURPOSES.includes(purpose)) return `purpose ${show(purpose)} is not known`;
  if (typeof postOnly !== "boolean") return "postOnly is not a boolean";
  if (!Number.isSafeInteger(limit))
    return `limit ${show(limit)} is not a whole count of $0.0001: 55 cents are 5500`;
  if (!Number.isSafeInteger(intent.size) || intent.size <= 0)
    return `size ${show(size)} is not a positive count of 1e-6 shares: one share is 1000000`;
  if (typeof reason !== "string" || reason.length > LONGEST_REASON)
    return `reason ${show(reason)} is no text of at most ${LONGEST_REASON} characters`;
  if (edge !== undefined && !Number.isFinite(edge)) return `edge ${show(edge)} is not a finite number`;
  return undefined;
}

/** Fields against each other. */
function combinationProblem(intent: Intent, view: RiskView): string | undefined {
  const { spend, expiresAt, orderType } = intent;
  const immediate = isImmediate(intent);
  if (immediate && intent.postOnly) return `${orderType} cannot be post-only`;
  if (immediate && intent.side === "buy") {
    if (spend === undefined || !Number.isSafeInteger(spend) || spend < 0)
      return `a ${orderType} buy needs a whole spend`;
  } else if (spend !== undefined) {
    return `only a FAK or FOK buy has a spend`;
  }
  if (orderType === "GTD") {
    if (expiresAt === undefined || !Number.isSafeInteger(expiresAt)) return "a GTD order needs expiresAt";
    if (expiresAt <= view.now) return "expiresAt has passed";
  } else if (expiresAt !== undefined) {
    return "only a GTD order expires";
  }
  return undefined;
}

/** A FAK or FOK buy that spends more than its size at its limit would dodge every limit on shares. */
function spendProblem({ spend, size, limit }: Intent): string | undefined {
  if (spend === undefined || limit < 0 || limit > PRICE_ONE || spend <= notional(size, limit, "up"))
    return undefined;
  return `spend $${formatUsdc(spend)} is more than size * limit`;
}

export const intentInvalid: RiskCheck = {
  code: "INTENT_INVALID",
  check: (intent, view) =>
    fieldProblem(intent, view) ?? combinationProblem(intent, view) ?? spendProblem(intent),
};

export const capabilityUnsupported: RiskCheck = {
  code: "CAPABILITY_UNSUPPORTED",
  check({ orderType, postOnly }, { capabilities }) {
    if (!capabilities.orderTypes.includes(orderType)) return `the adapter does not take ${orderType} orders`;
    return postOnly && !capabilities.postOnly ? "the adapter does not take post-only orders" : undefined;
  },
};

export const priceOutOfRange: RiskCheck = {
  code: "PRICE_OUT_OF_RANGE",
  check({ limit }, { market: { tick } }) {
    if (limit >= tick && limit <= PRICE_ONE - tick) return undefined;
    return `limit ${formatPrice(limit)} is not from ${formatPrice(tick)} to ${formatPrice((PRICE_ONE - tick) as Price)}`;
  },
};

export const offGrid: RiskCheck = {
  code: "OFF_GRID",
  check: ({ limit }, { market: { tick } }) =>
    limit % tick === 0 ? undefined : `limit ${formatPrice(limit)} is not a multiple of ${formatPrice(tick)}`,
};

export const belowMinSize: RiskCheck = {
  code: "BELOW_MIN_SIZE",
  check: ({ size }, { market: { minSize } }) =>
    size >= minSize ? undefined : `${formatShares(size)} shares are fewer than ${formatShares(minSize)}`,
};

export const sizePrecision: RiskCheck = {
  code: "SIZE_PRECISION",
  check({ size, spend }) {
    if (spend !== undefined) {
      return spend % HUNDREDTH === 0 ? undefined : `spend $${formatUsdc(spend)} is finer than a cent`;
    }
    return size % HUNDREDTH === 0 ? undefined : `${formatShares(size)} shares are finer than a hundredth`;
  },
};

export const belowMarketableMinimum: RiskCheck = {
  code: "BELOW_MARKETABLE_MINIMUM",
  check(intent, { book }) {
    if (intent.side === "sell" || !takes(intent, book)) return undefined;
    const value = orderValue(intent);
    return value >= MARKETABLE_MINIMUM
      ? undefined
      : `a buy of $${formatUsdc(value)} that matches at once is below $1`;
  },
};

export const postOnlyCrosses: RiskCheck = {
  code: "POST_ONLY_CROSSES",
  check: (intent, { book }) =>
    intent.postOnly && crosses(intent, book)
      ? `limit ${formatPrice(intent.limit)} reaches ${formatPrice(intent.side === "buy" ? book.ask(intent.outcome) : book.bid(intent.outcome))}`
      : undefined,
};
