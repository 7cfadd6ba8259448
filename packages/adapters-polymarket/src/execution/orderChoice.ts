import {
  chooseOrder as choose,
  type BookView,
  type ChoiceLimits as Limits,
  type OrderChoice,
  type OrderWish,
} from "@matchpoint/sdk";
export {
  depthOf,
  ORDER_CHOICES,
  slippageOf,
  type ChoiceRow,
  type Depth,
  type OrderChoice,
  type OrderWish,
  type Urgency,
} from "@matchpoint/sdk";
import { GTD_LEAD_S } from "../venue/limits.ts";

/** Limits of a choice; how long a GTD order has to stand the venue says. */
export type ChoiceLimits = Omit<Limits, "shortestGtdMs">;

/** A GTD order that ends sooner is not taken by the venue: its stated expiration is a minute later than its end. */
const SHORTEST_GTD_MS = (GTD_LEAD_S - 60) * 1_000;

/**
 * Chooses the order type by what is wanted and what the book shows for the whole size, within what Polymarket takes. Pure.
 *
 * @example
 * ```ts
 * import { chooseOrder } from "@matchpoint/adapters-polymarket";
 * import { price, shares, type BookView } from "@matchpoint/sdk";
 * const leave = (book: BookView) =>
 *   chooseOrder(
 *     { purpose: "exit", outcome: 0, side: "sell", limit: price(4_500), amount: { shares: shares(20_000_000) } },
 *     book,
 *     { maxTimeInBookMs: 5_000 },
 *   );
 * ```
 */
export function chooseOrder(wish: OrderWish, book: BookView, limits: ChoiceLimits): OrderChoice {
  return choose(wish, book, { ...limits, shortestGtdMs: SHORTEST_GTD_MS });
}
