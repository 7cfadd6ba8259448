import type { Clock, Feed, Tier, Transport } from "@matchpoint/sdk";
import { createMatchFeed } from "../common/matchFeed.ts";
import { ChangeLog } from "./changeLog.ts";
import { PandascoreConnection } from "./connection.ts";
import { createPandascoreDecoder } from "./decoder.ts";
import { Pace } from "./pace.ts";

/** PandaScore over HTTP, unless another address is given. */
export const PANDASCORE_URL = "https://api.pandascore.co";

/** Options of {@link createPandascoreFeed}. */
export interface PandascoreFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Gives the token when it is needed: `() => secrets.get("pandascore.token")`. Appears in no event, message or error. */
  readonly apiToken: () => Promise<{ reveal(): string }>;
  /** Id of the source, and the key of the matches' `refs`. Default `pandascore`. */
  readonly source?: string;
  /** Default `B`. */
  readonly tier?: Tier;
  /** Default `https://api.pandascore.co`. */
  readonly httpUrl?: string;
  /** Default `wss://live.pandascore.co`. */
  readonly socketUrl?: string;
  /** Listen to the events endpoint too (Live Pro plan). Default false. */
  readonly events?: boolean;
  /** How often a match is polled: 360 requests an hour at the default of 10,000. More matches are polled less often each. */
  readonly pollMs?: number;
  /** Requests that the plan allows in an hour, shared by all matches. Default 1,000, which the smallest plan has. */
  readonly requestsPerHour?: number;
  /** How long an answer may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** A change between two looks further apart than this is history, not news. Default 30,000. */
  readonly freshWithinMs?: number;
  /** A running game's standing is said again when there was no news for so long. Default 10,000. */
  readonly keepAliveMs?: number;
  /** Silence of the frames, while a game is being played, after which they are stale. Default 10,000. */
  readonly staleMs?: number;
  /**
   * For how long after its end a match is watched for corrections: PandaScore may correct a winner for a day. It is polled as
   * before for ten minutes and once an hour then, and the log of changes is read for all such matches together. Default a day.
   */
  readonly correctionWatchMs?: number;
  /** How often the log of changes is read while a match that is over is watched. Default 120,000. */
  readonly logMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/**
 * PandaScore as a source of match facts: polls each match over REST and, where the match has live data, listens to its
 * frames. Data come from the broadcast, some seconds to tens of seconds late: a second opinion, no trigger.
 */
export function createPandascoreFeed(options: PandascoreFeedOptions): Feed {
  const source = options.source ?? "pandascore";
  const tier = options.tier ?? "B";
  const upstream = "pandascore";
  const { clock, transport, apiToken, freshWithinMs, keepAliveMs } = options;
  const pace = new Pace(clock, options.requestsPerHour ?? 1_000);
  const httpUrl = options.httpUrl ?? PANDASCORE_URL;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const log = new ChangeLog({
    transport,
    clock,
    apiToken,
    httpUrl,
    pace,
    timeoutMs,
    pollMs: options.logMs ?? 120_000,
  });
  return createMatchFeed({
    source,
    tier,
    upstream,
    clock,
    pressureMark: options.pressureMark,
    connect: ({ match, ref }, run) =>
      new PandascoreConnection({
        match,
        matchRef: ref,
        decoder: createPandascoreDecoder({
          matches: [match],
          source,
          tier,
          upstream,
          freshWithinMs,
          keepAliveMs,
        }),
        transport,
        clock,
        run,
        apiToken,
        httpUrl,
        socketUrl: options.socketUrl ?? "wss://live.pandascore.co",
        events: options.events ?? false,
        pace,
        log,
        pollMs: options.pollMs ?? 10_000,
        staleMs: options.staleMs ?? 10_000,
        timeoutMs,
        correctionWatchMs: options.correctionWatchMs ?? 86_400_000,
      }),
  });
}
