import type { FrameDecoder, MatchId, MatchRef, Nanos, Tier } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** Options of `createPandascoreDecoder`. */
export interface PandascoreDecoderOptions {
  /** Matches to follow: those with a `refs.pandascore`. With a single one, messages that name no match are about it. */
  readonly matches: readonly MatchRef[];
  /** Default `pandascore`; also the key of the matches' `refs`. */
  readonly source?: string;
  /** Default `B`: a collector. */
  readonly tier?: Tier;
  /** Default `pandascore`: one vote with whatever else takes its data from there, such as Polymarket's sports channel. */
  readonly upstream?: string;
  /** What changed between two looks further apart than this is history, not news. Default 30,000. */
  readonly freshWithinMs?: number | undefined;
  /** A running game's standing is said again when nothing was said for so long but frames advance. Default 10,000. */
  readonly keepAliveMs?: number | undefined;
}

/** Counters of a decoder. */
export interface PandascoreStats {
  polls: number;
  frames: number;
  events: number;
  duplicates: number;
  /** Messages about matches that are not followed. */
  foreign: number;
  /** Frames of a game whose number is not known yet. */
  unplaced: number;
  /** Frames that a later one had overtaken, and matches as they were before a change that is known. */
  late: number;
  quarantined: number;
  /** Messages that no claim is made of, by type: kills, items, changes of other things. */
  readonly unclaimed: Tally;
  /** Fields of matches and frames that nobody has heard of, by path. */
  readonly unknownFields: Tally;
}

/** Where a match stands in the decoder. */
export interface PandascoreStatus {
  /** When a match object of it, and a frame, was last read; `undefined` when none was. */
  readonly polledAt: Nanos | undefined;
  readonly framedAt: Nanos | undefined;
  /** As REST says: `not_started`, `running`, `finished`, `canceled`, `postponed`; empty before the first poll. */
  readonly status: string;
  readonly liveSupported: boolean;
  /** When the sockets open, Unix ms. */
  readonly opensAt: number | undefined;
  /** When it is planned to begin, and when it was before it was moved, Unix ms. A late start is not told. */
  readonly scheduledAt: number | undefined;
  readonly originallyAt: number | undefined;
  /** The running game: what a recovery asks for. */
  readonly gameId: string | undefined;
  /** PandaScore has struck the match off: nothing more is said of it. */
  readonly deleted: boolean;
  /** A game is being played, so that silence of the sockets would be strange. */
  readonly playing: boolean;
}

/** A decoder of PandaScore's REST answers and socket messages, told apart by their shape. */
export interface PandascoreDecoder extends FrameDecoder {
  readonly stats: PandascoreStats;
  status(matchId: MatchId): PandascoreStatus | undefined;
}
