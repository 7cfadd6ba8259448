import type { ChainBooks, ChainHoldings, Clock } from "@matchpoint/sdk";
import type { LiveWallet } from "./wallet.ts";

/** The chain's own balances of the account, as enough nodes agree on them at one block. */
export function chainBooks(
  { chain, markets }: Pick<LiveWallet, "chain" | "markets">,
  clock: Pick<Clock, "wall">,
): ChainBooks {
  const { reads, holder, contracts, limits } = chain;
  return {
    // A chain that calls nothing final by itself is taken at its word after so many blocks.
    ...(limits.finality.kind === "finalized"
      ? { fetchFinalAgeMs: () => reads.finalAgeMs(clock.wall()) }
      : {}),
    async fetchAllowance() {
      const kinds = new Set([...markets.values()].map(({ negRisk }) => (negRisk ? "neg_risk" : "standard")));
      if (kinds.size === 0) return undefined;
      let dollars = BigInt(Number.MAX_SAFE_INTEGER);
      const noShares: string[] = [];
      const { states } = await chain.planApprovals({ kinds: [...kinds], uses: ["trade"] });
      for (const { current, name, spender } of states) {
        if (current === false) noShares.push(`the ${name} ${spender}`);
        else if (typeof current === "bigint" && current < dollars) dollars = current;
      }
      return { dollars: Number(dollars), noShares };
    },
    async fetchHoldings(wanted) {
      const at = await reads.latest();
      const collateral = await reads.dollars(contracts.collateral, holder, at);
      const positions: ChainHoldings["positions"][0][] = [];
      for (const marketId of wanted) {
        const tokens = markets.get(marketId)?.tokens;
        if (tokens === undefined) continue;
        for (const outcome of [0, 1] as const)
          positions.push({ marketId, outcome, shares: await reads.shares(tokens[outcome], holder, at) });
      }
      return { collateral, positions };
    },
  };
}
