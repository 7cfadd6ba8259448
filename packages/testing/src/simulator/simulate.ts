import type { MarketDescription, Millis, Team, Usdc } from "@matchpoint/sdk";
import { Crowd } from "./agents/crowd.ts";
import { MakerFirm, type MakerTraits } from "./agents/makerFirm.ts";
import { Sniper, type SniperTraits } from "./agents/sniper.ts";
import type { Listing } from "./description.ts";
import { planFaults, remadeGameOf } from "./faults.ts";
import type { ResolvedOptions } from "./options.ts";
import { Outbox, type Parcel, type SimEvent } from "./outbox.ts";
import { Prng } from "./prng.ts";
import { Scheduler } from "./scheduler.ts";
import { GridSource } from "./sources/gridSource.ts";
import { hostileFrame, hostileMarketFrame } from "./sources/hostile.ts";
import { Link } from "./sources/link.ts";
import { PandascoreSource } from "./sources/pandascoreSource.ts";
import { Venue } from "./venue/venue.ts";
import type { Fact } from "./world/facts.ts";
import { SeriesWorld } from "./world/seriesWorld.ts";

const SUBSCRIBED_AFTER_MS = 6_000;
const UNKNOWN_STRENGTH_SD = 0.3;

/** The better a firm sees, the tighter it dares to quote; those who are late stand further away and follow the price. */
const MAKERS: readonly MakerTraits[] = [
  {
    name: "relay",
    delayMs: 5_500,
    wakeMs: 1_600,
    half: 0.009,
    levels: 2,
    stepMills: 10,
    size: 110,
    overreacts: 0.15,
    follows: 0,
  },
  {
    name: "house",
    delayMs: 9_000,
    wakeMs: 2_400,
    half: 0.012,
    levels: 3,
    stepMills: 10,
    size: 160,
    overreacts: 0.35,
    follows: 0.1,
  },
  {
    name: "stream",
    delayMs: 16_000,
    wakeMs: 3_200,
    half: 0.02,
    levels: 3,
    stepMills: 10,
    size: 260,
    overreacts: 0.45,
    follows: 0.35,
  },
  {
    name: "desk",
    delayMs: 24_000,
    wakeMs: 4_500,
    half: 0.028,
    levels: 3,
    stepMills: 10,
    size: 400,
    overreacts: 0.45,
    follows: 0.5,
  },
  {
    name: "slow",
    delayMs: 38_000,
    wakeMs: 8_000,
    half: 0.042,
    levels: 3,
    stepMills: 20,
    size: 800,
    overreacts: 0.2,
    follows: 0.5,
  },
];

const SNIPERS: readonly SniperTraits[] = [
  { name: "venue-side", delayMs: 5_000, wakeMs: 900, margin: 0.015, size: 1_000, most: 12_000 },
  { name: "low-delay stream", delayMs: 9_500, wakeMs: 1_600, margin: 0.02, size: 1_000, most: 12_000 },
];

/** One run of the simulation: everything that is alive in it, and the frames that are under way. */
export class Simulation {
  readonly #options: ResolvedOptions;
  readonly #listing: Listing;
  readonly #scheduler = new Scheduler();
  readonly #outbox = new Outbox();
  readonly #venue: Venue;
  readonly #grid: GridSource | undefined;
  readonly #panda: PandascoreSource | undefined;
  readonly #listeners: ((fact: Fact) => void)[] = [];
  /** What each game came to. */
  readonly #winners: (Team | undefined)[];
  #seriesWinner: Team | undefined;

  constructor(options: ResolvedOptions, listing: Listing) {
    this.#options = options;
    this.#listing = listing;
    this.#winners = new Array<Team | undefined>(options.bestOf).fill(undefined);
    const scheduler = this.#scheduler;
    const link = (channel: Parameters<typeof makeLink>[1], tuning: Parameters<typeof makeLink>[3]): Link =>
      makeLink(this.#outbox, channel, options.seed, tuning);
    const marketLink = link("polymarket.market", { duplicates: 0, swaps: 0, hostile: options.marketHostile });
    this.#venue = new Venue(options, listing, scheduler, marketLink);
    let gridLink: Link | undefined;
    if (options.grid !== undefined) {
      gridLink = link("grid", options.grid);
      this.#grid = new GridSource(options, options.grid, listing.cast, scheduler, gridLink);
    }
    const pandaLinks: Link[] = [];
    if (options.pandascore !== undefined) {
      const frames = link("pandascore.frames", options.pandascore);
      const matches = link("pandascore.match", { ...options.pandascore, swaps: 0, duplicates: 0 });
      pandaLinks.push(frames, matches);
      this.#panda = new PandascoreSource(options, options.pandascore, listing.cast, scheduler, {
        frames,
        matches,
      });
    }
    const plan = planFaults(options, {
      scheduler,
      venue: this.#venue,
      grid: this.#grid,
      gridLink,
      panda: this.#panda,
      pandaLinks,
      markets: listing.markets,
      announce: (event) => {
        this.#announce(event);
      },
    });
    this.#listeners.push((fact) => {
      plan.take(fact);
    });
    this.#populate();
    this.#open(
      makeWorld(options, scheduler, (fact) => {
        this.#happen(fact);
      }),
    );
  }

  /** The next frame in receive order; `undefined` at the end. */
  next(): Parcel | undefined {
    // A frame may leave once nothing that is still to come can be received before it.
    while (this.#scheduler.next <= this.#outbox.next) {
      if (!this.#scheduler.step()) break;
    }
    return this.#outbox.pop();
  }

  /** Frames under way, for tests of memory. */
  get pending(): number {
    return this.#outbox.size;
  }

  #populate(): void {
    const people = [
      ...MAKERS.map((traits) => new MakerFirm(this.#options, traits, this.#scheduler, this.#venue)),
      ...SNIPERS.map((traits) => new Sniper(this.#options, traits, this.#scheduler, this.#venue)),
      new Crowd(this.#options, this.#scheduler, this.#venue),
    ];
    for (const person of people) {
      person.start();
      this.#listeners.push((fact) => {
        person.hear(fact);
      });
    }
  }

  #open(world: SeriesWorld): void {
    const { match, markets } = this.#listing;
    const receivedAt = this.#wall(0);
    this.#announce({ type: "match_listed", receivedAt, match });
    for (const market of markets) this.#announce({ type: "market_listed", receivedAt, market });
    this.#grid?.start();
    this.#panda?.start();
    this.#scheduler.at(SUBSCRIBED_AFTER_MS, () => {
      this.#venue.subscribe();
    });
    if (this.#options.clearBookOnStart) {
      this.#scheduler.at(this.#options.leadInMs, () => {
        this.#venue.clear();
      });
    }
    world.start();
  }

  #wall(at: number): Millis {
    return (this.#options.startsAt + Math.round(at)) as Millis;
  }

  #announce(event: SimEvent): void {
    const at = event.receivedAt - this.#options.startsAt;
    this.#outbox.push({ at, channel: "events", body: JSON.stringify(event), event });
  }

  #happen(fact: Fact): void {
    if (fact.kind === "game_won") this.#winners[fact.game - 1] = fact.winner;
    if (fact.kind === "series_won") this.#seriesWinner = fact.winner;
    this.#grid?.take(fact);
    this.#panda?.take(fact);
    for (const listener of this.#listeners) listener(fact);
    if (fact.kind === "series_ended") this.#resolveAll();
  }

  #resolveAll(): void {
    const rng = new Prng(this.#options.seed, "resolution");
    const { min, max } = this.#options.resolveAfterMs;
    this.#listing.markets.forEach((market, index) => {
      this.#scheduler.after(Math.round(rng.between(min, max)), () => {
        this.#resolve(market, index);
      });
    });
  }

  #resolve(market: MarketDescription, index: number): void {
    const payouts = payoutsOf(market, this.#seriesWinner, this.#winners);
    const winner = payouts[0] === payouts[1] ? undefined : payouts[0] > payouts[1] ? 0 : 1;
    this.#venue.resolve(index, winner);
    this.#announce({
      type: "market_resolution",
      receivedAt: this.#wall(this.#scheduler.now + 900),
      marketId: market.marketId,
      payouts,
      source: "gamma",
    });
  }
}

const HALF = 500_000 as Usdc;
const ONE = 1_000_000 as Usdc;
const NOTHING = 0 as Usdc;

/** What a share of each outcome pays; a game that was not played pays half each. */
export function payoutsOf(
  market: MarketDescription,
  series: Team | undefined,
  games: readonly (Team | undefined)[],
): readonly [Usdc, Usdc] {
  const { subject } = market;
  const winner =
    subject === undefined ? undefined : subject.kind === "series" ? series : games[subject.game - 1];
  if (winner === undefined || subject === undefined) return [HALF, HALF];
  return subject.teamOf[0] === winner ? [ONE, NOTHING] : [NOTHING, ONE];
}

/** The world of a run. It is the same whoever listens. */
export function makeWorld(
  options: ResolvedOptions,
  scheduler: Scheduler,
  publish: (fact: Fact) => void,
): SeriesWorld {
  const { seed, title, bestOf, leadInMs, rating, reseed } = options;
  // How strong team 0 really is: what the public rates it, and what nobody knows.
  const edge = rating + new Prng(seed, "true strength").normal(0, UNKNOWN_STRENGTH_SD);
  const remadeGame = remadeGameOf(options);
  return new SeriesWorld(
    {
      seed,
      title,
      bestOf,
      scheduledAt: leadInMs,
      edge,
      ...(reseed === undefined ? {} : { reseed: { at: reseed.atMs, seed: reseed.seed } }),
      ...(remadeGame === undefined ? {} : { remadeGame }),
    },
    scheduler,
    publish,
  );
}

/** Plays the world to its end with nobody else in it. */
export function playWorld(options: ResolvedOptions, publish: (fact: Fact) => void): void {
  const scheduler = new Scheduler();
  makeWorld(options, scheduler, publish).start();
  while (scheduler.step());
}

function makeLink(
  outbox: Outbox,
  channel: Parcel["channel"],
  seed: number,
  tuning: { readonly duplicates: number; readonly swaps: number; readonly hostile: number },
): Link {
  const spoil = channel === "polymarket.market" ? hostileMarketFrame : hostileFrame;
  return new Link(outbox, channel, new Prng(seed, `link ${channel}`), { ...tuning, spoil });
}
