import type { FrameDecoder, MatchId, MatchRef, Nanos, Tier } from "@matchpoint/sdk";
import type { Tally } from "../common/frame.ts";

/** Options of `createSteamDecoder`. */
export interface SteamDecoderOptions {
  /**
   * Matches to follow: those with a `refs.steam`, such as `{ match: "league:18000", teams: ["39", "2163"] }`. Valve has ids
   * for games, not for series: a game is of the match when it is of the league and both of its teams are the match's.
   */
  readonly matches: readonly MatchRef[];
  /** Default `steam`; also the key of the matches' `refs`. */
  readonly source?: string;
  /** Default `B`: what is shown to spectators, not a statement of results. */
  readonly tier?: Tier;
  /** Default `valve`: OpenDota has its data from there too. */
  readonly upstream?: string;
  /** What changed between two looks further apart than this is history, not news. Default 30,000. */
  readonly freshWithinMs?: number | undefined;
  /** A running game's standing is said again when nothing was said for so long but its clock moves. Default 10,000. */
  readonly keepAliveMs?: number | undefined;
}

/** Counters of a decoder. */
export interface SteamStats {
  /** Answers of Steam that could be read. */
  polls: number;
  /** Results of OpenDota. */
  results: number;
  /** Games in the answers, of any match. */
  games: number;
  /** Of these, games that do not name both teams. */
  unnamed: number;
  /** Games of other matches. */
  foreign: number;
  /** Games that show an earlier moment than an answer before. */
  late: number;
  /** Games whose number belongs to another one, or is beyond the series. */
  unplaced: number;
  quarantined: number;
  /** Fields that nobody has heard of, by path. */
  readonly unknownFields: Tally;
}

/** Where a match stands in the decoder. */
export interface SteamStatus {
  /** When an answer was last read; `undefined` when none was. */
  readonly polledAt: Nanos | undefined;
  /** The game that is listed and past its draft. */
  readonly running: string | undefined;
  /** When its clock last moved. */
  readonly movedAt: Nanos | undefined;
  /** Games that have disappeared without anyone saying who won: to be asked of OpenDota. */
  readonly unresolved: readonly string[];
  /** The games decide the series. */
  readonly decided: boolean;
}

/** A decoder of `GetLiveLeagueGames` and of OpenDota's `/matches/{id}`, told apart by their shape. */
export interface SteamDecoder extends FrameDecoder {
  readonly stats: SteamStats;
  status(matchId: MatchId): SteamStatus | undefined;
}
