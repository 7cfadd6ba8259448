import {
  id,
  takerFee,
  type Millis,
  type OrderId,
  type Outcome,
  type Price,
  type Shares,
  type Side,
  type Trade,
  type TradeId,
  type TradeStatus,
  type Usdc,
} from "@matchpoint/sdk";
import type { z } from "zod";
import { wireSize } from "../market/decimal.ts";
import type { FieldCounts } from "./fields.ts";
import type { Ownership } from "./identity.ts";
import { readable } from "./order.ts";
import { ACCOUNT_TRADE, MAKER_ORDER, problemOf } from "./schemas.ts";
import { tradeStatus } from "./status.ts";
import type { AccountToken, AccountTokens } from "./tokens.ts";
import { normalId, RATIO_ONE, wireRatio, wireTime } from "./values.ts";

type Wire = z.infer<typeof ACCOUNT_TRADE>;
type WireMaker = z.infer<typeof MAKER_ORDER>;

/** Shares at one exact price (1e-18 dollars), seen from our own outcome. */
interface Fill {
  readonly size: number;
  readonly ratio: bigint;
}

/** A trade of ours in a market that nobody has told us of: it can be read once its token is known. */
export interface UnknownToken {
  readonly unknownToken: string;
  /** The market as the record names it. */
  readonly marketId: string;
  readonly reason: string;
}

/** Our parts of a trade, one per order of ours in it. */
export interface AccountTrade {
  readonly trades: readonly Trade[];
  readonly matchedAt: Millis | undefined;
  readonly publishedAt: Millis | undefined;
  /** When the venue last changed it: a status that comes back after another has another time. */
  readonly updatedAt: Millis | undefined;
  readonly unreadableTimes: number;
  /** The makers' parts add up to another price than the trade's own; theirs counts. */
  readonly repriced: boolean;
}

/**
 * Reads a trade of the user channel or of REST; a text says why it cannot be used.
 *
 * As takers we have outcome, side and size from the record, and the dollars from the makers' parts where those cover the
 * size: a part in the other outcome (mint or merge) costs the complement of its price. As makers we have everything from our
 * own entry: it may be of the other outcome than the record, and its side is then that of the taker, not the opposite. The fee
 * is counted from the market's schedule: the venue's records say `fee_rate_bps: "0"` whatever was charged
 * (github.com/Polymarket/py-clob-client-v2/issues/107).
 */
export function decodeTrade(
  value: unknown,
  own: Ownership,
  tokens: AccountTokens,
  fields: FieldCounts,
): AccountTrade | UnknownToken | string {
  const parsed = ACCOUNT_TRADE.safeParse(value);
  if (!parsed.success) return `trade: ${problemOf(parsed.error)}`;
  const wire = parsed.data;
  fields.count("trade", value as object, ACCOUNT_TRADE);
  for (const each of wire.maker_orders ?? []) fields.count("maker_order", each, MAKER_ORDER);
  const status = tradeStatus(wire.status);
  if (status === undefined) return `trade ${wire.id}: status is ${JSON.stringify(wire.status.slice(0, 60))}`;

  const entries = (wire.maker_orders ?? []).filter((each) => own.owns(each.owner, each.maker_address));
  const asTaker =
    wire.trader_side === "TAKER" ||
    (wire.trader_side !== "MAKER" &&
      entries.length === 0 &&
      own.owns(wire.owner, wire.trade_owner, wire.maker_address));
  if (asTaker && own.foreign(wire.owner, wire.trade_owner, wire.maker_address) && entries.length === 0)
    return `trade ${wire.id}: its taker is not us`;
  if (!asTaker && entries.length === 0)
    return `trade ${wire.id}: no entry of maker_orders carries our key or address`;

  const trades: Trade[] = [];
  let repriced = false;
  if (asTaker && !own.foreign(wire.owner, wire.trade_owner, wire.maker_address)) {
    const token = tokenOf(wire, wire.asset_id, tokens);
    if (typeof token === "string" || "unknownToken" in token) return token;
    const size = wireSize(wire.size);
    const stated: Fill = { size, ratio: wireRatio(wire.price)! };
    const legs = legsOf(wire, size);
    repriced =
      legs !== undefined &&
      (spent(legs) - spent([stated])) ** 2n > (BigInt(size) * (RATIO_ONE / 10_000n)) ** 2n;
    const side = wire.side === "BUY" ? "buy" : "sell";
    trades.push(part(wire, status, wire.taker_order_id, token, side, legs ?? [stated], "taker"));
  }
  const byOrder = new Map<string, WireMaker[]>();
  for (const each of entries) {
    const key = normalId(each.order_id);
    byOrder.set(key, [...(byOrder.get(key) ?? []), each]);
  }
  for (const [orderId, parts] of byOrder) {
    const [first] = parts as [WireMaker, ...WireMaker[]];
    const token = tokenOf(wire, first.asset_id, tokens);
    if (typeof token === "string" || "unknownToken" in token) return token;
    const side = makerSide(wire, first);
    if (parts.some((each) => each.asset_id !== first.asset_id || makerSide(wire, each) !== side))
      return `trade ${wire.id}: its entries of order ${orderId} contradict each other`;
    const fills = parts.map((each) => ({
      size: wireSize(each.matched_amount),
      ratio: wireRatio(each.price)!,
    }));
    trades.push(part(wire, status, orderId, token, side, fills, "maker"));
  }
  if (trades.some((each) => !Number.isSafeInteger(each.size) || !Number.isSafeInteger(each.cost + each.fee)))
    return `trade ${wire.id}: too large to count`;
  const times = [wire.match_time, wire.match_time_nano, wire.timestamp, wire.last_update].map(wireTime);
  return {
    trades,
    matchedAt: readable(times[1]) ?? readable(times[0]),
    publishedAt: readable(times[2]),
    updatedAt: readable(times[3]),
    unreadableTimes: times.filter((each) => each === -1).length,
    repriced,
  };
}

function tokenOf(wire: Wire, tokenId: string, tokens: AccountTokens): AccountToken | UnknownToken | string {
  const token = tokens.get(tokenId);
  if (token === undefined) {
    const reason = `trade ${wire.id}: token ${tokenId.slice(0, 90)} is of no market that is followed`;
    return { unknownToken: tokenId, marketId: wire.market, reason };
  }
  if (normalId(wire.market) !== normalId(token.marketId))
    return `trade ${wire.id}: its token is not of its market`;
  return token;
}

/** Our entry's own side; where it is left out: against the taker in one outcome, with the taker across the two. */
function makerSide(wire: Wire, entry: WireMaker): Side {
  if (entry.side === "BUY" || entry.side === "SELL") return entry.side === "BUY" ? "buy" : "sell";
  const withTaker = entry.asset_id !== wire.asset_id;
  return (wire.side === "BUY") === withTaker ? "buy" : "sell";
}

/** The makers' parts at the taker's prices, where they cover the trade's size. */
function legsOf(wire: Wire, size: number): readonly Fill[] | undefined {
  const legs = (wire.maker_orders ?? []).map((each) => {
    const ratio = wireRatio(each.price)!;
    return {
      size: wireSize(each.matched_amount),
      ratio: each.asset_id === wire.asset_id ? ratio : RATIO_ONE - ratio,
    };
  });
  const covered = legs.reduce((sum, leg) => sum + leg.size, 0);
  return covered === size ? legs : undefined;
}

/** Dollars of fills in 1e-24. */
function spent(fills: readonly Fill[]): bigint {
  return fills.reduce((sum, fill) => sum + BigInt(fill.size) * fill.ratio, 0n);
}

function part(
  wire: Wire,
  status: TradeStatus,
  orderId: string,
  {
    marketId,
    outcome,
    fee: schedule,
  }: { readonly marketId: Trade["marketId"]; readonly outcome: Outcome; readonly fee: AccountToken["fee"] },
  side: Side,
  fills: readonly Fill[],
  liquidity: Trade["liquidity"],
): Trade {
  const size = fills.reduce((sum, fill) => sum + fill.size, 0) as Shares;
  const total = spent(fills);
  // The last micro-dollar goes against us, as it does wherever something must be rounded.
  const cost = side === "buy" ? (total + RATIO_ONE - 1n) / RATIO_ONE : total / RATIO_ONE;
  const charged = liquidity === "taker" || !schedule.takerOnly;
  const fee = charged
    ? fills.reduce((sum, fill) => sum + takerFee(fill.size as Shares, nearest(fill.ratio), schedule), 0)
    : 0;
  return {
    tradeId: id<TradeId>(normalId(wire.id)),
    orderId: id<OrderId>(normalId(orderId)),
    marketId,
    outcome,
    side,
    price: nearest(total / BigInt(size)),
    size,
    cost: Number(cost) as Usdc,
    fee: fee as Usdc,
    liquidity,
    status,
  };
}

/** The grid price next to an exact one. */
function nearest(ratio: bigint): Price {
  const step = RATIO_ONE / 10_000n;
  return Number((2n * ratio + step) / (2n * step)) as Price;
}
