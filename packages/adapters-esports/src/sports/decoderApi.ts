import type { FrameDecoder, MatchId, MatchRef, Nanos, Tier } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** Options of `createSportsDecoder`. */
export interface SportsDecoderOptions {
  /**
   * Matches to follow: those with a `refs.polymarket_sports`, such as
   * `{ match: "1616952", teams: ["Eternal Fire Academy", "Vitality Academy"] }`: the `gameId` of the venue's event, and the names
   * or abbreviations that the channel has for the teams. Names and aliases of the match's teams count too.
   */
  readonly matches: readonly MatchRef[];
  /** Default `polymarket_sports`; also the key of the matches' `refs`. */
  readonly source?: string;
  /** Default `B`. */
  readonly tier?: Tier;
  /** Default `pandascore`: the ids are PandaScore's, so its data are taken to be, too. */
  readonly upstream?: string;
  /** What changed between two looks further apart than this is history, not news. Default 60,000: frames come every 20 s. */
  readonly freshWithinMs?: number | undefined;
  /** A running map's points are said again when nothing was said for so long but frames come. Default 10,000. */
  readonly keepAliveMs?: number | undefined;
}

/** Counters of a decoder. */
export interface SportsStats {
  frames: number;
  /** Frames of games that are not followed, of all sports. */
  foreign: number;
  /** Frames that say less than one before them. */
  late: number;
  pings: number;
  quarantined: number;
  /** Fields of followed games that nobody has heard of. */
  readonly unknownFields: Tally;
  /** Values of `status` that nobody has heard of. */
  readonly unknownStatus: Tally;
}

/** Where a match stands in the decoder. */
export interface SportsStatus {
  /** When a frame of it was last read; `undefined` when none was. */
  readonly seenAt: Nanos | undefined;
  /** Being played, so that silence would be strange. */
  readonly running: boolean;
  /** Ended or cancelled. */
  readonly over: boolean;
}

/** A decoder of the channel's frames; its text pings are no frames and lead to nothing. */
export interface SportsDecoder extends FrameDecoder {
  readonly stats: SportsStats;
  status(matchId: MatchId): SportsStatus | undefined;
}
