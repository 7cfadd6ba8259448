import type {
  GameProgress,
  MatchClaim,
  MatchDescription,
  SourceEvent,
  Tier,
  Title,
} from "../../src/events/index.ts";
import { id, type MatchId, type SourceId } from "../../src/ids.ts";
import type { Millis, Nanos } from "../../src/units/index.ts";
import { TRUTH_CONFIG, TruthEngine, type TruthChange, type TruthConfig } from "../../src/truth/index.ts";

export const MATCH = id<MatchId>("match-1");

/** Milliseconds of virtual time. */
export function ms(value: number): Nanos {
  return (value * 1_000_000) as Nanos;
}

export function config(overrides: Record<string, unknown> = {}): TruthConfig {
  return TRUTH_CONFIG.parse(overrides);
}

export function match(bestOf = 3, extra: Partial<MatchDescription> = {}): MatchDescription {
  return { matchId: MATCH, title: "lol", teams: [{ name: "T1" }, { name: "Gen.G" }], bestOf, ...extra };
}

/** The sources that the tests speak with: their tier and upstream. */
export const SOURCES: Readonly<Record<string, { readonly tier: Tier; readonly upstream: string }>> = {
  grid: { tier: "B", upstream: "grid" },
  official: { tier: "A", upstream: "publisher" },
  panda: { tier: "B", upstream: "panda" },
  relay: { tier: "B", upstream: "panda" },
  steam: { tier: "B", upstream: "valve" },
  wiki: { tier: "C", upstream: "wiki" },
  wiki2: { tier: "C", upstream: "wiki2" },
};

export interface Said {
  readonly at?: number;
  readonly ref?: string;
  readonly replayed?: boolean;
  readonly tier?: Tier;
  readonly upstream?: string;
}

export function event(source: string, claim: MatchClaim, said: Said = {}): SourceEvent {
  const known = (Object.hasOwn(SOURCES, source) ? SOURCES[source] : undefined) ?? {
    tier: "B",
    upstream: source,
  };
  return {
    type: "match_claim",
    at: ms(said.at ?? 0),
    receivedAt: (said.at ?? 0) as Millis,
    matchId: MATCH,
    source: id<SourceId>(source),
    tier: said.tier ?? known.tier,
    upstream: said.upstream ?? known.upstream,
    ...(said.ref === undefined ? {} : { ref: said.ref }),
    ...(said.replayed === undefined ? {} : { replayed: said.replayed }),
    claim,
  };
}

/** An engine with one match and a clock of its own. */
export class Desk {
  readonly engine: TruthEngine;
  readonly changes: TruthChange[] = [];
  readonly timers = new Map<string, Nanos>();
  now = 0;

  constructor(overrides: Record<string, unknown> = {}, bestOf = 3, title: Title = "lol") {
    this.engine = new TruthEngine(config(overrides));
    this.#keep(this.engine.list(match(bestOf, { title }), ms(0)));
  }

  say(source: string, claim: MatchClaim, said: Said = {}): TruthChange[] {
    return this.#keep(this.engine.apply(event(source, claim, { at: this.now, ...said })));
  }

  won(source: string, game: number, winner: 0 | 1, said: Said = {}): TruthChange[] {
    return this.say(source, { kind: "game_won", game, winner }, said);
  }

  progress(source: string, progress: GameProgress, game = 1, said: Said = {}): TruthChange[] {
    return this.say(source, { kind: "game_progress", game, progress }, said);
  }

  retract(source: string, reason: "rollback" | "remake" | "correction", game?: number): TruthChange[] {
    return this.say(source, { kind: "retracted", reason, ...(game === undefined ? {} : { game }) });
  }

  start(source: string, game: number): TruthChange[] {
    return this.say(source, { kind: "game_started", game });
  }

  health(source: string, health: "live" | "down" | "invalid" | "stale" | "replaying"): TruthChange[] {
    return this.#keep(
      this.engine.apply({
        type: "source_health",
        at: ms(this.now),
        receivedAt: this.now as Millis,
        source: id<SourceId>(source),
        health,
        reason: "test",
      }),
    );
  }

  /** Lets time pass, firing the timers that come due, in order. */
  pass(milliseconds: number): TruthChange[] {
    const until = this.now + milliseconds;
    const out: TruthChange[] = [];
    for (;;) {
      const next = [...this.timers].filter(([, due]) => due <= ms(until)).sort((a, b) => a[1] - b[1])[0];
      if (next === undefined) break;
      this.timers.delete(next[0]);
      this.now = next[1] / 1_000_000;
      out.push(...this.#keep(this.engine.onTimer(next[0], next[1])));
    }
    this.now = until;
    return out;
  }

  get state(): NonNullable<ReturnType<TruthEngine["state"]>> {
    return this.engine.state(MATCH)!;
  }

  game(n: number): NonNullable<ReturnType<TruthEngine["state"]>>["games"][0] {
    return this.state.games[n - 1]!;
  }

  violations(source: string): number {
    return this.engine.sources().find((each) => each.source === source)?.violations ?? 0;
  }

  #keep(changes: TruthChange[]): TruthChange[] {
    for (const { timerId, due } of this.engine.takeTimers()) {
      if (due === undefined) this.timers.delete(timerId);
      else this.timers.set(timerId, due);
    }
    this.changes.push(...changes);
    return changes;
  }
}

/** `#1 live>final`: what moved, in order; staleness left out. */
export function steps(changes: readonly TruthChange[]): string[] {
  return changes
    .filter(({ from, to }) => from !== to)
    .map(({ game, from, to }) => `${game === undefined ? "series" : `#${game}`} ${from}>${to}`);
}
