import type { FeedHealth, GameProgress, MatchDescription, Tier } from "../events/index.ts";
import type { MatchId, SourceId } from "../ids.ts";
import type { Verdict } from "../state/index.ts";
import type { Nanos } from "../units/index.ts";
import type { Outcome3 } from "./claims.ts";
import type { OpenStatus } from "./machine.ts";

/** What a source says of one subject's end, as it is kept. */
export interface StatedEnd {
  readonly says: Outcome3 | "open";
  readonly forfeit: boolean;
  readonly order: number;
}

/** Everything that one source has said of one match. Lists are indexed by subject: 0 the series, n game n. */
export interface SourceRecord {
  readonly source: SourceId;
  tier: Tier;
  upstream: string;
  /** It said `source_invalid`. */
  invalid: boolean;
  /** Its connection's state for this match; absent: none was reported. */
  health?: FeedHealth;
  /** When it last spoke of this match, replays not counted. */
  heardAt?: Nanos;
  /** When it last spoke at all, replays counted. */
  spokeAt: Nanos;
  ends: (StatedEnd | null)[];
  score: readonly [number, number] | null;
  scoreOrder: number;
  progress: ({ readonly value: GameProgress; readonly at: Nanos; readonly order: number } | null)[];
  /** Its own id of each game, to see a remake. */
  refs: (string | null)[];
  /** Keys of what it sent, oldest first, for dedup. */
  seen: string[];
}

/** The machine's memory for one subject. */
export interface SubjectRecord {
  /** 0 is the series. */
  readonly game: number;
  verdict: Verdict;
  last: OpenStatus;
  progress: GameProgress;
  /** When the wait for a second upstream ends. */
  waitDue?: Nanos;
  /** When a standing contradiction becomes a dispute. */
  graceDue?: Nanos;
}

/** All of one match. Plain data. */
export interface MatchRecord {
  match: MatchDescription;
  order: number;
  subjects: SubjectRecord[];
  sources: SourceRecord[];
  stale: boolean;
  staleSource?: SourceId;
  /** Due time of the timer that watches for silence. */
  staleDue?: Nanos;
  lastClaimAt: Nanos;
}

/** A timer that the engine wants set, or cleared (`due` undefined). */
export interface TruthTimer {
  readonly timerId: string;
  readonly due: Nanos | undefined;
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
  /** Claims that break the order of play, or name what does not exist; they have no vote. */
  readonly violations: number;
  /** Claims about matches that are not listed. */
  readonly unlisted: number;
  /** Results that this source was the first to state. */
  readonly first: number;
  readonly lastAt: Nanos;
  readonly health: FeedHealth | undefined;
}

/** The engine's whole state as plain JSON. */
export interface TruthSnapshot {
  readonly version: 1;
  readonly matches: readonly (readonly [MatchId, MatchRecord])[];
  readonly sources: readonly SourceCounters[];
  readonly timers: readonly TruthTimer[];
}
