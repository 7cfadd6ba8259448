import type { Clock, Feed, Tier, Transport } from "@matchpoint/sdk";
import { createSharedFeed } from "../common/sharedFeed.ts";
import { SportsConnection } from "./connection.ts";

/** Polymarket's sports channel, unless another address is given. */
export const SPORTS_URL = "wss://sports-api.polymarket.com/ws";

/** Options of {@link createSportsFeed}. */
export interface SportsFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Id of the source, and the key of the matches' `refs`. Default `polymarket_sports`. */
  readonly source?: string;
  /** Default `B`. */
  readonly tier?: Tier;
  /** Default `wss://sports-api.polymarket.com/ws`. */
  readonly socketUrl?: string;
  /** A change between two looks further apart than this is history, not news. Default 60,000. */
  readonly freshWithinMs?: number;
  /** A running map's points are said again when there was no news for so long. Default 10,000. */
  readonly keepAliveMs?: number;
  /** A running match without a frame for so long is stale. Default 70,000: frames of a game come every 20 s. */
  readonly staleMs?: number;
  /** A socket without any frame for so long is opened again. Default 60,000. */
  readonly idleMs?: number;
  /** For how long a match that is over is listened to, for corrections. Default 600,000. */
  readonly correctionWatchMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/**
 * Polymarket's own score channel: one open socket for all games, no key, no subscription. It is informational, and 30 to 90
 * seconds late: it confirms, and it is what the venue believes, but it must trigger nothing. The frame that says that a match has
 * ended comes once; whoever was not connected then has to learn it elsewhere. An end is not a resolution, and names no winner.
 *
 * @example
 * ```ts
 * import { createSportsFeed, createWsTransport } from "@matchpoint/adapters-esports";
 * import { SystemClock } from "@matchpoint/sdk";
 *
 * // match.refs: { polymarket_sports: { match: "1616952", teams: ["Eternal Fire Academy", "Vitality Academy"] } }
 * const feed = createSportsFeed({ transport: createWsTransport(), clock: new SystemClock() });
 * ```
 */
export function createSportsFeed(options: SportsFeedOptions): Feed {
  const source = options.source ?? "polymarket_sports";
  const tier = options.tier ?? "B";
  const upstream = "pandascore";
  const { clock, transport, freshWithinMs, keepAliveMs } = options;
  return createSharedFeed({
    source,
    tier,
    upstream,
    clock,
    pressureMark: options.pressureMark,
    connect: (matches, run) =>
      new SportsConnection({
        matches,
        decoding: { source, tier, upstream, freshWithinMs, keepAliveMs },
        transport,
        clock,
        run,
        url: options.socketUrl ?? SPORTS_URL,
        staleMs: options.staleMs ?? 70_000,
        idleMs: options.idleMs ?? 60_000,
        correctionWatchMs: options.correctionWatchMs ?? 600_000,
      }),
  });
}
