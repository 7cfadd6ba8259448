/** The one function by which profit and loss are told: live, paper, replays and reports. @module */
import type { MarketId, StrategyId } from "../ids.ts";
import type { Usdc } from "../units/index.ts";
import type { Ledger } from "./ledger.ts";
import { noParts, PNL_PARTS, type PnlPart } from "./parts.ts";
import type { Mark, PnlCell, PnlLine } from "./pnlCells.ts";
import type { RebateBalance } from "./types.ts";

/** The account's profit and loss, in micro-dollars. */
export interface Pnl {
  /** Every strategy in every market; all else are sums of these. */
  readonly cells: readonly PnlCell[];
  readonly total: PnlLine;
  /** In the order of their first bookings. */
  readonly markets: ReadonlyMap<MarketId, PnlLine>;
  /** By id. */
  readonly strategies: ReadonlyMap<StrategyId, PnlLine>;
  readonly rebates: RebateBalance;
  /** Cash and what is held, at what its sale would bring: `deposits + total.pnl + rebates.received`. */
  readonly equity: Usdc;
}

const ADDED = [
  "trades",
  "volume",
  "fees",
  "realized",
  "unrealized",
  "unrealizedAtModel",
  "pnl",
  "rebates",
  "unseen",
] as const satisfies readonly (keyof PnlLine)[];

/** The sum of lines. */
export function sumLines(lines: Iterable<PnlLine>): PnlLine {
  const sum: { [K in (typeof ADDED)[number]]: number } = {
    trades: 0,
    volume: 0,
    fees: 0,
    realized: 0,
    unrealized: 0,
    unrealizedAtModel: 0,
    pnl: 0,
    rebates: 0,
    unseen: 0,
  };
  const parts: { -readonly [K in PnlPart]: number } = { ...noParts() };
  for (const line of lines) {
    for (const what of ADDED) sum[what] += line[what];
    for (const part of PNL_PARTS) parts[part] += line.parts[part];
  }
  return { ...sum, parts } as PnlLine;
}

/** Sums cells by whatever they have in common: a match, a tournament, a day. */
export function groupLines<Cell extends PnlLine, Key>(
  cells: Iterable<Cell>,
  keyOf: (cell: Cell) => Key,
): Map<Key, PnlLine> {
  const groups = new Map<Key, Cell[]>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return new Map(Array.from(groups, ([key, group]) => [key, sumLines(group)]));
}

/**
 * What the account has won or lost, and where it came from: the same for every kind of run. Realized is what the ledger booked; what is
 * held is valued by `markOf` (`undefined`: at its payout, else at cost). A disputed market's mark is at most half a dollar; a resolved
 * one's is its payout vector.
 *
 * @example
 * ```ts
 * import { profitAndLoss, type Core } from "@matchpoint/sdk";
 * const total = (core: Core) => profitAndLoss(core.ledger, (marketId) => core.mark(marketId)).total;
 * ```
 */
export function profitAndLoss(ledger: Ledger, markOf: (marketId: MarketId) => Mark | undefined): Pnl {
  const cells = [...ledger.markets()].flatMap((marketId) => ledger.cells(marketId, markOf(marketId)));
  const byStrategy = groupLines(cells, ({ strategyId }) => strategyId);
  const total = sumLines(cells);
  const { rebates } = ledger;
  return {
    cells,
    total,
    markets: groupLines(cells, ({ marketId }) => marketId),
    strategies: new Map([...byStrategy].sort(([a], [b]) => (a < b ? -1 : 1))),
    rebates,
    equity: (ledger.deposits + total.pnl + rebates.received) as Usdc,
  };
}
