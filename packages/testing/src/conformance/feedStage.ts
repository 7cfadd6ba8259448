import assert from "node:assert/strict";
import {
  NANOS_PER_MS,
  TRUTH_CONFIG,
  SystemClock,
  TruthEngine,
  type Feed,
  type FeedHealth,
  type FrameQuarantined,
  type Nanos,
  type SourceEvent,
  type SourceHealthChanged,
  type Team,
} from "@matchpoint/sdk";
import type { FakeSource, SourceFault, StoryStep } from "../sources/index.ts";
import type { FeedSubject } from "./feedSubject.ts";
import { inWords, lately, shows, type FeedEvent } from "./feedWords.ts";
import { PacedClock, WatchedClock } from "./pacedClock.ts";
import { ToldWinners } from "./toldWinners.ts";

/** What truth holds at the end, as far as every source can carry it. */
export interface Outcome {
  readonly series: { readonly winner: Team | undefined; readonly status: string };
  readonly games: readonly { readonly winner: Team | undefined; readonly status: string }[];
}

/** Real time that anything may take: not a measure of speed. */
const PATIENCE_MS = 30_000;
/** Real time: what the stage itself waits by. */
const REAL = new SystemClock();
const LOOK_EVERY_MS = 5;
const CLEARING_MS = 1_000;
const QUIET_MS = 300;

/** One run of a feed against its source: tells the story, hears the feed, and knows what to expect of it. */
export class FeedStage {
  readonly subject: FeedSubject;
  readonly clock: PacedClock;
  /** The feed's clock. */
  readonly watched: WatchedClock;
  readonly source: FakeSource;
  readonly feed: Feed;
  readonly events: FeedEvent[] = [];
  readonly truth: TruthEngine;
  readonly abort = new AbortController();
  /** Whether the feed's events have come to their end. */
  ended = false;
  readonly #told: ToldWinners;
  /** How many events there were when the step before the end of the series was told. */
  #decidedFrom = 0;
  #inventions: string[] = [];
  #failure: Error | undefined;
  #listening: Promise<void> | undefined;

  private constructor(subject: FeedSubject, clock: PacedClock, source: FakeSource) {
    this.subject = subject;
    this.clock = clock;
    this.source = source;
    this.watched = new WatchedClock(clock);
    this.feed = subject.createFeed(source, this.watched);
    this.truth = new TruthEngine(TRUTH_CONFIG.parse({}));
    this.truth.list(subject.match, 0 as Nanos);
    this.#told = new ToldWinners(subject.match);
  }

  /** Opens a stage, plays on it, and clears it away whatever happens. Winners that nobody told of fail every play. */
  static async play(
    subject: FeedSubject,
    play: (stage: FeedStage) => Promise<void>,
    options: { readonly pace?: number } = {},
  ): Promise<void> {
    const clock = new PacedClock(options.pace ?? subject.pace ?? 50);
    const source = subject.createSource(clock);
    await source.start(); // before the feed is made: it is given the source's addresses
    const stage = new FeedStage(subject, clock, source);
    try {
      await play(stage);
      stage.#honest();
      if (stage.#failure !== undefined) throw stage.#failure;
    } finally {
      stage.abort.abort();
      await stage.source.stop();
      await Promise.race([stage.#listening, pause(CLEARING_MS)]); // a feed that does not end is left behind
    }
  }

  /** A winner that nobody told of is the worst that a feed can say: whatever is played, it fails. */
  #honest(): void {
    assert.deepEqual(this.#inventions, [], "the feed names a winner that the source did not tell of");
  }

  /** Begins to take the feed's events as they come. */
  listen(): void {
    this.#listening = (async (): Promise<void> => {
      try {
        const { signal } = this.abort;
        for await (const event of this.feed.events({ matches: [this.subject.match], signal }))
          this.take(event);
      } catch (error) {
        this.#failure = new assert.AssertionError({ message: `the feed has thrown: ${String(error)}` });
      }
      this.ended = true;
    })();
  }

  /** Takes one event of the feed. */
  take(event: FeedEvent): void {
    this.events.push(event);
    if (event.type === "frame_quarantined") return;
    this.truth.apply(event);
    this.truth.takeTimers();
    const invention = event.type === "match_claim" ? this.#told.invention(event) : undefined;
    if (invention !== undefined) this.#inventions.push(invention);
  }

  get claims(): SourceEvent[] {
    return this.events.filter((event) => event.type === "match_claim");
  }

  get quarantined(): FrameQuarantined[] {
    return this.events.filter((event) => event.type === "frame_quarantined");
  }

  /** What it said about its health with this match. */
  get health(): SourceHealthChanged[] {
    return this.events.filter((event): event is SourceHealthChanged => {
      return event.type === "source_health" && event.matchId !== undefined;
    });
  }

  get outcome(): Outcome {
    const state = this.truth.state(this.subject.match.matchId)!;
    return {
      series: { winner: state.winner, status: state.status },
      games: state.games.map(({ winner, status }) => ({ winner, status })),
    };
  }

  /** Lets the story move on without waiting for the feed. */
  tell(step: StoryStep): void {
    if (step.kind !== "series_end") this.#decidedFrom = this.events.length;
    this.#told.take(step);
    this.source.tell(step);
  }

  fault(fault: SourceFault): void {
    this.source.fault(fault);
  }

  /** Lets the story move on, and waits until the feed has said what it can say of it. */
  async follow(...steps: readonly StoryStep[]): Promise<void> {
    for (const step of steps) {
      // Who counts games knows the winner of the series with the last of them, and says it once.
      const from = step.kind === "series_end" ? this.#decidedFrom : this.events.length;
      this.tell(step);
      const heard = this.#sign(step);
      if (heard === undefined) {
        // What cannot be heard is given the time in which it would be.
        if (step.kind !== "progress" && step.kind !== "series_start") await this.settle();
        continue;
      }
      await this.until(`${JSON.stringify(step)} is claimed`, () => {
        return this.events.slice(from).some((event) => event.type === "match_claim" && heard(event));
      });
    }
  }

  /** Waits until a condition holds. */
  async until(what: string, holds: () => boolean, atMostMs = PATIENCE_MS): Promise<void> {
    const inTime = this.#limit(what, atMostMs);
    while (!holds()) {
      this.#honest();
      if (this.#failure !== undefined) throw this.#failure;
      inTime();
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Takes what waits for a consumer until nothing comes any more. */
  async drain(iterator: AsyncIterator<FeedEvent>): Promise<void> {
    const inTime = this.#limit("nothing comes any more");
    for (;;) {
      const next = await Promise.race([iterator.next(), pause(QUIET_MS)]);
      if (next === undefined || next.done === true) return;
      this.take(next.value);
      inTime();
    }
  }

  /** What fails from the moment on at which the stage's patience is at its end. */
  #limit(what: string, atMostMs = PATIENCE_MS): () => void {
    const patienceMs = Math.min(atMostMs, this.subject.patienceMs ?? PATIENCE_MS);
    const deadline = REAL.monotonic() + patienceMs * NANOS_PER_MS;
    return () => {
      if (REAL.monotonic() > deadline)
        assert.fail(`within ${patienceMs} ms it was not so that ${what}; ${lately(this.events)}`);
    };
  }

  /** Waits for a health after the first `from` events. */
  async untilHealth(wanted: (health: FeedHealth) => boolean, what: string, from = 0): Promise<void> {
    await this.until(`its health is ${what}`, () => {
      return this.events.slice(from).some((event) => {
        return event.type === "source_health" && event.matchId !== undefined && wanted(event.health);
      });
    });
  }

  /** Lets time of the stage's clock pass. */
  async settle(ms: number = this.subject.capabilities.stepMs): Promise<void> {
    await new Promise<void>((resolve) => {
      this.clock.after(ms, resolve);
    });
  }

  /** Waits until the first answer or message has come. */
  async ready(): Promise<void> {
    await this.until("the feed has come to its source", () => {
      return this.source.seen.connections + this.source.seen.requests > 0;
    });
    await this.settle();
  }

  /** What a step leads to at a source of these capabilities, if to anything. */
  #sign(step: StoryStep): ((event: SourceEvent) => boolean) | undefined {
    const can = this.subject.capabilities;
    const is = (words: string) => (event: SourceEvent) => inWords(event.claim).startsWith(words);
    switch (step.kind) {
      case "series_start":
        return can.seriesStart === false ? undefined : is("series_started");
      case "game_start":
        return can.gameStarts === false ? undefined : is(`game_started ${step.game}`);
      case "progress": {
        const { game, progress } = step;
        const shown = can.progress.filter((field) => field !== "clockMs" && progress[field] !== undefined);
        if (shown.length === 0) return undefined;
        return ({ claim }) =>
          claim.kind === "game_progress" && claim.game === game && shows(claim.progress, progress, shown);
      }
      case "pause":
      case "resume":
        return can.pauses === true
          ? is(`game_${step.kind === "pause" ? "paused" : "resumed"} ${step.game}`)
          : undefined;
      case "game_end":
        if (step.winner === undefined || can.gameWinners === false) return undefined;
        return is(`game_won ${step.game} team ${step.winner}`);
      case "rollback":
        return can.rollback ? is(`retracted ${step.game}`) : undefined;
      case "remake":
        return can.remake ? is(`retracted ${step.game}`) : undefined;
      case "correction":
        if (!can.correction) return undefined;
        return can.gameWinners === false ? is("retracted") : is(`game_won ${step.game} team ${step.winner}`);
      case "series_end":
        if (step.winner === undefined) return can.endWithoutWinner === false ? undefined : is("series_ended");
        if (can.seriesWinner === false || (step.forfeit === true && can.forfeit === false)) return undefined;
        return is(`series_won team ${step.winner}`);
      case "cancel":
        return can.calledOff.includes(step.reason) ? is(`cancelled (${step.reason})`) : undefined;
    }
  }
}

/** Waits in real time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    REAL.after(ms, resolve);
  });
}
