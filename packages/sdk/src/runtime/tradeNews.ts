import type { Clock } from "../clock/index.ts";
import type { ExecutionAdapter, Trade } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import type { TradeReport } from "../events/index.ts";
import { isNews } from "../reconcile/index.ts";

/**
 * Trades of the account's own that the core does not know, and what became of those that it knows, as the venue lists them.
 * @throws what the adapter throws when the venue does not answer
 */
export async function tradeNews({
  adapter,
  core,
  clock,
  since,
}: {
  readonly adapter: Pick<ExecutionAdapter, "fetchTrades">;
  readonly core: Pick<Core, "orders">;
  readonly clock: Clock;
  readonly since?: string;
}): Promise<readonly TradeReport[]> {
  const { trades } = await adapter.fetchTrades(since);
  const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
  return trades
    .filter((trade) => isTradeNews(core, trade))
    .map((trade) => ({ ...trade, type: "trade_report", ...stamp }));
}

/** Whether the venue's list says of a trade of the account's own what the core has not heard: that it is, or what became of it. */
export function isTradeNews({ orders }: Pick<Core, "orders">, { orderId, tradeId, status }: Trade): boolean {
  const known = orders.tradeStatus(orderId, tradeId);
  if (known === "retired" || !isNews(known, status)) return false;
  return known !== undefined || orders.ownership(orderId) === "ours";
}
