import type { GameProgress, Team } from "@matchpoint/sdk";

/** Where one game stands, as a source says it now. */
export interface GameView {
  readonly game: number;
  /** The source's own id of the game; another id under the same number is a remake. */
  readonly ref: string | undefined;
  readonly started: boolean;
  readonly paused: boolean;
  /** Over, with or without a winner. */
  readonly ended: boolean;
  readonly winner: Team | undefined;
  readonly forfeit: boolean;
  readonly progress: GameProgress;
}

/**
 * Everything that a source says about a match at one moment. Decoders keep it up to date; the claims are what has changed
 * between two of them, so that a correction of any kind comes out as a retraction.
 */
export interface SeriesView {
  /** False between the source's invalidation of its own data and its validation. */
  readonly valid: boolean;
  readonly started: boolean;
  readonly ended: boolean;
  readonly winner: Team | undefined;
  readonly forfeit: boolean;
  readonly cancelled: "cancelled" | "walkover" | "postponed" | undefined;
  /** Maps won; `undefined` while the source does not say. */
  readonly maps: readonly [number, number] | undefined;
  /** By game number, ascending. */
  readonly games: ReadonlyMap<number, GameView>;
}
