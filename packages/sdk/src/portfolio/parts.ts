/** Where profit and loss came from, summed exactly. @module */
import type { Usdc } from "../units/index.ts";
import type { TradeEntry } from "./entries.ts";

/**
 * The parts of profit and loss, in the order in which they come about. They add up to it, to the micro-dollar.
 *
 * | part | of a fill of `q` shares (a sale counts the other way round) |
 * |---|---|
 * | `edge` | `q * (fair - price)`: what was seen at the decision |
 * | `legLoss` | of a pair's leg: what its price at the decision was beyond break-even; never positive |
 * | `slippage` | `q * price - cost`: from the price of the decision to that of the fill |
 * | `fees` | minus the fee |
 * | `after5s` | `q * (worth 5 s after the fill - fair)`: adverse selection when negative |
 * | `after30s` | `q * (worth 30 s after - worth 5 s after)` |
 * | `settlement` | `q * (payout, or what the model says now - worth 30 s after)` |
 * | `conversion` | merges, splits and redemptions: their dollars less the worth of their shares; nothing where both outcomes pay a dollar together |
 * | `exit` | what selling the rest at once would bring, less its worth by the model; nothing once the market is resolved |
 * | `rounding` | the account's whole micro-dollars: below a ten-thousandth of a cent per market and strategy |
 */
export const PNL_PARTS = [
  "edge",
  "legLoss",
  "slippage",
  "fees",
  "after5s",
  "after30s",
  "settlement",
  "conversion",
  "exit",
  "rounding",
] as const;

/** One of {@link PNL_PARTS}. */
export type PnlPart = (typeof PNL_PARTS)[number];

/** Micro-dollars per part. */
export type PnlParts = Readonly<Record<PnlPart, Usdc>>;

/** A micro-dollar in the unit of the sums: micro-shares times micro-dollars a share are trillionths of a dollar, always whole. */
const MICRO = 1_000_000n;

/** What fills add up to, in trillionths of a dollar, so that nothing is rounded before the end. */
export interface FillSums {
  edge: bigint;
  legLoss: bigint;
  slippage: bigint;
  fees: bigint;
  after5s: bigint;
  after30s: bigint;
  /** The fills' shares at the last worth that was taken of each: where `settlement` begins. */
  marked: bigint;
  /** Shares bought less shares sold, per outcome. */
  moved0: number;
  moved1: number;
  /** How many there are, and how many of them were looked at by no process that is still known: see `PnlLine.unseen`. */
  fills: number;
  unseen: number;
}

/** No fill. */
export function emptySums(): FillSums {
  return {
    edge: 0n,
    legLoss: 0n,
    slippage: 0n,
    fees: 0n,
    after5s: 0n,
    after30s: 0n,
    marked: 0n,
    moved0: 0,
    moved1: 0,
    fills: 0,
    unseen: 0,
  };
}

/** The numbers of {@link FillSums} that are trillionths of a dollar. */
export const SUMMED = ["edge", "legLoss", "slippage", "fees", "after5s", "after30s", "marked"] as const;

/** Adds what one fill is made of. A worth that was not taken (no price, a restart in between) moves its part into the next. */
export function addFill(sums: FillSums, entry: TradeEntry): void {
  const { side, outcome, size, cost, fee, decision, after5s, after30s } = entry;
  const shares = side === "buy" ? size : 0 - size;
  const paid = (side === "buy" ? 1n : -1n) * BigInt(cost) * MICRO;
  const at = (perShare: Usdc): bigint => BigInt(shares) * BigInt(perShare);
  // What nobody decided was worth what it cost.
  const price = decision === undefined ? paid : at(decision.price);
  const fair = decision === undefined ? paid : at(decision.fair);
  const even = decision?.breakEven === undefined ? price : at(decision.breakEven);
  const planned = even < price ? even : price;
  const soon = after5s === undefined ? fair : at(after5s);
  const later = after30s === undefined ? soon : at(after30s);
  sums.edge += fair - planned;
  sums.legLoss += planned - price;
  sums.slippage += price - paid;
  sums.fees -= BigInt(fee) * MICRO;
  sums.after5s += soon - fair;
  sums.after30s += later - soon;
  sums.marked += later;
  sums.fills += 1;
  if (entry.unseen === true) sums.unseen += 1;
  if (outcome === 0) sums.moved0 += shares;
  else sums.moved1 += shares;
}

/** Adds one sum to another. */
export function addSums(to: FillSums, from: FillSums): void {
  for (const what of SUMMED) to[what] += from[what];
  to.moved0 += from.moved0;
  to.moved1 += from.moved1;
  to.fills += from.fills;
  to.unseen += from.unseen;
}

/** What else than fills moved dollars and shares, and what the whole has come to. */
export interface Surroundings {
  /** Dollars and shares in all, chain actions included. */
  readonly cash: number;
  readonly proceeds: number;
  readonly shares: readonly [number, number];
  /** Worth of a share of each outcome by the model, or its payout. */
  readonly fair: readonly [Usdc, Usdc];
  /** Dollars that the shares held are valued at. */
  readonly worth: number;
}

/** Turns sums into parts that add up to `cash + worth`. */
export function partsOf(sums: FillSums, around: Surroundings): PnlParts {
  const [fair0, fair1] = [BigInt(around.fair[0]), BigInt(around.fair[1])];
  const [held0, held1] = around.shares;
  const value = (first: number, second: number): bigint => BigInt(first) * fair0 + BigInt(second) * fair1;
  const exact = {
    edge: sums.edge,
    legLoss: sums.legLoss,
    slippage: sums.slippage,
    fees: sums.fees,
    after5s: sums.after5s,
    after30s: sums.after30s,
    settlement: value(sums.moved0, sums.moved1) - sums.marked,
    conversion: BigInt(around.proceeds) * MICRO + value(held0 - sums.moved0, held1 - sums.moved1),
    exit: BigInt(around.worth) * MICRO - value(held0, held1),
  };
  const parts = noParts() as { -readonly [K in PnlPart]: Usdc };
  let rest = around.cash + around.worth;
  for (const what of Object.keys(exact) as (keyof typeof exact)[]) {
    const micros = Number(exact[what] / MICRO);
    parts[what] = micros as Usdc;
    rest -= micros;
  }
  parts.rounding = rest as Usdc;
  return parts;
}

/** Nothing of anything. */
export function noParts(): PnlParts {
  return Object.fromEntries(PNL_PARTS.map((part) => [part, 0])) as unknown as PnlParts;
}
