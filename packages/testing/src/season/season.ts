import {
  TRUTH_CONFIG,
  TruthEngine,
  type MatchId,
  type Millis,
  type Nanos,
  type SourceEvent,
  type SourceHealthChanged,
  type SourceId,
  type TruthChange,
  type TruthConfig,
  type TruthRule,
} from "@matchpoint/sdk";
import { makeFixture, type Fixture } from "./fixture.ts";
import { Heap } from "./heap.ts";
import { Referee } from "./referee.ts";
import { summarise, type SeasonReport } from "./summary.ts";
import type { Message } from "./teller.ts";

/** What to play. The same options give the same report, on every machine. */
export interface SeasonOptions {
  readonly matches: number;
  readonly seed: number;
  /** Overrides of the truth engine's defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Another rule than the default one. */
  readonly rule?: TruthRule;
  /** Number of the first match: one match of a season can be played alone. */
  readonly from?: number;
}

/** Virtual time goes on for so long after the last word: postponements run out, nothing is decided by it. */
const AFTERWARDS_MS = 9 * 24 * 3_600_000;
const nanos = (ms: number): Nanos => Math.round(ms * 1_000_000) as Nanos;
/** Matches are told before their schedule, so the season begins a day after its clock does. */
const DAY_MS = 24 * 3_600_000;

type Event = { readonly fixture: number; readonly message: Message } | { readonly timer: string };

/**
 * Plays a season of matches at the level of claims through the real truth engine, under virtual time, and compares what it
 * held true with what happened. The world and the sources are written by hand from the rules of the titles and the ways of
 * the sources, and know nothing of the engine.
 *
 * @example
 * ```ts
 * import { simulateSeason } from "@matchpoint/testing";
 * const season = simulateSeason({ matches: 60, seed: 1, config: { required_sources_for_final: 3 } });
 * console.log(season.claims, season.falseFinals.length, season.games.medianMs);
 * ```
 */
export function simulateSeason(options: SeasonOptions): SeasonReport {
  const config = TRUTH_CONFIG.parse(options.config ?? {});
  const engine = new TruthEngine(config, options.rule);
  const run = new Season(engine, config);
  const from = options.from ?? 0;
  for (let index = from; index < from + options.matches; index++) run.add(makeFixture(options.seed, index));
  run.play();
  return summarise(run.fixtures, run.referees, engine, run.claims);
}

class Season {
  readonly fixtures: Fixture[] = [];
  readonly referees: Referee[] = [];
  claims = 0;
  readonly #engine: TruthEngine;
  readonly #config: TruthConfig;
  readonly #queue = new Heap<Event>();
  readonly #timers = new Map<string, number>();
  readonly #indices = new Map<MatchId, number>();
  #now = 0;

  constructor(engine: TruthEngine, config: TruthConfig) {
    this.#engine = engine;
    this.#config = config;
  }

  add(fixture: Fixture): void {
    const index = this.fixtures.length;
    this.fixtures.push(fixture);
    this.referees.push(new Referee(fixture, this.#config.tier_a_sources));
    this.#indices.set(fixture.match.matchId, index);
    this.#engine.list(fixture.match, 0 as Nanos);
    for (const message of fixture.messages) {
      this.#queue.push(DAY_MS + fixture.startsAt + message.at, { fixture: index, message });
    }
  }

  play(): void {
    let until = Infinity;
    for (;;) {
      const at = this.#queue.next;
      const event = at <= until ? this.#queue.pop() : undefined;
      if (event === undefined) return;
      this.#now = at;
      if ("timer" in event) {
        if (this.#timers.get(event.timer) !== at) continue;
        this.#timers.delete(event.timer);
        this.#take(this.#engine.onTimer(event.timer, nanos(at)));
      } else {
        this.#hear(event.fixture, event.message);
        until = at + AFTERWARDS_MS;
      }
    }
  }

  #hear(index: number, message: Message): void {
    const fixture = this.fixtures[index]!;
    const { matchId } = fixture.match;
    const at = this.#now - DAY_MS - fixture.startsAt;
    this.referees[index]!.before(() => this.#engine.state(matchId)!, at);
    const event = asEvent(matchId, message, this.#now);
    if (event.type === "match_claim") this.claims += 1;
    this.#take(this.#engine.apply(event));
  }

  #take(changes: readonly TruthChange[]): void {
    for (const { timerId, due } of this.#engine.takeTimers()) {
      if (due === undefined) {
        this.#timers.delete(timerId);
        continue;
      }
      const at = Math.max(this.#now, due / 1_000_000);
      this.#timers.set(timerId, at);
      this.#queue.push(at, { timer: timerId });
    }
    for (const change of changes) {
      const index = this.#indices.get(change.matchId)!;
      const at = this.#now - DAY_MS - this.fixtures[index]!.startsAt;
      this.referees[index]!.take(change, at);
    }
  }
}

function asEvent(matchId: MatchId, message: Message, now: number): SourceEvent | SourceHealthChanged {
  const { profile } = message.voice;
  const stamp = { at: nanos(now), receivedAt: Math.round(now) as Millis, source: profile.source as SourceId };
  if (message.claim === undefined) {
    const health = message.health ?? "live";
    return { type: "source_health", ...stamp, matchId, health, reason: "outage" };
  }
  const { tier, upstream } = profile;
  return {
    type: "match_claim",
    ...stamp,
    matchId,
    tier,
    upstream,
    ...(message.ref === undefined ? {} : { ref: message.ref }),
    ...(message.replayed === true ? { replayed: true } : {}),
    claim: message.claim,
  };
}
