import { worstCase, type Core, type Usdc } from "@matchpoint/sdk";

/** What the account can lose at worst: the cost of what it holds, and what its open orders can still take from it. */
export function exposureOf(core: Core): Usdc {
  let cash = 0;
  for (const marketId of core.ledger.markets())
    for (const outcome of [0, 1] as const) cash += Math.max(0, core.ledger.position(marketId, outcome).cost);
  for (const order of core.orders.allOpen())
    cash += worstCase(order, core.market(order.intent.marketId)?.fee).cash;
  return cash as Usdc;
}
