/** A market's account as a fold of the entries that stand. @module */
import type { StrategyId } from "../ids.ts";
import { mulDiv, USDC_ONE, type Usdc } from "../units/index.ts";
import type { ChainEntry, Entry } from "./entries.ts";
import { countStatus, emptyPool, transfer, type Pool } from "./pool.ts";

/** What a strategy's entries add up to. */
export interface Tally {
  realized: number;
  fees: number;
  trades: number;
  volume: number;
  /** What it has brought to the account's cash; negative while shares are held. */
  cash: number;
  /** The part of `cash` that chain actions brought. */
  proceeds: number;
  /** Shares that came in less those that went out, per outcome. */
  shares0: number;
  shares1: number;
  /** Makers' rebates that the venue owes by its schedule: no cash before they are received. */
  rebates: number;
}

/** The numbers of a {@link Tally}. */
export const TALLIED = [
  "realized",
  "fees",
  "trades",
  "volume",
  "cash",
  "proceeds",
  "shares0",
  "shares1",
  "rebates",
] as const satisfies readonly (keyof Tally)[];

/** Nothing done yet. */
export function emptyTally(): Tally {
  return {
    realized: 0,
    fees: 0,
    trades: 0,
    volume: 0,
    cash: 0,
    proceeds: 0,
    shares0: 0,
    shares1: 0,
    rebates: 0,
  };
}

/** What the entries of a market add up to. `cash + cost of both pools = realized`, always. */
export interface MarketState extends Tally {
  readonly pools: readonly [Pool, Pool];
  readonly strategies: Map<StrategyId, Tally>;
}

export function emptyState(): MarketState {
  return {
    ...emptyTally(),
    pools: [emptyPool(), emptyPool()],
    strategies: new Map(),
  };
}

export function cloneState(state: MarketState): MarketState {
  return {
    ...state,
    pools: [{ ...state.pools[0] }, { ...state.pools[1] }],
    strategies: new Map(Array.from(state.strategies, ([id, tally]) => [id, { ...tally }])),
  };
}

function tallyOf(state: MarketState, id: StrategyId): Tally {
  let tally = state.strategies.get(id);
  if (tally === undefined) {
    tally = emptyTally();
    state.strategies.set(id, tally);
  }
  return tally;
}

function realize(state: MarketState, tally: Tally, amount: number): void {
  state.realized += amount;
  tally.realized += amount;
}

/** Books one entry. `payouts` only divides a redemption's proceeds between its legs. */
export function applyEntry(
  state: MarketState,
  entry: Entry,
  payouts: readonly [Usdc, Usdc] | undefined,
): void {
  const tally = tallyOf(state, entry.strategyId);
  if (entry.type === "chain") {
    applyChain(state, tally, entry, payouts);
    return;
  }
  const { outcome, side, size, cost, fee, at, status, rebate } = entry;
  const pool = state.pools[outcome];
  // A buy's fee comes on top of its cost, a sell's off its proceeds.
  const value = side === "buy" ? cost + fee : fee - cost;
  const moved = side === "buy" ? size : 0 - size;
  realize(state, tally, transfer(pool, moved, value, at));
  countStatus(pool, side, size, status, 1);
  for (const sums of [state, tally]) {
    sums.cash -= value;
    if (outcome === 0) sums.shares0 += moved;
    else sums.shares1 += moved;
    sums.rebates += rebate ?? 0;
    sums.fees += fee;
    sums.trades += 1;
    sums.volume += cost;
  }
}

/** A merge is a sale of both legs and a split a purchase, each leg at half the dollars; a redemption sells what it names. */
function applyChain(
  state: MarketState,
  tally: Tally,
  entry: ChainEntry,
  payouts: readonly [Usdc, Usdc] | undefined,
): void {
  const { amounts, proceeds, at } = entry;
  const sign = entry.kind === "split" ? 1 : -1;
  const first = entry.kind === "redeem" ? redeemedByFirst(entry, payouts) : Math.floor(proceeds / 2);
  for (const sums of [state, tally]) {
    sums.cash += proceeds;
    sums.proceeds += proceeds;
    sums.shares0 += sign * amounts[0];
    sums.shares1 += sign * amounts[1];
  }
  realize(state, tally, transfer(state.pools[0], sign * amounts[0], 0 - first, at));
  realize(state, tally, transfer(state.pools[1], sign * amounts[1], first - proceeds, at));
  // A leg without shares moves nothing: whatever was paid for it is profit or loss at once.
  if (amounts[0] === 0) realize(state, tally, first);
  if (amounts[1] === 0) realize(state, tally, proceeds - first);
}

/** The first leg's part of a redemption: by what each leg pays, or by shares while that is not known. */
function redeemedByFirst(entry: ChainEntry, payouts: readonly [Usdc, Usdc] | undefined): number {
  const { amounts, proceeds } = entry;
  const worth = (outcome: 0 | 1): number =>
    payouts === undefined ? 0 : mulDiv(amounts[outcome], payouts[outcome], USDC_ONE, "down");
  let [first, second] = [worth(0), worth(1)];
  if (first + second === 0) [first, second] = amounts;
  return first + second === 0 ? 0 : mulDiv(proceeds, first, first + second, "down");
}

/** Shares of an outcome that pays nothing are worth nothing: their cost is lost now, whether they are redeemed or not. */
export function writeOff(state: MarketState, payouts: readonly [Usdc, Usdc], owner: StrategyId): void {
  for (const outcome of [0, 1] as const) {
    const pool = state.pools[outcome];
    if (payouts[outcome] !== 0 || pool.cost === 0) continue;
    realize(state, tallyOf(state, owner), 0 - pool.cost);
    pool.cost = 0;
  }
}
