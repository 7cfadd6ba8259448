import fc from "fast-check";
import type { MatchClaim, SourceEvent, SourceHealthChanged, Title } from "../../src/events/index.ts";
import { id, type SourceId } from "../../src/ids.ts";
import type { Millis, Nanos } from "../../src/units/index.ts";
import { TruthEngine, type TruthChange, type TruthRule } from "../../src/truth/index.ts";
import { config, event, match, ms, SOURCES } from "./helpers.ts";

/** One input of a run: a claim, a source's health, or nothing but time. */
export interface Input {
  readonly after: number;
  readonly source: string;
  readonly claim?: MatchClaim;
  readonly health?: SourceHealthChanged["health"];
  readonly ref?: string;
  readonly replayed?: boolean;
}

export const team = fc.constantFrom(0 as const, 1 as const);
const game = fc.integer({ min: 0, max: 6 });
const reason = fc.constantFrom("rollback" as const, "remake" as const, "correction" as const);
/** Scores near the end of a game of rounds. */
const ends = fc.constantFrom<readonly [number, number]>(
  [12, 7],
  [13, 7],
  [7, 13],
  [12, 12],
  [14, 12],
  [16, 12],
);
const count = fc.integer({ min: 0, max: 4 });

const claims: fc.Arbitrary<MatchClaim> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("game_won" as const), game, winner: team }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("series_won" as const), winner: team, forfeit: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("game_started" as const),
      game,
      ref: fc.constantFrom("x", "y"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("game_progress" as const),
      game,
      progress: fc.record({ score: fc.oneof(fc.tuple(count, count), ends) }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("series_score" as const), maps: fc.tuple(count, count) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("retracted" as const), game, reason }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retracted" as const), reason }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("cancelled" as const),
      reason: fc.constantFrom("cancelled" as const, "walkover" as const, "postponed" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("game_paused" as const, "game_resumed" as const, "game_ended" as const),
      game,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "series_started" as const,
        "series_ended" as const,
        "source_invalid" as const,
        "source_valid" as const,
      ),
    }),
  },
);

const sources = fc.constantFrom(...Object.keys(SOURCES));
const after = fc.constantFrom(0, 0, 1, 500, 3_000, 10_000, 40_000);
const input: fc.Arbitrary<Input> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      { after, source: sources, claim: claims, ref: fc.constantFrom("1", "2", "3"), replayed: fc.boolean() },
      { requiredKeys: ["after", "source", "claim"] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      after,
      source: sources,
      health: fc.constantFrom("down" as const, "invalid" as const, "live" as const, "replaying" as const),
    }),
  },
);
export const inputs = fc.array(input, { maxLength: 40 });
export const settings = fc.record({
  title: fc.constantFrom("lol" as const, "cs2" as const, "valorant" as const),
  dispute_grace_ms: fc.constantFrom(0, 3_000),
  max_wait_ms: fc.constantFrom(0, 10_000),
  required_sources_for_final: fc.constantFrom(1, 2, 3),
});
export const format = fc.constantFrom(1, 2, 3, 5);

/** Drives an engine as the shell does: timers that are due come before the next input. */
export class Run {
  readonly engine: TruthEngine;
  readonly changes: TruthChange[] = [];
  readonly timers: Map<string, Nanos>;
  now: number;

  constructor(engine: TruthEngine, now = 0, timers: ReadonlyMap<string, Nanos> = new Map()) {
    this.engine = engine;
    this.now = now;
    this.timers = new Map(timers);
  }

  feed(each: Input): void {
    this.pass(each.after);
    this.keep(this.engine.apply(asEvent(each, this.now)));
  }

  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (;;) {
      const next = [...this.timers]
        .filter(([, due]) => due <= ms(until))
        .sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))[0];
      if (next === undefined) break;
      this.timers.delete(next[0]);
      this.keep(this.engine.onTimer(next[0], next[1]));
    }
    this.now = until;
  }

  keep(changes: readonly TruthChange[]): void {
    for (const { timerId, due } of this.engine.takeTimers()) {
      if (due === undefined) this.timers.delete(timerId);
      else this.timers.set(timerId, due);
    }
    this.changes.push(...changes);
  }
}

export function asEvent(each: Input, now: number): SourceEvent | SourceHealthChanged {
  if (each.claim !== undefined) return event(each.source, each.claim, { ...each, at: now });
  return {
    type: "source_health",
    at: ms(now),
    receivedAt: now as Millis,
    source: id<SourceId>(each.source),
    health: each.health!,
    reason: "run",
  };
}

/** Overrides of the configuration, and the title that is played. */
export type Settings = Record<string, unknown> & { readonly title?: Title };

export function without(settings: Settings, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([each]) => each !== key));
}

export function engineOf(bestOf: number, settings: Settings = {}, rule?: TruthRule): TruthEngine {
  const engine = new TruthEngine(config(without(settings, "title")), rule);
  engine.list(match(bestOf, { title: settings.title ?? "lol" }), ms(0));
  return engine;
}

export function run(bestOf: number, given: readonly Input[], overrides: Settings = {}): Run {
  const made = new Run(engineOf(bestOf, overrides));
  for (const each of given) made.feed(each);
  made.pass(60_000);
  return made;
}
