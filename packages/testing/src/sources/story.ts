import type { GameProgress, Team } from "@matchpoint/sdk";

/** Why a match that was listed is not played. */
export type CancelReason = "cancelled" | "walkover" | "postponed";

/**
 * One thing that happens in a match, in no source's words. Teams are in the order of the match; games are numbered from 1.
 * `progress` is where the game stands, not what was added.
 *
 * @example
 * ```ts
 * import type { StoryStep } from "@matchpoint/testing";
 * const sweep: readonly StoryStep[] = [
 *   { kind: "series_start" },
 *   { kind: "game_start", game: 1, firstSide: 0 },
 *   { kind: "progress", game: 1, progress: { score: [1, 0], round: 2 } },
 *   { kind: "game_end", game: 1, winner: 0 },
 * ];
 * ```
 */
export type StoryStep =
  | { readonly kind: "series_start" }
  | { readonly kind: "game_start"; readonly game: number; readonly firstSide?: Team }
  | { readonly kind: "progress"; readonly game: number; readonly progress: GameProgress }
  | { readonly kind: "pause"; readonly game: number }
  | { readonly kind: "resume"; readonly game: number }
  | {
      readonly kind: "game_end";
      readonly game: number;
      /** `undefined`: the game is over and nobody has won it. */
      readonly winner: Team | undefined;
      readonly forfeit?: boolean;
    }
  /** The game is restored to an earlier state. */
  | { readonly kind: "rollback"; readonly game: number; readonly progress: GameProgress }
  /** The game is broken off and played again from the start, under a new id. */
  | { readonly kind: "remake"; readonly game: number }
  /** The winner that was stated of the game was wrong. */
  | { readonly kind: "correction"; readonly game: number; readonly winner: Team }
  | { readonly kind: "series_end"; readonly winner: Team | undefined; readonly forfeit?: boolean }
  | { readonly kind: "cancel"; readonly reason: CancelReason };

/** How a message can be hostile. */
export type Garbling = "truncated" | "not_json" | "wrong_shape" | "huge" | "binary";

/** What goes wrong between a source and its clients. Where a source is polled, its answers stand for messages. */
export type SourceFault =
  /** From now on everything reaches clients so much later; 0 ends it. */
  | { readonly kind: "lag"; readonly ms: number }
  /** The next messages are lost; polled: the next answers are those of before. */
  | { readonly kind: "drop"; readonly count: number }
  /** The next messages arrive twice; polled: each answer is given once more. */
  | { readonly kind: "duplicate"; readonly count: number }
  /** The next two messages arrive exchanged; polled: after the next answer the one before it is given again. */
  | { readonly kind: "swap" }
  /** One hostile message, now; polled: the next answer is hostile. */
  | { readonly kind: "garble"; readonly frame: Garbling }
  /** Sockets are cut, now, with a close code or (without one) without a word; requests under way are cut too. */
  | { readonly kind: "disconnect"; readonly code?: number }
  /** Sockets are cut and refused, and requests answered with 503, for so long. */
  | { readonly kind: "outage"; readonly ms: number }
  /** Requests and new sockets are answered with 429 for so long. */
  | { readonly kind: "rate_limit"; readonly ms: number }
  /** Sockets stay open and nothing is said (what would have been is lost); requests wait for their answer. */
  | { readonly kind: "silence"; readonly ms: number };
