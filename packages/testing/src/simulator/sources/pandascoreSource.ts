import type { Cast } from "../description.ts";
import type { ResolvedOptions, SourceTuning } from "../options.ts";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Fact } from "../world/facts.ts";
import { MatchView } from "../world/matchView.ts";
import type { Link } from "./link.ts";
import { liveFrame, matchObject, type PandaKnowledge } from "./pandascoreJson.ts";

const FRAME_EVERY_MS = 2_000;
const POLL_EVERY_MS = 10_000;
const IDLE_POLL_EVERY_MS = 20_000;
const NETWORK_MS = { low: 40, high: 160 };
/** Polls go on for so long after the end: corrections come late. */
const AFTER_END_MS = 120_000;

/**
 * A source of the shape of PandaScore: the whole state of the running game about every two seconds, without a sequence, and
 * the match object as its REST interface gives it. It learns of everything some seconds late.
 */
export class PandascoreSource {
  readonly #options: ResolvedOptions;
  readonly #tuning: Required<SourceTuning>;
  readonly #scheduler: Scheduler;
  readonly #frames: Link;
  readonly #matches: Link;
  readonly #rng: Prng;
  readonly #cast: Cast;
  readonly #view: MatchView;
  #wrongGame: number | undefined;
  #lastFactAt = 0;
  #lag: number;
  #streaming = false;
  #pollUntil = Infinity;
  /** When it last heard of the game's clock. */
  #clockAt = 0;
  /** When the match object last changed. */
  #changedAt = 0;

  constructor(
    options: ResolvedOptions,
    tuning: Required<SourceTuning>,
    cast: Cast,
    scheduler: Scheduler,
    links: { readonly frames: Link; readonly matches: Link },
  ) {
    this.#options = options;
    this.#tuning = tuning;
    this.#cast = cast;
    this.#scheduler = scheduler;
    this.#frames = links.frames;
    this.#matches = links.matches;
    this.#rng = new Prng(options.seed, "pandascore");
    this.#view = new MatchView(options.bestOf);
    this.#lag = tuning.lagMs.typical;
  }

  start(): void {
    const payload = {
      status: "not_started",
      game_id: String(this.#cast.pandaGame),
      winner_id: "null",
      videogame: this.#options.title === "lol" ? "league-of-legends" : "cs-go",
    };
    this.#send(this.#frames, JSON.stringify({ type: "hello", payload }));
    this.#poll();
  }

  /** Hears of a fact after its delay, in order. */
  take(fact: Fact): void {
    const { min, typical, max } = this.#tuning.lagMs;
    const drift = 0.95 * this.#lag + 0.05 * typical + this.#rng.normal(0, (max - min) * 0.06);
    this.#lag = Math.min(max, Math.max(min, drift));
    this.#lastFactAt = Math.max(this.#lastFactAt, Math.round(this.#scheduler.now + this.#lag));
    this.#scheduler.at(this.#lastFactAt, () => {
      this.#learn(fact);
    });
  }

  /** Has the winner of a game the wrong way round for a while. */
  mistake(game: number, forMs: number): void {
    this.#wrongGame = game;
    this.#scheduler.after(forMs, () => {
      this.#wrongGame = undefined;
      this.#changedAt = this.#scheduler.now;
    });
  }

  #learn(fact: Fact): void {
    this.#view.apply(fact);
    if ("clockMs" in fact || fact.kind === "freeze_ended") this.#clockAt = this.#scheduler.now;
    if (fact.kind !== "economy" && fact.kind !== "kill") this.#changedAt = this.#scheduler.now;
    if (fact.kind === "game_started" && !this.#streaming) {
      this.#streaming = true;
      this.#stream();
    }
    if (fact.kind === "game_ended" && !fact.remake) this.#frame(); // the last word on a game
    if (fact.kind === "series_ended") this.#pollUntil = this.#scheduler.now + AFTER_END_MS;
  }

  #stream(): void {
    if (!this.#view.inGame) {
      this.#streaming = false;
      return;
    }
    this.#frame();
    this.#scheduler.after(FRAME_EVERY_MS + this.#rng.int(-150, 150), () => {
      this.#stream();
    });
  }

  #frame(): void {
    this.#send(this.#frames, liveFrame(this.#known()));
  }

  #poll(): void {
    const now = this.#scheduler.now;
    if (now > this.#pollUntil) return;
    this.#send(this.#matches, matchObject(this.#known(), this.#options.leadInMs, this.#changedAt));
    this.#scheduler.after(this.#view.started ? POLL_EVERY_MS : IDLE_POLL_EVERY_MS, () => {
      this.#poll();
    });
  }

  /** The game's clock, or the round's, as it goes on between two facts. */
  #clockMs(): number {
    const { inGame, paused, roundLive, clockMs } = this.#view;
    const ticks = inGame && !paused && (this.#options.title === "lol" || roundLive);
    return clockMs + (ticks ? this.#scheduler.now - this.#clockAt : 0);
  }

  #known(): PandaKnowledge {
    return {
      clockMs: this.#clockMs(),
      cast: this.#cast,
      title: this.#options.title,
      view: this.#view,
      wrongGame: this.#wrongGame,
      iso: (at) => new Date(this.#options.startsAt + at).toISOString(),
    };
  }

  #send(link: Link, body: string): void {
    link.send(this.#scheduler.now, this.#rng.int(NETWORK_MS.low, NETWORK_MS.high), body);
  }
}
