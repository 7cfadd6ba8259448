import type { FrameDecoder, MatchId, MatchRef, Nanos } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** Options of `createLiquipediaDecoder`. */
export interface LiquipediaDecoderOptions {
  /**
   * Matches to follow: those with a reference for the source, whose match is a `match2id` and whose teams are the names of
   * the opponents' pages.
   */
  readonly matches: readonly MatchRef[];
  /** Default `liquipedia`; also the key of the matches' `refs`. */
  readonly source?: string;
}

/** Counters of a decoder. */
export interface LiquipediaStats {
  answers: number;
  records: number;
  /** Records of matches that are not followed. */
  foreign: number;
  quarantined: number;
  /** Why records proved no result: `finished` alone is none. */
  readonly unclear: Tally;
  /** Fields that are not documented, and what LPDB warned of. */
  readonly unknown: Tally;
}

/** Where a match stands in the decoder. */
export interface LiquipediaStatus {
  /** When an answer that could have it was last read, and when it had it. */
  readonly askedAt: Nanos | undefined;
  readonly foundAt: Nanos | undefined;
  /** It has a result. */
  readonly settled: boolean;
  /** Counts results: it grows when one is entered or corrected. */
  readonly revision: number;
  /** Why its last record proves no result. */
  readonly unclear: string | undefined;
}

/** A decoder of LPDB's answers. Whatever it says is `replayed`: a confirmation, never a signal. */
export interface LiquipediaDecoder extends FrameDecoder {
  readonly stats: LiquipediaStats;
  status(matchId: MatchId): LiquipediaStatus | undefined;
}
