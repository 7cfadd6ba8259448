/** Which order type serves what is wanted, as a table. @module */
import type { BookView, Walk } from "../book/index.ts";
import type { Intent, OrderType, Outcome, Side } from "../events/index.ts";
import { PRICE_ONE, type Price, type Shares, type Usdc } from "../units/index.ts";

/**
 * How a fill is wanted: `now` takes what is there and leaves nothing; `all` takes all or nothing; `soon` takes what is there and
 * leaves the rest for a few seconds; `patient` waits for a price, and may be taken for a maker or not; `maker` never takes.
 */
export type Urgency = "now" | "all" | "soon" | "patient" | "maker";

/** What the limit finds in the book: nothing, a part of the size, all of it. */
export type Depth = "none" | "part" | "full";

/** What {@link chooseOrder} is asked. */
export interface OrderWish {
  readonly purpose: Intent["purpose"];
  /** Default: `now` for exits, `soon` for hedges (exact shares, since a FAK buy spends dollars), `patient` for entries. */
  readonly urgency?: Urgency;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly limit: Price;
  /** Shares, or for a buy the dollars to spend. */
  readonly amount: { readonly shares: Shares } | { readonly usdc: Usdc };
  /** How long it may stand, in ms; absent: until it is cancelled. */
  readonly standMs?: number;
}

/** Limits of a choice. */
export interface ChoiceLimits {
  /** How long a GTC order that was to fill soon stays in the book before it is cancelled, in ms; 3,000 to 10,000. */
  readonly maxTimeInBookMs: number;
  /** The shortest time that the venue lets a GTD order stand, in ms; what is to end sooner is a GTC order that is cancelled. */
  readonly shortestGtdMs: number;
  /** The most that the average price of the size may be worse than the best price. Default: anything within the limit. */
  readonly maxSlippage?: Price;
}

/** An order type that serves, or why none does. */
export type OrderChoice =
  | {
      readonly kind: "order";
      readonly orderType: OrderType;
      readonly postOnly: boolean;
      /** Cancel it after so long in the book. */
      readonly maxTimeInBookMs?: number;
      readonly rule: string;
    }
  | { readonly kind: "none"; readonly rule: string };

/** A row of {@link ORDER_CHOICES}; `any` stands for every depth. */
export interface ChoiceRow {
  readonly urgency: Urgency;
  readonly depth: Depth | "any";
  /** `stand`: GTD when it may stand long enough for the venue, else GTC that is cancelled in time. */
  readonly use: "FAK" | "FOK" | "GTC_BRIEF" | "STAND" | "STAND_POST_ONLY" | "NONE";
  readonly rule: string;
}

/** The table. The first row counts whose urgency and depth are met. */
export const ORDER_CHOICES: readonly ChoiceRow[] = [
  { urgency: "now", depth: "none", use: "NONE", rule: "nothing on offer within the limit" },
  { urgency: "now", depth: "any", use: "FAK", rule: "take what is there, leave nothing" },
  { urgency: "all", depth: "full", use: "FOK", rule: "all of it is there" },
  { urgency: "all", depth: "any", use: "NONE", rule: "not all of it is on offer within the limit" },
  // A FAK buy spends dollars and buys more shares when the price is better; a GTC order buys exact shares.
  { urgency: "soon", depth: "any", use: "GTC_BRIEF", rule: "exact shares; the rest goes after a moment" },
  { urgency: "patient", depth: "any", use: "STAND", rule: "wait for the price" },
  { urgency: "maker", depth: "none", use: "STAND_POST_ONLY", rule: "rest, never take" },
  { urgency: "maker", depth: "any", use: "NONE", rule: "it would cross the book" },
];

const URGENCY_OF: Readonly<Record<Intent["purpose"], Urgency>> = {
  exit: "now",
  hedge: "soon",
  entry: "patient",
};

/** How long a brief order may be asked to stay; the venue's own delays make less than 3 s useless. */
const BRIEF_MS = { least: 3_000, most: 10_000 };
/**
 * Chooses the order type by what is wanted and what the book shows for the whole size. Pure.
 *
 * @example
 * ```ts
 * import { chooseOrder, price, shares, type BookView } from "@matchpoint/sdk";
 * const leave = (book: BookView) =>
 *   chooseOrder(
 *     { purpose: "exit", outcome: 0, side: "sell", limit: price(4_500), amount: { shares: shares(20_000_000) } },
 *     book,
 *     { maxTimeInBookMs: 5_000, shortestGtdMs: 180_000 },
 *   );
 * ```
 */
export function chooseOrder(wish: OrderWish, book: BookView, limits: ChoiceLimits): OrderChoice {
  const urgency = wish.urgency ?? URGENCY_OF[wish.purpose];
  const depth = depthOf(wish, book);
  const row = ORDER_CHOICES.find(
    (each) => each.urgency === urgency && (each.depth === "any" || each.depth === depth),
  )!;
  const { rule, use } = row;
  if (use === "NONE") return { kind: "none", rule };
  if (depth !== "none" && limits.maxSlippage !== undefined && slips(wish, book, limits.maxSlippage))
    return { kind: "none", rule: "its average price would slip too far from the best" };
  const brief = Math.min(BRIEF_MS.most, Math.max(BRIEF_MS.least, limits.maxTimeInBookMs));
  switch (use) {
    case "FAK":
    case "FOK":
      return { kind: "order", orderType: use, postOnly: false, rule };
    case "GTC_BRIEF":
      return { kind: "order", orderType: "GTC", postOnly: false, maxTimeInBookMs: brief, rule };
    default: {
      const postOnly = use === "STAND_POST_ONLY";
      const { standMs } = wish;
      if (standMs === undefined) return { kind: "order", orderType: "GTC", postOnly, rule };
      if (standMs >= limits.shortestGtdMs) return { kind: "order", orderType: "GTD", postOnly, rule };
      return { kind: "order", orderType: "GTC", postOnly, maxTimeInBookMs: standMs, rule };
    }
  }
}

/** What a limit finds in the book for the whole amount. */
export function depthOf(
  wish: Pick<OrderWish, "outcome" | "side" | "limit" | "amount">,
  book: BookView,
): Depth {
  const { shares, complete } = book.walk(wish.outcome, wish.side, wish.amount, wish.limit);
  if (shares === 0) return "none";
  return complete ? "full" : "part";
}

function slips({ outcome, side, amount, limit }: OrderWish, book: BookView, most: Price): boolean {
  const buys = side === "buy";
  const best = buys ? book.ask(outcome) : book.bid(outcome);
  if (buys ? best >= PRICE_ONE : best <= 0) return false;
  return slippageOf(book.walk(outcome, side, amount, limit), best, buys) > most;
}

/** How much worse the average price of a walk is than the best, in ten-thousandths of a dollar. */
export function slippageOf(walk: Pick<Walk, "shares" | "cost">, best: Price, buys: boolean): number {
  if (walk.shares === 0) return 0;
  const average = (walk.cost * PRICE_ONE) / walk.shares;
  return Math.max(0, buys ? average - best : best - average);
}
