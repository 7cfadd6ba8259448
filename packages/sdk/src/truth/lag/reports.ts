import type { Team } from "../../events/index.ts";
import type { SourceId } from "../../ids.ts";
import type { Nanos } from "../../units/index.ts";
import type { MarketMove } from "./moves.ts";

/** Another source stated the same while it was not yet known when the market had heard. */
export interface Waiting {
  readonly source: SourceId;
  readonly upstream: string;
  readonly at: Nanos;
}

/** When a market moved, compared with a statement. */
export type MarketPart = "before" | "after";

/** The first statement of something: who, when, and when it was heard of first. */
export interface Report {
  readonly at: Nanos;
  readonly source: SourceId;
  readonly upstream: string;
  readonly game: number;
  readonly team: Team | undefined;
  /** When it was heard of first: by this statement, or by the market before it. */
  heardAt: Nanos;
  /** What the market did: it moved before the statement, or after it. Absent: neither. */
  market?: MarketPart;
  /** The same of moves in the other direction, which the fact cannot explain: so much is chance. */
  chance?: MarketPart;
  /** Whether it is still watched what the market does. */
  open: boolean;
  /** Whether the source that stated it first has its sample, or is to have none. */
  measured: boolean;
  waiting: Waiting[];
}

/** A market's move, and whether it is explained by a report already. */
export interface SeenMove extends MarketMove {
  size: number;
  used: boolean;
}

/** What is remembered of one match. All of it is plain JSON but for the maps. */
export interface MatchLags {
  /** When each source first spoke of the match: what it says of earlier news is history. */
  readonly joined: Map<SourceId, Nanos>;
  /** Per source and counter: the highest value that it stated. */
  readonly marks: Map<string, number>;
  /** Per counter and value: the number of the report that stated it first. */
  readonly facts: Map<string, number>;
  readonly reports: Map<number, Report>;
  /** Per counter: values up to this were stated before a retraction; said again, they are no news. */
  readonly floors: Map<string, number>;
  moves: SeenMove[];
  /** Whether a market of the match is watched: else there is nothing to wait for. */
  watched: boolean;
  reported: number;
}

/** {@link MatchLags} as plain JSON. */
export interface MatchLagsSnapshot {
  readonly joined: readonly (readonly [SourceId, Nanos])[];
  readonly marks: readonly (readonly [string, number])[];
  readonly facts: readonly (readonly [string, number])[];
  readonly reports: readonly (readonly [number, Report])[];
  readonly floors: readonly (readonly [string, number])[];
  readonly moves: readonly SeenMove[];
  readonly watched: boolean;
  readonly reported: number;
}

const MOST_FACTS = 4_096;
const MOST_REPORTS = 1_024;
const MOST_MARKS = 8_192;
const MOST_MOVES = 64;

/** A match of which nothing was said. */
export function freshLags(): MatchLags {
  return {
    joined: new Map(),
    marks: new Map(),
    facts: new Map(),
    reports: new Map(),
    floors: new Map(),
    moves: [],
    watched: false,
    reported: 0,
  };
}

function trim(map: Map<unknown, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** Forgets the oldest beyond what is kept. */
export function bound(match: MatchLags): void {
  trim(match.facts, MOST_FACTS);
  trim(match.reports, MOST_REPORTS);
  trim(match.marks, MOST_MARKS);
  trim(match.floors, MOST_MARKS);
  if (match.moves.length > MOST_MOVES) match.moves = match.moves.slice(-MOST_MOVES);
}

/** A game was taken back: what was stated of it, said again, is no news. */
export function unsay(match: MatchLags, game: number): void {
  const own = `${game}|`;
  for (const [mark, value] of match.marks) {
    const counter = mark.slice(mark.indexOf(" ") + 1);
    if (!counter.startsWith(own) && game !== 0 && !counter.startsWith("0|")) continue;
    if (value > (match.floors.get(counter) ?? 0)) match.floors.set(counter, value);
    match.marks.delete(mark);
  }
  for (const fact of [...match.facts.keys()]) {
    if (fact.startsWith(own) || game === 0 || fact.startsWith("0|")) match.facts.delete(fact);
  }
}

/** The key of a source's highest value of a counter. Ids of sources hold no space. */
export function markOf(source: SourceId, counter: string): string {
  return `${source} ${counter}`;
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function toLagsSnapshot(match: MatchLags): MatchLagsSnapshot {
  return plain({
    joined: [...match.joined],
    marks: [...match.marks],
    facts: [...match.facts],
    reports: [...match.reports],
    floors: [...match.floors],
    moves: match.moves,
    watched: match.watched,
    reported: match.reported,
  });
}

export function fromLagsSnapshot(snapshot: MatchLagsSnapshot): MatchLags {
  const { joined, marks, facts, reports, floors, moves, watched, reported } = plain(snapshot);
  return {
    joined: new Map(joined),
    marks: new Map(marks),
    facts: new Map(facts),
    // JSON drops fields that are undefined.
    reports: new Map(reports.map(([n, report]) => [n, { ...report, team: report.team }])),
    floors: new Map(floors),
    moves: [...moves],
    watched,
    reported,
  };
}
