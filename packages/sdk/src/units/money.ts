import { MatchpointError } from "../errors.ts";
import { PRICE_ONE, type Price, type Probability, type Shares, type Usdc } from "./brand.ts";
import { formatDecimal, parseDecimal } from "./decimal.ts";

/** Which way an inexact result goes. `down` is toward minus infinity. */
export type Rounding = "down" | "up";

function integer(value: number, min: number, max: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new MatchpointError("UNIT_INVALID", `${what} ${value} is not an integer from ${min} to ${max}`);
  }
  return value;
}

/** Checks an integer count of $0.0001. @throws {@link MatchpointError} `UNIT_INVALID` */
export function price(tenThousandths: number): Price {
  return integer(tenThousandths, 0, PRICE_ONE, "price") as Price;
}
/** Checks an integer count of 1e-6 shares. @throws {@link MatchpointError} `UNIT_INVALID` */
export function shares(millionths: number): Shares {
  return integer(millionths, 0, Number.MAX_SAFE_INTEGER, "shares") as Shares;
}
/** Checks an integer count of micro-dollars. @throws {@link MatchpointError} `UNIT_INVALID` */
export function usdc(micros: number): Usdc {
  return integer(micros, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "usdc") as Usdc;
}
/** Checks a probability. @throws {@link MatchpointError} `UNIT_INVALID` */
export function probability(value: number): Probability {
  if (!(value >= 0 && value <= 1)) {
    throw new MatchpointError("UNIT_INVALID", `probability ${value} is not between 0 and 1`);
  }
  return value as Probability;
}

/**
 * Reads a price such as `"0.525"`.
 * @throws {@link MatchpointError} `UNIT_INVALID` when it is no plain decimal, finer than 0.0001 or above 1
 */
export function parsePrice(text: string): Price {
  return price(parseDecimal(text, 4, "price"));
}
/** Reads an amount of shares such as `"21.28"`. @throws {@link MatchpointError} `UNIT_INVALID`, `UNIT_OVERFLOW` */
export function parseShares(text: string): Shares {
  return shares(parseDecimal(text, 6, "shares"));
}
/** Reads an amount of dollars such as `"-3.25"`. @throws {@link MatchpointError} `UNIT_INVALID`, `UNIT_OVERFLOW` */
export function parseUsdc(text: string): Usdc {
  return usdc(parseDecimal(text, 6, "usdc"));
}
/** `5_250` → `"0.525"` */
export function formatPrice(value: Price): string {
  return formatDecimal(value, 4);
}
/** `21_280_000` → `"21.28"` */
export function formatShares(value: Shares): string {
  return formatDecimal(value, 6);
}
/** `-3_250_000` → `"-3.25"` */
export function formatUsdc(value: Usdc): string {
  return formatDecimal(value, 6);
}

/** The other outcome's price: what YES and NO being one book means. */
export function complement(value: Price): Price {
  return (PRICE_ONE - value) as Price;
}
/** A price as a probability. */
export function priceToProbability(value: Price): Probability {
  return (value / PRICE_ONE) as Probability;
}

/**
 * `shares * price` in micro-dollars, exact up to the stated rounding of the last micro-dollar. Splits the product so
 * that no intermediate exceeds 2^53.
 *
 * @throws {@link MatchpointError} `UNIT_OVERFLOW`
 */
export function notional(amount: Shares, at: Price, rounding: Rounding): Usdc {
  const whole = Math.floor(amount / PRICE_ONE);
  const rest = amount - whole * PRICE_ONE;
  const part = (rest * at) / PRICE_ONE;
  const value = whole * at + (rounding === "down" ? Math.floor(part) : Math.ceil(part));
  if (!Number.isSafeInteger(value)) throw new MatchpointError("UNIT_OVERFLOW", "notional is too large");
  return value as Usdc;
}

/**
 * How many shares an amount of dollars buys at a price, rounded down.
 * @throws {@link MatchpointError} `UNIT_INVALID` at price 0, `UNIT_OVERFLOW`
 */
export function sharesFor(amount: Usdc, at: Price): Shares {
  if (at <= 0 || amount < 0) {
    throw new MatchpointError("UNIT_INVALID", `no amount of shares costs ${amount} at price ${at}`);
  }
  const whole = Math.floor(amount / at);
  const rest = amount - whole * at;
  const value = whole * PRICE_ONE + Math.floor((rest * PRICE_ONE) / at);
  if (!Number.isSafeInteger(value)) throw new MatchpointError("UNIT_OVERFLOW", "shares are too many");
  return value as Shares;
}

/** Exact `floor(a * b / c)` (or ceil) for non-negative safe integers. @throws {@link MatchpointError} `UNIT_OVERFLOW` */
export function mulDiv(a: number, b: number, c: number, rounding: Rounding): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) {
    return rounding === "down" ? Math.floor(product / c) : Math.ceil(product / c);
  }
  const big = BigInt(a) * BigInt(b);
  const divisor = BigInt(c);
  const value = Number(rounding === "down" ? big / divisor : (big + divisor - 1n) / divisor);
  if (!Number.isSafeInteger(value)) throw new MatchpointError("UNIT_OVERFLOW", "result is too large");
  return value;
}
