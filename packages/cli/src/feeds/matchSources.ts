import {
  createGridFeed,
  createLiquipediaFeed,
  createOpendotaFeed,
  createPandascoreFeed,
  createRiotFeed,
  createSportsFeed,
  createSteamFeed,
} from "@matchpoint/adapters-esports";
import type { Clock, Feed, Transport } from "@matchpoint/sdk";
import { z } from "zod";
import type { KeyOf } from "./keys.ts";
import { defined, enabled, http, httpUrl, ms, pollMs, socketUrl, staleMs } from "./options.ts";

/** What a source's feed is made with, beside its options. */
interface Ports {
  readonly transport: Transport;
  readonly clock: Clock;
}

/** A source of match facts that a configuration may name. */
export interface MatchSource<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  create(options: z.output<Schema>, ports: Ports, keyOf: KeyOf): Feed;
}

function source<Schema extends z.ZodObject>(
  schema: Schema,
  create: (options: z.output<Schema>, ports: Ports, keyOf: KeyOf) => Feed,
): MatchSource {
  // The options of a source are checked by its own schema before they get here.
  return { schema, create: (options, ports, keyOf) => create(options as z.output<Schema>, ports, keyOf) };
}

const tier = z
  .enum(["A", "B", "C"])
  .optional()
  .describe("How far the source is trusted; truth_engine.tier_a_sources goes before it.");

const requestsPerHour = z.int().min(1).max(10_000).optional();

/** The sources by name; the name is also the key in a match's `refs`. */
export const MATCH_SOURCES: Readonly<Record<string, MatchSource>> = {
  grid: source(
    z.strictObject({
      enabled: enabled.describe("Needs MATCHPOINT_GRID_API_KEY in the environment, or secrets.grid_api_key."),
      socket_url: socketUrl,
      http_url: httpUrl,
      tier,
      stale_ms: staleMs,
    }),
    (options, ports, keyOf) =>
      createGridFeed({
        ...ports,
        apiKey: keyOf("grid"),
        ...defined({
          socketUrl: options.socket_url,
          httpUrl: options.http_url,
          tier: options.tier,
          staleMs: options.stale_ms,
        }),
      }),
  ),
  pandascore: source(
    z.strictObject({
      enabled: enabled.describe(
        "Needs MATCHPOINT_PANDASCORE_TOKEN in the environment, or secrets.pandascore_token.",
      ),
      socket_url: socketUrl,
      http_url: httpUrl,
      poll_ms: ms.optional().describe("How often the match is asked for."),
      requests_per_hour: requestsPerHour.describe("What the plan allows, for all matches; default 1000."),
      events: z
        .boolean()
        .optional()
        .describe("Listen to the events socket too, which needs the Live Pro plan; default false."),
      stale_ms: staleMs,
    }),
    (options, ports, keyOf) =>
      createPandascoreFeed({
        ...ports,
        apiToken: keyOf("pandascore"),
        ...defined({
          socketUrl: options.socket_url,
          httpUrl: options.http_url,
          pollMs: options.poll_ms,
          requestsPerHour: options.requests_per_hour,
          events: options.events,
          staleMs: options.stale_ms,
        }),
      }),
  ),
  riot_gateway: source(
    z.strictObject({
      enabled: enabled.describe(
        "Needs MATCHPOINT_RIOT_GATEWAY_KEY in the environment, or secrets.riot_gateway_key.",
      ),
      gateway_url: http.optional().describe("The gateway's address; default the source's own."),
      livestats_url: http
        .optional()
        .describe("The address of the live statistics; default the source's own."),
      poll_ms: pollMs,
      stale_ms: staleMs,
    }),
    (options, ports, keyOf) =>
      createRiotFeed({
        ...ports,
        apiKey: keyOf("riot_gateway"),
        ...defined({
          gatewayUrl: options.gateway_url,
          livestatsUrl: options.livestats_url,
          pollMs: options.poll_ms,
          staleMs: options.stale_ms,
        }),
      }),
  ),
  steam: source(
    z.strictObject({
      enabled: enabled.describe(
        "Needs MATCHPOINT_STEAM_API_KEY in the environment, or secrets.steam_api_key.",
      ),
      http_url: httpUrl,
      results_url: http
        .optional()
        .describe(
          "OpenDota's address, which is asked who won a game that has left Steam's list; default its own.",
        ),
      poll_ms: pollMs,
      stale_ms: staleMs,
    }),
    (options, ports, keyOf) =>
      createSteamFeed({
        ...ports,
        apiKey: keyOf("steam"),
        ...defined({
          httpUrl: options.http_url,
          resultsUrl: options.results_url,
          pollMs: options.poll_ms,
          staleMs: options.stale_ms,
        }),
      }),
  ),
  opendota: source(
    z.strictObject({
      enabled: enabled.describe("Results of Dota 2 games, minutes after their end; needs no key."),
      http_url: httpUrl,
      poll_ms: pollMs,
    }),
    (options, ports) =>
      createOpendotaFeed({ ...ports, ...defined({ httpUrl: options.http_url, pollMs: options.poll_ms }) }),
  ),
  polymarket_sports: source(
    z.strictObject({
      enabled: enabled.describe("The venue's own scoreboard, late and for information only; needs no key."),
      socket_url: socketUrl,
      stale_ms: staleMs,
    }),
    (options, ports) =>
      createSportsFeed({
        ...ports,
        ...defined({ socketUrl: options.socket_url, staleMs: options.stale_ms }),
      }),
  ),
  liquipedia: source(
    z.strictObject({
      enabled: enabled.describe(
        "Confirms results; needs MATCHPOINT_LIQUIPEDIA_API_KEY in the environment, or secrets.liquipedia_api_key.",
      ),
      contact: z
        .string()
        .min(3)
        .describe(
          "How Liquipedia reaches you, an e-mail address or a URL: its terms demand it in every request.",
        ),
      http_url: httpUrl,
      poll_ms: pollMs,
      requests_per_hour: requestsPerHour.describe(
        "What the key allows, for all matches; default 60, which LPDB grants.",
      ),
    }),
    (options, ports, keyOf) =>
      createLiquipediaFeed({
        ...ports,
        apiKey: keyOf("liquipedia"),
        contact: options.contact,
        ...defined({
          httpUrl: options.http_url,
          pollMs: options.poll_ms,
          requestsPerHour: options.requests_per_hour,
        }),
      }),
  ),
};
