import type { Clock, Feed, GameProgress, MatchDescription } from "@matchpoint/sdk";
import type { CancelReason, FakeSource } from "../sources/index.ts";

/**
 * What a source can show of a match. A case that needs what the source cannot show is skipped by name; everything that is
 * not listed as a limitation is demanded.
 */
export interface FeedCapabilities {
  /**
   * Time of the given clock (ms) after which a step of the story has surely reached the feed: some seconds for a socket, two
   * to three polls for a source that is polled.
   */
  readonly stepMs: number;
  /** Whether it says that games begin. Default true. */
  readonly gameStarts?: boolean;
  /** Whether it names who won a game. Default true. */
  readonly gameWinners?: boolean;
  /** Whether it says that a series begins. Default true. */
  readonly seriesStart?: boolean;
  /** Whether it names who won the series. Default true. */
  readonly seriesWinner?: boolean;
  /** Fields of progress that it shows; none for a source of results only. */
  readonly progress: readonly (keyof GameProgress)[];
  /** Whether it tells of pauses. Default false. */
  readonly pauses?: boolean;
  /** Whether it shows that a series was won by forfeit: `flagged` as such, or `won` like any other. Default `flagged`. */
  readonly forfeit?: "flagged" | "won" | false;
  /** Whether it says that a series is over although nobody has won. Default true. */
  readonly endWithoutWinner?: boolean;
  /** Which ways of not being played it tells. */
  readonly calledOff: readonly CancelReason[];
  /** Whether it shows that a game was set back. */
  readonly rollback: boolean;
  /** Whether it shows that a game is played anew. */
  readonly remake: boolean;
  /** Whether it corrects a game's winner while the series goes on. */
  readonly correction: boolean;
  /** Whether its messages are numbered, so that lost and exchanged ones are noticed and nothing of them is ever seen. */
  readonly sequenced: boolean;
  /** Whether a silent source is found out: silence (ms of the given clock) after which it must be. Default: not at all. */
  readonly noticesSilenceMs?: number;
  /** Whether what it says is ever a fresh signal; false for a source that only confirms. Default true. */
  readonly live?: boolean;
  /** Whether it ends by itself some time after the end of the match. Default true. */
  readonly endsByItself?: boolean;
}

/** A feed under test. */
export interface FeedSubject {
  /** The source's name, as in the match's `refs`. */
  readonly source: string;
  /** A best of three with `refs` for the source. */
  readonly match: MatchDescription;
  readonly capabilities: FeedCapabilities;
  /** How much faster than the real one the clocks run. Default 50. */
  readonly pace?: number;
  /** Real time (ms) that anything may take before it counts as not done: no measure of speed. Default 30,000. */
  readonly patienceMs?: number;
  /** Waiting events at which the feed calls its consumer slow, as `createFeed` has set it; 10 or less is best. */
  readonly pressureMark?: number;
  /** Keys and tokens that `createFeed` gives the feed: they must occur in no event. */
  readonly secrets?: readonly string[];
  /** Makes the source; it is started and stopped by the suite. */
  createSource(clock: Clock): FakeSource;
  /** Makes the feed under test, on the source's addresses. Its only clock is the one given. */
  createFeed(source: FakeSource, clock: Clock): Feed;
}

/** One demand on a feed, for whatever test runner: it fails by throwing. */
export interface ConformanceCase {
  readonly name: string;
  /** Why the case does not apply to this subject. Do not run it then, but show it. */
  readonly skip?: string;
  run(): Promise<void>;
}
