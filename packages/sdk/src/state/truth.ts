import type { GameProgress, MatchDescription, Team } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";

/** States of the truth machine, per match and per game. */
export type TruthStatus =
  | "scheduled"
  | "live"
  | "paused"
  | "effectively_final"
  | "final"
  | "disputed"
  | "retracted"
  | "void"
  | "not_played";

/** What is held true about a match as a whole, or about one game of it. */
export interface Verdict {
  readonly status: TruthStatus;
  /** The winner, once `effectively_final` or `final`; before that the likelier one of the claims, if any. */
  readonly winner: Team | undefined;
  /** Pooled posterior of the leading terminal claim, 0 when nobody claims an end. */
  readonly posterior: number;
  /** `effectively_final` for longer than `max_wait_ms` without a second upstream: carries no new risk. */
  readonly singleSource: boolean;
  readonly forfeit: boolean;
  /** Counts every change of what is held true; a lower revision is history. */
  readonly revision: number;
  readonly since: Nanos;
  /** The sources behind the verdict. */
  readonly sources: readonly SourceId[];
}

/** How the gold lead went: one value per full minute of the game clock, without holes. */
export interface GoldCurve {
  /** The minute of the first value; above 1 when nobody told of the minutes before. */
  readonly from: number;
  /** Gold of team 0 less gold of team 1 at the full minutes `from`, `from + 1`, ... */
  readonly leads: readonly number[];
}

/** Truth about one game (map). */
export interface GameTruth extends Verdict {
  readonly game: number;
  readonly progress: GameProgress;
  /** Absent while no source has told gold and clock over a full minute. */
  readonly curve?: GoldCurve;
}

/** Truth about a match. */
export interface TruthState extends Verdict {
  readonly match: MatchDescription;
  /** Maps won per team, counting games that are `effectively_final` or `final`. */
  readonly maps: readonly [number, number];
  /** Games 1 to `bestOf`. */
  readonly games: readonly GameTruth[];
  /** The game being played, or the next one; `undefined` when the series is decided. */
  readonly currentGame: number | undefined;
  /** No fresh claim for longer than the sources' staleness limits: entries of truth-driven strategies are denied. */
  readonly stale: boolean;
  /** Which source went silent, when stale. */
  readonly staleSource: SourceId | undefined;
  readonly lastClaimAt: Nanos;
}
