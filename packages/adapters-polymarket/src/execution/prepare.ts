/** From an intent to the venue's order, without sending anything. @module */
import {
  id,
  isMatchpointError,
  MatchpointError,
  type Capabilities,
  type Intent,
  type Millis,
  type Nanos,
  type OrderId,
  type PreparedOrder,
  type RejectCode,
  type RunId,
  type Sequence,
} from "@matchpoint/sdk";
import { sha256, toUtf8Bytes } from "ethers";
import { orderAmounts, type MarketGrid } from "../order/amounts.ts";
import { orderHash } from "../order/hash.ts";
import { buildOrder, type OrderParties, type VenueOrder } from "../order/order.ts";
import { orderSalt } from "../order/salt.ts";
import { checkPrice } from "../order/snap.ts";
import type { Exchange } from "../venue/exchanges.ts";
import { AMOUNT_STEPS, GTD_LEAD_S, MINIMUM_ORDER } from "../venue/limits.ts";
import { tokenOf, type TradedMarket } from "./gatewayMarkets.ts";

/** What the gateway can do. Merges and splits are the chain's. */
export const GATEWAY_CAPABILITIES: Capabilities = Object.freeze({
  orderTypes: ["FAK", "FOK", "GTC", "GTD"] as const,
  postOnly: true,
  merge: false,
  split: false,
});

/** The payload of an order that this gateway prepared. */
export type GatewayPayload =
  | { readonly kind: "order"; readonly order: VenueOrder; readonly exchange: Exchange }
  /** What cannot become an order: placing it answers with this, and sends nothing. */
  | { readonly kind: "refused"; readonly code: RejectCode; readonly detail: string };

/** What {@link prepareOrder} goes by. */
export interface PrepareContext {
  readonly runId: RunId;
  readonly parties: OrderParties;
  readonly market: TradedMarket | undefined;
  /** Unix ms, signed into the order. */
  readonly timestamp: Millis;
  /** Turns monotonic time into Unix ms. */
  readonly wallAt: (at: Nanos) => Millis;
}

/** The venue takes a GTD order off this long before its stated expiration. */
const GTD_EARLY_MS = 60_000;

/**
 * Makes an order of an intent: amounts in integers, salt of run and sequence, and the hash by which the venue knows it. Nothing is
 * corrected: what is off the grid, too fine or too small becomes a prepared order that is refused when it is placed, with an id of
 * its own that no order at the venue can have.
 */
export function prepareOrder(intent: Intent, seq: Sequence, context: PrepareContext): PreparedOrder {
  const { market, runId } = context;
  const refused = (code: RejectCode, detail: string): PreparedOrder => {
    const orderId = id<OrderId>(sha256(toUtf8Bytes(`refused\n${runId}\n${seq}\n${intent.intentId}`)));
    const payload: GatewayPayload = { kind: "refused", code, detail: `not sent: ${detail}` };
    return { orderId, intent, payload };
  };
  if (market === undefined) return refused("MARKET_CLOSED", `market ${intent.marketId} is not known here`);
  const { exchange, tick } = market;
  const grid: MarketGrid = { tick, minSize: market.market.minSize };
  try {
    const expiration = intent.orderType === "GTD" ? gtdExpiration(intent, context) : undefined;
    if (typeof expiration === "string") return refused("EXPIRATION", expiration);
    if (intent.postOnly && isImmediate(intent))
      return refused("OTHER", `post-only goes with GTC and GTD, not with ${intent.orderType}`);
    const order = buildOrder({
      parties: context.parties,
      tokenId: tokenOf(market.market, intent.outcome),
      side: intent.side,
      orderType: intent.orderType,
      amounts: orderAmounts(termsOf(intent), grid),
      salt: orderSalt(runId, seq),
      timestamp: context.timestamp,
      ...(expiration === undefined ? {} : { expiration }),
    });
    const payload: GatewayPayload = { kind: "order", order, exchange };
    return { orderId: id<OrderId>(orderHash(order, exchange)), intent, payload };
  } catch (error) {
    if (!isMatchpointError(error) || error.code !== "ORDER_INVALID") throw error;
    return refused(codeOf(intent, grid), error.message);
  }
}

/** The payload of an order that this gateway prepared. @throws `MatchpointError` `ORDER_INVALID` when it is another's */
export function payloadOf(order: PreparedOrder): GatewayPayload {
  const payload = order.payload as Partial<GatewayPayload> | undefined;
  if (payload?.kind === "order" || payload?.kind === "refused") return payload as GatewayPayload;
  throw new MatchpointError("ORDER_INVALID", `order ${order.orderId} was not prepared by this gateway`);
}

/** FAK and FOK match at once or die. */
export function isImmediate({ orderType }: Pick<Intent, "orderType">): boolean {
  return orderType === "FAK" || orderType === "FOK";
}

/** A seller's `spend` is refused, not left out: what an intent says is either done or refused. */
function termsOf({ side, orderType, limit, size, spend }: Intent): Parameters<typeof orderAmounts>[0] {
  return { side, orderType, limit, size, ...(spend === undefined ? {} : { spend }) };
}

function gtdExpiration({ expiresAt }: Intent, context: PrepareContext): number | string {
  if (expiresAt === undefined) return "a GTD order says when it ends";
  const ends = context.wallAt(expiresAt);
  const expiration = Math.floor((ends + GTD_EARLY_MS) / 1_000);
  const earliest = Math.ceil(context.timestamp / 1_000) + GTD_LEAD_S;
  if (expiration >= earliest) return expiration;
  const least = GTD_LEAD_S - GTD_EARLY_MS / 1_000;
  return `it ends in ${Math.floor((ends - context.timestamp) / 1_000)} s; the venue takes GTD from ${least} s: use GTC and cancel it`;
}

/** Why the venue would refuse it, in the order in which its own checks are known to be. */
function codeOf(intent: Intent, { tick, minSize }: MarketGrid): RejectCode {
  const { limit, side, size, spend } = intent;
  try {
    checkPrice(limit, tick);
  } catch {
    return "TICK";
  }
  const immediate = isImmediate(intent);
  if (immediate && side === "buy") {
    if (spend === undefined || !Number.isSafeInteger(spend) || spend <= 0) return "OTHER";
    if (spend % AMOUNT_STEPS.marketBuyDollars !== 0) return "PRECISION";
    return spend < MINIMUM_ORDER.marketableBuyDollars ? "MIN_SIZE" : "PRECISION";
  }
  if (spend !== undefined || !Number.isSafeInteger(size) || size <= 0) return "OTHER";
  if (size % AMOUNT_STEPS.limitShares !== 0) return "PRECISION";
  return !immediate && size < minSize ? "MIN_SIZE" : immediate ? "PRECISION" : "OTHER";
}
