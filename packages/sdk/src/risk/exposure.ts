import { otherOutcome, type Intent, type Outcome } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { mulDiv, type Shares, type Usdc } from "../units/index.ts";
import { worstCash, worstShares } from "./amounts.ts";
import type { RiskView } from "./view.ts";

const OUTCOMES: readonly Outcome[] = [0, 1];

/** Dollars that the open orders of the account can still cost. UNKNOWN orders count like any other. */
export function reservedCash(view: RiskView): Usdc {
  let cash = 0;
  for (const order of view.orders.allOpen()) cash += view.worstCase(order).cash;
  return cash as Usdc;
}

/** Cost of what a market holds, and the worst case of its open orders. */
export function marketExposure(view: RiskView, marketId: MarketId): Usdc {
  let cash = heldCost(view, marketId);
  for (const order of view.orders.open(marketId)) cash += view.worstCase(order).cash;
  return cash as Usdc;
}

/** Dollars in the ledger's cash that a sale being retried has brought, and takes back if it fails. */
export function retryingProceeds(view: RiskView): Usdc {
  let cash = 0;
  for (const marketId of view.orders.retryingMarkets()) {
    for (const { side, cost, fee } of view.orders.retrying(marketId)) if (side === "sell") cash += cost - fee;
  }
  return Math.max(0, cash) as Usdc;
}

/** Dollars that may be needed to bring back shares that left the account and had never come, or may not come yet. */
export function owedCash({ ledger }: RiskView): Usdc {
  let cash = 0;
  for (const marketId of ledger.markets()) cash += ledger.owed(marketId);
  return cash as Usdc;
}

/** The same over all markets of a match. */
export function matchExposure(view: RiskView): Usdc {
  let cash = 0;
  for (const marketId of view.matchMarkets) cash += marketExposure(view, marketId);
  return cash as Usdc;
}

/** The same over all markets of a tournament. */
export function tournamentExposure(view: RiskView): Usdc {
  let cash = 0;
  for (const marketId of view.tournamentMarkets) cash += marketExposure(view, marketId);
  return cash as Usdc;
}

/** The same over the account. */
export function accountExposure(view: RiskView): Usdc {
  let cash = reservedCash(view) as number;
  for (const marketId of view.ledger.markets()) cash += heldCost(view, marketId);
  return cash as Usdc;
}

/** What shares by unconfirmed trades have cost, over the account, with the worst case of open orders. */
export function unsettledExposure(view: RiskView): Usdc {
  let cash = reservedCash(view) as number;
  for (const marketId of view.ledger.markets()) {
    cash += costComingBack(view, marketId) + view.ledger.owed(marketId);
    for (const outcome of OUTCOMES) {
      const { matched, settled, cost } = view.ledger.position(marketId, outcome);
      if (matched > settled) cash += mulDiv(cost, matched - settled, matched, "up");
    }
  }
  return cash as Usdc;
}

/**
 * Cost of what is held, and of what would be again if the sales being retried failed. What a short position has brought pays for
 * nothing else: it counts with what its shares may come to.
 */
function heldCost(view: RiskView, marketId: MarketId): number {
  const { ledger } = view;
  let cash = costComingBack(view, marketId) + ledger.owed(marketId);
  for (const outcome of OUTCOMES) cash += Math.max(0, ledger.position(marketId, outcome).cost);
  return cash;
}

function costComingBack({ ledger, orders }: RiskView, marketId: MarketId): number {
  if (orders.retrying(marketId).length === 0) return 0;
  return ledger.retryingCost(marketId, 0) + ledger.retryingCost(marketId, 1);
}

/** Shares of an outcome by trades of one side that are being retried. */
export function retryingShares(view: RiskView, outcome: Outcome, side: Intent["side"]): Shares {
  let shares = 0;
  for (const trade of view.orders.retrying(view.market.marketId))
    if (trade.outcome === outcome && trade.side === side) shares += trade.size;
  return shares as Shares;
}

/** Shares and dollars of the open orders of one side of an outcome, in the worst case. */
function openOrders(
  view: RiskView,
  outcome: Outcome,
  side: Intent["side"],
): { shares: number; cash: number } {
  let shares = 0;
  let cash = 0;
  for (const order of view.orders.open(view.market.marketId)) {
    const { intent } = order;
    if (intent.outcome !== outcome || intent.side !== side) continue;
    cash += view.worstCase(order).cash;
    shares += Math.max(0, worstShares(intent, view.book) - order.matched);
  }
  return { shares, cash };
}

/** Shares of an outcome that open sells have promised. */
export function promisedShares(view: RiskView, outcome: Outcome): Shares {
  return openOrders(view, outcome, "sell").shares as Shares;
}

/**
 * By how many shares a leg is short of the other one, open buys counted as bought and open sells as sold: what a hedge
 * may buy of `outcome`. Negative when it is the longer one.
 */
export function shortage(view: RiskView, outcome: Outcome): number {
  const other = otherOutcome(outcome);
  const { marketId } = view.market;
  const long = view.ledger.position(marketId, other).matched + openOrders(view, other, "buy").shares;
  const short = view.ledger.position(marketId, outcome).matched + openOrders(view, outcome, "buy").shares;
  return long - openOrders(view, other, "sell").shares - (short - openOrders(view, outcome, "sell").shares);
}

/**
 * The leg without a counterpart if this intent fills, every open order that lengthens the leg fills too, none that shortens it does,
 * and trades that are being retried end as is worse: shares, and what they cost at the leg's average cost.
 */
export function worstResidual(view: RiskView, intent: Intent): { shares: number; cost: number } {
  const buys = intent.side === "buy";
  const outcome = buys ? intent.outcome : otherOutcome(intent.outcome);
  const other = otherOutcome(outcome);
  const { marketId, tick } = view.market;
  const leg = view.ledger.position(marketId, outcome);
  const open = openOrders(view, outcome, "buy");
  const sold = retryingShares(view, outcome, "sell");
  const held = Math.max(0, leg.matched) + sold + open.shares + (buys ? worstShares(intent, view.book) : 0);
  const back = sold > 0 ? view.ledger.retryingCost(marketId, outcome) : 0;
  const cost = Math.max(0, leg.cost) + back + open.cash + (buys ? worstCash(intent, view.fee, tick) : 0);
  const counter =
    view.ledger.position(marketId, other).matched -
    retryingShares(view, other, "buy") -
    openOrders(view, other, "sell").shares -
    (buys ? 0 : intent.size);
  const shares = held - Math.max(0, counter);
  return shares <= 0 ? { shares: 0, cost: 0 } : { shares, cost: mulDiv(cost, shares, held, "up") };
}
