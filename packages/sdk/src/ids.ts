/**
 * Branded identifiers. A brand costs nothing at run time and stops a token from being passed where a market belongs.
 * @module
 */

declare const brand: unique symbol;

/** A string that carries its meaning in its type. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The venue's id of a market: on Polymarket its condition id. */
export type MarketId = Branded<"MarketId">;
/** The venue's id of one outcome token (a decimal string beyond 2^53, never a number). */
export type TokenId = Branded<"TokenId">;
/** Our id of a match (a series of one or more games). */
export type MatchId = Branded<"MatchId">;
/** A source of match facts, such as `grid` or `pandascore`. */
export type SourceId = Branded<"SourceId">;
/** Id of one intent: `<strategy>-<n>`, unique in a run and the same in every replay of it. */
export type IntentId = Branded<"IntentId">;
/** The venue's id of an order: the order's own hash, known before it is sent. */
export type OrderId = Branded<"OrderId">;
/** The venue's id of a trade. */
export type TradeId = Branded<"TradeId">;
/** Id of a chain action (merge, redeem, split): `chain-<n>`. */
export type ActionId = Branded<"ActionId">;
/** A strategy instance's id: the class's `id`, or the `name` that the configuration gives it. */
export type StrategyId = Branded<"StrategyId">;
/** Id of one run of the bot. */
export type RunId = Branded<"RunId">;

/**
 * Marks a plain string as an identifier of the kind that the caller expects. Does not check the text: use it where
 * an id enters the system, with text that has already been read as one.
 *
 * @example
 * ```ts
 * import { id, type MarketId } from "@matchpoint/sdk";
 * const market: MarketId = id("0x5f65");
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller's expected type picks the brand
export function id<T extends Branded<string>>(text: string): T {
  return text as T;
}
