import type { Intent } from "../../events/index.ts";
import { formatPrice, formatShares, NANOS_PER_MS, PRICE_ONE, type Shares } from "../../units/index.ts";
import { isImmediate, worstShares } from "../amounts.ts";
import type { RiskCheck } from "../check.ts";
import { shortage } from "../exposure.ts";
import type { RiskOrder } from "../view.ts";

export const purposeMismatch: RiskCheck = {
  code: "PURPOSE_MISMATCH",
  purposes: ["exit", "hedge"],
  check(intent, view) {
    if (intent.purpose === "exit")
      return intent.side === "sell" ? undefined : "an exit sells; what buys is an entry or a hedge";
    const short = shortage(view, intent.outcome);
    const residual = intent.side === "buy" ? short : -short;
    // The residual after the hedge, in whichever direction, has to be smaller than before: what it may bring < 2 * residual.
    if (worstShares(intent, view.book) < 2 * residual) return undefined;
    const left = formatShares(Math.max(0, residual) as Shares);
    return `${intent.side === "buy" ? "buying" : "selling"} ${formatShares(intent.size)} shares does not shrink a residual of ${left}`;
  },
};

function same(a: Intent, b: Intent): boolean {
  return (
    a.strategyId === b.strategyId &&
    a.outcome === b.outcome &&
    a.side === b.side &&
    a.orderType === b.orderType &&
    a.limit === b.limit &&
    a.size === b.size
  );
}

export const duplicateIntent: RiskCheck = {
  code: "DUPLICATE_INTENT",
  check(intent, view, { duplicateWindow }) {
    if (view.orders.get(intent.intentId) !== undefined) return `intent ${intent.intentId} exists already`;
    for (const order of view.orders.open(intent.marketId)) {
      const age = view.now - order.createdAt;
      if (age < duplicateWindow && same(order.intent, intent)) {
        return `the same as ${order.intent.intentId}, ${order.status} since ${Math.round(age / NANOS_PER_MS)} ms`;
      }
    }
    return undefined;
  },
};

/** Whether an order of ours could meet this intent in the matching engine. */
function meets(intent: Intent, order: RiskOrder, mirrored: boolean): boolean {
  const other = order.intent;
  if (isImmediate(intent) && isImmediate(other)) return false;
  const buys = intent.side === "buy";
  if (other.outcome === intent.outcome) {
    if (other.side === intent.side) return false;
    return buys ? other.limit <= intent.limit : other.limit >= intent.limit;
  }
  // One book: a buy of one outcome at p is a sell of the other at 1 - p.
  if (!mirrored || other.side !== intent.side) return false;
  const sum = intent.limit + other.limit;
  return buys ? sum >= PRICE_ONE : sum <= PRICE_ONE;
}

export const selfCross: RiskCheck = {
  code: "SELF_CROSS",
  check(intent, view) {
    for (const order of view.orders.open(intent.marketId)) {
      if (meets(intent, order, view.market.mirrored)) {
        const { intentId, side, limit } = order.intent;
        return `would match our own ${intentId}: ${side} at ${formatPrice(limit)}`;
      }
    }
    return undefined;
  },
};
