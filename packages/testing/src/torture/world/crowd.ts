import { LADDER, logistic, type MarketId, type MarketDescription } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { Prng } from "../../simulator/prng.ts";
import type { SimVenue } from "./venue.ts";

/** What everybody else does in one market: quotes around a price that follows the match and wanders, and trades now and then. */
export class Crowd {
  readonly #ground: Ground;
  readonly #venue: SimVenue;
  readonly #marketId: MarketId;
  readonly #draw: Prng;
  readonly #everyMs: number;
  readonly #half: number;
  readonly #fair: () => number;
  #noise = 0;
  #over = false;

  /** @param fair log-odds of outcome 0 as those who watch the match see it */
  constructor(
    ground: Ground,
    venue: SimVenue,
    market: MarketDescription,
    fair: () => number,
    everyMs: number,
  ) {
    this.#ground = ground;
    this.#venue = venue;
    this.#marketId = market.marketId;
    this.#draw = ground.dice.stream(`crowd ${market.marketId}`);
    this.#everyMs = everyMs;
    this.#half = this.#draw.between(0.005, 0.03);
    this.#fair = fair;
    this.#act();
  }

  /** Nobody trades any more: the market is resolved, or the world comes to rest. */
  end(): void {
    this.#over = true;
  }

  #act(): void {
    if (this.#over) return;
    const market = this.#venue.market(this.#marketId)!;
    this.#ground.time.after(this.#draw.between(0.5, 1.5) * this.#everyMs, () => this.#act());
    if (!market.acceptingOrders) return;
    const draw = this.#draw;
    this.#noise = 0.9 * this.#noise + draw.normal(0, 0.08);
    if (draw.chance(0.15)) this.#print();
    const p = logistic(this.#fair() + this.#noise);
    const tick = market.tick as number;
    const grid = (price: number): number =>
      Math.min(10_000 - tick, Math.max(tick, Math.round(price / tick) * tick));
    const step = Math.max(tick, 100);
    const bid = grid((p - this.#half) * 10_000);
    let ask = grid((p + this.#half) * 10_000);
    if (ask <= bid) ask = bid + tick;
    const levels: number[] = [];
    const size = (): number => 1_000_000 * draw.int(3, 60);
    for (let i = 0; i < 3; i++) {
      if (bid - i * step >= tick) levels.push(LADDER.BID_0, bid - i * step, size());
      if (ask + i * step <= 10_000 - tick) levels.push(LADDER.ASK_0, ask + i * step, size());
    }
    this.#venue.observe({
      type: "book_snapshot",
      marketId: this.#marketId,
      outcome: 0,
      levels,
      synthetic: false,
    });
  }

  #print(): void {
    const book = this.#venue.book(this.#marketId);
    const side = this.#draw.chance(0.5) ? "buy" : "sell";
    const best = (side === "buy" ? book?.asks : book?.bids)?.[0];
    if (best === undefined) return;
    const size = 1_000_000 * this.#draw.int(1, 30);
    const event = {
      type: "market_trade",
      marketId: this.#marketId,
      outcome: 0,
      side,
      price: best[0],
      size,
    } as const;
    this.#venue.observe(event as never);
    this.onPrint?.(event as never);
  }

  onPrint: ((event: never) => void) | undefined;
}
