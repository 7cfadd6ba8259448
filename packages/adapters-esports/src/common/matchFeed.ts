import {
  id,
  type Clock,
  type Feed,
  type FeedHealth,
  type MatchRef,
  type SourceId,
  type Tier,
} from "@matchpoint/sdk";
import { FeedRun, type FeedEvent } from "./feedRun.ts";
import { HealthBoard } from "./health.ts";
import { followed, type FollowedMatch } from "./teams.ts";

/** One match of a feed: begins when started, and tells the run when it is done. */
export interface MatchConnection {
  start(): void;
  /** Lets go of everything; says nothing more. */
  stop(): void;
}

/** What makes a feed of connections. */
export interface MatchFeedOptions {
  readonly source: string;
  readonly tier: Tier;
  readonly upstream: string;
  readonly clock: Clock;
  /** Waiting events at which the consumer is called slow. Default 10,000. */
  readonly pressureMark?: number | undefined;
  connect(one: FollowedMatch, run: FeedRun): MatchConnection;
}

/**
 * A feed that follows every match by a connection of its own. Matches without a reference for the source are said to be
 * down and left aside. Ends with its last connection, or with the signal; whatever has arrived by then is still handed
 * over.
 */
export function createMatchFeed(options: MatchFeedOptions): Feed {
  const source: SourceId = id(options.source);
  const { tier, upstream, clock } = options;
  const board = new HealthBoard(source);

  async function* events(given: {
    readonly matches: readonly MatchRef[];
    readonly signal: AbortSignal;
  }): AsyncGenerator<FeedEvent, void> {
    if (given.signal.aborted) return;
    const run = new FeedRun({ source, clock, board, pressureMark: options.pressureMark });
    const connections: MatchConnection[] = [];
    run.opened(); // ours, until all matches are begun
    for (const match of given.matches) {
      const one = followed(match, options.source);
      if (one === undefined) {
        run.health(
          match.matchId,
          "down",
          `match ${match.matchId} has no refs.${options.source}: it is not followed`,
        );
        continue;
      }
      const connection = options.connect(one, run);
      connections.push(connection);
      connection.start();
    }
    run.closed();
    const stop = (): void => {
      for (const connection of connections) connection.stop();
      run.end();
    };
    given.signal.addEventListener("abort", stop, { once: true });
    try {
      yield* run.events;
    } finally {
      given.signal.removeEventListener("abort", stop);
      stop();
      for (const match of given.matches) board.forget(match.matchId);
    }
  }

  return { id: source, tier, upstream, events, health: (): FeedHealth => board.worst() };
}
