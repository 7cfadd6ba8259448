import { pow, type Team } from "@matchpoint/sdk";
import type { ResolvedOptions } from "../options.ts";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import { MILLS, type BookSide, type OrderOwner, type RestingOrder } from "../venue/simBook.ts";
import type { Venue } from "../venue/venue.ts";
import type { Fact } from "../world/facts.ts";
import { Ear } from "./ear.ts";

const MICRO = 1_000_000;
const STREAM_DELAY_MS = 30_000;
/** Mean time between the crowd's orders in a market, by how much is going on there. */
const GAP_MS = { playing: 4_500, series: 4_000, waiting: 25_000, decided: 30_000 } as const;
const WALLS = 22;
const FAST_MS = 8_000;
const SLOW_MS = 60_000;
const CHASES = 6;
/** How long people are beside themselves about something that they have just seen. */
const HYPE_MS = 20_000;
const MAX_HYPE = 0.35;
/** How much somebody's play makes people want to bet on that team. */
const HYPE = { kill: 0.05, objective: 0.06, big: 0.16, round: 0.1, game: 0.3 } as const;

/** What the crowd in one market is like. */
interface Mood {
  /** Fans of one side buy it a little more often. */
  readonly bias: number;
  fast: number;
  slow: number;
  seenAt: number;
}

/**
 * Everybody else: people who buy because the price runs, people who bet on their team, people who leave limit orders lying about. They
 * know the price and roughly what is going on, no more.
 */
export class Crowd implements OrderOwner {
  readonly #scheduler: Scheduler;
  readonly #venue: Venue;
  readonly #rng: Prng;
  readonly #ear: Ear;
  readonly #moods: Mood[];
  readonly #scale: number;
  readonly #clearedAt: number | undefined;
  /** What they have just seen speaks for team 0 (above 0) or team 1. */
  #hype = 0;
  #hypeAt = 0;

  constructor(options: ResolvedOptions, scheduler: Scheduler, venue: Venue) {
    this.#scheduler = scheduler;
    this.#venue = venue;
    this.#rng = new Prng(options.seed, "crowd");
    const rng = this.#rng;
    const delayMs = (): number => STREAM_DELAY_MS * rng.between(0.8, 1.3);
    this.#ear = new Ear(scheduler, options.bestOf, delayMs, (fact) => {
      this.#cheer(fact);
    });
    this.#scale = options.liquidity;
    this.#clearedAt = options.clearBookOnStart ? options.leadInMs : undefined;
    this.#moods = venue.markets.map(() => ({ bias: rng.normal(0, 0.05), fast: 500, slow: 500, seenAt: 0 }));
  }

  start(): void {
    // What the venue clears away at the scheduled start is left lying about again soon after.
    if (this.#clearedAt !== undefined) {
      this.#scheduler.at(this.#clearedAt + this.#rng.between(8_000, 20_000), () => {
        for (let index = 0; index < this.#moods.length; index++) this.#leaveWalls(index);
      });
    }
    for (let index = 0; index < this.#moods.length; index++) {
      this.#scheduler.after(this.#rng.between(3_000, 5_000), () => {
        const { bid, ask } = this.#venue.markets[index]!.book;
        if (bid > 0 && ask < MILLS) {
          const mood = this.#moods[index]!;
          mood.fast = (bid + ask) / 2;
          mood.slow = mood.fast;
          this.#leaveWalls(index);
        }
        this.#next(index);
      });
    }
  }

  /** A fact has happened; the stream will show it. */
  hear(fact: Fact): void {
    this.#ear.hear(fact);
  }

  onFill(): void {
    // Whoever it was has what they wanted.
  }

  #cheer(fact: Fact): void {
    let size = 0;
    let team: Team = 0;
    if (fact.kind === "kill" || fact.kind === "objective") {
      team = fact.by;
      const big = fact.kind === "objective" && (fact.what === "baron" || fact.what === "elder");
      size = big ? HYPE.big : HYPE[fact.kind];
    } else if (fact.kind === "round_ended" || fact.kind === "game_won") {
      team = fact.winner;
      size = fact.kind === "game_won" ? HYPE.game : HYPE.round;
    }
    const hype = this.#mood() + (team === 0 ? size : -size);
    this.#hype = hype > MAX_HYPE ? MAX_HYPE : hype < -MAX_HYPE ? -MAX_HYPE : hype;
  }

  /** The hype, as far as it has not worn off. */
  #mood(): number {
    const now = this.#scheduler.now;
    this.#hype *= pow(0.5, (now - this.#hypeAt) / HYPE_MS);
    this.#hypeAt = now;
    return this.#hype;
  }

  #gap(index: number): number {
    const { view } = this.#ear;
    const { subject } = this.#venue.markets[index]!.description;
    if (subject === undefined) return GAP_MS.waiting;
    if (subject.kind === "series") {
      return view.winner !== undefined ? GAP_MS.decided : view.started ? GAP_MS.series : GAP_MS.waiting;
    }
    if (view.games[subject.game - 1]!.winner !== undefined) return GAP_MS.decided;
    return view.inGame && subject.game === view.game ? GAP_MS.playing : GAP_MS.waiting;
  }

  #next(index: number): void {
    const { bid, ask } = this.#venue.markets[index]!.book;
    const mood = this.#moods[index]!;
    // A running price draws people in.
    const excited = 1 + Math.min(2, Math.abs(mood.fast - mood.slow) / 25) + 6 * Math.abs(this.#mood());
    const gap = this.#rng.exponential(this.#gap(index) / excited);
    this.#scheduler.after(bid > 0 && ask < MILLS ? gap : gap + 2_000, () => {
      if (!this.#venue.markets[index]!.open) return;
      this.#act(index);
      this.#next(index);
    });
  }

  #act(index: number): void {
    const rng = this.#rng;
    const { bid, ask } = this.#venue.markets[index]!.book;
    if (bid === 0 || ask === MILLS) return;
    const mood = this.#moods[index]!;
    const mid = (bid + ask) / 2;
    const passed = this.#scheduler.now - mood.seenAt;
    mood.seenAt = this.#scheduler.now;
    mood.fast += (mid - mood.fast) * (1 - pow(0.5, passed / FAST_MS));
    mood.slow += (mid - mood.slow) * (1 - pow(0.5, passed / SLOW_MS));
    const run = (CHASES * (mood.fast - mood.slow)) / MILLS;
    const { subject } = this.#venue.markets[index]!.description;
    const cheers = subject?.teamOf[0] === 0 ? this.#mood() : -this.#mood();
    const tilt = 0.5 + mood.bias + cheers + (run > 0.2 ? 0.2 : run < -0.2 ? -0.2 : run);
    const side: BookSide = rng.chance(tilt) ? "bid" : "ask";
    if (rng.chance(0.55)) this.#takeSome(index, side);
    else
      this.#leaveOrder(
        index,
        side,
        rng.chance(0.15) ? rng.int(4, 20) : rng.int(-1, 4),
        rng.exponential(35_000),
      );
  }

  #takeSome(index: number, side: BookSide): void {
    const rng = this.#rng;
    const { book } = this.#venue.markets[index]!;
    const token = rng.chance(0.5) ? 0 : 1;
    // A buy of the second outcome is a sale of the first: what it costs is one minus the price.
    const touch = side === "bid" ? book.ask : book.bid;
    const own = token === 0 ? touch : MILLS - touch;
    const dollars = Math.min(2_500, rng.logNormal(20, 1.5)) * this.#scale;
    const shares = Math.min(8_000 * this.#scale, dollars / (Math.max(own, 30) / MILLS));
    const slack = rng.int(1, 4) * 10;
    const limit = side === "bid" ? Math.min(MILLS - 1, touch + slack) : Math.max(1, touch - slack);
    this.#venue.take({ market: index, side, size: Math.floor(shares * MICRO), limit, token }, () => {
      // Whoever it was has what they wanted.
    });
  }

  /** Leaves an order `away` ticks behind the best of its side; below 0 it betters it. */
  #leaveOrder(index: number, side: BookSide, away: number, forMs: number): void {
    const rng = this.#rng;
    const { book, tick } = this.#venue.markets[index]!;
    const price = side === "bid" ? book.bid - away * tick : book.ask + away * tick;
    const size = Math.max(5, Math.round(rng.logNormal(55, 1.1) * this.#scale * 10) / 10);
    const order = this.#venue.rest(this, {
      market: index,
      side,
      size: Math.round(size * MICRO),
      limit: price,
      token: rng.chance(0.5) ? 0 : 1,
    });
    if (order !== undefined) this.#scheduler.after(forMs, () => this.#drop(order));
  }

  #drop(order: RestingOrder): void {
    if (order.size > 0) this.#venue.cancel(order);
  }

  /** Orders far from the market that nobody looks after. */
  #leaveWalls(index: number): void {
    const { bid, ask } = this.#venue.markets[index]!.book;
    if (bid === 0 || ask === MILLS) return;
    for (let i = 3; i < WALLS; i++) {
      for (const side of ["bid", "ask"] as const) {
        if (this.#rng.chance(0.8)) this.#leaveOrder(index, side, i, this.#rng.exponential(3_600_000));
      }
    }
  }
}
