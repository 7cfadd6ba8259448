import type { Intent } from "../../events/index.ts";
import { formatShares, formatUsdc, type Shares, type Usdc } from "../../units/index.ts";
import { orderValue, worstCash } from "../amounts.ts";
import { ENTRY_AND_HEDGE, ENTRY_ONLY, type RiskCheck } from "../check.ts";
import type { RiskLimits } from "../config.ts";
import type { DenialCode } from "../denialCodes.ts";
import {
  accountExposure,
  marketExposure,
  matchExposure,
  owedCash,
  promisedShares,
  reservedCash,
  retryingProceeds,
  tournamentExposure,
  unsettledExposure,
  worstResidual,
} from "../exposure.ts";
import type { RiskView } from "../view.ts";

const dollars = (value: number): string => `$${formatUsdc(value as Usdc)}`;

export const maxOrder: RiskCheck = {
  code: "MAX_ORDER",
  purposes: ENTRY_AND_HEDGE,
  check(intent, _view, limits) {
    if (intent.side === "sell") return undefined;
    const value = orderValue(intent);
    return value <= limits.maxOrder
      ? undefined
      : `${dollars(value)} is more than ${dollars(limits.maxOrder)}`;
  },
};

export const maxDailyLoss: RiskCheck = {
  code: "MAX_DAILY_LOSS",
  purposes: ENTRY_ONLY,
  check(_intent, { day }, { maxDailyLoss: most }) {
    // What bids promise pays for no loss that was made; what they have lost counts as lost.
    const loss = Math.max(0, 0 - day.unrealized) - day.realized;
    if (loss >= most) {
      const open =
        day.unrealized < 0 ? `, ${dollars(0 - day.unrealized)} of it by the bids of what is held` : "";
      return `${dollars(loss)} lost today${open}, the limit is ${dollars(most)}`;
    }
    return day.stopped;
  },
};

export const maxOpenOrders: RiskCheck = {
  code: "MAX_OPEN_ORDERS",
  purposes: ENTRY_AND_HEDGE,
  check: (_intent, { orders }, limits) =>
    orders.openCount < limits.maxOpenOrders
      ? undefined
      : `${orders.openCount} orders are open in the account`,
};

export const maxMarketOrders: RiskCheck = {
  code: "MAX_MARKET_ORDERS",
  purposes: ENTRY_AND_HEDGE,
  check({ marketId }, { orders }, { maxOpenOrdersPerMarket }) {
    const open = orders.open(marketId).length;
    return open < maxOpenOrdersPerMarket ? undefined : `${open} orders are open in the market`;
  },
};

export const insufficientShares: RiskCheck = {
  code: "INSUFFICIENT_SHARES",
  check(intent, view) {
    if (intent.side === "buy") return undefined;
    const free = Math.max(0, view.sellable(intent.outcome) - promisedShares(view, intent.outcome)) as Shares;
    return intent.size <= free
      ? undefined
      : `${formatShares(free)} shares are free to sell, not ${formatShares(intent.size)}`;
  },
};

export const insufficientBalance: RiskCheck = {
  code: "INSUFFICIENT_BALANCE",
  check(intent, view) {
    if (intent.side === "buy") {
      const needed = worstCash(intent, view.fee, view.market.tick);
      const free = view.ledger.cash - reservedCash(view) - retryingProceeds(view) - owedCash(view);
      if (needed > free) return `${dollars(free)} is free, the order needs ${dollars(needed)}`;
    }
    return undefined;
  },
};

/** A limit on worst-case dollars: what is there already, and the worst case of this buy on top. */
const exposure = (
  code: DenialCode,
  present: (view: RiskView, intent: Intent, limits: RiskLimits) => Usdc,
  limitOf: (limits: RiskLimits) => Usdc,
): RiskCheck => ({
  code,
  purposes: ENTRY_AND_HEDGE,
  check(intent, view, limits) {
    if (intent.side === "sell") return undefined;
    const before = present(view, intent, limits);
    const most = limitOf(limits);
    const after = before + worstCash(intent, view.fee, view.market.tick);
    return after <= most
      ? undefined
      : `${dollars(before)} now, ${dollars(after)} in the worst case, the limit is ${dollars(most)}`;
  },
});

export const maxMarket: RiskCheck = exposure(
  "MAX_MARKET",
  (view, intent) => marketExposure(view, intent.marketId),
  (limits) => limits.maxMarket,
);
export const maxMatch: RiskCheck = exposure("MAX_MATCH", matchExposure, (limits) => limits.maxMatch);
export const maxTournament: RiskCheck = exposure(
  "MAX_TOURNAMENT",
  (view, _intent, limits) => (limits.maxTournament === undefined ? (0 as Usdc) : tournamentExposure(view)),
  (limits) => limits.maxTournament ?? (Number.MAX_SAFE_INTEGER as Usdc),
);
export const maxAccount: RiskCheck = exposure("MAX_ACCOUNT", accountExposure, (limits) => limits.maxAccount);
export const maxUnsettled: RiskCheck = exposure(
  "MAX_UNSETTLED",
  unsettledExposure,
  (limits) => limits.maxUnsettled,
);

export const maxLegImbalance: RiskCheck = {
  code: "MAX_LEG_IMBALANCE",
  check(intent, view, { maxLegImbalance: most, maxLegImbalanceShares: mostShares }) {
    if (view.strategy.posture !== "pair") return undefined;
    const { shares, cost } = worstResidual(view, intent);
    if (cost <= most && shares <= mostShares) return undefined;
    return (
      `the leg without its counterpart could be ${formatShares(shares as Shares)} shares for ${dollars(cost)}, ` +
      `the limits are ${formatShares(mostShares)} and ${dollars(most)}`
    );
  },
};
