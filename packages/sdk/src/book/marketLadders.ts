import {
  LADDER,
  ladderOf,
  type Ladder,
  type MarketDescription,
  type Outcome,
  type Side,
} from "../events/index.ts";
import { PRICE_ONE, type Price, type Shares } from "../units/index.ts";
import type { Level, Walk, WalkAmount } from "./bookView.ts";
import { PriceLadder } from "./priceLadder.ts";
import { walkLadder } from "./walk.ts";

/**
 * The ladders of a market and every question about them. A mirrored market has one pair: the asks of outcome 1 *are* the
 * bids of outcome 0 at the complement, so no view can disagree with the other.
 */
export class MarketLadders {
  readonly mirrored: boolean;
  /** Indexed by {@link LADDER}; a mirrored market has each object twice. */
  protected readonly ladders: readonly [PriceLadder, PriceLadder, PriceLadder, PriceLadder];

  constructor(market: MarketDescription) {
    this.mirrored = market.mirrored;
    const bids = new PriceLadder(market.tick);
    const asks = new PriceLadder(market.tick);
    this.ladders = market.mirrored
      ? [bids, asks, asks, bids]
      : [bids, asks, new PriceLadder(market.tick), new PriceLadder(market.tick)];
  }

  bid(outcome: Outcome): Price {
    return this.ladders[outcome === 0 ? LADDER.BID_0 : LADDER.BID_1].bestKey as Price;
  }

  ask(outcome: Outcome): Price {
    return (PRICE_ONE - this.ladders[outcome === 0 ? LADDER.ASK_0 : LADDER.ASK_1].bestKey) as Price;
  }

  bidSize(outcome: Outcome): Shares {
    return this.ladders[outcome === 0 ? LADDER.BID_0 : LADDER.BID_1].bestSize as Shares;
  }

  askSize(outcome: Outcome): Shares {
    return this.ladders[outcome === 0 ? LADDER.ASK_0 : LADDER.ASK_1].bestSize as Shares;
  }

  sizeAt(outcome: Outcome, side: "bid" | "ask", price: Price): Shares {
    return this.ladder(outcome, side).sizeAt(side === "bid" ? price : PRICE_ONE - price) as Shares;
  }

  depth(outcome: Outcome, side: Side, limit: Price): Shares {
    const ladder = this.ladder(outcome, side === "buy" ? "ask" : "bid");
    const worst = side === "buy" ? PRICE_ONE - limit : limit;
    let sum = 0;
    const { sizes, step } = ladder;
    for (
      let slot = ladder.best;
      slot >= 0 && slot * step >= worst;
      slot = sizes[slot - 1] !== 0 ? slot - 1 : ladder.next(slot)
    ) {
      sum += sizes[slot]!;
    }
    return Math.min(sum, Number.MAX_SAFE_INTEGER) as Shares;
  }

  walk(outcome: Outcome, side: Side, amount: WalkAmount, limit?: Price): Walk {
    const buy = side === "buy";
    const worst = limit === undefined ? 0 : buy ? PRICE_ONE - limit : limit;
    return walkLadder(this.ladder(outcome, buy ? "ask" : "bid"), buy, amount, worst);
  }

  levels(outcome: Outcome, side: "bid" | "ask", max: number): Level[] {
    const ladder = this.ladder(outcome, side);
    const found: Level[] = [];
    for (let slot = ladder.best; slot >= 0 && found.length < max; slot = ladder.next(slot)) {
      const key = slot * ladder.step;
      found.push({
        price: (side === "bid" ? key : PRICE_ONE - key) as Price,
        size: ladder.sizes[slot] as Shares,
      });
    }
    return found;
  }

  /** All levels as flat triples `ladder, price, size`. */
  protected dumpLevels(): number[] {
    const flat: number[] = [];
    for (const outcome of this.mirrored ? ([0] as const) : ([0, 1] as const)) {
      for (const side of ["bid", "ask"] as const) {
        const ladder = ladderOf(outcome, side);
        for (const { price, size } of this.levels(outcome, side, PRICE_ONE)) flat.push(ladder, price, size);
      }
    }
    return flat;
  }

  /** Replaces all levels by those of {@link MarketLadders.dumpLevels}. */
  protected loadLevels(flat: readonly number[]): void {
    for (const ladder of this.ladders) ladder.clear();
    for (let i = 0; i + 2 < flat.length; i += 3) {
      const index = flat[i] as Ladder;
      const price = flat[i + 1]!;
      this.ladders[index].set((index & 1) === 0 ? price : PRICE_ONE - price, flat[i + 2]!);
    }
  }

  private ladder(outcome: Outcome, side: "bid" | "ask"): PriceLadder {
    return this.ladders[
      side === "bid"
        ? outcome === 0
          ? LADDER.BID_0
          : LADDER.BID_1
        : outcome === 0
          ? LADDER.ASK_0
          : LADDER.ASK_1
    ];
  }
}
