import type { MarketDescription, MarketId } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";

/** What the rest of the world does for the oracle. */
export interface OracleHands {
  /** Some market that is traded and not decided yet. */
  readonly open: () => MarketDescription | undefined;
  /** A market as the venue has it now. */
  readonly market: (marketId: MarketId) => MarketDescription;
  /** Its terms are others from now on, and everybody is told. */
  readonly terms: (market: MarketDescription) => void;
}

/** The venue's oracle: somebody disputes what was proposed for a market, and nobody knows for a while what its shares will be paid. */
export class Oracle {
  readonly #ground: Ground;
  readonly #now = new Set<MarketId>();
  readonly #ever = new Set<MarketId>();

  constructor(ground: Ground, { open, market, terms }: OracleHands) {
    this.#ground = ground;
    const draw = ground.dice.stream("oracle");
    ground.schedule("oracle_dispute", () => {
      const disputed = open();
      if (disputed === undefined || this.#now.has(disputed.marketId)) return;
      const { marketId } = disputed;
      this.#now.add(marketId);
      this.#ever.add(marketId);
      terms({ ...disputed, disputed: true });
      // Longer than news takes to arrive: its end is heard of after it.
      ground.time.after(draw.between(4_500, 15_000), () => {
        this.#now.delete(marketId);
        terms({ ...market(marketId), disputed: false });
      });
    });
  }

  /** Whether nothing can be paid yet. */
  disputes(marketId: MarketId): boolean {
    return this.#now.has(marketId);
  }

  /** What is paid in the end: after a dispute it need not be what happened. */
  payouts(marketId: MarketId, fair: readonly [number, number]): readonly [number, number] {
    if (!this.#ever.has(marketId)) return fair;
    const how = this.#ground.dice.stream("oracle").pick(["fair", "half", "other"] as const);
    return how === "fair" ? fair : how === "half" ? [500_000, 500_000] : [fair[1], fair[0]];
  }
}
