import type { Clock, Feed, Transport } from "@matchpoint/sdk";
import { createMatchFeed } from "../common/matchFeed.ts";
import { RiotConnection } from "./connection.ts";
import { createRiotDecoder } from "./decoder.ts";
import { GATEWAY_URL } from "./gatewayRequest.ts";

/** Options of {@link createRiotFeed}. */
export interface RiotFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /**
   * Gives the gateway's `x-api-key` when it is needed: `() => secrets.get("riot.api_key")`. Appears in no event, message or
   * error.
   */
  readonly apiKey: () => Promise<{ reveal(): string }>;
  /**
   * Id of the source, and the key of the matches' `refs`. Default `riot_gateway`: the gateway is no official product. Another
   * one, such as `official`, is for a licensed relay that speaks the same protocol.
   */
  readonly source?: string;
  /** Origin of the gateway. Default `https://esports-api.lolesports.com`. */
  readonly gatewayUrl?: string;
  /** Origin of the live statistics. Default `https://feed.lolesports.com`. */
  readonly livestatsUrl?: string;
  /** How often the gateway is asked about a match. Default 20,000. */
  readonly pollMs?: number;
  /** A change between two looks further apart than this is history, not news. Default 60,000. */
  readonly freshWithinMs?: number;
  /** A running game's standing is said again when there was no news for so long. Default 10,000. */
  readonly keepAliveMs?: number;
  /** Silence of the live statistics, while a game is being played, after which they are stale. Default 60,000. */
  readonly staleMs?: number;
  /** Pause between questions for what was missed of a game. Default 1,000. */
  readonly backfillMs?: number;
  /** How long an answer may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** Ask for the details feed with every window. Default false: only while windows lack gold or kills. */
  readonly details?: boolean;
  /** For how long after its end a match is polled for corrections. Default two hours. */
  readonly correctionWatchMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/**
 * Riot's LoL esports gateway and live statistics as a source of match facts, of tier B. Statistics come 20 to 60 seconds
 * late, results by the minute: a second opinion, no trigger. The gateway is unofficial and may vanish.
 */
export function createRiotFeed(options: RiotFeedOptions): Feed {
  const source = options.source ?? "riot_gateway";
  const { clock, transport, apiKey, freshWithinMs, keepAliveMs } = options;
  return createMatchFeed({
    source,
    tier: "B",
    upstream: "riot",
    clock,
    pressureMark: options.pressureMark,
    connect: ({ match, ref }, run) =>
      new RiotConnection({
        match,
        matchRef: ref,
        decoder: createRiotDecoder({ matches: [match], source, freshWithinMs, keepAliveMs }),
        transport,
        clock,
        run,
        apiKey,
        gatewayUrl: options.gatewayUrl ?? GATEWAY_URL,
        livestatsUrl: options.livestatsUrl ?? "https://feed.lolesports.com",
        pollMs: options.pollMs ?? 20_000,
        staleMs: options.staleMs ?? 60_000,
        backfillMs: options.backfillMs ?? 1_000,
        timeoutMs: options.timeoutMs ?? 10_000,
        details: options.details ?? false,
        correctionWatchMs: options.correctionWatchMs ?? 7_200_000,
      }),
  });
}
