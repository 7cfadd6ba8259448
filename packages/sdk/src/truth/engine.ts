import { MatchpointError } from "../errors.ts";
import type { FeedHealth, MatchDescription, SourceEvent, SourceHealthChanged } from "../events/index.ts";
import type { MatchId, SourceId } from "../ids.ts";
import type { TruthState } from "../state/index.ts";
import type { Nanos } from "../units/index.ts";
import type { TruthChange } from "./change.ts";
import type { TruthRule } from "./claims.ts";
import { upstreamOf, type TruthConfig } from "./config.ts";
import { Counters } from "./counters.ts";
import { dedupKey, remember } from "./dedup.ts";
import { describeClaim } from "./describe.ts";
import { cancelPostponed, isLate, record, resumed } from "./evidence.ts";
import { LagLedger } from "./lag/ledger.ts";
import type { MarketMove } from "./lag/moves.ts";
import type { SourceLag } from "./lag/sourceLag.ts";
import { Mover } from "./mover.ts";
import { expired, watchPostponement } from "./postponement.ts";
import { pooledLogOdds } from "./pooledLogOdds.ts";
import { poolProgress } from "./poolProgress.ts";
import {
  counts,
  freshSource,
  freshSubject,
  resize,
  type MatchRecord,
  type SourceRecord,
  type SourceReport,
  type TruthSnapshot,
  type TruthTimer,
} from "./records.ts";
import { grade, learned as learnedOf, standing } from "./reliability.ts";
import { withdrawn } from "./seriesScore.ts";
import { Settlement } from "./settle.ts";
import { fromSnapshot, toSnapshot } from "./snapshot.ts";
import { isAllowed, refresh, watch } from "./staleness.ts";
import { truthState } from "./truthState.ts";

const MAX_GAMES = 99;

/**
 * Turns what sources claim about matches into what is held true, per series and per game: a fold without clock or random,
 * so the same events give the same changes. It never throws for what a source says: bad claims are counted
 * ({@link TruthEngine.sources}) and change nothing.
 *
 * @example
 * ```ts
 * import { TRUTH_CONFIG, TruthEngine, type MatchDescription, type Nanos, type SourceEvent } from "@matchpoint/sdk";
 * function watch(match: MatchDescription, claims: readonly SourceEvent[]): void {
 *   const truth = new TruthEngine(TRUTH_CONFIG.parse({ max_wait_ms: 5_000 }));
 *   truth.list(match, 0 as Nanos);
 *   for (const claim of claims) {
 *     for (const change of truth.apply(claim)) console.log(change.game ?? "series", change.from, change.to, change.reason);
 *   }
 * }
 * ```
 */
export class TruthEngine {
  readonly config: TruthConfig;
  readonly rule: TruthRule;
  #matches = new Map<MatchId, MatchRecord>();
  #states = new Map<MatchId, TruthState>();
  #counters = new Counters();
  #lags: LagLedger;
  #timers: TruthTimer[] = [];

  /** @param rule how claims become a judgement; default {@link pooledLogOdds} */
  constructor(config: TruthConfig, rule: TruthRule = pooledLogOdds) {
    this.config = config;
    this.rule = rule;
    this.#lags = new LagLedger(config);
  }

  /**
   * Lists a match, or replaces its description; what is known of it stays.
   *
   * @throws {@link MatchpointError} `EVENT_INVALID` when `bestOf` is no whole number from 1 to 99, or a listed match comes
   *   with its teams exchanged: every claim counts teams in the listed order
   */
  list(match: MatchDescription, at: Nanos): TruthChange[] {
    const where = `match ${match.matchId}`;
    if (!Number.isInteger(match.bestOf) || match.bestOf < 1 || match.bestOf > MAX_GAMES) {
      throw new MatchpointError("EVENT_INVALID", `best of ${match.bestOf} is no series`, { where });
    }
    const known = this.#matches.get(match.matchId);
    if (known === undefined) {
      this.#matches.set(match.matchId, {
        match,
        order: 0,
        subjects: Array.from({ length: match.bestOf + 1 }, (_, game) => freshSubject(game, at)),
        sources: [],
        stale: false,
        staleSource: null,
        staleDue: null,
        lastClaimAt: at,
        postponedDue: null,
      });
      return [];
    }
    const [first, second] = known.match.teams;
    if (
      first.name !== second.name &&
      match.teams[0].name === second.name &&
      match.teams[1].name === first.name
    ) {
      throw new MatchpointError("EVENT_INVALID", "the teams of a listed match changed their order", {
        where,
        hint: "Keep the order of the first listing; sources' own orders belong into refs.",
      });
    }
    const reformatted = known.match.bestOf !== match.bestOf;
    known.match = match;
    if (!reformatted) {
      this.#states.delete(match.matchId);
      return [];
    }
    resize(known, at);
    return this.#settle(known, at, false, `listed as best of ${match.bestOf}`, (step) => step.reformat());
  }

  /** Takes a claim, or news of a source's health. Claims about matches that are not listed are counted and change nothing. */
  apply(event: SourceEvent | SourceHealthChanged): TruthChange[] {
    return event.type === "match_claim" ? this.#claim(event) : this.#health(event);
  }

  /** A timer of {@link takeTimers} has come due. Unknown and outdated ones change nothing. */
  onTimer(timerId: string, at: Nanos): TruthChange[] {
    const [, kind, rest] = /^truth:(wait|dispute|stale|postponed):(.*)$/s.exec(timerId) ?? [];
    if (kind === undefined || rest === undefined) return [];
    const whole = kind === "stale" || kind === "postponed";
    const matchId = (whole ? rest : rest.slice(0, rest.lastIndexOf("#"))) as MatchId;
    const match = this.#matches.get(matchId);
    if (match === undefined) return [];
    if (kind === "stale") match.staleDue = null;
    if (kind === "postponed") return this.#cancelPostponed(match, at);
    return this.#settle(match, at, false, "time passed", (step) => step.judge(), true);
  }

  /** Timers to set or to clear since the last call, in order; a later one of the same id replaces an earlier one. */
  takeTimers(): readonly TruthTimer[] {
    const timers = this.#timers;
    this.#timers = [];
    return timers;
  }

  /** What is held true about a match; `undefined` when it is not listed. The object is never changed afterwards. */
  state(matchId: MatchId): TruthState | undefined {
    const known = this.#states.get(matchId);
    if (known !== undefined) return known;
    const match = this.#matches.get(matchId);
    if (match === undefined) return undefined;
    const state = truthState(match);
    this.#states.set(matchId, state);
    return state;
  }

  /** The listed matches, in the order of their listing. */
  matches(): readonly MatchId[] {
    return [...this.#matches.keys()];
  }

  /** What each source has sent, how often it was right and how late it is, sorted by its id. */
  sources(): readonly SourceReport[] {
    return this.#counters.list().map((each) => ({
      ...each,
      lag: this.#lags.of(each.source),
      reliability: learnedOf(each, each.tier, this.config),
    }));
  }

  /** How late a source is, by what is declared and measured. */
  lagOf(source: SourceId): SourceLag {
    return this.#lags.of(source);
  }

  /** A market of a match is watched for moves from now on: sources' first statements wait for what it does. */
  marketWatched(matchId: MatchId, at: Nanos): void {
    if (this.#matches.has(matchId)) this.#lags.watched(matchId, at);
  }

  /** A market of a match has moved, or its move goes on: it may have reported something before any source did. */
  marketMoved(matchId: MatchId, move: MarketMove, at: Nanos): void {
    if (this.#matches.has(matchId)) this.#lags.moved(matchId, move, at);
  }

  /** The whole state as plain JSON; a copy. */
  snapshot(): TruthSnapshot {
    return { ...toSnapshot(this.#matches, this.#counters.list(), this.#timers), lags: this.#lags.snapshot() };
  }

  /** Takes over a snapshot; what follows is the same as in the engine that it came from. */
  restore(snapshot: TruthSnapshot): void {
    const { matches, sources, timers } = fromSnapshot(snapshot);
    this.#matches = matches;
    this.#states.clear();
    this.#counters = new Counters(sources);
    this.#lags = new LagLedger(this.config, snapshot.lags);
    this.#timers = timers;
  }

  #claim(event: SourceEvent): TruthChange[] {
    const counter = this.#counters.of(event.source);
    const match = this.#matches.get(event.matchId);
    const kept = match?.sources.find((each) => each.source === event.source)?.learned ?? null;
    const { tier, learned } = standing(event, counter, this.config, kept);
    const upstream = upstreamOf(this.config, event.source, event.upstream);
    counter.tier = tier;
    counter.upstream = upstream;
    counter.lastAt = event.at;
    if (match === undefined) {
      counter.unlisted += 1;
      return [];
    }
    const source = this.#source(match, event.source, event.at);
    source.tier = tier;
    source.learned = learned;
    source.upstream = upstream;
    const key = dedupKey(event);
    if (key !== undefined && !remember(source.seen, key)) {
      counter.duplicates += 1;
      return [];
    }
    const replayed = event.replayed === true || source.health === "replaying";
    source.spokeAt = event.at;
    const heard = this.#heard(match, source, event, replayed);
    const fallen = withdrawn(match, event.at);
    if (fallen !== undefined) {
      const why = "a score of the series fell and stayed there";
      heard.push(...this.#settle(match, event.at, false, why, (step) => step.take(fallen, event.source)));
    }
    const late = isLate(match, event);
    const recorded = record(match, source, event);
    this.#lags.claim({
      event,
      title: match.match.title,
      upstream,
      replayed,
      sound: counts(source) && recorded.violation === undefined,
      unsaid: [...recorded.wiped, ...recorded.takenBack].map(({ game }) => game),
    });
    if (recorded.duplicate) counter.duplicates += 1;
    else counter.claims += 1;
    if (recorded.violation !== undefined) counter.violations += 1;
    if (recorded.first) counter.first += 1;
    if (late && !recorded.duplicate && recorded.violation === undefined) counter.late += 1;
    if (recorded.contradiction) counter.contradictions += 1;
    const fresh = !replayed && tier !== "C" && counts(source) && recorded.violation === undefined;
    const why = describeClaim(event, match.match, recorded.violation);
    const work = (step: Settlement): void => {
      step.take(recorded, event.source);
      const { progressOf, unsaid } = recorded;
      const back = unsaid ? event.source : undefined;
      if (progressOf !== undefined) this.#progress(match, progressOf, event.at, step, back);
      if (event.claim.kind === "source_invalid" || event.claim.kind === "source_valid") {
        this.#pool(match, event.at, step);
      }
    };
    const changes = this.#settle(match, event.at, fresh, why, work, false, event.source);
    const over = match.postponedDue !== null && match.postponedDue <= event.at;
    return [...heard, ...changes, ...(over ? this.#cancelPostponed(match, event.at) : [])];
  }

  /** The time that the rules leave to a match that was put off is over. */
  #cancelPostponed(match: MatchRecord, at: Nanos): TruthChange[] {
    match.postponedDue = null;
    const changes: TruthChange[] = [];
    for (const source of expired(match, at, this.config)) {
      const recorded = cancelPostponed(match, source);
      const why = `${source.source}: put off for longer than the rules allow`;
      changes.push(
        ...this.#settle(match, at, false, why, (step) => {
          step.take(recorded, source.source);
        }),
      );
    }
    return changes.length > 0 ? changes : this.#settle(match, at, false, "time passed", () => undefined);
  }

  /** A word of a source that may vouch for the present ends staleness. */
  #heard(match: MatchRecord, source: SourceRecord, event: SourceEvent, replayed: boolean): TruthChange[] {
    if (replayed || source.tier === "C") return [];
    source.heardAt = event.at;
    if (!isAllowed(source) || event.claim.kind === "source_invalid") return [];
    match.lastClaimAt = event.at;
    return refresh(match, true, `${event.source} is heard again`);
  }

  #health(event: SourceHealthChanged): TruthChange[] {
    const counter = this.#counters.of(event.source);
    if (event.matchId === undefined) counter.health = event.health;
    const why = `${event.source} is ${event.health}: ${event.reason}`;
    const changes: TruthChange[] = [];
    for (const [matchId, match] of this.#matches) {
      if (event.matchId !== undefined && event.matchId !== matchId) continue;
      const known = match.sources.some((source) => source.source === event.source);
      if (!known && event.matchId === undefined) continue;
      const source = this.#source(match, event.source, event.at);
      source.health = event.health;
      changes.push(
        ...this.#settle(match, event.at, false, why, (step) => {
          step.take(resumed(source), event.source);
          this.#pool(match, event.at, step);
        }),
      );
    }
    return changes;
  }

  /** The record of a source in a match; a new one starts with the health that was reported of the source as a whole. */
  #source(match: MatchRecord, source: SourceId, at: Nanos): SourceRecord {
    const known = match.sources.find((each) => each.source === source);
    if (known !== undefined) return known;
    const health: FeedHealth | null = this.#counters.of(source).health ?? null;
    const made = freshSource(source, match.subjects.length - 1, at, health);
    match.sources.push(made);
    return made;
  }

  #pool(match: MatchRecord, at: Nanos, step: Settlement): void {
    for (let game = 1; game < match.subjects.length; game++) this.#progress(match, game, at, step);
  }

  #progress(match: MatchRecord, game: number, at: Nanos, step: Settlement, unsaid?: SourceId): void {
    const pooled = poolProgress(match, game, at, this.config);
    if (pooled !== undefined) step.progress(match.subjects[game]!, pooled, unsaid);
  }

  #settle(
    match: MatchRecord,
    at: Nanos,
    fresh: boolean,
    reason: string,
    work: (step: Settlement) => void,
    timed = false,
    source?: SourceId,
  ): TruthChange[] {
    const cause = { at, fresh, reason, ...(source === undefined ? {} : { source }) };
    const mover = new Mover(match, this.config, cause);
    work(new Settlement(match, this.config, this.rule, mover, timed));
    this.#timers.push(...mover.timers);
    if (this.config.learn_reliability !== "off") this.#grade(match, mover.changes);
    watchPostponement(match, this.config, this.#timers);
    const watched = watch(match, at, this.config, this.#timers);
    this.#states.delete(match.match.matchId);
    return [...mover.changes, ...watched];
  }

  /** Compares what sources stated with what is final now. */
  #grade(match: MatchRecord, changes: readonly TruthChange[]): void {
    const seen = new Set<number>();
    for (const { game = 0 } of changes) {
      if (seen.has(game)) continue;
      seen.add(game);
      grade(match, match.subjects[game]!, (source, kind) => this.#counters.of(source.source)[kind]);
    }
  }
}
