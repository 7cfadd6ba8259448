import type { FrameDecoder, MatchId, MatchRef, Millis, Nanos } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** Options of `createRiotDecoder`. */
export interface RiotDecoderOptions {
  /** Matches to follow: those with a reference for the source; team ids are Riot's `esportsTeamId`. */
  readonly matches: readonly MatchRef[];
  /** Default `riot_gateway`; also the key of the matches' `refs`. */
  readonly source?: string;
  /** What changed between two looks further apart than this is history, not news. Default 60,000. */
  readonly freshWithinMs?: number | undefined;
  /** A running game's standing is said again when nothing was said for so long but frames advance. Default 10,000. */
  readonly keepAliveMs?: number | undefined;
}

/** Counters of a decoder. */
export interface RiotStats {
  /** Answers of `getEventDetails`, of the window and of the details feed. */
  polls: number;
  windows: number;
  details: number;
  /** Frames of windows, and those of them that were seen before. */
  frames: number;
  duplicates: number;
  /** Answers of the gateway that said less than was known, and were taken for old ones. */
  late: number;
  /** Answers about matches that are not followed. */
  foreign: number;
  /** Windows of games that the gateway has not listed. */
  unplaced: number;
  quarantined: number;
  /** Fields and words that are not documented, by name: the format has changed. */
  readonly unknown: Tally;
}

/** Where one game stands in the decoder. */
export interface RiotGameStatus {
  readonly id: string;
  readonly number: number;
  /** As the gateway says: `unstarted`, `inProgress`, `completed`. */
  readonly listed: string;
  /** As the live statistics say; `undefined` before the first frame. */
  readonly live: "in_game" | "paused" | "finished" | undefined;
  /** Time of the latest frame, when one was received that was new, and when one was received at all. */
  readonly lastAt: Millis | undefined;
  readonly framedAt: Nanos | undefined;
  readonly lookedAt: Nanos | undefined;
  /** Its winner is known. */
  readonly decided: boolean;
  /** Frames lack gold or kills, which the details feed may have. */
  readonly lacking: boolean;
  /** Where the earliest stretch begins that was not seen. */
  readonly hole: Millis | undefined;
}

/** Where a match stands in the decoder. */
export interface RiotStatus {
  /** When an event of it was last read. */
  readonly polledAt: Nanos | undefined;
  /** The series has a result. */
  readonly over: boolean;
  /** A game is being played, so that silence of the live statistics is strange. */
  readonly playing: boolean;
  readonly games: readonly RiotGameStatus[];
}

/**
 * A decoder of the answers of `getEventDetails` and of the window feed, told apart by their shape. Answers of the details
 * feed name no game: they need {@link RiotDecoder.ofGame}.
 */
export interface RiotDecoder extends FrameDecoder {
  readonly stats: RiotStats;
  status(matchId: MatchId): RiotStatus | undefined;
  /** Decodes what was answered to a question about one game, windows and details; an answer about another is refused. */
  ofGame(gameId: string): FrameDecoder;
  /** The feed has no frames of a game up to a time, although earlier and later ones exist. */
  passOver(gameId: string, until: Millis): void;
}
