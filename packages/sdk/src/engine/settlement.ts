import type { ChainAction } from "../events/index.ts";
import { mulDiv, SHARES_ONE, type Shares, type Usdc } from "../units/index.ts";
import type { Core } from "./core.ts";
import type { MarketEntry } from "./marketEntry.ts";

/** What a redemption brings when the chain's report does not say: each outcome's shares at its payout, rounded down. */
export function redemptionValue(amounts: readonly [Shares, Shares], payouts: readonly [Usdc, Usdc] | undefined): Usdc {
  if (payouts === undefined) return 0 as Usdc;
  return (mulDiv(amounts[0], payouts[0], SHARES_ONE, "down") + mulDiv(amounts[1], payouts[1], SHARES_ONE, "down")) as Usdc;
}

/**
 * What to settle next in a market: redeem what is held once it is resolved, else merge complete confirmed pairs. Nothing
 * while an action is under way, and never shares that an open sell order may still deliver.
 */
export function nextChainAction(core: Core, entry: MarketEntry): Omit<ChainAction, "actionId"> | undefined {
  if (entry.chain !== undefined) return undefined;
  const marketId = entry.market.marketId;
  if (entry.trading.status === "RESOLVED") {
    const amounts: readonly [Shares, Shares] = [
      core.ledger.position(marketId, 0).settled,
      core.ledger.position(marketId, 1).settled,
    ];
    return entry.redeemed || amounts[0] + amounts[1] <= 0 ? undefined : { kind: "redeem", marketId, amounts };
  }
  const engine = core.options.engine;
  if (!engine.auto_merge || !core.options.capabilities.merge || entry.payouts !== undefined) return undefined;
  const promised: [number, number] = [0, 0];
  for (const order of core.orders.open(marketId)) {
    if (order.intent.side === "sell") promised[order.intent.outcome] += Math.max(0, order.intent.size - order.matched);
  }
  const free = (outcome: 0 | 1): number => core.ledger.position(marketId, outcome).settled - promised[outcome];
  const pairs = Math.min(core.ledger.mergeable(marketId), free(0), free(1));
  if (pairs <= 0 || pairs < engine.min_merge_shares * SHARES_ONE) return undefined;
  const options = {
    finalizingAllowReduce: core.options.risk.finalizing.allow_reduce,
    haltAllowReduce: core.options.risk.halt.allow_reduce,
  };
  if (entry.trading.allows("merge", undefined, options) !== true) return undefined;
  return { kind: "merge", marketId, amounts: [pairs as Shares, pairs as Shares] };
}
