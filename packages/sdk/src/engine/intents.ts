import type { Intent, MarketDescription } from "../events/index.ts";
import type { IntentId, StrategyId } from "../ids.ts";
import type { OrderRequest } from "../strategy/index.ts";
import { NANOS_PER_MS, notional, type Nanos, type Shares, type Usdc } from "../units/index.ts";

/** The venue takes sizes in hundredths of a share and market buys in whole cents; both are 10,000 micro-units. */
const HUNDREDTH = 10_000;

/** Rounds an amount of shares down to what the venue's sizes can say. */
export function floorToHundredth(amount: Shares): Shares {
  return (amount - (amount % HUNDREDTH)) as Shares;
}

/**
 * Turns a strategy's request into an intent. Fills in defaults and the dollars that a FAK or FOK buy spends; changes
 * neither price nor size: what is off the grid or too small is for the risk gate to refuse.
 */
export function makeIntent(
  intentId: IntentId,
  strategyId: StrategyId,
  market: MarketDescription,
  side: "buy" | "sell",
  request: OrderRequest,
  now: Nanos,
): Intent {
  const orderType = request.orderType ?? "FAK";
  const immediate = orderType === "FAK" || orderType === "FOK";
  const intent: { -readonly [K in keyof Intent]: Intent[K] } = {
    intentId,
    strategyId,
    marketId: market.marketId,
    outcome: request.outcome,
    side,
    orderType,
    postOnly: request.postOnly ?? false,
    limit: request.limit,
    size: request.size,
    purpose: request.purpose ?? (side === "buy" ? "entry" : "exit"),
    reason: request.reason ?? "",
  };
  if (immediate && side === "buy" && validAmounts(request)) {
    const spend = notional(request.size, request.limit, "down");
    intent.spend = (spend - (spend % HUNDREDTH)) as Usdc;
  }
  if (request.expiresInMs !== undefined) {
    intent.expiresAt = (now + Math.ceil(request.expiresInMs * NANOS_PER_MS)) as Nanos;
  }
  if (request.edge !== undefined) intent.edge = request.edge;
  return intent;
}

function validAmounts(request: OrderRequest): boolean {
  return (
    Number.isSafeInteger(request.size) &&
    request.size >= 0 &&
    Number.isSafeInteger(request.limit) &&
    request.limit >= 0 &&
    request.limit <= 10_000
  );
}
