/** Orders and trades as REST and the user channel write them. @module */
import type { TradeLeg } from "@matchpoint/paper-broker";
import { formatPrice, formatShares, type Shares } from "@matchpoint/sdk";
import { addressOf, bytes32Of, uuidOf } from "../derive.ts";
import type { OrderRecord, TradeRecord } from "./records.ts";

type Wire = Record<string, unknown>;
type OrderOf = (orderId: NonNullable<TradeLeg["orderId"]>) => OrderRecord | undefined;

/** An order as `/data/orders` lists it. */
export function wireOrder(order: OrderRecord): Wire {
  const { market, outcome } = order;
  return {
    id: order.orderId,
    status: order.status,
    owner: order.owner,
    maker_address: order.maker,
    market: market.description.marketId,
    asset_id: market.tokenId(outcome),
    side: order.side,
    original_size: formatShares(order.original),
    size_matched: formatShares(order.matched as Shares),
    price: formatPrice(order.limit),
    outcome: market.name(outcome),
    expiration: order.expiration,
    order_type: order.orderType,
    associate_trades: [...order.trades],
    created_at: Math.floor(order.createdAt / 1_000),
  };
}

/** An order as the user channel tells it. */
export function orderFrame(order: OrderRecord, type: string, atMs: number): Wire {
  const killed = order.status.startsWith("CANCELED_") && order.matched === 0 && order.trades.length === 0;
  const quirk = killed && order.orderType === "FOK";
  const wire = wireOrder(order);
  return {
    event_type: "order",
    type,
    ...wire,
    order_owner: order.owner,
    associate_trades: order.trades.length === 0 ? null : [...order.trades],
    created_at: quirk ? "" : String(wire["created_at"]),
    // A killed order's frame leaves these empty (a captured frame of nautilus_trader's test data).
    ...(quirk ? { size_matched: "", outcome: "" } : {}),
    timestamp: String(atMs),
  };
}

/** Who stands behind a side of a match: for liquidity of the outside world somebody made up. */
export function partyOf(
  leg: TradeLeg,
  orderOf: OrderOf,
  tradeId: string,
): { owner: string; address: string; orderId: string } {
  const order = leg.orderId === undefined ? undefined : orderOf(leg.orderId);
  const account = leg.account ?? "outside";
  return {
    owner: order?.owner ?? uuidOf(`key|${account}`),
    address: order?.maker ?? (account.startsWith("0x") ? account : addressOf(account)),
    orderId: leg.orderId ?? bytes32Of(`order|${tradeId}|${leg.price}`),
  };
}

/** A trade as `/data/trades` lists it for one of its sides. */
export function wireTrade(record: TradeRecord, orderOf: OrderOf, side: "TAKER" | "MAKER"): Wire {
  const { trade, market, id } = record;
  const { taker } = trade;
  const party = partyOf(taker, orderOf, id);
  return {
    id,
    taker_order_id: party.orderId,
    market: market.description.marketId,
    asset_id: market.tokenId(taker.outcome),
    side: taker.side === "buy" ? "BUY" : "SELL",
    size: formatShares(taker.size),
    fee_rate_bps: "0",
    price: formatPrice(taker.price),
    status: record.status,
    match_time: String(Math.floor(record.matchedAt / 1_000)),
    match_time_nano: record.matchedNano,
    last_update: String(Math.floor(record.updatedAt / 1_000)),
    outcome: market.name(taker.outcome),
    bucket_index: 0,
    owner: party.owner,
    maker_address: party.address,
    transaction_hash: record.transactionHash,
    err_msg: record.failure ?? null,
    trader_side: side,
    maker_orders: trade.makers.map((leg) => {
      const maker = partyOf(leg, orderOf, id);
      return {
        order_id: maker.orderId,
        owner: maker.owner,
        maker_address: maker.address,
        matched_amount: formatShares(leg.size),
        price: formatPrice(leg.price),
        fee_rate_bps: "0",
        asset_id: market.tokenId(leg.outcome),
        outcome: market.name(leg.outcome),
        outcome_index: leg.outcome,
        side: leg.side === "buy" ? "BUY" : "SELL",
      };
    }),
  };
}

/** A trade as the user channel tells it to a key. */
export function tradeFrame(
  record: TradeRecord,
  orderOf: OrderOf,
  side: "TAKER" | "MAKER",
  recipient: string,
  atMs: number,
): Wire {
  return {
    event_type: "trade",
    type: "TRADE",
    ...wireTrade(record, orderOf, side),
    trade_owner: recipient,
    timestamp: String(atMs),
  };
}
