import {
  id,
  MatchpointError,
  NANOS_PER_MS,
  SystemClock,
  type Clock,
  type MarketDescription,
  type MatchDescription,
  type MatchId,
  type Team,
} from "@matchpoint/sdk";
import { Ear } from "../simulator/agents/ear.ts";
import { Opinion } from "../simulator/agents/opinion.ts";
import { describe } from "../simulator/description.ts";
import { resolveOptions, type ResolvedOptions } from "../simulator/options.ts";
import { Scheduler } from "../simulator/scheduler.ts";
import { makeWorld } from "../simulator/simulate.ts";
import type { Fact } from "../simulator/world/facts.ts";
import { MatchView } from "../simulator/world/matchView.ts";
import { createFakeGrid, createFakePandascore, type FakeSource, type StoryStep } from "../sources/index.ts";
import { stepOf } from "./storyOfFacts.ts";
import { VenueTeller, type MatchVenue } from "./venueTeller.ts";

/** What match is played, how fast, and who hears of it how late. */
export interface LiveMatchOptions {
  /** A whole number: it decides who plays, and all that happens. */
  readonly seed: number;
  readonly title: "lol" | "cs2";
  readonly bestOf: 1 | 3 | 5;
  /** How many seconds of the match go by in one second. A best of three is about 100 minutes long. Default 30. */
  readonly pace?: number;
  /** Strength of the first team over the second, as the public rates it: log-odds of an even game. Default 0. */
  readonly rating?: number;
  /** How long after it happened the venue's makers hear of something, in ms. Default 3,000. */
  readonly makersLateMs?: number;
  /** How much the makers make of a lead: 1 is what it is worth, more writes teams off too early. Default 1. */
  readonly makersOverreact?: number;
  /** How late PandaScore is; GRID tells at once. Default 1,000. */
  readonly pandascoreLateMs?: number;
  /** From the moment that it is played until it is scheduled to begin, in ms: then the books are cleared. Default 2,000. */
  readonly leadMs?: number;
  /** Where the sources listen. Default: any ports that are free. */
  readonly ports?: { readonly grid?: number; readonly pandascore?: number };
  /** Default the system's. */
  readonly clock?: Clock;
}

/** How a match ended. */
export interface LiveMatchResult {
  readonly winner: Team;
  /** By game, from the first; `undefined`: not played. */
  readonly games: readonly (Team | undefined)[];
  /** Has the venue resolve the markets: what has been proposed is not disputed. */
  pay(): void;
}

const TICK_MS = 4;
/** Sources state how a game stands at most this often: more would be nothing but load. */
const PROGRESS_MS = 25;
const ASK_MS = 50;

/**
 * A simulated match that happens now: GRID and PandaScore tell of it on real sockets in their own protocols, and a venue that is
 * handed in hears of it too, its makers some seconds later. Nobody knows the future: the world is played as time goes by.
 *
 * @example
 * ```ts
 * import { LiveMatch, type MatchVenue } from "@matchpoint/testing";
 *
 * async function show(venue: MatchVenue) {
 *   const match = new LiveMatch({ seed: 7, title: "lol", bestOf: 3, pace: 60 });
 *   await match.start();
 *   console.log(match.description.teams, match.grid.urls.ws); // what a feed is given
 *   await match.followed(); // until somebody listens
 *   const { winner, pay } = await match.play(venue);
 *   console.log(match.description.teams[winner].name);
 *   pay();
 *   await match.stop();
 * }
 * ```
 */
export class LiveMatch {
  /** The match, with the ids of its sources in `refs`; the sports channel's id is PandaScore's, as on the real venue. */
  readonly description: MatchDescription;
  readonly grid: FakeSource;
  readonly pandascore: FakeSource;
  readonly #options: Required<Omit<LiveMatchOptions, "ports" | "clock">>;
  readonly #simulated: ResolvedOptions;
  readonly #clock: Clock;
  #stopped = false;

  /** @throws `MatchpointError` `CONFIG_INVALID` */
  constructor(options: LiveMatchOptions) {
    const { seed, title, bestOf, ports = {}, clock = new SystemClock() } = options;
    this.#clock = clock;
    this.#options = {
      seed,
      title,
      bestOf,
      pace: positive("pace", options.pace ?? 30),
      rating: options.rating ?? 0,
      makersLateMs: positive("makersLateMs", options.makersLateMs ?? 3_000),
      makersOverreact: positive("makersOverreact", options.makersOverreact ?? 1),
      pandascoreLateMs: positive("pandascoreLateMs", options.pandascoreLateMs ?? 1_000),
      leadMs: positive("leadMs", options.leadMs ?? 2_000),
    };
    const { pace, rating, leadMs } = this.#options;
    this.#simulated = resolveOptions({
      seed,
      title,
      bestOf,
      rating,
      leadInMs: leadMs * pace,
      faults: "none",
    });
    const { cast, match } = describe(this.#simulated);
    const { teams } = match;
    const [a, b] = teams.map(({ name, aliases }) => (aliases?.[0] ?? name).toLowerCase());
    const names = [teams[0].name, teams[1].name] as const;
    this.description = {
      matchId: id<MatchId>(`${title}-${a}-${b}`),
      title,
      teams,
      bestOf,
      league: cast.league,
      refs: { ...match.refs, polymarket_sports: { match: String(cast.pandaMatch), teams: names } },
    };
    const common = { match: { ...this.description, startsAt: clock.wall() }, clock, seed };
    this.grid = createFakeGrid({ ...common, ...portOf(ports.grid) });
    this.pandascore = createFakePandascore({ ...common, ...portOf(ports.pandascore) });
  }

  /** Opens the sources' ports. */
  async start(): Promise<void> {
    await Promise.all([this.grid.start(), this.pandascore.start()]);
    this.pandascore.fault({ kind: "lag", ms: this.#options.pandascoreLateMs });
  }

  /** Resolves when somebody listens to GRID. */
  async followed(signal?: AbortSignal): Promise<void> {
    while (this.grid.seen.open === 0 && signal?.aborted !== true && !this.#stopped)
      await new Promise<void>((resolve) => void this.#clock.after(ASK_MS, resolve));
  }

  /**
   * Plays the match, once, from now until its end, and until the makers have heard of it and the outcome is proposed.
   * @param onStep told of everything as it happens
   * @throws `MatchpointError` `ABORTED` when it is stopped before
   */
  async play(venue: MatchVenue, onStep?: (step: StoryStep) => void): Promise<LiveMatchResult> {
    const { title, bestOf, pace, rating, makersLateMs, makersOverreact, leadMs } = this.#options;
    const scheduler = new Scheduler();
    const teller = new VenueTeller(venue, this.description);
    const view = new MatchView(bestOf);
    const opinion = new Opinion(title, bestOf, rating, makersOverreact);
    const makers = new Ear(scheduler, bestOf, () => makersLateMs * pace);
    const say = this.#voice();
    let over = false;
    const world = makeWorld(this.#simulated, scheduler, (fact: Fact) => {
      view.apply(fact);
      const step = stepOf(fact, view, title);
      say(step);
      if (step !== undefined) onStep?.(step);
      teller.score(fact, view);
      makers.hear(fact);
      over ||= fact.kind === "series_ended";
    });
    teller.schedule(this.#clock.wall() + leadMs);
    world.start();
    const began = this.#nowMs();
    // Until the match is over, and the makers have heard of it.
    const worth = (market: MarketDescription): number => opinion.worth(market, makers.view);
    await this.#until(() => {
      const now = this.#nowMs();
      while (scheduler.next <= (now - began) * pace) scheduler.step();
      teller.quote(now, worth);
      return over && scheduler.next === Infinity;
    });
    teller.quote(Infinity, worth);
    teller.propose();
    const games = view.games.map(({ winner }) => winner);
    return {
      winner: view.winner!,
      games,
      pay: () => {
        teller.resolve(view.winner, games);
      },
    };
  }

  /** Ends everything and frees the ports. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.grid.stop(), this.pandascore.stop()]);
  }

  /** Tells the sources: where a game stands not too often, all else at once and after it. */
  #voice(): (step: StoryStep | undefined) => void {
    let waiting: StoryStep | undefined;
    let toldAt = -Infinity;
    const tell = (step: StoryStep): void => {
      this.grid.tell(step);
      this.pandascore.tell(step);
    };
    return (step) => {
      if (step === undefined) return;
      if (step.kind === "progress" && this.#nowMs() < toldAt + PROGRESS_MS) {
        waiting = step;
        return;
      }
      if (waiting !== undefined && step.kind !== "progress") tell(waiting);
      waiting = undefined;
      if (step.kind === "progress") toldAt = this.#nowMs();
      tell(step);
    };
  }

  #nowMs(): number {
    return this.#clock.monotonic() / NANOS_PER_MS;
  }

  /** Does something every few milliseconds until it says that it is done. */
  #until(done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (this.#stopped) reject(new MatchpointError("ABORTED", "the match was stopped"));
          else if (done()) resolve();
          else this.#clock.after(TICK_MS, turn);
        } catch (error) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown, as it was
          reject(error);
        }
      };
      turn();
    });
  }
}

function portOf(port: number | undefined): { readonly port?: number } {
  return port === undefined ? {} : { port };
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0 && (name !== "pace" || value > 0)) return value;
  throw new MatchpointError("CONFIG_INVALID", `a live match's ${name} is ${value}`, {
    hint: "It must be a number above 0.",
  });
}
