import type { Clock, Feed, Tier, Transport } from "@matchpoint/sdk";
import { createSharedFeed } from "../common/sharedFeed.ts";
import { SteamConnection } from "./connection.ts";

/** Steam's Web API, unless another address is given. */
export const STEAM_URL = "https://api.steampowered.com";

/** Options of {@link createSteamFeed}. */
export interface SteamFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Gives the key when it is needed: `() => secrets.get("steam.api_key")`. Appears in no event, message or error. */
  readonly apiKey: () => Promise<{ reveal(): string }>;
  /** Id of the source, and the key of the matches' `refs`. Default `steam`. */
  readonly source?: string;
  /** Default `B`. */
  readonly tier?: Tier;
  /** Default `https://api.steampowered.com`. */
  readonly httpUrl?: string;
  /**
   * OpenDota's API, which is asked who won a game that has left the list. Default `https://api.opendota.com/api`; `false`
   * asks nobody: then a winner is known by the wins that the next game starts with, and the last game's is not.
   */
  readonly resultsUrl?: string | false;
  /** How often the list is asked for, once for all matches. Default 10,000, at least 1,200: a key has 100,000 calls a day. */
  readonly pollMs?: number;
  /** How long an answer may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** A change between two looks further apart than this is history, not news. Default 30,000. */
  readonly freshWithinMs?: number;
  /** A running game's standing is said again when there was no news for so long. Default 10,000. */
  readonly keepAliveMs?: number;
  /** A running game whose clock stands still for so long is stale: a pause and a stall look the same. Default 60,000. */
  readonly staleMs?: number;
  /** For how long a decided series is followed on, for corrections. Default 600,000. */
  readonly correctionWatchMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/**
 * Dota 2's live league games by Steam's web API. It shows what the spectators' relay shows: behind play by at least the
 * organiser's delay (10 to 900 s in recorded answers; what an answer names is a setting and proves nothing), so it confirms and
 * triggers nothing. A game that leaves the list is not a result.
 *
 * @example
 * ```ts
 * import { createSteamFeed, createWsTransport } from "@matchpoint/adapters-esports";
 * import { SystemClock, type SecretProvider } from "@matchpoint/sdk";
 *
 * export function dota(secrets: SecretProvider) {
 *   // match.refs: { steam: { match: "league:18000", teams: ["39", "2163"] } }
 *   return createSteamFeed({
 *     transport: createWsTransport(),
 *     clock: new SystemClock(),
 *     apiKey: () => secrets.get("steam.api_key"),
 *   });
 * }
 * ```
 */
export function createSteamFeed(options: SteamFeedOptions): Feed {
  const source = options.source ?? "steam";
  const tier = options.tier ?? "B";
  const upstream = "valve";
  const { clock, transport, apiKey, freshWithinMs, keepAliveMs } = options;
  return createSharedFeed({
    source,
    tier,
    upstream,
    clock,
    pressureMark: options.pressureMark,
    connect: (matches, run) =>
      new SteamConnection({
        matches,
        decoding: { source, tier, upstream, freshWithinMs, keepAliveMs },
        transport,
        clock,
        run,
        apiKey,
        httpUrl: options.httpUrl ?? STEAM_URL,
        resultsUrl: options.resultsUrl ?? "https://api.opendota.com/api",
        pollMs: Math.max(1_200, options.pollMs ?? 10_000),
        staleMs: options.staleMs ?? 60_000,
        timeoutMs: options.timeoutMs ?? 10_000,
        correctionWatchMs: options.correctionWatchMs ?? 600_000,
      }),
  });
}
