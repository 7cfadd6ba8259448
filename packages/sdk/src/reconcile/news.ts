import type { Trade } from "../contracts/index.ts";
import type { TradeStatus } from "../events/index.ts";
import { TRADE_MACHINE } from "../orders/index.ts";

/** What a trade adds to the account. */
export interface TradeEffect {
  readonly matched: number;
  readonly settled: number;
  readonly cash: number;
}

const NOTHING: TradeEffect = { matched: 0, settled: 0, cash: 0 };

/** What a trade adds in a status; `undefined`: it is not counted. A sale takes its shares at the match. */
export function effectOf(trade: Trade, status: TradeStatus | undefined): TradeEffect {
  if (status === undefined || status === "FAILED") return NOTHING;
  const { side, size, cost, fee } = trade;
  if (side === "sell") return { matched: 0 - size, settled: 0 - size, cash: cost - fee };
  return { matched: size, settled: status === "CONFIRMED" ? size : 0, cash: 0 - cost - fee };
}

/** Whether the venue's status of a trade is ahead of ours: a report that is still to come. */
export function isNews(known: TradeStatus | undefined, actual: TradeStatus): boolean {
  return TRADE_MACHINE.table[known ?? "UNSEEN"][actual].kind === "move";
}

/** The name under which a trade's news is allowed for, by its key and by what is known of it here. */
export function newsKey(key: string, known: TradeStatus | "retired" | undefined): string {
  return `trade ${key} ${known ?? "unseen"}`;
}

/** What the report that is still to come will change. */
export function changeOf(trade: Trade, known: TradeStatus | undefined): TradeEffect {
  const before = effectOf(trade, known);
  const after = effectOf(trade, trade.status);
  return {
    matched: after.matched - before.matched,
    settled: after.settled - before.settled,
    cash: after.cash - before.cash,
  };
}
