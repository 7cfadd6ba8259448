import type { CoreEvent, FrameDecoder, MatchId, MatchRef, ReceiveStamp, Tier } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** What a missing piece of a series' sequence looks like. */
export interface GridGap {
  readonly matchId: MatchId;
  /** The first missing sequence number: what to ask for with `fromSequenceNumber`. */
  readonly expected: number;
  readonly received: number;
}

/** Options of `createGridDecoder`. */
export interface GridDecoderOptions {
  /** Matches to follow: those with a `refs.grid`. */
  readonly matches: readonly MatchRef[];
  /** Default `grid`; also the key of the matches' `refs`. */
  readonly source?: string;
  /** Default `A`: a licensed feed is the official statement. Use `B` for delayed Open Access data. */
  readonly tier?: Tier;
  /** Default `grid`. */
  readonly upstream?: string;
  /** What occurred longer ago than this is marked as replayed: history, not news. Default 30,000. */
  readonly freshWithinMs?: number | undefined;
  /** A running game's standing is said again when nothing was said for so long but transactions come. Default 10,000. */
  readonly keepAliveMs?: number | undefined;
  /** Called when a transaction is missing, with the second one that comes after it: ask the source for `expected` and those after it. */
  readonly onGap?: (gap: GridGap) => void;
}

/** Counters of a decoder. */
export interface GridStats {
  transactions: number;
  duplicates: number;
  gaps: number;
  /** Frames of series that are not followed. */
  foreign: number;
  quarantined: number;
  /** Event types that GRID does not document. */
  readonly unknownEvents: Tally;
  /** Fields that nobody has heard of, by path: the format has changed. */
  readonly unknownFields: Tally;
}

/** Where a series stands in the decoder. */
export interface GridStatus {
  /** Last transaction taken; 0 before the first. */
  readonly sequence: number;
  /** A transaction is missing and later ones wait for it. */
  readonly gapped: boolean;
  /** A transaction could not be read: only a series state tells what it said. */
  readonly needsState: boolean;
  /** Whether the last transaction was news and not history. */
  readonly fresh: boolean;
  /** False between the source's invalidation and its validation. */
  readonly valid: boolean;
  readonly playing: boolean;
  readonly over: boolean;
}

/** A decoder of GRID Series Events. */
export interface GridDecoder extends FrameDecoder {
  readonly stats: GridStats;
  status(matchId: MatchId): GridStatus | undefined;
  /**
   * Takes over an answer of the series-state endpoint in place of transactions that cannot be had. Returns what it was:
   * `stale` is older than what is known, `absent` has no state, `refused` carries errors or cannot be read.
   */
  adopt(
    body: Uint8Array,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): "adopted" | "stale" | "absent" | "refused";
}
