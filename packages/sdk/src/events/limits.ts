/** The longest reason of an order, in characters: it is written into every journal line and report of it. Strategies' longer ones are cut. */
export const LONGEST_REASON = 300;

/** What numbers in a match claim may be at most, all from 0 but `game`, which is from 1: beyond it a source talks nonsense. */
export const CLAIM_LIMITS = {
  /** Number of a game, and games of a series. */
  game: 99,
  /** Games that a team has won. */
  maps: 99,
  round: 1_000,
  /** Rounds won, kills, towers and players of a team. */
  tally: 1_000_000,
} as const;
