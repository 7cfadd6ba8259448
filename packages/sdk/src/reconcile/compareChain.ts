import type { ChainAllowance, Difference, Outcome } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import type { Shares, Usdc } from "../units/index.ts";
import { tradeKey, type ExpectedAccount, type VenueAccount } from "./account.ts";
import type { Dust } from "./compare.ts";
import { effectOf } from "./news.ts";
import { someOf } from "./someOf.ts";

/** What the chain itself says that the account holds, at one block. */
export interface ChainHoldings {
  /** pUSD, in micro-dollars. */
  readonly collateral: Usdc;
  /** Balances of outcome tokens (ERC-1155), in micro-shares; those that are left out are not compared. */
  readonly positions: readonly {
    readonly marketId: MarketId;
    readonly outcome: Outcome;
    readonly shares: Shares;
  }[];
}

/** Where the chain is asked, beside the venue. */
export interface ChainBooks {
  /** What is held of these markets' outcomes, and in dollars, at one block. Throws when the nodes do not answer or disagree. */
  fetchHoldings(markets: readonly MarketId[]): Promise<ChainHoldings>;
  /** How old the last final block is, in whole ms, where the chain has such. Throws as above. */
  fetchFinalAgeMs?(): Promise<number>;
  /** What the venue's contracts may take; `undefined`: none is traded with. Throws as above. */
  fetchAllowance?(): Promise<ChainAllowance | undefined>;
}

/**
 * Compares what the core holds with the chain's own balances. The chain knows nothing of trades that are not mined, and may be ahead of
 * the venue's word about others: what such trades, and chain actions under way, add up to in some combination is no difference. Any
 * other is allowed for once (`overdue`): a node may lag behind what the venue has just confirmed.
 *
 * Pure.
 */
export function compareChain(
  expected: ExpectedAccount,
  actual: Pick<VenueAccount, "trades">,
  chain: ChainHoldings,
  dust: Dust,
  overdue: ReadonlySet<string>,
): { readonly differences: readonly Difference[]; readonly inFlight: ReadonlySet<string> } {
  const moves = movesOf(expected, actual);
  const inFlight = new Set<string>();
  const differences: Difference[] = [];
  const differs = (key: string, here: number, there: number, give: number): boolean => {
    if (Math.abs(there - here) <= give || someOf(moves.get(key) ?? [], there - here, give)) return false;
    inFlight.add(`on chain ${key}`);
    return overdue.has(`on chain ${key}`);
  };
  const held = new Map(expected.positions.map((each) => [keyOf(each), each.matched]));
  for (const { marketId, outcome, shares } of chain.positions) {
    const here = held.get(keyOf({ marketId, outcome })) ?? 0;
    if (!differs(keyOf({ marketId, outcome }), here, shares, dust.shares)) continue;
    differences.push({ kind: "chain_position", marketId, outcome, expected: here, actual: shares });
  }
  if (differs("", expected.cash, chain.collateral, dust.cash))
    differences.push({ kind: "chain_cash", expected: expected.cash, actual: chain.collateral });
  return { differences, inFlight };
}

/** What may be on the chain and not here, or here and not on the chain; by outcome, and under `""` in dollars. */
function movesOf(
  { trades: known, pending }: ExpectedAccount,
  { trades }: Pick<VenueAccount, "trades">,
): ReadonlyMap<string, readonly number[]> {
  const moves = new Map<string, number[]>();
  const add = (key: string, by: number): void => {
    if (by !== 0) moves.set(key, [...(moves.get(key) ?? []), by]);
  };
  for (const trade of trades) {
    const here = known.get(tradeKey(trade));
    if (here === "retired" || (here === "CONFIRMED" && trade.status === "CONFIRMED")) continue;
    const counted = here !== undefined && here !== "FAILED";
    if (!counted && trade.status === "FAILED") continue;
    const { matched, cash } = effectOf(trade, "MATCHED");
    const sign = counted ? -1 : 1;
    add(keyOf(trade), sign * matched);
    add("", sign * cash);
  }
  for (const { action, cash } of pending) {
    const { kind, marketId, amounts } = action;
    const sign = kind === "split" ? 1 : -1;
    for (const outcome of [0, 1] as const) add(keyOf({ marketId, outcome }), sign * amounts[outcome]);
    add("", cash);
  }
  return moves;
}

function keyOf({ marketId, outcome }: { readonly marketId: MarketId; readonly outcome: Outcome }): string {
  return `${outcome} ${marketId}`;
}
