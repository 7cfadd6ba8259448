import type { IntentId, MarketId } from "../ids.ts";
import { hookContext } from "./context.ts";
import type { Desks } from "./desks.ts";
import type { Floor } from "./floor.ts";
import { timerAddress } from "./strategyHost.ts";

/** A timer that a desk had set is due: its name says whose it is and what it is about (`breaker:MARKET`, `cancel:INTENT`). */
export function timerDue(floor: Floor, desks: Desks, timerId: string): void {
  const colon = timerId.indexOf(":");
  const rest = timerId.slice(colon + 1);
  const entry = floor.markets.get(rest as MarketId);
  switch (timerId.slice(0, colon)) {
    case "truth":
      desks.truth.changed(floor.truth.onTimer(timerId, floor.now));
      return;
    case "quiet":
      if (entry !== undefined) desks.market.quiet(entry);
      return;
    case "cooldown":
      if (entry !== undefined) desks.trading.cooled(entry, "strategy_fault");
      return;
    case "breaker":
      if (entry !== undefined) desks.trading.cooled(entry, "breaker");
      return;
    case "cancel":
      desks.orders.cancels.askAgain(rest as IntentId);
      return;
    case "brief":
      desks.orders.cancels.demand(rest as IntentId, "it has stood for as long as it may");
      return;
    case "chain":
      if (entry !== undefined) desks.settlement.settle(entry);
      return;
    case "strategy":
      strategyTimer(floor, rest);
      return;
  }
}

function strategyTimer(floor: Floor, address: string): void {
  const { marketId, strategyId, name } = timerAddress(address);
  const entry = floor.markets.get(marketId as MarketId);
  const binding = entry?.bindings.find(({ spec }) => spec.id === strategyId);
  if (binding === undefined) return;
  binding.timers.delete(`strategy:${address}`);
  const context = hookContext(binding, { name });
  floor.call(binding, () => binding.spec.strategy.onTimer?.(context));
}
