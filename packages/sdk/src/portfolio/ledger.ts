import type { ChainAction, Outcome, TradeReport } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";
import type { Position } from "../state/index.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";
import { Books } from "./books.ts";
import { auditLedger, checkLedger } from "./check.ts";
import { emptyTally, TALLIED, type Tally } from "./fold.ts";
import { FLAT } from "./marketAccount.ts";
import { fillLines, marketCells, worthOf, type FillPnl, type Mark, type PnlCell } from "./pnlCells.ts";
import type { LedgerSnapshot } from "./snapshot.ts";
import type {
  AccountBalance,
  BookableTrade,
  LedgerChange,
  MarketPnl,
  PairCost,
  RebateBalance,
  SellGate,
  StrategyPnl,
  TimedFill,
} from "./types.ts";

const NO_PNL: MarketPnl = Object.freeze({
  realized: 0 as Usdc,
  fees: 0 as Usdc,
  cost: 0 as Usdc,
  trades: 0,
  volume: 0 as Usdc,
});
const NO_PAIRS: PairCost = Object.freeze({
  pairs: 0 as Shares,
  cost: 0 as Usdc,
  locked: 0 as Usdc,
  residual: 0 as Shares,
  residualOutcome: undefined,
});
/**
 * The account's books in micro-dollars and micro-shares: cash, what is held and what it cost, fees, realized P&L, and who
 * earned it. Every entry adds up to zero over the accounts, so `cash + cost of positions - deposits = realized` holds to
 * the micro-dollar after each.
 *
 * - **Cost** is kept as a total, fees of buys included; a sale releases its part of it and the last share the rest.
 *   Realized P&L is proceeds less fee less released cost.
 * - **A trade that fails** is taken out: the books are then exactly those in which it never was, whatever came after it.
 *   If its shares have been sold or merged meanwhile, the position is short (`matched` < 0, {@link LedgerChange.short}):
 *   the books balance, but they contradict the chain, and somebody must look.
 * - **A resolution** writes off shares that pay nothing; their number stays until they are redeemed.
 * - **Attribution**: a trade's P&L goes to its order's strategy; that of a chain action, and of a write-off, to the owner
 *   passed in, else to whoever booked in the market last.
 */
export class Ledger {
  #books = new Books();

  /** Puts collateral in; a negative amount takes it out. @throws {@link MatchpointError} `UNIT_INVALID` */
  deposit(amount: Usdc, at: Nanos): void {
    this.#books.deposit(amount, at);
  }

  /**
   * Books what happened to a trade: a match, a confirmation, a failure. Duplicates change nothing; foreign trades are not
   * booked, unless {@link Ledger.adopt | adopted} before.
   * @param rebate - what the venue will pay its maker later, by the market's schedule: accrued, never cash before it is received
   * @throws {@link MatchpointError} `UNIT_INVALID` when the report's numbers are no money
   */
  trade(change: BookableTrade, at: Nanos, rebate = 0 as Usdc): LedgerChange {
    return this.#books.trade(change, at, rebate);
  }

  /**
   * Notes what a share of a trade's outcome was worth 5 or 30 seconds after it, in micro-dollars. False when the trade is not (or no
   * longer) booked by itself. Not carried into a snapshot: there its part counts with what came after, and the fill as unseen.
   * @throws {@link MatchpointError} `UNIT_INVALID`
   */
  mark(trade: Pick<TradeReport, "orderId" | "tradeId">, when: "after5s" | "after30s", fair: Usdc): boolean {
    return this.#books.mark(trade, when, fair);
  }

  /** The fills booked since a moment, as far as they are kept one by one: those that may still have to be marked. */
  fillsSince(at: Nanos): readonly TimedFill[] {
    return [...this.#books.since(at)].sort((a, b) => a.at - b.at);
  }

  /** Makers' rebates have come in: only now they are cash, and profit. @throws {@link MatchpointError} `UNIT_INVALID` */
  receiveRebate(amount: Usdc): void {
    this.#books.receive(amount);
  }

  /**
   * Books a foreign trade, attributed to `EXTERNAL`, once somebody has decided that it is the account's own. Later
   * reports on it are booked as of any trade.
   * @throws {@link MatchpointError} `UNIT_INVALID`
   */
  adopt(report: TradeReport, at: Nanos): LedgerChange {
    return this.#books.adopt(report, at);
  }

  /**
   * Books a chain action that is final; once per action.
   * @param proceeds - dollars received; negative when they were paid, as by a split
   * @param owner - whose P&L it is; default: of whoever booked in the market last
   * @throws {@link MatchpointError} `UNIT_INVALID` when the sign is wrong
   */
  chain(action: ChainAction, proceeds: Usdc, at: Nanos, owner?: StrategyId): LedgerChange {
    return this.#books.chain(action, proceeds, at, owner);
  }

  /**
   * The venue says what a share of each outcome pays. Said again with other payouts, the last word counts.
   * @throws {@link MatchpointError} `UNIT_INVALID` when a payout is not from 0 to 1 dollar
   */
  resolution(marketId: MarketId, payouts: readonly [Usdc, Usdc], owner?: StrategyId): LedgerChange {
    return this.#books.resolution(marketId, payouts, owner);
  }

  /** When collateral first came in. */
  get openedAt(): Nanos | undefined {
    return this.#books.openedAt;
  }
  /** Collateral put in so far. */
  get deposits(): Usdc {
    return this.#books.deposits as Usdc;
  }
  /** Collateral by matched trades; what open orders reserve is not taken off. */
  get cash(): Usdc {
    return this.#books.cash as Usdc;
  }
  get realizedTotal(): Usdc {
    return this.#books.realized as Usdc;
  }
  get feesTotal(): Usdc {
    return this.#books.fees as Usdc;
  }

  /** Makers' rebates earned, come in, and owed by the venue. */
  get rebates(): RebateBalance {
    const { rebates: accrued, rebatesReceived: received } = this.#books;
    return { accrued, received, due: accrued - received } as RebateBalance;
  }

  /**
   * What is held of an outcome. `settled` are confirmed shares that no sell has taken, confirmed or not: what can be
   * merged or redeemed. `matched` is negative when the position is short.
   */
  position(marketId: MarketId, outcome: Outcome): Position {
    return this.#books.accounts.get(marketId)?.position(outcome) ?? FLAT;
  }

  /** Shares that may be sold under a sell gate: those held, less bought ones that have not passed it. */
  sellable(marketId: MarketId, outcome: Outcome, gate: SellGate): Shares {
    return this.#books.accounts.get(marketId)?.sellable(outcome, gate) ?? (0 as Shares);
  }

  /** What of a position's cost a sale that is being retried would bring back if it failed. */
  retryingCost(marketId: MarketId, outcome: Outcome): Usdc {
    return (this.#books.accounts.get(marketId)?.retryingCost(outcome) ?? 0) as Usdc;
  }

  /**
   * What bringing back shares can cost that left a market and had never come, or may not come because their buy is being retried, at a
   * dollar each until a payout is known.
   */
  owed(marketId: MarketId): Usdc {
    return this.#books.accounts.get(marketId)?.owed() ?? (0 as Usdc);
  }

  /** Pairs of settled shares; what pending chain actions hold is not taken off. */
  mergeable(marketId: MarketId): Shares {
    return Math.min(this.position(marketId, 0).settled, this.position(marketId, 1).settled) as Shares;
  }

  /** Bought shares whose trades are not confirmed: what `settled` lacks of `matched`, also where it would be negative. */
  unconfirmed(marketId: MarketId, outcome: Outcome): Shares {
    return this.#books.accounts.get(marketId)?.unconfirmed(outcome) ?? (0 as Shares);
  }

  /** Shares that the chain holds once it agrees with the confirmed trades: for comparisons. */
  onChain(marketId: MarketId, outcome: Outcome): Shares {
    return this.#books.accounts.get(marketId)?.onChain(outcome) ?? (0 as Shares);
  }

  /** What a market holds as pairs, and beyond them. */
  pairCost(marketId: MarketId): PairCost {
    return this.#books.accounts.get(marketId)?.pairCost() ?? NO_PAIRS;
  }

  /** What a share of each outcome pays, once the market is resolved. */
  payouts(marketId: MarketId): readonly [Usdc, Usdc] | undefined {
    return this.#books.accounts.get(marketId)?.payouts;
  }

  /** Whether more shares have left one of the market's positions than entered it. */
  isShort(marketId: MarketId): boolean {
    return this.#books.accounts.get(marketId)?.isShort ?? false;
  }

  market(marketId: MarketId): MarketPnl {
    const account = this.#books.accounts.get(marketId);
    if (account === undefined) return NO_PNL;
    const { realized, fees, trades, volume, pools } = account.state;
    return {
      realized: realized as Usdc,
      fees: fees as Usdc,
      cost: (pools[0].cost + pools[1].cost) as Usdc,
      trades,
      volume: volume as Usdc,
    };
  }

  /** Markets with bookings, in the order of their first. */
  markets(): Iterable<MarketId> {
    return this.#books.accounts.keys();
  }

  /** What each strategy brought in, by id. Sums to the ledger. */
  byStrategy(): readonly StrategyPnl[] {
    const sums = new Map<StrategyId, Tally>();
    for (const { state } of this.#books.accounts.values()) {
      for (const [strategyId, tally] of state.strategies) {
        const sum = sums.get(strategyId) ?? emptyTally();
        for (const what of TALLIED) sum[what] += tally[what];
        sums.set(strategyId, sum);
      }
    }
    return Array.from(
      sums,
      ([strategyId, { realized, fees, trades, volume }]) =>
        ({ strategyId, realized, fees, trades, volume }) as StrategyPnl,
    ).sort((a, b) => (a.strategyId < b.strategyId ? -1 : 1));
  }

  /** A market's profit and loss per strategy; see {@link profitAndLoss}. `undefined` as a mark: at cost. */
  cells(marketId: MarketId, mark: Mark | undefined): readonly PnlCell[] {
    const account = this.#books.accounts.get(marketId);
    return account === undefined ? [] : marketCells(account, mark);
  }

  /** The fills of a market that are still kept one by one (at least those of the last ten minutes), oldest first. */
  fills(marketId: MarketId, mark: Mark | undefined): readonly FillPnl[] {
    const account = this.#books.accounts.get(marketId);
    return account === undefined ? [] : fillLines(account, mark);
  }

  /** Cash and what is held, valued as by {@link profitAndLoss}, and at less work: it is asked for at every order. */
  equity(markOf: (marketId: MarketId) => Mark | undefined): Usdc {
    let total = this.#books.cash;
    for (const account of this.#books.accounts.values()) total += worthOf(account, markOf(account.marketId));
    return total as Usdc;
  }

  /** The trial balance: every account; debits are positive and all add up to zero. */
  *accounts(): IterableIterator<AccountBalance> {
    yield { account: "cash", balance: this.cash };
    yield { account: "deposits", balance: (0 - this.#books.deposits) as Usdc };
    for (const { marketId, state } of this.#books.accounts.values()) {
      yield { account: `inventory:${marketId}:0`, balance: state.pools[0].cost as Usdc };
      yield { account: `inventory:${marketId}:1`, balance: state.pools[1].cost as Usdc };
      yield { account: `realized:${marketId}`, balance: (0 - state.realized) as Usdc };
      if (state.rebates !== 0) yield { account: `rebates:${marketId}`, balance: (0 - state.rebates) as Usdc };
    }
    const { rebates, rebatesReceived } = this.#books;
    if (rebates !== 0 || rebatesReceived !== 0)
      yield { account: "rebates-due", balance: (rebates - rebatesReceived) as Usdc };
  }

  /**
   * Adds up the accounts, their parts and their attribution; cheap enough to run after every event.
   * @throws {@link MatchpointError} `LEDGER_UNBALANCED`
   */
  check(): void {
    checkLedger(this, this.#books.accounts.values());
  }

  /**
   * {@link Ledger.check}, and folds every entry anew to compare: for tests, and after a restore.
   * @throws {@link MatchpointError} `LEDGER_UNBALANCED`
   */
  audit(): void {
    this.check();
    auditLedger(this.#books.accounts.values());
  }

  /**
   * Forgets single entries of orders that `OrderStore.prune` dropped: what they add up to stays. Nothing can be said about
   * their trades any more.
   */
  prune(
    orders: Iterable<{ readonly orderId?: string | undefined; readonly trades: readonly string[] }>,
  ): void {
    this.#books.prune(orders);
  }

  /** The ledger as plain JSON; {@link Ledger.restore} goes on from it as if nothing had been. */
  snapshot(): LedgerSnapshot {
    return this.#books.snapshot();
  }

  /** @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER`, `LEDGER_UNBALANCED` */
  static restore(snapshot: LedgerSnapshot): Ledger {
    const ledger = new Ledger();
    ledger.#books = Books.restore(snapshot);
    ledger.check();
    return ledger;
  }
}
