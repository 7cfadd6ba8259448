import type { Clock, Feed, Tier, Transport } from "@matchpoint/sdk";
import { createSharedFeed } from "../common/sharedFeed.ts";
import { OpendotaConnection } from "./connection.ts";

/** OpenDota's API, unless another address is given. */
export const OPENDOTA_URL = "https://api.opendota.com/api";

/** Options of {@link createOpendotaFeed}. */
export interface OpendotaFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Gives the key, for those who have one; without, 60 requests a minute are free. Appears in no event, message or error. */
  readonly apiKey?: () => Promise<{ reveal(): string }>;
  /** Id of the source, and the key of the matches' `refs`. Default `opendota`. */
  readonly source?: string;
  /** Default `B`. */
  readonly tier?: Tier;
  /** Default `https://api.opendota.com/api`. */
  readonly httpUrl?: string;
  /** How often the list is asked for, once for all matches. Default 60,000: 1,440 of the 2,000 free calls of a day. */
  readonly pollMs?: number;
  /** Requests in a minute at most. Default 30: half of what is free, for whoever shares the address. */
  readonly perMinute?: number;
  /** How long an answer may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** A change between two looks further apart than this is history, not news. Default 300,000. */
  readonly freshWithinMs?: number;
  /** For how long a decided series is followed on. Default 600,000. */
  readonly correctionWatchMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/**
 * Dota 2 results by OpenDota: who won each game, minutes after it was over. A label and a confirmation, no signal. Its data are
 * Valve's, so that with `steam` it is one vote. `/live` is not read: it shows what Steam's list shows, later.
 *
 * @example
 * ```ts
 * import { createOpendotaFeed, createWsTransport } from "@matchpoint/adapters-esports";
 * import { SystemClock } from "@matchpoint/sdk";
 *
 * // match.refs: { opendota: { match: "league:18000", teams: ["39", "2163"] } }
 * const feed = createOpendotaFeed({ transport: createWsTransport(), clock: new SystemClock() });
 * ```
 */
export function createOpendotaFeed(options: OpendotaFeedOptions): Feed {
  const source = options.source ?? "opendota";
  const tier = options.tier ?? "B";
  const upstream = "valve";
  const { clock, transport, freshWithinMs } = options;
  return createSharedFeed({
    source,
    tier,
    upstream,
    clock,
    pressureMark: options.pressureMark,
    connect: (matches, run) =>
      new OpendotaConnection({
        matches,
        decoding: { source, tier, upstream, freshWithinMs },
        transport,
        clock,
        run,
        apiKey: options.apiKey,
        httpUrl: options.httpUrl ?? OPENDOTA_URL,
        pollMs: options.pollMs ?? 60_000,
        perMinute: options.perMinute ?? 30,
        timeoutMs: options.timeoutMs ?? 10_000,
        correctionWatchMs: options.correctionWatchMs ?? 600_000,
      }),
  });
}
