import type { Clock, Feed, Tier } from "@matchpoint/sdk";
import type { FeedRun } from "./feedRun.ts";
import { createMatchFeed, type MatchConnection } from "./matchFeed.ts";
import { redactedMessage } from "./redact.ts";
import type { FollowedMatch } from "./teams.ts";

/** What makes a feed whose matches share one connection. */
export interface SharedFeedOptions {
  readonly source: string;
  readonly tier: Tier;
  readonly upstream: string;
  readonly clock: Clock;
  /** Waiting events at which the consumer is called slow. Default 10,000. */
  readonly pressureMark?: number | undefined;
  /** Makes the connection of all matches. It calls `run.done` once for each of them, unless it is stopped. */
  connect(matches: readonly FollowedMatch[], run: FeedRun): MatchConnection;
}

interface Group {
  readonly matches: FollowedMatch[];
  connection: MatchConnection | undefined;
  stopped: boolean;
}

/**
 * A feed of a source that answers for all matches at once: one poll or one socket serves whatever is followed, so that two
 * matches do not cost twice the quota.
 *
 * @example
 * ```ts
 * import { createSharedFeed, type FeedRun, type FollowedMatch, type MatchConnection } from "@matchpoint/adapters-esports";
 * import type { Clock, Feed } from "@matchpoint/sdk";
 *
 * type Open = (matches: readonly FollowedMatch[], run: FeedRun) => MatchConnection;
 *
 * export function scoreboards(clock: Clock, connect: Open): Feed {
 *   return createSharedFeed({ source: "boards", tier: "B", upstream: "stream", clock, connect });
 * }
 * ```
 */
export function createSharedFeed(options: SharedFeedOptions): Feed {
  const groups = new WeakMap<FeedRun, Group>();
  return createMatchFeed({
    ...options,
    connect: (one, run) => {
      let group = groups.get(run);
      const first = group === undefined;
      group ??= { matches: [], connection: undefined, stopped: false };
      groups.set(run, group);
      group.matches.push(one);
      const shared = group;
      return {
        start() {
          run.opened();
          // Matches are begun one by one and at once: when this runs, all of them are known.
          if (first) queueMicrotask(() => open(shared, run));
        },
        stop() {
          if (shared.stopped) return;
          shared.stopped = true;
          shared.connection?.stop();
        },
      };
    },
  });

  function open(group: Group, run: FeedRun): void {
    if (group.stopped) return;
    try {
      group.connection = options.connect(group.matches, run);
    } catch (error) {
      for (const { match } of group.matches) run.done(match.matchId, redactedMessage(error));
      return;
    }
    group.connection.start();
  }
}
