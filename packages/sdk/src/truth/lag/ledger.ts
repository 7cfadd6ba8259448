import type { SourceEvent, Team, Title } from "../../events/index.ts";
import type { MatchId, SourceId } from "../../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../../units/index.ts";
import type { TruthConfig } from "../config.ts";
import { factsOf, type Fact } from "./facts.ts";
import { Measured, type MeasuredSnapshot } from "./measured.ts";
import type { MarketMove } from "./moves.ts";
import {
  bound,
  freshLags,
  fromLagsSnapshot,
  markOf,
  toLagsSnapshot,
  unsay,
  type MarketPart,
  type MatchLags,
  type MatchLagsSnapshot,
  type Report,
  type SeenMove,
} from "./reports.ts";
import { LONGEST_LAG_MS } from "./sketch.ts";
import { judgeLag, type SourceLag } from "./sourceLag.ts";

/** Values that a source passes over in one step count as stated only as far back as this. */
const LONGEST_JUMP = 8;

/** What a claim is, to whoever measures it. */
export interface Heard {
  readonly event: SourceEvent;
  readonly title: Title;
  readonly upstream: string;
  readonly replayed: boolean;
  /** Whether the source's word counts and the claim broke no rule. */
  readonly sound: boolean;
  /** Games that the claim took back; 0 is the series. */
  readonly unsaid: readonly number[];
}

/** Everything that is known of sources' lags, as plain JSON. */
export interface LagSnapshot {
  readonly sources: readonly (readonly [SourceId, MeasuredSnapshot])[];
  readonly matches: readonly (readonly [MatchId, MatchLagsSnapshot])[];
}

/**
 * Measures how late each source is: against whoever reported the same fact first, another source or the market by its own
 * move. Many feeds carry no stamp that could be used, and none proves that what it stamps is fresh.
 */
export class LagLedger {
  readonly #config: TruthConfig;
  readonly #sources = new Map<SourceId, Measured>();
  readonly #matches = new Map<MatchId, MatchLags>();

  constructor(config: TruthConfig, snapshot?: LagSnapshot) {
    this.#config = config;
    for (const [source, measured] of snapshot?.sources ?? [])
      this.#sources.set(source, new Measured(measured));
    for (const [matchId, match] of snapshot?.matches ?? [])
      this.#matches.set(matchId, fromLagsSnapshot(match));
  }

  /** How late a source is, by all that is known. */
  of(source: SourceId): SourceLag {
    return judgeLag(this.#config, source, this.#sources.get(source));
  }

  /** Takes what a source stated. */
  claim(heard: Heard): void {
    const { event, replayed } = heard;
    const { source, at } = event;
    const match = this.#match(event.matchId, at);
    if (!match.joined.has(source)) match.joined.set(source, at);
    for (const game of heard.unsaid) unsay(match, game);
    if (!replayed) this.#stamp(event);
    if (!heard.sound) return;
    const known = new Set<Report>();
    const news: Fact[] = [];
    for (const fact of this.#stated(match, heard)) {
      const first = match.reports.get(match.facts.get(`${fact.counter}|${fact.value}`) ?? -1);
      if (!match.facts.has(`${fact.counter}|${fact.value}`)) news.push(fact);
      else if (first !== undefined && first.source !== source) known.add(first);
    }
    if (!replayed) this.#late(match, source, heard.upstream, at, [...known]);
    if (news.length > 0) this.#first(match, heard, news, known.size === 0);
    bound(match);
  }

  /** A market of a match is watched from now on: what sources state first waits for what it does. */
  watched(matchId: MatchId, at: Nanos): void {
    this.#match(matchId, at).watched = true;
  }

  /** A market of a match has moved, or its move goes on. */
  moved(matchId: MatchId, move: MarketMove, at: Nanos): void {
    const match = this.#match(matchId, at);
    const known = match.moves.findLast((each) => each.marketId === move.marketId && each.at === move.at);
    if (known === undefined) match.moves.push({ ...move, used: false });
    else known.size = move.size;
    bound(match);
  }

  snapshot(): LagSnapshot {
    return {
      sources: [...this.#sources].map(([source, measured]) => [source, measured.snapshot()] as const),
      matches: [...this.#matches].map(([matchId, match]) => [matchId, toLagsSnapshot(match)] as const),
    };
  }

  /** The match's record, with every report settled whose time has come. */
  #match(matchId: MatchId, at: Nanos): MatchLags {
    let match = this.#matches.get(matchId);
    if (match === undefined) {
      match = freshLags();
      this.#matches.set(matchId, match);
      return match;
    }
    const after = this.#config.market_move.after_ms * NANOS_PER_MS;
    for (const report of match.reports.values())
      if (report.open && at - report.at > after) this.#settle(match, report);
    return match;
  }

  /** Facts that a claim states for the first time by its source. */
  #stated(match: MatchLags, { event, title }: Heard): Fact[] {
    const { source, claim } = event;
    const stated = [...factsOf(claim, title)];
    const fresh: Fact[] = [];
    const take = (fact: Fact): void => {
      const mark = markOf(source, fact.counter);
      const before = match.marks.get(mark) ?? 0;
      if (fact.value <= before) return;
      match.marks.set(mark, fact.value);
      const from = Math.max(before, match.floors.get(fact.counter) ?? 0, fact.value - LONGEST_JUMP);
      for (let value = from + 1; value <= fact.value; value++) fresh.push({ ...fact, value });
    };
    for (const fact of stated) take(fact);
    if (claim.kind === "game_won") {
      // Whoever says who won each game says the score of the series.
      let won = 0;
      for (let game = 1; game <= 9; game++)
        if (match.marks.has(markOf(source, `${game}|won|${claim.winner}`))) won += 1;
      if (won > 0)
        take({ counter: `0|maps|${claim.winner}`, game: claim.game, value: won, team: claim.winner });
    }
    return fresh;
  }

  /** Others had stated it before: one claim is one sample, of the oldest news in it. */
  #late(match: MatchLags, source: SourceId, upstream: string, at: Nanos, reports: readonly Report[]): void {
    const joined = match.joined.get(source)!;
    const due = reports.filter(
      (report) => report.at > joined && at - report.at <= LONGEST_LAG_MS * NANOS_PER_MS,
    );
    if (due.length === 0) return;
    const oldest = due.reduce((a, b) => (b.at < a.at ? b : a));
    if (oldest.open) oldest.waiting.push({ source, upstream, at });
    else this.#compare(source, at, oldest);
    for (const report of due) {
      // Being ahead of whoever copies it proves nothing of a source.
      if (report.open || report.measured || report.upstream === upstream) continue;
      report.measured = true;
      this.#measured(report.source).against(0, this.of(source).inTime);
    }
  }

  /** A later statement: behind the market, if that moved before the first one, else behind the first. */
  #compare(source: SourceId, at: Nanos, { heardAt, market, chance, source: first }: Report): void {
    const ms = (at - heardAt) / NANOS_PER_MS;
    if (ms > LONGEST_LAG_MS) return;
    const measured = this.#measured(source);
    const before = market === "before" ? market : undefined;
    measured.market(before, ms, chance === "before" ? chance : undefined);
    if (before === undefined) measured.against(ms, market === "after" || this.of(first).inTime);
  }

  #first(match: MatchLags, heard: Heard, news: readonly Fact[], alone: boolean): void {
    const { event, upstream, replayed } = heard;
    const { at, source } = event;
    const [first] = news;
    const oneSided = news.every(({ team }) => team === first!.team);
    // What a source knows when it joins happened at any time before.
    const measurable = alone && !replayed && match.joined.get(source)! < at;
    const report: Report = {
      at,
      source,
      upstream,
      game: first!.game,
      team: oneSided ? first!.team : undefined,
      heardAt: at,
      open: match.watched && measurable && oneSided && first!.team !== undefined,
      measured: !measurable,
      waiting: [],
    };
    const number = match.reported++;
    match.reports.set(number, report);
    for (const { counter, value } of news) match.facts.set(`${counter}|${value}`, number);
  }

  /** The time in which the market could have followed is over: was it first, did it follow, or has it said nothing? */
  #settle(match: MatchLags, report: Report): void {
    const { at, team } = report;
    report.open = false;
    const told = this.#told(match, report, team!);
    const chance = this.#told(match, report, team === 0 ? 1 : 0);
    if (told !== undefined) {
      report.market = told.part;
      if (told.part === "before") report.heardAt = told.move.at;
      report.measured = true;
      const within = this.#config.market_move.within_ms * NANOS_PER_MS;
      for (const each of match.moves)
        if (each.team === team && each.at <= told.move.at + within) each.used = true;
    }
    if (chance !== undefined) report.chance = chance.part;
    const behind = (at - report.heardAt) / NANOS_PER_MS;
    this.#measured(report.source).market(report.market, behind, report.chance);
    for (const { source, upstream, at: later } of report.waiting) {
      this.#compare(source, later, report);
      if (!report.measured && upstream !== report.upstream) {
        report.measured = true;
        this.#measured(report.source).against(0, this.of(source).inTime);
      }
    }
    report.waiting = [];
  }

  /** The move for a team that goes with a report, if there was one that no earlier report explains. */
  #told(
    match: MatchLags,
    { at, game }: Report,
    team: Team,
  ): { readonly part: MarketPart; readonly move: SeenMove } | undefined {
    const { before_ms, after_ms } = this.#config.market_move;
    const about = match.moves.filter(
      (move) =>
        !move.used && move.team === team && (game === 0 || move.game === undefined || move.game === game),
    );
    const before = about.filter((move) => move.at < at && move.at >= at - before_ms * NANOS_PER_MS);
    const after = about.filter((move) => move.at >= at && move.at <= at + after_ms * NANOS_PER_MS);
    const most = (moves: readonly SeenMove[]): number =>
      moves.reduce((max, { size }) => Math.max(max, size), 0);
    // The larger move is the news; what led up to it by at least half of that belongs to it.
    const part = most(after) >= most(before) ? "after" : "before";
    const told = part === "after" ? after : before;
    const move = told.find(({ size }) => size * 2 >= most(told));
    return move === undefined ? undefined : { part, move };
  }

  #measured(source: SourceId): Measured {
    let measured = this.#sources.get(source);
    if (measured === undefined) {
      measured = new Measured();
      this.#sources.set(source, measured);
    }
    return measured;
  }

  /** How old a claim was by its origin's own word: it is at least so late, if clocks are right. */
  #stamp({ source, receivedAt, occurredAt, publishedAt, ntpOffsetMs }: SourceEvent): void {
    const origin = occurredAt ?? publishedAt;
    if (origin !== undefined) this.#measured(source).stamped.add(receivedAt + (ntpOffsetMs ?? 0) - origin);
  }
}
