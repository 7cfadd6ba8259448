import { id } from "../../src/ids.ts";
import type { BookDelta, BookSnapshot, MarketDescription } from "../../src/events/index.ts";
import type { Millis, Nanos, Price, Shares } from "../../src/units/index.ts";

export const stamp = (at = 1) => ({ at: at as Nanos, receivedAt: 1_780_000_000_000 as Millis });

export function market(changes: Partial<MarketDescription> = {}): MarketDescription {
  return {
    marketId: id("m"),
    title: "A vs B",
    outcomes: [
      { tokenId: id("1"), name: "A" },
      { tokenId: id("2"), name: "B" },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    ...changes,
  };
}

export function snapshot(levels: readonly number[], changes: Partial<BookSnapshot> = {}): BookSnapshot {
  return {
    type: "book_snapshot",
    marketId: id("m"),
    outcome: 0,
    levels,
    synthetic: false,
    ...stamp(),
    ...changes,
  };
}

export function delta(levels: readonly number[], bestBid = -1, bestAsk = -1, at = 2): BookDelta {
  return { type: "book_delta", marketId: id("m"), levels, bestBid, bestAsk, ...stamp(at) };
}

export const p = (value: number) => value as Price;
export const s = (value: number) => value as Shares;
