import { hash128, type Intent, type MarketDescription, type OrderId } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { SimVenue } from "./venue.ts";

const SIZE = 5_000_000;
/** No program is it. */
const NOBODY = { number: -1, epoch: 0 };

/** Somebody who has the account too, and orders by hand. */
export class Stranger {
  readonly #ground: Ground;
  readonly #venue: SimVenue;
  readonly #orders: OrderId[] = [];

  constructor(ground: Ground, venue: SimVenue) {
    this.#ground = ground;
    this.#venue = venue;
  }

  /** Whether anything of the account is not the bot's. */
  get wasHere(): boolean {
    return this.#orders.length > 0;
  }

  /** Whether an order was made by hand. */
  made(orderId: OrderId): boolean {
    return this.#orders.includes(orderId);
  }

  /** Takes what is offered, and leaves an order that rests until it is taken back. */
  use(market: MarketDescription): void {
    const draw = this.#ground.dice.stream("stranger");
    const ask = this.#venue.book(market.marketId)?.asks[0]?.[0];
    this.#place(market, market.tick);
    if (ask !== undefined && draw.chance(0.5)) this.#place(market, ask);
    this.#ground.time.after(draw.between(3_000, 12_000), () => {
      this.leave();
    });
  }

  /** Takes back what still rests. */
  leave(): void {
    const resting = new Set(this.#venue.resting().map(({ orderId }) => orderId));
    for (const orderId of this.#orders) if (resting.has(orderId)) this.#venue.cancel(orderId);
  }

  #place({ marketId }: MarketDescription, limit: number): void {
    const orderId = `0x${hash128(`by hand ${this.#orders.length}`)}${hash128(marketId)}` as OrderId;
    this.#orders.push(orderId);
    const intent = {
      intentId: `by-hand-${this.#orders.length}`,
      strategyId: "by-hand",
      marketId,
      outcome: 0,
      side: "buy",
      orderType: "GTC",
      postOnly: false,
      limit,
      size: SIZE,
      purpose: "entry",
      reason: "by hand",
    } as unknown as Intent;
    this.#venue.place({ orderId, intent }, NOBODY, 1);
  }
}
