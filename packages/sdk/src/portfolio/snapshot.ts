import type { ActionId, MarketId, StrategyId } from "../ids.ts";
import type { Nanos, Usdc } from "../units/index.ts";
import type { Entry } from "./entries.ts";
import type { MarketState, Tally } from "./fold.ts";
import { MarketAccount } from "./marketAccount.ts";
import type { Pool } from "./pool.ts";

/** A fold's state as plain JSON. */
export interface StateSnapshot extends Tally {
  readonly cash: number;
  readonly pools: readonly [PoolSnapshot, PoolSnapshot];
  readonly strategies: readonly (Tally & { readonly strategyId: StrategyId })[];
}

type PoolSnapshot = Omit<Pool, "openedAt"> & { readonly openedAt?: Pool["openedAt"] };

/** One market's account as plain JSON. */
export interface MarketAccountSnapshot {
  readonly marketId: MarketId;
  readonly base: StateSnapshot;
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

function loadState(plain: StateSnapshot): MarketState {
  return {
    ...plain,
    pools: [
      { ...plain.pools[0], openedAt: plain.pools[0].openedAt },
      { ...plain.pools[1], openedAt: plain.pools[1].openedAt },
    ],
    strategies: new Map(plain.strategies.map(({ strategyId, ...tally }) => [strategyId, tally])),
  };
}

export function dumpAccount(account: MarketAccount): MarketAccountSnapshot {
  const { marketId, payouts, owner, baseLast } = account;
  return {
    marketId,
    base: dumpState(account.base),
    entries: account.entries.map((entry) => ({ ...entry })),
    ...(payouts === undefined ? {} : { payouts }),
    ...(owner === undefined ? {} : { owner }),
    ...(baseLast === undefined ? {} : { baseLast }),
  };
}

export function loadAccount(plain: MarketAccountSnapshot): MarketAccount {
  const account = new MarketAccount(plain.marketId);
  account.base = loadState(plain.base);
  account.entries = plain.entries.map((entry) => ({ ...entry }));
  account.payouts = plain.payouts;
  account.owner = plain.owner;
  account.baseLast = plain.baseLast;
  account.refold();
  return account;
}
