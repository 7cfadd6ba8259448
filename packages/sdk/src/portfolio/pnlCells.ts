/** A market's profit and loss, by who made it. @module */
import type { Decision, Outcome, Side, TradeStatus } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";
import { USDC_ONE, type Shares, type Usdc } from "../units/index.ts";
import type { TradeEntry } from "./entries.ts";
import { emptyTally, type Tally } from "./fold.ts";
import { EXTERNAL, type MarketAccount } from "./marketAccount.ts";
import { addFill, emptySums, partsOf, type PnlParts } from "./parts.ts";

/** What a market's shares are valued at. */
export interface Mark {
  /**
   * Worth of a share of each outcome in micro-dollars: the payout once there is one; before that by the model, else by the book, and
   * then both add up to a dollar.
   */
  readonly fair: readonly [Usdc, Usdc];
  /** The most that a held share counts as, whatever its worth: half a dollar while what the market is about is disputed. */
  readonly most?: Usdc;
  /**
   * What holding so many shares counts as now: what their sale into the book's bids would bring, level by level. Negative shares (more
   * were sold than held) cost what buying them back would.
   */
  worth(outcome: Outcome, shares: Shares): Usdc;
}

/** Profit and loss of a market, a match, a strategy or the account, in micro-dollars. */
export interface PnlLine {
  /** Trades that stand, their dollars without fees, and their fees. */
  readonly trades: number;
  readonly volume: Usdc;
  readonly fees: Usdc;
  /** What sales, merges and payouts brought, less what those shares had cost with their fees. */
  readonly realized: Usdc;
  /** What is held, at what its sale would bring now, less what it cost. */
  readonly unrealized: Usdc;
  /** What is held, at its worth by the model (at most half a dollar a share while disputed), less what it cost. */
  readonly unrealizedAtModel: Usdc;
  /** `realized + unrealized`. */
  readonly pnl: Usdc;
  /** Makers' rebates earned by the venue's schedule: not in `pnl` before they are received. */
  readonly rebates: Usdc;
  /**
   * Fills of earlier processes of the account that were not looked at 5 seconds later, as far as this one knows: looks are not carried,
   * and while no process ran there were none. What came of them since their match is in `settlement`, or partly in `after30s`.
   */
  readonly unseen: number;
  /** Where `pnl` came from: adds up to it. */
  readonly parts: PnlParts;
}

/** What one strategy made in one market. All cells together are the account. */
export interface PnlCell extends PnlLine {
  readonly marketId: MarketId;
  readonly strategyId: StrategyId;
}

/** One fill and where its profit or loss came from, its shares valued at their worth by the model or their payout. */
export interface FillPnl {
  readonly marketId: MarketId;
  readonly strategyId: StrategyId;
  /** The order's hash and the trade's id, with a space between. */
  readonly key: string;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly size: Shares;
  readonly cost: Usdc;
  readonly fee: Usdc;
  readonly status: TradeStatus;
  readonly decision: Decision | undefined;
  /** Adds up to `pnl`; `conversion` and `exit` are of the market, not of a fill. */
  readonly parts: PnlParts;
  readonly pnl: Usdc;
}

const HALF = (USDC_ONE / 2) as Usdc;

/** Without anything known of a market: each share at the last worth that was taken of it, and held at cost. */
function markOrCost(account: MarketAccount, mark: Mark | undefined): Mark {
  const { payouts, state } = account;
  if (mark !== undefined) return mark;
  if (payouts !== undefined)
    return { fair: payouts, worth: (outcome, shares) => atFair(shares, payouts[outcome]) };
  const first = account.lastFair() ?? HALF;
  return {
    fair: [first, (USDC_ONE - first) as Usdc],
    worth: (outcome) => state.pools[outcome].cost as Usdc,
  };
}

/**
 * Shares at a worth per share, rounded down to the micro-dollar (a debt up).
 *
 * @example
 * ```ts
 * import { atFair, parseShares, parseUsdc } from "@matchpoint/sdk";
 * atFair(parseShares("20"), parseUsdc("0.55")); // 11_000_000: $11
 * ```
 */
export function atFair(shares: Shares, fair: Usdc): Usdc {
  const exact = BigInt(shares) * BigInt(fair);
  const one = BigInt(USDC_ONE);
  const whole = exact / one;
  return Number(exact % one < 0n ? whole - 1n : whole) as Usdc;
}

function heldAt({ shares0, shares1 }: Tally, fair: readonly [Usdc, Usdc]): number {
  return atFair(shares0 as Shares, fair[0]) + atFair(shares1 as Shares, fair[1]);
}

/** What holding a market's shares counts as now. */
export function worthOf(account: MarketAccount, given: Mark | undefined): number {
  const [first, second] = account.state.pools;
  const mark = markOrCost(account, given);
  return mark.worth(0, first.shares as Shares) + mark.worth(1, second.shares as Shares);
}

/**
 * Divides a market's profit and loss among the strategies that booked in it. Each has the dollars that it moved and the shares that it
 * left, at their worth by the model; whoever booked last, whose position it is, has what selling the whole brings beside that.
 */
export function marketCells(account: MarketAccount, given: Mark | undefined): readonly PnlCell[] {
  const { state, marketId } = account;
  const mark = markOrCost(account, given);
  const sums = account.sums();
  const owner = account.last ?? EXTERNAL;
  const tallies = new Map(state.strategies);
  if (state.strategies.size > 0 && !tallies.has(owner)) tallies.set(owner, emptyTally());
  let worth = worthOf(account, mark);
  const most = mark.most ?? USDC_ONE;
  let model = heldAt(state, [Math.min(mark.fair[0], most) as Usdc, Math.min(mark.fair[1], most) as Usdc]);
  for (const [strategyId, tally] of tallies) {
    if (strategyId === owner) continue;
    worth -= heldAt(tally, mark.fair);
    model -= heldAt(tally, mark.fair);
  }
  return Array.from(tallies, ([strategyId, tally]): PnlCell => {
    const own = strategyId === owner ? worth : heldAt(tally, mark.fair);
    const byModel = strategyId === owner ? model : own;
    const { trades, volume, fees, realized, rebates, cash, proceeds, shares0, shares1 } = tally;
    const around = { cash, proceeds, shares: [shares0, shares1], fair: mark.fair, worth: own } as const;
    return {
      marketId,
      strategyId,
      trades,
      volume: volume as Usdc,
      fees: fees as Usdc,
      realized: realized as Usdc,
      unrealized: (cash + own - realized) as Usdc,
      unrealizedAtModel: (cash + byModel - realized) as Usdc,
      pnl: (cash + own) as Usdc,
      rebates: rebates as Usdc,
      unseen: sums.get(strategyId)?.unseen ?? 0,
      parts: partsOf(sums.get(strategyId) ?? emptySums(), around),
    };
  });
}

/** The fills that are kept one by one, each with its own parts. */
export function fillLines(account: MarketAccount, given: Mark | undefined): readonly FillPnl[] {
  const { fair } = markOrCost(account, given);
  return account.entries
    .filter((entry): entry is TradeEntry => entry.type === "trade")
    .map((entry): FillPnl => {
      const { key, strategyId, outcome, side, size, cost, fee, status, decision } = entry;
      const sums = emptySums();
      addFill(sums, entry);
      const cash = side === "buy" ? 0 - cost - fee : cost - fee;
      const shares = [sums.moved0, sums.moved1] as const;
      const worth = atFair((sums.moved0 + sums.moved1) as Shares, fair[outcome]);
      const parts = partsOf(sums, { cash, proceeds: 0, shares, fair, worth });
      const own = { marketId: account.marketId, strategyId, key, outcome, side, size, cost, fee, status };
      return { ...own, decision, parts, pnl: (cash + worth) as Usdc };
    });
}
