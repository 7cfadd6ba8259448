declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** A price in integer ten-thousandths of a dollar: `5_000` is $0.50. Prices of shares lie between 0 and 10,000. */
export type Price = Unit<"Price">;
/** An amount of outcome shares in integer millionths: `5_000_000` is five shares. */
export type Shares = Unit<"Shares">;
/** An amount of collateral in integer micro-dollars: `1_000_000` is $1. May be negative. */
export type Usdc = Unit<"Usdc">;
/** A probability: a finite float from 0 to 1. */
export type Probability = Unit<"Probability">;
/** Wall-clock time in Unix milliseconds. Data on events; never used to measure a duration. */
export type Millis = Unit<"Millis">;
/** Monotonic time in integer nanoseconds since the run began (exact for 104 days). */
export type Nanos = Unit<"Nanos">;

/** One dollar as a {@link Price}. */
export const PRICE_ONE = 10_000 as Price;
/** One share. */
export const SHARES_ONE = 1_000_000 as Shares;
/** One dollar as {@link Usdc}. */
export const USDC_ONE = 1_000_000 as Usdc;
/** Nanoseconds in a millisecond. */
export const NANOS_PER_MS = 1_000_000;
