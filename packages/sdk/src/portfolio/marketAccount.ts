import type { Outcome, TradeStatus } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";
import type { Position } from "../state/index.ts";
import { mulDiv, USDC_ONE, type Shares, type Usdc } from "../units/index.ts";
import type { Entry, TradeEntry } from "./entries.ts";
import { applyEntry, cloneState, emptyState, writeOff, type MarketState } from "./fold.ts";
import { addFill, addSums, emptySums, type FillSums } from "./parts.ts";
import { countStatus } from "./pool.ts";
import type { PairCost, SellGate } from "./types.ts";

/** The attribution of what no strategy of this run asked for. */
export const EXTERNAL = "external" as StrategyId;

/** Nothing held. */
export const FLAT: Position = Object.freeze({
  matched: 0 as Shares,
  settled: 0 as Shares,
  cost: 0 as Usdc,
  openedAt: undefined,
});

/**
 * One market's account: the entries that stand, in the order they were booked, and what they add up to. A trade that
 * fails is taken out and the rest is folded anew, so that the account is always as if it had never been.
 */
export class MarketAccount {
  readonly marketId: MarketId;
  /** What entries that nothing can be said about any more added up to, before any write-off. */
  base: MarketState = emptyState();
  /** What those entries' fills were made of, by who booked them. */
  baseSums = new Map<StrategyId, FillSums>();
  entries: Entry[] = [];
  payouts: readonly [Usdc, Usdc] | undefined = undefined;
  /** Who booked the last entry of the base. */
  baseLast: StrategyId | undefined = undefined;
  /** Who a write-off is attributed to; by default whoever booked last. */
  owner: StrategyId | undefined = undefined;
  #state: MarketState = this.base;
  /** Positions as handed out; made anew after a change. */
  readonly #positions: [Position | undefined, Position | undefined] = [undefined, undefined];

  constructor(marketId: MarketId) {
    this.marketId = marketId;
    this.refold();
  }

  get state(): MarketState {
    return this.#state;
  }

  /** Who booked last, of what stands. */
  get last(): StrategyId | undefined {
    return this.entries.at(-1)?.strategyId ?? this.baseLast;
  }

  get isShort(): boolean {
    return this.#state.pools[0].shares < 0 || this.#state.pools[1].shares < 0;
  }

  book(entry: Entry): void {
    this.entries.push(entry);
    if (this.payouts !== undefined) this.refold();
    else {
      applyEntry(this.#state, entry, undefined);
      this.#forget();
    }
  }

  /** Takes a failed trade out. */
  void(entry: TradeEntry): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
    this.refold();
  }

  advance(entry: TradeEntry, to: TradeStatus): void {
    const pool = this.#state.pools[entry.outcome];
    countStatus(pool, entry.side, entry.size, entry.status, -1);
    countStatus(pool, entry.side, entry.size, to, 1);
    entry.status = to;
    this.#forget();
  }

  resolve(payouts: readonly [Usdc, Usdc], owner: StrategyId | undefined): void {
    this.payouts = payouts;
    this.owner = owner ?? this.owner;
    this.refold();
  }

  /** Adds leading entries that nothing can be said about any more to the base, and returns them. */
  collapse(): readonly Entry[] {
    const standing = this.entries.findIndex((entry) => entry.type === "trade" && !entry.sealed);
    const done = this.entries.splice(0, standing === -1 ? this.entries.length : standing);
    for (const entry of done) {
      applyEntry(this.base, entry, this.payouts);
      addEntry(this.baseSums, entry);
    }
    this.baseLast = done.at(-1)?.strategyId ?? this.baseLast;
    return done;
  }

  /** What the fills are made of, by who booked them. */
  sums(): Map<StrategyId, FillSums> {
    const sums = new Map<StrategyId, FillSums>();
    for (const [strategyId, sum] of this.baseSums) addSums(sumsOf(sums, strategyId), sum);
    for (const entry of this.entries) addEntry(sums, entry);
    return sums;
  }

  /** The latest worth of a share of outcome 0 that a fill was measured by; `undefined`: none was. */
  lastFair(): Usdc | undefined {
    const entry = this.entries.findLast((each) => each.type === "trade" && each.decision !== undefined);
    if (entry?.type !== "trade") return undefined;
    const fair = entry.after30s ?? entry.after5s ?? entry.decision!.fair;
    return (entry.outcome === 0 ? fair : USDC_ONE - fair) as Usdc;
  }

  /** The account from its entries alone. */
  fold(): MarketState {
    const state = cloneState(this.base);
    for (const entry of this.entries) applyEntry(state, entry, this.payouts);
    if (this.payouts !== undefined) writeOff(state, this.payouts, this.owner ?? this.last ?? EXTERNAL);
    return state;
  }

  /** What of an outcome's cost would be held again if every sale of it that is being retried failed. */
  retryingCost(outcome: Outcome): number {
    const retried = (entry: Entry): boolean =>
      entry.type === "trade" &&
      entry.side === "sell" &&
      entry.status === "RETRYING" &&
      entry.outcome === outcome;
    if (!this.entries.some(retried)) return 0;
    const state = cloneState(this.base);
    for (const entry of this.entries) if (!retried(entry)) applyEntry(state, entry, this.payouts);
    const [then, now] = [state.pools[outcome].cost, this.#state.pools[outcome].cost];
    return Math.max(0, Math.max(0, then) - Math.max(0, now));
  }

  /**
   * What bringing back shares that left and never came can cost: a dollar each, or what is paid for them once that is known. Those of a
   * buy that is being retried may never come.
   */
  owed(): Usdc {
    let dollars = 0;
    for (const outcome of [0, 1] as const) {
      const { shares, unminedBuys } = this.#state.pools[outcome];
      // What is being retried is not mined: mostly there is enough without any of it.
      const doubted = shares < unminedBuys ? this.#retriedBuys(outcome) : 0;
      const short = Math.max(0, doubted - shares);
      dollars += mulDiv(short, this.payouts?.[outcome] ?? USDC_ONE, USDC_ONE, "up");
    }
    return dollars as Usdc;
  }

  refold(): void {
    this.#state = this.fold();
    this.#forget();
  }

  position(outcome: Outcome): Position {
    let position = this.#positions[outcome];
    if (position === undefined) {
      const { shares, cost, unconfirmedBuys, openedAt } = this.#state.pools[outcome];
      position = Object.freeze({
        matched: shares as Shares,
        settled: Math.max(0, shares - unconfirmedBuys) as Shares,
        cost: cost as Usdc,
        openedAt,
      });
      this.#positions[outcome] = position;
    }
    return position;
  }

  sellable(outcome: Outcome, gate: SellGate): Shares {
    const { shares, unminedBuys, unconfirmedBuys } = this.#state.pools[outcome];
    const below = gate === "matched" ? 0 : gate === "mined" ? unminedBuys : unconfirmedBuys;
    return Math.max(0, shares - below) as Shares;
  }

  unconfirmed(outcome: Outcome): Shares {
    return this.#state.pools[outcome].unconfirmedBuys as Shares;
  }

  /** What the chain holds if it has seen exactly the confirmed trades and final actions. */
  onChain(outcome: Outcome): Shares {
    const { shares, unconfirmedBuys, unconfirmedSells } = this.#state.pools[outcome];
    return (shares - unconfirmedBuys + unconfirmedSells) as Shares;
  }

  pairCost(): PairCost {
    const [first, second] = this.#state.pools;
    const pairs = Math.max(0, Math.min(first.shares, second.shares));
    const cost = pairs === 0 ? 0 : costOf(first, pairs) + costOf(second, pairs);
    const residual = Math.max(0, first.shares, second.shares) - pairs;
    return {
      pairs: pairs as Shares,
      cost: cost as Usdc,
      locked: (pairs - cost) as Usdc,
      residual: residual as Shares,
      residualOutcome: residual === 0 ? undefined : first.shares > second.shares ? 0 : 1,
    };
  }

  #retriedBuys(outcome: Outcome): number {
    let shares = 0;
    for (const entry of this.entries) {
      if (entry.type !== "trade" || entry.outcome !== outcome) continue;
      if (entry.side === "buy" && entry.status === "RETRYING") shares += entry.size;
    }
    return shares;
  }

  #forget(): void {
    this.#positions[0] = undefined;
    this.#positions[1] = undefined;
  }
}

function costOf(pool: { readonly shares: number; readonly cost: number }, part: number): number {
  return part === pool.shares ? pool.cost : mulDiv(Math.max(0, pool.cost), part, pool.shares, "up");
}

function sumsOf(sums: Map<StrategyId, FillSums>, id: StrategyId): FillSums {
  let sum = sums.get(id);
  if (sum === undefined) {
    sum = emptySums();
    sums.set(id, sum);
  }
  return sum;
}

function addEntry(sums: Map<StrategyId, FillSums>, entry: Entry): void {
  if (entry.type === "trade") addFill(sumsOf(sums, entry.strategyId), entry);
}
