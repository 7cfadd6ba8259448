import { createGridFeed, createPandascoreFeed } from "@matchpoint/adapters-esports";
import type { Clock, Feed, Transport } from "@matchpoint/sdk";
import { z } from "zod";
import { secretOf } from "./keys.ts";
import { defined, enabled, httpUrl, ms, socketUrl, staleMs } from "./options.ts";

/** What a source's feed is made with, beside its options. */
interface Ports {
  readonly transport: Transport;
  readonly clock: Clock;
}

/** A source of match facts that a configuration may name. */
export interface MatchSource<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  create(options: z.output<Schema>, ports: Ports): Feed;
}

function source<Schema extends z.ZodObject>(
  schema: Schema,
  create: (options: z.output<Schema>, ports: Ports) => Feed,
): MatchSource {
  // The options of a source are checked by its own schema before they get here.
  return { schema, create: (options, ports) => create(options as z.output<Schema>, ports) };
}

const tier = z
  .enum(["A", "B", "C"])
  .optional()
  .describe("How far the source is trusted; truth_engine.tier_a_sources goes before it.");

/** The sources by name; the name is also the key in a match's `refs`. */
export const MATCH_SOURCES: Readonly<Record<string, MatchSource>> = {
  grid: source(
    z.strictObject({
      enabled: enabled.describe("Needs MATCHPOINT_GRID_API_KEY in the environment."),
      socket_url: socketUrl,
      http_url: httpUrl,
      tier,
      stale_ms: staleMs,
    }),
    (options, ports) =>
      createGridFeed({
        ...ports,
        apiKey: secretOf("grid"),
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
      enabled: enabled.describe("Needs MATCHPOINT_PANDASCORE_TOKEN in the environment."),
      socket_url: socketUrl,
      http_url: httpUrl,
      poll_ms: ms.optional().describe("How often the match is asked for."),
      stale_ms: staleMs,
    }),
    (options, ports) =>
      createPandascoreFeed({
        ...ports,
        apiToken: secretOf("pandascore"),
        ...defined({
          socketUrl: options.socket_url,
          httpUrl: options.http_url,
          pollMs: options.poll_ms,
          staleMs: options.stale_ms,
        }),
      }),
  ),
};
