import type { FeedHealth, GameProgress, MatchDescription, Tier } from "../events/index.ts";
import type { MatchId, SourceId } from "../ids.ts";
import type { GoldCurve, Verdict } from "../state/index.ts";
import type { Nanos } from "../units/index.ts";
import type { Outcome3 } from "./claims.ts";
import type { LagSnapshot } from "./lag/ledger.ts";
import type { SourceLag } from "./lag/sourceLag.ts";
import type { Seen } from "./dedup.ts";
import type { OpenStatus } from "./machine.ts";
import type { LearnedReliability } from "./reliability.ts";

/** What a source says of one subject's end, as it is kept. */
export interface StatedEnd {
  readonly says: Outcome3 | "open";
  readonly forfeit: boolean;
  readonly tier: Tier;
  readonly upstream: string;
  readonly order: number;
  /** Stated after the source had taken its word back: it has heard of that. */
  readonly again?: true;
  /** Of `open`: what it denies, and since when. Absent in what was written before denials had a time. */
  readonly denies?: Outcome3;
  readonly at?: Nanos;
}

/** What a source says of a game's progress, as it is kept. */
export interface StatedProgress {
  readonly value: GameProgress;
  readonly at: Nanos;
  readonly order: number;
}

/** What a source says of the score of the series, as it is kept. */
export interface StatedScore {
  readonly maps: readonly [number, number];
  readonly order: number;
  /** Absent in what was written before denials had a time. */
  readonly at?: Nanos;
}

/** Everything that one source has said of one match. Lists are indexed by subject: 0 is the series, n is game n. */
export interface SourceRecord {
  readonly source: SourceId;
  tier: Tier;
  upstream: string;
  /** It said `source_invalid`. */
  invalid: boolean;
  /** Its connection's state for this match; null: none was reported. */
  health: FeedHealth | null;
  /** When it last spoke of this match; replays and tier C do not count. */
  heardAt: Nanos | null;
  /** When it last spoke at all. */
  spokeAt: Nanos;
  ends: (StatedEnd | null)[];
  /** Its scores of the series, each at least the one before it. */
  scores: StatedScore[];
  /** Its latest score, while that is less than an earlier one and nothing bears out that it fell; null: it is not. */
  fell: StatedScore | null;
  progress: (StatedProgress | null)[];
  /** Whether it reported play of the game. */
  started: boolean[];
  /** Its own id of each game, to see a remake. */
  refs: (string | null)[];
  /** The ids before those: under them a game is no new one. */
  pastRefs: (string | null)[];
  /** Since when it says that the match is put off; null: it does not. */
  postponedAt: Nanos | null;
  /** What it ever stated as an end, and did not unsay because play was taken back. */
  claimed: (readonly Outcome3[])[];
  /** How those statements are counted at present. */
  graded: ("right" | "wrong" | null)[];
  /** What its results weigh where that is learned; null: what the configuration says. */
  learned: { readonly games: number; readonly series: number; readonly demoted: boolean } | null;
  /** Keys of what it sent, for dedup. */
  readonly seen: Seen;
}

/** The machine's memory for one subject. */
export interface SubjectRecord {
  /** 0 is the series. */
  readonly game: number;
  verdict: Verdict;
  last: OpenStatus;
  progress: GameProgress;
  /** Who set it back while others had not heard, so that what is shown did not follow; null: nobody. */
  setBackBy: SourceId | null;
  /** What is shown went back although no source had set itself back. */
  fellBehind: boolean;
  /** How its gold lead went; null: not told. */
  curve: GoldCurve | null;
  /** Who paused it, while it is paused: its next start lets it go on. */
  pausedBy: SourceId | null;
  /** Where it was when it was put off; null: it is not. */
  putOffFrom: OpenStatus | null;
  /** When the wait for a second upstream ends. */
  waitDue: Nanos | null;
  /** When a standing contradiction becomes a dispute. */
  graceDue: Nanos | null;
}

/** All of one match. */
export interface MatchRecord {
  match: MatchDescription;
  /** Claims counted in the order of arrival. */
  order: number;
  subjects: SubjectRecord[];
  /** In the order of their first word. */
  sources: SourceRecord[];
  stale: boolean;
  staleSource: SourceId | null;
  /** Due time of the timer that watches for silence; null: not set. */
  staleDue: Nanos | null;
  lastClaimAt: Nanos;
  /** Due time of the timer that ends the longest postponement; null: not set. */
  postponedDue: Nanos | null;
}

/** A timer that the engine wants set, or cleared (`due` undefined). */
export interface TruthTimer {
  readonly timerId: string;
  readonly due: Nanos | undefined;
}

/** Results of a source that turned out right or wrong. */
export interface ResultTally {
  readonly right: number;
  readonly wrong: number;
}

/** What a source has sent, for reports. */
export interface SourceCounters {
  readonly source: SourceId;
  /** The tier that counts. */
  readonly tier: Tier;
  readonly upstream: string;
  /** Claims taken, duplicates not counted. */
  readonly claims: number;
  /** Claims that were sent twice or said nothing new. */
  readonly duplicates: number;
  /** Results that another upstream's standing result contradicted when they came. */
  readonly contradictions: number;
  /** Claims that break the order of play, go backwards or name what does not exist. */
  readonly violations: number;
  /** Claims about matches that are not listed. */
  readonly unlisted: number;
  /** Results that this source was the first to state. */
  readonly first: number;
  /** Results that it stated when they were final already. */
  readonly late: number;
  /** Its results of games and of series by what became final; one that was ever stated otherwise counts as wrong. */
  readonly games: ResultTally;
  readonly series: ResultTally;
  readonly lastAt: Nanos;
  readonly health: FeedHealth | undefined;
}

/** What a source has sent, and how late it was with it. */
export interface SourceReport extends SourceCounters {
  readonly reliability: LearnedReliability;
  readonly lag: SourceLag;
}

/** The engine's whole state as plain JSON. */
export interface TruthSnapshot {
  readonly version: 1;
  readonly matches: readonly MatchSnapshot[];
  readonly sources: readonly SourceCounters[];
  readonly timers: readonly TruthTimer[];
  /** Absent in what was written before lags were measured. */
  readonly lags?: LagSnapshot;
}

/** One match of a {@link TruthSnapshot}. */
export interface MatchSnapshot extends Omit<MatchRecord, "sources"> {
  readonly matchId: MatchId;
  readonly sources: readonly (Omit<SourceRecord, "seen"> & {
    /** The young keys and the old ones. */
    readonly seen: readonly [readonly string[], readonly string[]];
  })[];
}

/** Whether a source's word counts: neither it nor its feed says that its data is invalid. */
export function counts(record: SourceRecord): boolean {
  return !record.invalid && record.health !== "invalid";
}

/** Whether a source that decides reports play of a game. */
export function isBegun(match: MatchRecord, game: number): boolean {
  return match.sources.some(
    (source) => counts(source) && source.tier !== "C" && source.started[game] === true,
  );
}

/** Games that a score counts. */
export function played(score: StatedScore | undefined): number {
  return score === undefined ? 0 : score.maps[0] + score.maps[1];
}

/** Whether a status is one of a result that is held true. */
export function isDecided(verdict: Verdict): boolean {
  return verdict.status === "effectively_final" || verdict.status === "final";
}

/** Whether a status is one before any result. */
export function isOpen(verdict: Verdict): boolean {
  return verdict.status === "scheduled" || verdict.status === "live" || verdict.status === "paused";
}

/** Maps won per team by the games that are decided; `before`: by those ahead of this one. */
export function mapsWon(record: MatchRecord, before = record.subjects.length): [number, number] {
  const maps: [number, number] = [0, 0];
  for (let game = 1; game < before; game++) {
    const { verdict } = record.subjects[game]!;
    if (isDecided(verdict) && verdict.winner !== undefined) maps[verdict.winner] += 1;
  }
  return maps;
}

/** A subject of which nothing is known. */
export function freshSubject(game: number, at: Nanos): SubjectRecord {
  return {
    game,
    verdict: {
      status: "scheduled",
      winner: undefined,
      posterior: 0,
      singleSource: false,
      forfeit: false,
      revision: 0,
      since: at,
      sources: [],
    },
    last: "scheduled",
    progress: {},
    setBackBy: null,
    fellBehind: false,
    curve: null,
    pausedBy: null,
    putOffFrom: null,
    waitDue: null,
    graceDue: null,
  };
}

/** A source that has said nothing yet. */
export function freshSource(
  source: SourceId,
  games: number,
  at: Nanos,
  health: FeedHealth | null,
): SourceRecord {
  return {
    source,
    tier: "C",
    upstream: source,
    invalid: false,
    health,
    heardAt: null,
    spokeAt: at,
    ends: Array.from({ length: games + 1 }, () => null),
    scores: [],
    fell: null,
    progress: Array.from({ length: games + 1 }, () => null),
    started: Array.from({ length: games + 1 }, () => false),
    refs: Array.from({ length: games + 1 }, () => null),
    pastRefs: Array.from({ length: games + 1 }, () => null),
    postponedAt: null,
    claimed: Array.from({ length: games + 1 }, () => []),
    graded: Array.from({ length: games + 1 }, () => null),
    learned: null,
    seen: { young: new Set(), old: new Set() },
  };
}

/** Gives a match that was listed anew the games of its new format; games with a history stay. */
export function resize(match: MatchRecord, at: Nanos): void {
  const { bestOf } = match.match;
  while (match.subjects.length > bestOf + 1 && match.subjects.at(-1)!.verdict.revision === 0)
    match.subjects.pop();
  while (match.subjects.length < bestOf + 1) match.subjects.push(freshSubject(match.subjects.length, at));
  for (const source of match.sources) {
    const blank = freshSource(source.source, match.subjects.length - 1, at, null);
    source.ends = blank.ends.map((each, game) => source.ends[game] ?? each);
    source.progress = blank.progress.map((each, game) => source.progress[game] ?? each);
    source.started = blank.started.map((each, game) => source.started[game] ?? each);
    source.refs = blank.refs.map((each, game) => source.refs[game] ?? each);
    source.pastRefs = blank.pastRefs.map((each, game) => source.pastRefs[game] ?? each);
    source.claimed = blank.claimed.map((each, game) => source.claimed[game] ?? each);
    source.graded = blank.graded.map((each, game) => source.graded[game] ?? each);
  }
}
