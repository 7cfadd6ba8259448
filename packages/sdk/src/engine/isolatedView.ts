import type { SavedBook } from "../book/index.ts";
import type { MarketDescription } from "../events/index.ts";
import type { HaltCause, Position, TradingStatus } from "../state/index.ts";
import type { MarketTruth, OrderView, StrategyContext } from "../strategy/index.ts";
import type { Halt } from "../trading/index.ts";
import type { FeeSchedule, Millis, Nanos, Usdc } from "../units/index.ts";
import { inside } from "./context.ts";

/** Truth as plain data. */
export interface IsolatedTruth extends Omit<MarketTruth, "pOf"> {
  readonly byOutcome: readonly [MarketTruth["p"], MarketTruth["p"]];
}

/** What a strategy sees of one market, as plain JSON: what a hook in another thread is given. */
export interface IsolatedView {
  readonly now: Nanos;
  readonly wall: Millis;
  readonly market: MarketDescription;
  readonly book: SavedBook;
  readonly fee: FeeSchedule;
  readonly truth?: IsolatedTruth;
  readonly status: TradingStatus;
  readonly haltCauses: readonly HaltCause[];
  readonly halts: readonly Halt[];
  readonly cash: Usdc;
  readonly bankroll: Usdc;
  readonly maxOrderUsdc: number;
  readonly riskScale: number;
  readonly positions: readonly [Position, Position];
  readonly orders: readonly OrderView[];
  /** The strategy's other markets of the match; they have none of their own. */
  readonly siblings: readonly IsolatedView[];
}

/** What a context shows now. `nameOf` gives the strategy's own name of an order. */
export function isolatedView(
  seen: StrategyContext,
  nameOf: (order: OrderView) => OrderView,
  alone = false,
): IsolatedView {
  const { entry, host } = inside(seen);
  const { truth, haltCauses, halts } = seen;
  return {
    now: seen.now,
    wall: seen.wall,
    market: seen.market,
    book: entry.book.save(),
    fee: entry.fee,
    ...(truth === undefined ? {} : { truth: plainTruth(truth) }),
    status: seen.status,
    haltCauses,
    halts,
    cash: seen.cash,
    ...host.kellyBasis(),
    riskScale: seen.riskScale,
    positions: [seen.position(0), seen.position(1)],
    orders: seen.orders().map((order) => plainOrder(nameOf(order))),
    siblings: alone
      ? []
      : seen.siblings().map((sibling) => isolatedView(sibling as StrategyContext, nameOf, true)),
  };
}

/** An order as it is now. */
export function plainOrder(order: OrderView): OrderView {
  const { intentId, orderId, outcome, side, orderType, postOnly, limit, size } = order;
  const { matched, status, purpose, reason, placedAt } = order;
  return {
    intentId,
    orderId,
    outcome,
    side,
    orderType,
    postOnly,
    limit,
    size,
    matched,
    status,
    purpose,
    reason,
    placedAt,
  };
}

function plainTruth(truth: MarketTruth): IsolatedTruth {
  const { leader, p, sd, own, match, progress, fresh, signal } = truth;
  return { leader, p, sd, own, match, progress, fresh, signal, byOutcome: [truth.pOf(0), truth.pOf(1)] };
}
