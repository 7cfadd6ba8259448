import type { ResolvedOptions } from "../options.ts";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import { MILLS, type BookSide } from "../venue/simBook.ts";
import type { Venue } from "../venue/venue.ts";
import type { Fact } from "../world/facts.ts";
import { Ear } from "./ear.ts";
import { Opinion } from "./opinion.ts";

const MICRO = 1_000_000;
const FEE_RATE = 0.05;

/** Who takes what is stale. */
export interface SniperTraits {
  readonly name: string;
  readonly delayMs: number;
  readonly wakeMs: number;
  /** Edge beyond the fee that it asks for, in dollars. */
  readonly margin: number;
  /** Shares per order. */
  readonly size: number;
  /** Shares that it holds at most in one market. */
  readonly most: number;
}

/** A trader with better eyes than most makers: takes quotes that what it has seen has made wrong. */
export class Sniper {
  readonly #traits: SniperTraits;
  readonly #scheduler: Scheduler;
  readonly #venue: Venue;
  readonly #rng: Prng;
  readonly #ear: Ear;
  readonly #opinion: Opinion;
  readonly #held: number[];
  readonly #scale: number;

  constructor(options: ResolvedOptions, traits: SniperTraits, scheduler: Scheduler, venue: Venue) {
    this.#traits = traits;
    this.#scheduler = scheduler;
    this.#venue = venue;
    this.#rng = new Prng(options.seed, `sniper ${traits.name}`);
    const rng = this.#rng;
    this.#ear = new Ear(scheduler, options.bestOf, () => traits.delayMs * rng.between(0.85, 1.3));
    this.#opinion = new Opinion(
      options.title,
      options.bestOf,
      options.rating + rng.normal(0, 0.1),
      rng.between(0.95, 1.1),
    );
    this.#held = venue.markets.map(() => 0);
    this.#scale = options.liquidity;
  }

  start(): void {
    this.#scheduler.after(this.#rng.between(1_000, 4_000), () => {
      this.#wake();
    });
  }

  /** A fact has happened; the trader will hear of it. */
  hear(fact: Fact): void {
    this.#ear.hear(fact);
  }

  #wake(): void {
    let open = false;
    let acted = false;
    for (let index = 0; index < this.#held.length; index++) {
      if (!this.#venue.markets[index]!.open) continue;
      open = true;
      if (!acted) acted = this.#look(index);
    }
    if (!open) return;
    const { wakeMs } = this.#traits;
    this.#scheduler.after(
      acted ? this.#rng.between(1_100, 2_600) : wakeMs * this.#rng.between(0.5, 1.8),
      () => {
        this.#wake();
      },
    );
  }

  #look(index: number): boolean {
    const { margin, size, most } = this.#traits;
    const market = this.#venue.markets[index]!;
    const { book } = market;
    const fair = this.#opinion.worth(market.description, this.#ear.view);
    const need = FEE_RATE * fair * (1 - fair) + margin * (0.3 + 2.8 * fair * (1 - fair));
    const side: BookSide | undefined =
      book.ask < (fair - need) * MILLS ? "bid" : book.bid > (fair + need) * MILLS ? "ask" : undefined;
    if (side === undefined) return false;
    const sign = side === "bid" ? 1 : -1;
    const room = most * this.#scale - sign * this.#held[index]!;
    const shares = Math.floor(Math.min(room, size * this.#scale * this.#rng.between(0.4, 1.6)));
    if (shares < 5) return false;
    const limit = Math.floor((fair - sign * need) * MILLS);
    const token = this.#rng.chance(0.5) ? 0 : 1;
    this.#venue.take({ market: index, side, size: shares * MICRO, limit, token }, (filled) => {
      this.#held[index]! += (sign * filled) / MICRO;
    });
    return true;
  }
}
