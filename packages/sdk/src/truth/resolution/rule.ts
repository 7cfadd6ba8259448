import type { MarketSubject } from "../../events/index.ts";

/** What a case pays: the winner's outcome everything, or each outcome half. */
export type CasePayout = "winner" | "fifty_fifty";

/**
 * How a market turns what happened into payouts. What a market is worth is this rule applied to truth, never truth alone:
 * a forfeited game can count for the series while its own market pays half.
 */
export interface ResolutionRule {
  readonly id: string;
  /** Won by forfeit after play of the subject had begun. */
  readonly forfeitAfterStart: CasePayout;
  /** Won by forfeit, or walkover, without play. */
  readonly forfeitBeforeStart: CasePayout;
  /** Cancelled, postponed beyond the rules, never played, or over without a winner. */
  readonly notHeld: "fifty_fifty";
  /** Ended level; absent where the text has no such case, as for a single game. */
  readonly tie?: "fifty_fifty";
  /** Days after the date that the text names from which a match without a winner counts as not held; absent: unsaid. */
  readonly delayDays?: number;
}

/**
 * The rules of Polymarket's esports markets as their texts stood in 2026: a match market pays the winner when a match that
 * began ends by forfeit, half on a walkover before the start, a tie or a cancellation; a game market pays half whenever its
 * game was not completed. They hold for markets that come without their rules text.
 */
export const DEFAULT_RESOLUTION_RULES: Readonly<Record<MarketSubject["kind"], ResolutionRule>> = {
  series: {
    id: "esports-match",
    forfeitAfterStart: "winner",
    forfeitBeforeStart: "fifty_fifty",
    notHeld: "fifty_fifty",
    tie: "fifty_fifty",
    delayDays: 7,
  },
  game: {
    id: "esports-game",
    forfeitAfterStart: "fifty_fifty",
    forfeitBeforeStart: "fifty_fifty",
    notHeld: "fifty_fifty",
    delayDays: 7,
  },
};
