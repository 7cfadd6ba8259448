import type { FrameDecoder, MatchId, MatchRef, Nanos, Tier } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** Options of `createOpendotaDecoder`. */
export interface OpendotaDecoderOptions {
  /**
   * Matches to follow: those with a `refs.opendota`, such as `{ match: "league:18000", teams: ["39", "2163"] }`, the same that
   * `refs.steam` has. `startsAt` tells the match's games from earlier ones of the same teams.
   */
  readonly matches: readonly MatchRef[];
  /** Default `opendota`; also the key of the matches' `refs`. */
  readonly source?: string;
  /** Default `B`. */
  readonly tier?: Tier;
  /** Default `valve`: its data are Valve's, so that with Steam it is one vote. */
  readonly upstream?: string;
  /** What changed between two looks further apart than this is history, not news. Default 300,000. */
  readonly freshWithinMs?: number | undefined;
}

/** Counters of a decoder. */
export interface OpendotaStats {
  /** Lists that could be read. */
  lists: number;
  /** Games in lists and answers, of any match. */
  games: number;
  /** Games of other matches. */
  foreign: number;
  quarantined: number;
  /** Fields of list entries that nobody has heard of. */
  readonly unknownFields: Tally;
}

/** Where a match stands in the decoder. */
export interface OpendotaStatus {
  /** When a list was last read; `undefined` when none was. */
  readonly listedAt: Nanos | undefined;
  /**
   * The lists reach back to where the match can have begun. Until then nothing is said of it: the first game of a list may be
   * the second of the series.
   */
  readonly covered: boolean;
  /** Games whose winner is not known yet: to be asked for one by one. */
  readonly unresolved: readonly string[];
  /** The games decide the series. */
  readonly decided: boolean;
}

/** A decoder of `/proMatches` and `/matches/{id}`, told apart by their shape. */
export interface OpendotaDecoder extends FrameDecoder {
  readonly stats: OpendotaStats;
  /** Id of the oldest game that the lists reach back to without a gap: the page before it is asked for by this. */
  readonly oldest: string | undefined;
  status(matchId: MatchId): OpendotaStatus | undefined;
}
