import type { ActionId, MarketId, StrategyId } from "../ids.ts";
import type { Nanos, Usdc } from "../units/index.ts";
import type { Entry } from "./entries.ts";
import { emptyTally, TALLIED, type MarketState, type Tally } from "./fold.ts";
import { MarketAccount } from "./marketAccount.ts";
import { emptySums, SUMMED, type FillSums } from "./parts.ts";
import type { Pool } from "./pool.ts";

/** A fold's state as plain JSON. */
export interface StateSnapshot extends Tally {
  readonly pools: readonly [PoolSnapshot, PoolSnapshot];
  readonly strategies: readonly (Tally & { readonly strategyId: StrategyId })[];
}

type PoolSnapshot = Omit<Pool, "openedAt"> & { readonly openedAt?: Pool["openedAt"] };

/** One market's account as plain JSON. */
export interface MarketAccountSnapshot {
  readonly marketId: MarketId;
  readonly base: StateSnapshot;
  /** What the base's fills were made of: trillionths of a dollar as decimal integers, then shares, then how many. */
  readonly sums?: readonly { readonly strategyId: StrategyId; readonly values: readonly string[] }[];
  readonly entries: readonly Entry[];
  readonly payouts?: readonly [Usdc, Usdc];
  readonly owner?: StrategyId;
  readonly baseLast?: StrategyId;
}

/** A `Ledger` as plain JSON. */
export interface LedgerSnapshot {
  readonly version: 1;
  readonly deposits: Usdc;
  readonly openedAt?: Nanos;
  readonly markets: readonly MarketAccountSnapshot[];
  /** Chain actions that are part of a base and must not be booked again. */
  readonly actions: readonly ActionId[];
  /** Makers' rebates that have come in. */
  readonly rebatesReceived?: Usdc;
}

function dumpPool({ openedAt, ...pool }: Pool): PoolSnapshot {
  return openedAt === undefined ? pool : { ...pool, openedAt };
}

function dumpState(state: MarketState): StateSnapshot {
  return {
    ...state,
    pools: [dumpPool(state.pools[0]), dumpPool(state.pools[1])],
    strategies: Array.from(state.strategies, ([strategyId, tally]) => ({ strategyId, ...tally })),
  };
}

/** Numbers that an earlier version did not write are 0. */
function loadTally(plain: Partial<Tally>): Tally {
  const tally = emptyTally();
  for (const what of TALLIED) tally[what] = plain[what] ?? 0;
  return tally;
}

function loadState(plain: StateSnapshot, last: StrategyId | undefined): MarketState {
  const state: MarketState = {
    ...loadTally(plain),
    pools: [
      { ...plain.pools[0], openedAt: plain.pools[0].openedAt },
      { ...plain.pools[1], openedAt: plain.pools[1].openedAt },
    ],
    strategies: new Map(plain.strategies.map(({ strategyId, ...tally }) => [strategyId, loadTally(tally)])),
  };
  if ((plain.proceeds as number | undefined) === undefined) adoptBase(state, last);
  return state;
}

/** An earlier version did not write whose cash and shares they were: whoever booked last has them, as if a chain action had brought them. */
function adoptBase(state: MarketState, last: StrategyId | undefined): void {
  state.proceeds = state.cash;
  state.shares0 = state.pools[0].shares;
  state.shares1 = state.pools[1].shares;
  const tally = last === undefined ? undefined : state.strategies.get(last);
  const { cash, proceeds, shares0, shares1 } = state;
  const heir = tally ?? state.strategies.values().next().value;
  if (heir !== undefined) Object.assign(heir, { cash, proceeds, shares0, shares1 });
}

function dumpSums([strategyId, sums]: readonly [StrategyId, FillSums]): {
  strategyId: StrategyId;
  values: string[];
} {
  // What was taken some time after the fills is the process's own: a rebuilt account has not seen those prices.
  const marked = sums.marked - sums.after5s - sums.after30s;
  const kept = { ...sums, after5s: 0n, after30s: 0n, marked };
  return {
    strategyId,
    values: [
      ...SUMMED.map((what) => String(kept[what])),
      String(kept.moved0),
      String(kept.moved1),
      String(kept.fills),
    ],
  };
}

function loadSums(values: readonly string[]): FillSums {
  const sums = emptySums();
  SUMMED.forEach((what, i) => {
    sums[what] = BigInt(values[i]!);
  });
  sums.moved0 = Number(values[SUMMED.length]);
  sums.moved1 = Number(values[SUMMED.length + 1]);
  // Earlier versions did not count them.
  sums.fills = Number(values[SUMMED.length + 2] ?? 0);
  sums.unseen = sums.fills;
  return sums;
}

/** Without what was taken some time after the fill; see {@link dumpSums}. */
function dumpEntry(entry: Entry): Entry {
  const kept = { ...entry };
  if (kept.type === "trade") {
    delete kept.after5s;
    delete kept.after30s;
    kept.unseen = true;
  }
  return kept;
}

export function dumpAccount(account: MarketAccount): MarketAccountSnapshot {
  const { marketId, payouts, owner, baseLast } = account;
  return {
    marketId,
    base: dumpState(account.base),
    ...(account.baseSums.size === 0 ? {} : { sums: [...account.baseSums].map(dumpSums) }),
    entries: account.entries.map(dumpEntry),
    ...(payouts === undefined ? {} : { payouts }),
    ...(owner === undefined ? {} : { owner }),
    ...(baseLast === undefined ? {} : { baseLast }),
  };
}

export function loadAccount(plain: MarketAccountSnapshot): MarketAccount {
  const account = new MarketAccount(plain.marketId);
  account.base = loadState(plain.base, plain.baseLast);
  for (const { strategyId, values } of plain.sums ?? []) account.baseSums.set(strategyId, loadSums(values));
  account.entries = plain.entries.map((entry) => ({ ...entry }));
  account.payouts = plain.payouts;
  account.owner = plain.owner;
  account.baseLast = plain.baseLast;
  account.refold();
  return account;
}
