import type { LadderFrame, LadderLevel, MicroShares, OwnOrder, Ticks } from "../frames.ts";

/** A price of the ladder, highest first. Prices are of outcome 0; outcome 1's is what is missing to a dollar. */
export interface LadderRow {
  readonly kind: "level";
  readonly side: "bid" | "ask";
  readonly price: Ticks;
  readonly size: MicroShares;
  /** With everything that is better. */
  readonly total: MicroShares;
  readonly own: readonly OwnOrder[];
}

/** What lies between the sides. */
export interface SpreadRow {
  readonly kind: "spread";
  readonly spread: Ticks | undefined;
}

/** A line across: what the model thinks a share of outcome 0 is worth. */
export interface FairRow {
  readonly kind: "fair";
  /** Ten-thousandths of a dollar, unrounded. */
  readonly price: number;
  /** On which side of the middle it stands. */
  readonly among: "asks" | "bids";
}

export type LadderLine = LadderRow | SpreadRow | FairRow;

/** The book as lines from the highest price to the lowest, with own orders where they stand and the model's worth between. */
export interface LadderView {
  readonly lines: readonly LadderLine[];
  /** The largest size and total shown, for bars. */
  readonly largest: MicroShares;
  readonly deepest: MicroShares;
}

/** Makes a book into lines; `depth`: levels per side, those with own orders come in any case. */
export function ladderView(frame: LadderFrame, depth: number): LadderView {
  const asks = sideOf(frame, "ask", depth);
  const bids = sideOf(frame, "bid", depth);
  const bestAsk = frame.asks[0]?.[0];
  const bestBid = frame.bids[0]?.[0];
  const spread: SpreadRow = {
    kind: "spread",
    spread: bestAsk === undefined || bestBid === undefined ? undefined : bestAsk - bestBid,
  };
  const lines: LadderLine[] = [...asks.reverse(), spread, ...bids];
  if (frame.fair !== undefined) place(lines, frame.fair * 10_000, bestAsk, bestBid);
  const levels = lines.filter((line) => line.kind === "level");
  return {
    lines,
    largest: Math.max(1, ...levels.map(({ size }) => size)),
    deepest: Math.max(1, ...levels.map(({ total }) => total)),
  };
}

function sideOf(frame: LadderFrame, side: "bid" | "ask", depth: number): LadderRow[] {
  const levels = side === "bid" ? frame.bids : frame.asks;
  const own = frame.own.filter(({ onSide }) => onSide === side);
  const better = side === "bid" ? (a: Ticks, b: Ticks) => b - a : (a: Ticks, b: Ticks) => a - b;
  const rows: LadderRow[] = [];
  let total = 0;
  const sizes = new Map<Ticks, MicroShares>(levels.map((level: LadderLevel) => [level[0], level[1]]));
  // An order that the book does not show yet stands where it will.
  for (const { level } of own) if (!sizes.has(level)) sizes.set(level, 0);
  const prices = [...sizes.keys()].sort(better);
  prices.forEach((price, i) => {
    const size = sizes.get(price)!;
    total += size;
    const here = own.filter(({ level }) => level === price);
    if (i < depth || here.length > 0) rows.push({ kind: "level", side, price, size, total, own: here });
  });
  return rows;
}

/** Puts the model's line where it belongs; inside of the spread, on the side of the mid that it is on. */
function place(lines: LadderLine[], fair: number, ask: Ticks | undefined, bid: Ticks | undefined): void {
  const at = lines.findIndex((line) => {
    if (line.kind === "level") return line.price <= fair;
    const middle = ask !== undefined && bid !== undefined ? (ask + bid) / 2 : undefined;
    return line.kind === "spread" && middle !== undefined && middle <= fair && (ask ?? 10_001) > fair;
  });
  const index = at === -1 ? lines.length : at;
  const middle = lines.findIndex(({ kind }) => kind === "spread");
  lines.splice(index, 0, { kind: "fair", price: fair, among: index > middle ? "bids" : "asks" });
}

/** What is before an order and behind it at its price: shares, and the part of the level that is before it. */
export function queueOf(
  order: OwnOrder,
  levelSize: MicroShares,
): { readonly ahead: MicroShares; readonly part: number } | undefined {
  if (order.ahead === undefined) return undefined;
  return { ahead: order.ahead, part: Math.min(1, order.ahead / Math.max(1, levelSize, order.ahead)) };
}
