/** The feeds that a configuration may name, and how a live run opens them. @module */
import { createOperatorFeed, createWsTransport, type OperatorFeed } from "@matchpoint/adapters-esports";
import type {
  BotConfig,
  Clock,
  CoreEvent,
  Feed,
  Logger,
  MarketDescription,
  MarketId,
  MatchDescription,
} from "@matchpoint/sdk";
import { z } from "zod";
import { plural } from "../report/format.ts";
import { secretOf } from "./keys.ts";
import type { Secrets } from "../secrets/index.ts";
import { GrowingSource } from "./growing.ts";
import { MATCH_SOURCES } from "./matchSources.ts";
import { defined, enabled } from "./options.ts";
import { openPolymarket, POLYMARKET, type Growth } from "./polymarket.ts";
import type { Say } from "./venueListings.ts";

export { demandKeys, FEED_KEYS } from "./keys.ts";
export { MATCH_SOURCES } from "./matchSources.ts";
export { withVenueProof } from "./venueProof.ts";
export type { Growth } from "./polymarket.ts";
export type { Say } from "./venueListings.ts";

const OPERATOR = z.strictObject({
  enabled: enabled.describe("Facts that are typed on standard input."),
  tier: z.enum(["A", "B", "C"]).optional().describe("How far they are trusted."),
});

/** The feeds that a configuration may name, with their keys. */
export const FEED_SCHEMAS: Readonly<Record<string, z.ZodObject>> = {
  polymarket: POLYMARKET,
  ...Object.fromEntries(Object.entries(MATCH_SOURCES).map(([name, { schema }]) => [name, schema])),
  operator: OPERATOR,
};

/** The feeds of a live run, opened. */
export interface OpenFeeds {
  readonly sources: readonly AsyncIterable<CoreEvent>[];
  readonly operator: OperatorFeed | undefined;
  /** Has a market's book fetched anew. */
  readonly resync: ((marketId: MarketId, reason: string) => void) | undefined;
  /** What each feed follows, in words. */
  readonly lines: readonly string[];
  /** Follows what was found while the run goes on: more markets, more matches. */
  readonly grow: (found: FoundWorld) => void;
}

/** Markets and matches that are to be followed. */
export interface FoundWorld {
  readonly markets: readonly MarketDescription[];
  readonly matches: readonly MatchDescription[];
}

/** Opens the feeds that a configuration names, for its markets and matches. */
export function openFeeds(
  config: BotConfig,
  world: FoundWorld,
  clock: Clock,
  signal: AbortSignal,
  say: Say,
  secrets: Secrets,
  growth?: Growth,
  logger?: Logger,
): OpenFeeds {
  const { markets, matches } = world;
  const sources: AsyncIterable<CoreEvent>[] = [];
  const lines: string[] = [];
  let resync: OpenFeeds["resync"];
  const polymarket = optionsOf("polymarket", POLYMARKET, config);
  let addMarkets: ((markets: readonly MarketDescription[]) => void) | undefined;
  if (polymarket !== undefined && (markets.length > 0 || growth !== undefined)) {
    const open = openPolymarket(polymarket, config, markets, clock, signal, say, growth, logger);
    addMarkets = open.add;
    sources.push(...open.sources);
    lines.push(...open.lines);
    resync = open.resync;
  }
  const transport = createWsTransport();
  const later = new GrowingSource<CoreEvent>();
  if (growth !== undefined) sources.push(later.events(signal));
  const followers: Feed[] = [];
  for (const [name, source] of Object.entries(MATCH_SOURCES)) {
    const options = optionsOf(name, source.schema, config);
    if (options === undefined) continue;
    const feed = source.create(options, { transport, clock }, secretOf(secrets));
    followers.push(feed);
    sources.push(growth === undefined ? feed.events({ matches, signal }) : begun(feed, matches, signal));
    lines.push(`${name}: ${plural(known(matches, name), "match", "matches")}`);
  }
  const told = optionsOf("operator", OPERATOR, config);
  const operator =
    told === undefined ? undefined : createOperatorFeed({ clock, ...defined({ tier: told.tier }) });
  if (operator !== undefined) {
    sources.push(operator.events({ matches, signal }));
    lines.push("operator: facts typed on standard input");
  }
  const grow = (found: FoundWorld): void => {
    addMarkets?.(found.markets);
    if (found.matches.length === 0) return;
    for (const feed of [...followers, ...(operator === undefined ? [] : [operator])])
      later.add(feed.events({ matches: found.matches, signal }));
  };
  return { sources, operator, resync, lines, grow };
}

/** A feed that may have nothing to follow yet. */
function begun(
  feed: Feed,
  matches: readonly MatchDescription[],
  signal: AbortSignal,
): AsyncIterable<CoreEvent> {
  return matches.length === 0 ? none() : feed.events({ matches, signal });
}

async function* none(): AsyncGenerator<CoreEvent> {
  // Nothing yet: what is found later is followed by a source of its own.
}

/** Where a configuration has the CLOB's public questions answered; `undefined`: at Polymarket's own address. */
export function restUrlOf(config: BotConfig): string | undefined {
  return optionsOf("polymarket", POLYMARKET, config)?.rest_url ?? config.execution.clob_url;
}

/** Where a configuration has the books' socket; `undefined`: at Polymarket's own address. */
export function marketSocketOf(config: BotConfig): string | undefined {
  return optionsOf("polymarket", POLYMARKET, config)?.socket_url;
}

/** Where a configuration has Gamma; `undefined`: at Polymarket's own address. */
export function gammaUrlOf(config: BotConfig): string | undefined {
  return optionsOf("polymarket", POLYMARKET, config)?.gamma_url;
}

/** What a configuration tells a feed; `undefined` when it takes no part. */
function optionsOf<Schema extends z.ZodObject>(
  name: string,
  schema: Schema,
  config: BotConfig,
): z.output<Schema> | undefined {
  const given = Object.hasOwn(config.feeds, name) ? config.feeds[name] : undefined;
  return given === undefined || !given.enabled ? undefined : schema.parse(given);
}

function known(matches: readonly MatchDescription[], source: string): number {
  return matches.filter(({ refs }) => refs !== undefined && Object.hasOwn(refs, source)).length;
}
