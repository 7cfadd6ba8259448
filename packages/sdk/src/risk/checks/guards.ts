import { formatUsdc, type Usdc } from "../../units/index.ts";
import { isImmediate, orderValue, worstCash } from "../amounts.ts";
import { ENTRY_ONLY, type RiskCheck } from "../check.ts";
import {
  accountExposure,
  marketExposure,
  matchExposure,
  tournamentExposure,
  unsettledExposure,
} from "../exposure.ts";

const dollars = (value: number): string => `$${formatUsdc(value as Usdc)}`;

/** What a strategy asks for that was halted is not looked at any further. */
export const strategyHalted: RiskCheck = {
  code: "STRATEGY_HALTED",
  check: (_intent, { strategy: { halted } }) => halted,
};

/** Whatever size a strategy has chosen: in a drawdown every limit on an entry's dollars shrinks by the curve. */
export const drawdownSize: RiskCheck = {
  code: "DRAWDOWN_SIZE",
  purposes: ENTRY_ONLY,
  check(intent, view, limits) {
    const { scale, market, fee } = view;
    if (scale >= 1 || intent.side === "sell") return undefined;
    const part = `${(scale * 100).toFixed(1)} % of`;
    const value = orderValue(intent);
    const mostOrder = Math.floor(limits.maxOrder * scale);
    if (value > mostOrder)
      return `${dollars(value)} is more than ${dollars(mostOrder)}, ${part} max_order_usdc in the present drawdown`;
    const cost = worstCash(intent, fee, market.tick);
    const { maxTournament } = limits;
    const rules = [
      ["max_market_usdc", marketExposure(view, intent.marketId), limits.maxMarket],
      ["max_match_usdc", matchExposure(view), limits.maxMatch],
      ...(maxTournament === undefined
        ? []
        : [["max_tournament_usdc", tournamentExposure(view), maxTournament] as const]),
      ["max_account_usdc", accountExposure(view), limits.maxAccount],
      ["max_unsettled_usdc", unsettledExposure(view), limits.maxUnsettled],
    ] as const;
    for (const [key, before, limit] of rules) {
      const most = Math.floor(limit * scale);
      if (before + cost > most)
        return `${dollars(before + cost)} in the worst case is more than ${dollars(most)}, ${part} ${key} in the present drawdown`;
    }
    return undefined;
  },
};

/**
 * No more orders than can be taken back at once: cancelling all of them costs one request and one for each. An exit that dies at once
 * is let through: too many orders must not keep a position from being closed.
 */
export const cancelBudget: RiskCheck = {
  code: "CANCEL_BUDGET",
  check(intent, { capabilities: { cancelBurst }, orders: { openCount } }) {
    if (cancelBurst === undefined || (intent.purpose === "exit" && isImmediate(intent))) return undefined;
    if (openCount + 2 <= cancelBurst) return undefined;
    return `${openCount} orders are open, and the venue takes ${cancelBurst} cancels at once, one of which is the request itself`;
  },
};
