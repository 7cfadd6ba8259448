import { type OrderType } from "@matchpoint/sdk";
import type { Hex } from "../venue/contracts.ts";
import { BATCH_LIMITS } from "../venue/limits.ts";
import type { VenueOrder } from "./order.ts";
import { refuse } from "./refuse.ts";

/** An order with its signature, ready for the wire. */
export interface SignedOrder {
  readonly order: VenueOrder;
  readonly signature: Hex;
}

/** What the wire says of an order beside the order. */
export interface PostOptions {
  /** The API key (a UUID) that the order is placed with. */
  readonly owner: string;
  readonly orderType: OrderType;
  /** Only with GTC and GTD: refused rather than matched when it crosses. */
  readonly postOnly?: boolean;
  /** Answered before it is executed, so without fills. */
  readonly deferExec?: boolean;
}

/**
 * The body of `POST /order`, the same bytes that `@polymarket/clob-client-v2` sends. They are what the L2 signature covers: send
 * exactly these. @throws `MatchpointError` `ORDER_INVALID` on flags that do not go together
 */
export function orderBody(signed: SignedOrder, options: PostOptions): string {
  return JSON.stringify(payload(signed, options));
}

/** The body of `POST /orders`, at most 15. @throws `MatchpointError` `ORDER_INVALID` when there are none or too many */
export function ordersBody(
  orders: readonly { readonly signed: SignedOrder; readonly options: PostOptions }[],
): string {
  if (orders.length === 0 || orders.length > BATCH_LIMITS.orders)
    refuse(`a batch has from 1 to ${BATCH_LIMITS.orders} orders, not ${orders.length}`);
  return JSON.stringify(orders.map(({ signed, options }) => payload(signed, options)));
}

function payload({ order, signature }: SignedOrder, options: PostOptions): object {
  const { owner, orderType, postOnly = false, deferExec = false } = options;
  const rests = orderType === "GTC" || orderType === "GTD";
  if (postOnly && !rests) refuse(`post-only goes with GTC and GTD, not with ${orderType}`);
  if ((order.expiration !== "0") !== (orderType === "GTD"))
    refuse(`expiration ${order.expiration} does not go with ${orderType}`);
  if (owner === "") refuse("an order has the API key as its owner");
  // The order of keys is the official client's.
  return {
    deferExec,
    postOnly,
    order: {
      salt: order.salt,
      maker: order.maker,
      signer: order.signer,
      tokenId: order.tokenId,
      makerAmount: order.makerAmount,
      takerAmount: order.takerAmount,
      side: order.side,
      signatureType: order.signatureType,
      timestamp: order.timestamp,
      expiration: order.expiration,
      metadata: order.metadata,
      builder: order.builder,
      signature,
    },
    owner,
    orderType,
  };
}
