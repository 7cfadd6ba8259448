import type { Clock, Feed, Tier, Transport } from "@matchpoint/sdk";
import { createMatchFeed } from "../common/matchFeed.ts";
import { sharedBudget } from "../common/sharedBudget.ts";
import { GridConnection } from "./connection.ts";
import { createGridDecoder } from "./decoder.ts";

/** Options of {@link createGridFeed}. */
export interface GridFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Gives the API key when it is needed: `() => secrets.get("grid.api_key")`. Appears in no event, message or error. */
  readonly apiKey: () => Promise<{ reveal(): string }>;
  /** Id of the source, and the key of the matches' `refs`. Default `grid`. */
  readonly source?: string;
  /** Default `A`. Open Access data is delayed and not licensed for trading: give it `B`. */
  readonly tier?: Tier;
  /** Default `wss://api.grid.gg`. */
  readonly socketUrl?: string;
  /** Default `https://api.grid.gg`. */
  readonly httpUrl?: string;
  /** What occurred longer ago than this is marked as replayed. Default 30,000. */
  readonly freshWithinMs?: number;
  /** A running game's standing is said again when there was no news for so long. Default 10,000. */
  readonly keepAliveMs?: number;
  /** Silence after which the feed is stale and reconnects, while a game is being played. Default 30,000. */
  readonly staleMs?: number;
  /** The same between games and before the first. Default 600,000. */
  readonly idleStaleMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/** GRID over HTTP, unless another address is given. */
export const GRID_URL = "https://api.grid.gg";
/** GRID allows about five connection attempts a minute and key, and Open Access twenty questions for states. */
const ATTEMPTS = 5;
const STATES = 20;
const MINUTE_MS = 60_000;

/**
 * GRID Series Events as a source of match facts: one socket per series. Joins late by replaying the series (its events
 * are marked `replayed`), reconnects from the last sequence number, mends gaps by asking again and, failing that, by the
 * series state. Ends when every series has ended. Trading on GRID data needs a licence of GRID.
 */
export function createGridFeed(options: GridFeedOptions): Feed {
  const source = options.source ?? "grid";
  const tier = options.tier ?? "A";
  const upstream = "grid";
  const { clock, transport, apiKey, freshWithinMs, keepAliveMs } = options;
  const socketUrl = options.socketUrl ?? "wss://api.grid.gg";
  const httpUrl = options.httpUrl ?? GRID_URL;
  const budget = sharedBudget(clock, socketUrl, ATTEMPTS, MINUTE_MS);
  const stateBudget = sharedBudget(clock, httpUrl, STATES, MINUTE_MS);
  return createMatchFeed({
    source,
    tier,
    upstream,
    clock,
    pressureMark: options.pressureMark,
    connect: ({ match, ref }, run) =>
      new GridConnection({
        match,
        seriesId: ref,
        decoder: createGridDecoder({ matches: [match], source, tier, upstream, freshWithinMs, keepAliveMs }),
        transport,
        clock,
        run,
        budget,
        stateBudget,
        apiKey,
        socketUrl,
        httpUrl,
        staleMs: options.staleMs ?? 30_000,
        idleStaleMs: options.idleStaleMs ?? 600_000,
      }),
  });
}
