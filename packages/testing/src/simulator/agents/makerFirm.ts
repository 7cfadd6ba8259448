import { logistic, logit, pow } from "@matchpoint/sdk";
import type { ResolvedOptions } from "../options.ts";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import { MILLS, type BookSide, type OrderOwner, type RestingOrder } from "../venue/simBook.ts";
import type { Venue } from "../venue/venue.ts";
import type { Fact } from "../world/facts.ts";
import { Ear } from "./ear.ts";
import { Opinion } from "./opinion.ts";

/** What kind of firm it is. */
export interface MakerTraits {
  readonly name: string;
  /** How long after the fact it sees what happens, in ms. */
  readonly delayMs: number;
  readonly wakeMs: number;
  /** Half of its spread at a price of one half, in dollars. */
  readonly half: number;
  readonly levels: number;
  /** Distance of its levels, in mills. */
  readonly stepMills: number;
  /** Shares at its best level; the next ones are larger. */
  readonly size: number;
  /** How much it runs after its own changes of mind. */
  readonly overreacts: number;
  /** How far it goes from its own price to the market's: it knows that others see more. */
  readonly follows: number;
}

const MICRO = 1_000_000;
const NOISE_SD = 0.08;
const NOISE_HALF_LIFE_MS = 240_000;
const SLOW_MS = 25_000;
const FLOW_MS = 15_000;
/** Log-odds that the firm moves per full level of its own that is taken. */
const IMPACT = 0.12;
const MOST_IMPACT = 0.4;
/** What may be taken of it, in levels, before it steps aside. */
const ENOUGH = 0.6;
const MAX_SKEW = 0.03;
const HYSTERESIS = 1;
/** What it has just learned is worth stepping aside for, in dollars. */
const BIG_JUMP = 0.06;
const FEE_RATE = 0.05;
const TAKES_BEYOND = 0.02;

interface Desk {
  readonly orders: RestingOrder[];
  /** Shares of outcome 0 held, net of outcome 1. */
  inventory: number;
  noise: number;
  slow: number | undefined;
  flow: number;
  flowAt: number;
  fair: number;
  quoting: boolean;
  awayUntil: number;
  seenBigAt: number;
  takeAfter: number;
}

/**
 * A firm that makes markets in a match: it quotes around what it thinks after what it has seen, seconds late and not quite
 * right, leans against its inventory, learns from being hit, and steps aside when something big has happened.
 */
export class MakerFirm implements OrderOwner {
  readonly #traits: MakerTraits;
  readonly #scheduler: Scheduler;
  readonly #venue: Venue;
  readonly #rng: Prng;
  readonly #ear: Ear;
  readonly #opinion: Opinion;
  readonly #desks: Desk[];
  readonly #scale: number;
  /** Share of its error that is left from one waking to the next, and of a change that its slow mind takes in. */
  readonly #noiseKept: number;
  readonly #slowLearns: number;

  constructor(options: ResolvedOptions, traits: MakerTraits, scheduler: Scheduler, venue: Venue) {
    this.#traits = traits;
    this.#scheduler = scheduler;
    this.#venue = venue;
    this.#rng = new Prng(options.seed, `maker ${traits.name}`);
    const rng = this.#rng;
    this.#ear = new Ear(scheduler, options.bestOf, () => traits.delayMs * rng.between(0.9, 1.15));
    const rating = options.rating + rng.normal(0, 0.12);
    this.#opinion = new Opinion(options.title, options.bestOf, rating, rng.between(0.9, 1.15));
    this.#scale = options.liquidity;
    this.#noiseKept = pow(0.5, traits.wakeMs / NOISE_HALF_LIFE_MS);
    this.#slowLearns = 1 - pow(0.5, traits.wakeMs / SLOW_MS);
    this.#desks = venue.markets.map(() => ({
      orders: [],
      inventory: 0,
      noise: rng.normal(0, NOISE_SD),
      slow: undefined,
      flow: 0,
      flowAt: 0,
      fair: 0.5,
      quoting: false,
      awayUntil: 0,
      seenBigAt: -Infinity,
      takeAfter: 0,
    }));
  }

  start(): void {
    this.#scheduler.after(this.#rng.between(50, this.#traits.wakeMs), () => {
      this.#wake();
    });
  }

  /** A fact has happened; the firm will hear of it. */
  hear(fact: Fact): void {
    this.#ear.hear(fact);
  }

  onFill(order: RestingOrder, size: number): void {
    const desk = this.#desks[order.market]!;
    const shares = size / MICRO;
    const bought = order.side === "bid" ? 1 : -1;
    desk.inventory += bought * shares;
    this.#decayFlow(desk);
    desk.flow -= (bought * shares) / (this.#traits.size * this.#scale);
    if (desk.flow > ENOUGH || desk.flow < -ENOUGH) this.#stepAside(desk, order.side);
  }

  /** Somebody who takes that much may know more: out, a moment later, until the price has settled. */
  #stepAside(desk: Desk, side: BookSide): void {
    const now = this.#scheduler.now;
    if (now < desk.awayUntil) return;
    const reactsAfter = this.#rng.between(150, 600);
    desk.awayUntil = now + reactsAfter + this.#rng.between(0.15, 0.35) * this.#traits.delayMs + 400;
    this.#scheduler.after(reactsAfter, () => {
      this.#pull(desk, side);
    });
  }

  #decayFlow(desk: Desk): void {
    const now = this.#scheduler.now;
    desk.flow *= pow(0.5, (now - desk.flowAt) / FLOW_MS);
    desk.flowAt = now;
  }

  #wake(): void {
    const rng = this.#rng;
    let open = false;
    for (let index = 0; index < this.#desks.length; index++) {
      if (!this.#venue.markets[index]!.open) continue;
      open = true;
      this.#attend(index);
    }
    if (!open) return;
    this.#scheduler.after(this.#traits.wakeMs * rng.between(0.6, 1.5), () => {
      this.#wake();
    });
  }

  #attend(index: number): void {
    const desk = this.#desks[index]!;
    const now = this.#scheduler.now;
    const { lastBigAt } = this.#ear.view;
    if (lastBigAt > desk.seenBigAt) {
      const worth = this.#worth(index, desk);
      const jump = worth - desk.fair;
      desk.seenBigAt = lastBigAt;
      if (jump > BIG_JUMP || jump < -BIG_JUMP) {
        desk.awayUntil = now + this.#rng.between(300, 2_500);
        this.#pull(desk);
      }
    }
    if (now < desk.awayUntil) return;
    const fair = this.#worth(index, desk);
    this.#pickOff(index, desk, fair);
    this.#quote(index, desk, fair);
  }

  /** What the firm thinks outcome 0 is worth, with all its weaknesses. */
  #worth(index: number, desk: Desk): number {
    const { overreacts, follows } = this.#traits;
    const raw = logit(this.#opinion.worth(this.#venue.markets[index]!.description, this.#ear.view));
    const keep = this.#noiseKept;
    desk.noise = keep * desk.noise + this.#rng.normal(0, NOISE_SD * Math.sqrt(1 - keep * keep));
    const slow = desk.slow ?? raw;
    desk.slow = slow + (raw - slow) * this.#slowLearns;
    this.#decayFlow(desk);
    const sure = raw > 4 || raw < -4 ? 0.2 : 1;
    const own = raw + sure * (desk.noise + overreacts * (raw - desk.slow) + this.#impact(desk));
    const { bid, ask } = this.#venue.markets[index]!.book;
    if (bid === 0 || ask === MILLS) return logistic(own);
    return logistic(own + follows * (logit((bid + ask) / 2 / MILLS) - own));
  }

  #impact(desk: Desk): number {
    const impact = IMPACT * desk.flow;
    return impact > MOST_IMPACT ? MOST_IMPACT : impact < -MOST_IMPACT ? -MOST_IMPACT : impact;
  }

  #pull(desk: Desk, side?: BookSide): void {
    for (const order of desk.orders) {
      if (side === undefined || order.side === side) this.#venue.cancel(order);
    }
    const rest = desk.orders.filter((order) => order.size > 0);
    desk.orders.length = 0;
    for (const order of rest) desk.orders.push(order);
    desk.quoting = false;
  }

  /** Takes what others leave too far from its own price. */
  #pickOff(index: number, desk: Desk, fair: number): void {
    const now = this.#scheduler.now;
    if (now < desk.takeAfter) return;
    const { book } = this.#venue.markets[index]!;
    const margin = FEE_RATE * fair * (1 - fair) + TAKES_BEYOND;
    const side: BookSide | undefined =
      book.ask < (fair - margin) * MILLS ? "bid" : book.bid > (fair + margin) * MILLS ? "ask" : undefined;
    if (side === undefined) return;
    desk.takeAfter = now + this.#rng.between(2_000, 6_000);
    const limit = Math.floor((side === "bid" ? fair - margin : fair + margin) * MILLS);
    const size = Math.round(this.#traits.size * this.#scale * this.#rng.between(0.4, 1.5)) * MICRO;
    const token = this.#rng.chance(0.5) ? 0 : 1;
    this.#venue.take({ market: index, side, size, limit, token }, (filled) => {
      desk.inventory += (side === "bid" ? filled : -filled) / MICRO;
    });
  }

  #quote(index: number, desk: Desk, fair: number): void {
    const market = this.#venue.markets[index]!;
    const { half, size, levels } = this.#traits;
    const lean = (-desk.inventory / (size * this.#scale * 12)) * MAX_SKEW;
    const skew = lean > MAX_SKEW ? MAX_SKEW : lean < -MAX_SKEW ? -MAX_SKEW : lean;
    const width = half * 2 * Math.sqrt(fair * (1 - fair));
    const centre = fair + skew * 4 * fair * (1 - fair);
    const step = market.tick / MILLS;
    const moved = centre - desk.fair;
    const alive = desk.orders.filter((order) => order.size > 0).length;
    const still = moved < HYSTERESIS * step && moved > -HYSTERESIS * step;
    if (desk.quoting && still && alive >= levels * 1.4) return;
    desk.fair = centre;
    desk.quoting = true;
    const tick = market.tick;
    const bid = Math.floor(((centre - width) * MILLS) / tick) * tick;
    const ask = Math.ceil(((centre + width) * MILLS) / tick) * tick;
    this.#ladder(index, desk, "bid", Math.min(bid, market.book.ask - tick));
    this.#ladder(index, desk, "ask", Math.max(ask, market.book.bid + tick));
  }

  /** Brings the side's orders to the wanted levels, leaving those alone that are right. */
  #ladder(index: number, desk: Desk, side: BookSide, best: number): void {
    const rng = this.#rng;
    const { tick } = this.#venue.markets[index]!;
    const { levels, stepMills, size } = this.#traits;
    const direction = side === "bid" ? -1 : 1;
    const step = stepMills > tick ? stepMills : tick;
    const wanted = new Set<number>();
    for (let i = 0; i < levels; i++) {
      const price = best + direction * i * step;
      if (price > 0 && price < MILLS) wanted.add(price);
    }
    const kept: RestingOrder[] = [];
    for (const order of desk.orders) {
      if (order.size === 0) continue;
      if (order.side !== side) kept.push(order);
      else if (wanted.delete(order.price)) kept.push(order);
      else this.#venue.cancel(order);
    }
    for (const price of wanted) {
      const depth = 1 + (0.5 * (price - best) * direction) / step;
      const shares = Math.max(5, Math.round(size * this.#scale * depth * rng.between(0.6, 1.4)));
      const order = this.#venue.rest(this, {
        market: index,
        side,
        size: shares * MICRO,
        limit: price,
        token: rng.chance(0.5) ? 0 : 1,
      });
      if (order !== undefined) kept.push(order);
    }
    desk.orders.length = 0;
    for (const order of kept) desk.orders.push(order);
  }
}
