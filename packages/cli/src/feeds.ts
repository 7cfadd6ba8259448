import {
  createGridFeed,
  createOperatorFeed,
  createPandascoreFeed,
  createWsTransport as createEsportsTransport,
  type OperatorFeed,
} from "@matchpoint/adapters-esports";
import { createMarketFeed, createWsTransport } from "@matchpoint/adapters-polymarket";
import {
  MatchpointError,
  type BotConfig,
  type Clock,
  type CoreEvent,
  type MarketDescription,
  type MatchDescription,
} from "@matchpoint/sdk";
import { z } from "zod";
import { plural } from "./report/format.ts";

const url = z
  .string()
  .regex(/^(wss?|https?):\/\//, "must be an address that begins with ws, wss, http or https");
const ms = z.int().min(100).max(86_400_000);
const tier = z.enum(["A", "B", "C"]);
const enabled = z.boolean().default(true);

/** What each feed can be told in the configuration. */
const FEEDS = {
  polymarket: z.strictObject({
    enabled,
    socket_url: url.optional(),
    rest_url: url.optional(),
    silence_ms: ms.optional(),
  }),
  grid: z.strictObject({
    enabled,
    socket_url: url.optional(),
    http_url: url.optional(),
    tier: tier.optional(),
    stale_ms: ms.optional(),
  }),
  pandascore: z.strictObject({
    enabled,
    socket_url: url.optional(),
    http_url: url.optional(),
    poll_ms: ms.optional(),
    stale_ms: ms.optional(),
  }),
  operator: z.strictObject({ enabled, tier: tier.optional() }),
} as const;

type FeedName = keyof typeof FEEDS;

/** The feeds that a configuration may name, with their keys. */
export const FEED_SCHEMAS: Readonly<Record<string, z.ZodObject>> = FEEDS;

/** The feeds of a live run, opened. */
export interface OpenFeeds {
  readonly sources: readonly AsyncIterable<CoreEvent>[];
  readonly operator: OperatorFeed | undefined;
  /** What each feed follows, in words. */
  readonly lines: readonly string[];
}

/** Opens the feeds that a configuration names, for its markets and matches. */
export function openFeeds(
  config: BotConfig,
  world: { readonly markets: readonly MarketDescription[]; readonly matches: readonly MatchDescription[] },
  clock: Clock,
  signal: AbortSignal,
): OpenFeeds {
  const { markets, matches } = world;
  const sources: AsyncIterable<CoreEvent>[] = [];
  const lines: string[] = [];
  const polymarket = feed("polymarket", config);
  if (polymarket !== undefined && markets.length > 0) {
    const tokens = markets.flatMap(({ outcomes }) => outcomes.map(({ tokenId }) => tokenId));
    const { socket_url: socket, rest_url: rest, silence_ms: silenceMs } = polymarket;
    const options = defined({ url: socket, restUrl: rest, silenceMs });
    sources.push(
      createMarketFeed({ transport: createWsTransport(), clock, markets, ...options }).events({
        tokens,
        signal,
      }),
    );
    lines.push(`polymarket: the books of ${plural(markets.length, "market")}`);
  }
  const transport = createEsportsTransport();
  const grid = feed("grid", config);
  if (grid !== undefined) {
    const options = defined({
      socketUrl: grid.socket_url,
      httpUrl: grid.http_url,
      tier: grid.tier,
      staleMs: grid.stale_ms,
    });
    const source = createGridFeed({
      transport,
      clock,
      apiKey: () => secret("grid", "MATCHPOINT_GRID_API_KEY"),
      ...options,
    });
    sources.push(source.events({ matches, signal }));
    lines.push(`grid: ${plural(known(matches, "grid"), "match", "matches")}`);
  }
  const pandascore = feed("pandascore", config);
  if (pandascore !== undefined) {
    const { socket_url: socketUrl, http_url: httpUrl, poll_ms: pollMs, stale_ms: staleMs } = pandascore;
    const apiToken = (): Promise<{ reveal(): string }> => secret("pandascore", "MATCHPOINT_PANDASCORE_TOKEN");
    const source = createPandascoreFeed({
      transport,
      clock,
      apiToken,
      ...defined({ socketUrl, httpUrl, pollMs, staleMs }),
    });
    sources.push(source.events({ matches, signal }));
    lines.push(`pandascore: ${plural(known(matches, "pandascore"), "match", "matches")}`);
  }
  const told = feed("operator", config);
  const operator =
    told === undefined ? undefined : createOperatorFeed({ clock, ...defined({ tier: told.tier }) });
  if (operator !== undefined) {
    sources.push(operator.events({ matches, signal }));
    lines.push("operator: facts typed on standard input");
  }
  return { sources, operator, lines };
}

function feed<Name extends FeedName>(
  name: Name,
  config: BotConfig,
): z.output<(typeof FEEDS)[Name]> | undefined {
  const given = config.feeds[name];
  if (given === undefined || !given.enabled) return undefined;
  return FEEDS[name].parse(given) as z.output<(typeof FEEDS)[Name]>;
}

function known(matches: readonly MatchDescription[], source: string): number {
  return matches.filter(({ refs }) => refs !== undefined && Object.hasOwn(refs, source)).length;
}

/** Secrets come from the environment; none is ever printed or journaled. */
function secret(name: string, variable: string): Promise<{ reveal(): string }> {
  const value = process.env[variable];
  if (value !== undefined && value !== "") return Promise.resolve({ reveal: () => value });
  return Promise.reject(
    new MatchpointError("FEED_UNAUTHORIZED", `feed ${name} needs a key`, {
      hint: `Set the environment variable ${variable}.`,
    }),
  );
}

/** An object's stated fields only. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
