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
  type MarketId,
  type MatchDescription,
} from "@matchpoint/sdk";
import { z } from "zod";
import { plural } from "./report/format.ts";
import { resolutions, resolvable } from "./resolutions.ts";

/** An address of one of these schemes that a client can connect to. */
const address = (begins: RegExp, example: string): z.ZodString =>
  z
    .string()
    .regex(begins, { abort: true, error: `must be an address like ${example}` })
    .refine(isWhole, {
      error: `is not a whole address: write it like ${example}, with a port up to 65535 and without blanks or #`,
    });
const isWhole = (text: string): boolean => URL.canParse(text) && !/[\s#]/.test(text);
const socket = address(/^wss?:\/\//, "wss://host:port/path");
const http = address(/^https?:\/\//, "https://host:port/path");
const ms = z.int().min(100).max(86_400_000);
const tier = z.enum(["A", "B", "C"]);
const enabled = z.boolean().default(true);

const socketUrl = socket.optional().describe("The socket's address; default the source's own.");
const httpUrl = http.optional().describe("The address of its HTTP interface; default the source's own.");
const staleMs = ms.optional().describe("Silence after which what the source says counts no more.");

/** What each feed can be told in the configuration. */
const FEEDS = {
  polymarket: z.strictObject({
    enabled: enabled.describe("Books, trades and resolutions of the configured markets."),
    socket_url: socketUrl,
    rest_url: http.optional().describe("Where whole books are fetched after a gap."),
    silence_ms: ms
      .optional()
      .describe("Silence of the socket after which REST is asked whether it is frozen."),
    gamma_url: http.optional().describe("Where it is asked what a market pays."),
    resolutions_poll_ms: ms.optional().describe("How often it is asked; default 30 seconds."),
  }),
  grid: z.strictObject({
    enabled: enabled.describe("Needs MATCHPOINT_GRID_API_KEY in the environment."),
    socket_url: socketUrl,
    http_url: httpUrl,
    tier: tier
      .optional()
      .describe("How far the source is trusted; truth_engine.tier_a_sources goes before it."),
    stale_ms: staleMs,
  }),
  pandascore: z.strictObject({
    enabled: enabled.describe("Needs MATCHPOINT_PANDASCORE_TOKEN in the environment."),
    socket_url: socketUrl,
    http_url: httpUrl,
    poll_ms: ms.optional().describe("How often the match is asked for."),
    stale_ms: staleMs,
  }),
  operator: z.strictObject({
    enabled: enabled.describe("Facts that are typed on standard input."),
    tier: tier.optional().describe("How far they are trusted."),
  }),
} as const;

type FeedName = keyof typeof FEEDS;

/** The feeds that a configuration may name, with their keys. */
export const FEED_SCHEMAS: Readonly<Record<string, z.ZodObject>> = FEEDS;

/** The feeds of a live run, opened. */
export interface OpenFeeds {
  readonly sources: readonly AsyncIterable<CoreEvent>[];
  readonly operator: OperatorFeed | undefined;
  /** Has a market's book fetched anew. */
  readonly resync: ((marketId: MarketId, reason: string) => void) | undefined;
  /** What each feed follows, in words. */
  readonly lines: readonly string[];
}

/** Opens the feeds that a configuration names, for its markets and matches. */
export function openFeeds(
  config: BotConfig,
  world: { readonly markets: readonly MarketDescription[]; readonly matches: readonly MatchDescription[] },
  clock: Clock,
  signal: AbortSignal,
  say: (problem: string) => void,
): OpenFeeds {
  const { markets, matches } = world;
  const sources: AsyncIterable<CoreEvent>[] = [];
  const lines: string[] = [];
  let resync: OpenFeeds["resync"];
  const polymarket = feed("polymarket", config);
  if (polymarket !== undefined && markets.length > 0) {
    const tokens = markets.flatMap(({ outcomes }) => outcomes.map(({ tokenId }) => tokenId));
    const { socket_url: socket, rest_url: rest, silence_ms: silenceMs } = polymarket;
    const options = defined({ url: socket, restUrl: rest, silenceMs });
    const source = createMarketFeed({ transport: createWsTransport(), clock, markets, ...options });
    sources.push(source.events({ tokens, signal }));
    resync = (marketId, reason) => {
      source.requestResync(marketId, reason);
    };
    lines.push(`polymarket: the books of ${plural(markets.length, "market")}`);
    const { gamma_url: gammaUrl, resolutions_poll_ms: pollMs } = polymarket;
    sources.push(resolutions(markets, { clock, signal, say, ...defined({ gammaUrl, pollMs }) }));
    const settled = resolvable(markets).length;
    if (settled < markets.length) {
      lines.push(
        `polymarket: ${plural(markets.length - settled, "market")} will not be settled: the id is no condition id`,
      );
    }
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
      apiKey: () => secret("grid"),
      ...options,
    });
    sources.push(source.events({ matches, signal }));
    lines.push(`grid: ${plural(known(matches, "grid"), "match", "matches")}`);
  }
  const pandascore = feed("pandascore", config);
  if (pandascore !== undefined) {
    const { socket_url: socketUrl, http_url: httpUrl, poll_ms: pollMs, stale_ms: staleMs } = pandascore;
    const apiToken = (): Promise<{ reveal(): string }> => secret("pandascore");
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
  return { sources, operator, resync, lines };
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

/** Where the feeds' keys come from: the environment, never a file; none is ever printed or journaled. */
const KEYS = { grid: "MATCHPOINT_GRID_API_KEY", pandascore: "MATCHPOINT_PANDASCORE_TOKEN" } as const;

/**
 * Looks whether every feed of a configuration has its key.
 * @throws MatchpointError `FEED_UNAUTHORIZED`
 */
export function demandKeys(config: BotConfig): void {
  for (const name of Object.keys(KEYS) as (keyof typeof KEYS)[])
    if (feed(name, config) !== undefined) keyOf(name);
}

function keyOf(name: keyof typeof KEYS): string {
  const value = process.env[KEYS[name]];
  if (value !== undefined && value !== "") return value;
  throw new MatchpointError("FEED_UNAUTHORIZED", `feed ${name} needs a key`, {
    hint: `Set the environment variable ${KEYS[name]}, or set feeds.${name}.enabled to false.`,
  });
}

async function secret(name: keyof typeof KEYS): Promise<{ reveal(): string }> {
  const value = keyOf(name);
  return Promise.resolve({ reveal: () => value });
}

/** An object's stated fields only. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
