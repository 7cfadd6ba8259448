import {
  formatDecimal,
  PRICE_ONE,
  type OrderType,
  type Price,
  type Shares,
  type Side,
  type Usdc,
} from "@matchpoint/sdk";
import type { WireOrder } from "./parse.ts";
import { breaksTick, PRECISION, TEXTS } from "./texts.ts";

/** What an order's two amounts mean. */
export interface OrderTerms {
  readonly side: Side;
  readonly limit: Price;
  /** Shares asked for. */
  readonly size: Shares;
  /** Dollars that a FAK or FOK buy spends. */
  readonly spend?: Usdc;
}

/** Decimals that the dollars of a limit order may have, by tick. Source: `roundingConfig.ts` of the official client. */
const DECIMALS: ReadonlyMap<number, number> = new Map([
  [1_000, 3],
  [100, 4],
  [50, 5],
  [25, 6],
  [10, 5],
  [1, 6],
]);
/** Amounts are counted in 1e-6. */
const PLACES = 6;
const ONE = BigInt(PRICE_ONE);

/**
 * Reads price, size and dollars from the amounts, under the venue's precision rules: those of a limit order go by the tick,
 * those of a market order (FAK, FOK) do not. Source: docs.polymarket.com/trading/place-orders.
 *
 * @returns a text when the venue refuses them
 */
export function orderTerms(
  order: WireOrder,
  orderType: OrderType,
  tick: Price,
  orderId: string,
): OrderTerms | string {
  const maker = BigInt(order.makerAmount);
  const taker = BigInt(order.takerAmount);
  if (maker === 0n || taker === 0n) return PRECISION.nothing;
  if (maker > BigInt(Number.MAX_SAFE_INTEGER) || taker > BigInt(Number.MAX_SAFE_INTEGER))
    return TEXTS.payload;
  const buy = order.side === "BUY";
  const market = orderType === "FAK" || orderType === "FOK";
  const decimals = market ? 4 : (DECIMALS.get(tick) ?? PLACES);
  const [dollars, shares] = buy ? [maker, taker] : [taker, maker];
  if (market && buy) {
    if (!within(maker, 2) || !within(taker, 4)) return PRECISION.marketBuy;
  } else if (!within(shares, 2) || !within(dollars, decimals)) {
    return market ? PRECISION.marketSell : buy ? PRECISION.limitBuy(decimals) : PRECISION.limitSell(decimals);
  }
  const limit = limitOf(dollars, shares, tick, buy, market);
  if (limit === undefined) {
    const price = Number((dollars * 1_000_000n) / shares);
    return breaksTick(orderId, formatDecimal(price, PLACES), formatDecimal(tick, 4));
  }
  return {
    side: buy ? "buy" : "sell",
    limit,
    size: Number(shares) as Shares,
    ...(market && buy ? { spend: Number(maker) as Usdc } : {}),
  };
}

function within(amount: bigint, decimals: number): boolean {
  return amount % 10n ** BigInt(PLACES - decimals) === 0n;
}

/**
 * The limit on the grid: of a limit order the exact ratio of its amounts; of a market order the ratio may be off the grid by
 * less than the smallest price step, as rounded amounts are, and then the worst grid price that the amounts still allow.
 */
function limitOf(
  dollars: bigint,
  shares: bigint,
  tick: Price,
  buy: boolean,
  market: boolean,
): Price | undefined {
  const scaled = dollars * ONE;
  const step = BigInt(tick);
  const nearest = ((scaled / shares + step / 2n) / step) * step;
  const off = scaled - nearest * shares;
  const exact = off === 0n;
  if (!exact && (!market || (off < 0n ? -off : off) >= shares)) return undefined;
  let limit = nearest;
  if (buy && off < 0n) limit -= step;
  if (!buy && off > 0n) limit += step;
  const highest = ONE - step;
  return limit < step || limit > highest ? undefined : (Number(limit) as Price);
}
