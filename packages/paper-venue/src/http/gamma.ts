import { formatPrice, PRICE_ONE, type Price } from "@matchpoint/sdk";
import type { Call, Core } from "../core.ts";
import { gammaTime, isoSeconds } from "../time.ts";
import { best, type Market, type MatchFacts } from "../world/listing.ts";
import { isOpen, shownPrice } from "./marketReads.ts";
import { END_CURSOR, failure, ok, page, type Reply } from "./reply.ts";

/** The most that a page holds, whatever is asked. */
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;
const MICRO = 1_000_000;
const NOT_FOUND = failure(404, "not found", { type: "not found error" });

/** A market as Gamma writes it: lists are JSON within JSON, and the game start is not ISO. */
function gammaMarket(core: Core, market: Market): Record<string, unknown> {
  const { description, listing } = market;
  const { match } = listing;
  const { tick, minSize, fee, startsAt, negRisk, takerDelayMs } = description;
  const closed = market.payouts !== undefined;
  const { bid, ask } = best(core.engine.exchange.book(description.marketId, 0));
  const prices = ([0, 1] as const).map((outcome) => String(shownPrice(core, market, outcome)));
  const last = market.lastPrice(0);
  const number = (price: Price | undefined) => (price === undefined ? {} : { value: price / PRICE_ONE });
  return {
    id: market.gammaId,
    question: description.title,
    conditionId: description.marketId,
    questionID: description.marketId,
    slug: listing.slug,
    description: description.rules ?? "",
    resolutionSource: "",
    outcomes: JSON.stringify(description.outcomes.map(({ name }) => name)),
    outcomePrices: JSON.stringify(prices),
    clobTokenIds: JSON.stringify(description.outcomes.map(({ tokenId }) => tokenId)),
    ...(market.version === "v2"
      ? { version: "v2", positionIds: description.outcomes.map(({ tokenId }) => tokenId) }
      : { version: "v1" }),
    active: true,
    closed,
    ...(market.closedAt === undefined ? {} : { closedTime: gammaTime(market.closedAt) }),
    archived: false,
    acceptingOrders: isOpen(market),
    enableOrderBook: true,
    negRisk,
    clearBookOnStart: description.clearBookOnStart,
    orderPriceMinTickSize: tick / PRICE_ONE,
    orderMinSize: minSize / MICRO,
    secondsDelay: takerDelayMs / 1_000,
    ...(startsAt === undefined
      ? {}
      : { gameStartTime: gammaTime(startsAt), eventStartTime: isoSeconds(startsAt) }),
    ...(bid === undefined ? {} : { bestBid: number(bid).value }),
    ...(ask === undefined ? {} : { bestAsk: number(ask).value }),
    ...(bid === undefined || ask === undefined ? {} : { spread: Number(formatPrice((ask - bid) as Price)) }),
    ...(last === undefined ? {} : { lastTradePrice: last / PRICE_ONE }),
    feesEnabled: (fee?.ratePpm ?? 0) > 0,
    ...(fee === undefined || fee.ratePpm === 0
      ? {}
      : {
          feeType: "sports_fees_v2",
          feeSchedule: {
            exponent: fee.exponent,
            rate: fee.ratePpm / MICRO,
            rebateRate: 0.15,
            takerOnly: fee.takerOnly,
          },
        }),
    ...(market.uma === undefined ? {} : { umaResolutionStatus: market.uma }),
    umaResolutionStatuses: market.uma === undefined ? "[]" : '["proposed"]',
    umaBond: "500",
    umaReward: "5",
    automaticallyResolved: closed,
    sportsMarketType: listing.sportsMarketType,
    groupItemTitle: listing.groupItemTitle,
    gameId: listing.gameId ?? String(match.gameId),
  };
}

function listed(core: Core): Market[] {
  return core.markets.all.filter((market) => market.listed);
}

function marketsOf(core: Core, match: MatchFacts): Market[] {
  return listed(core).filter((market) => market.listing.match.id === match.id);
}

function eventOf(core: Core, match: MatchFacts, withMarkets: boolean): Record<string, unknown> {
  const markets = marketsOf(core, match);
  const game = core.channels.sports.game(match.gameId);
  const startsAt = markets[0]?.description.startsAt ?? match.startsAt;
  return {
    id: match.id,
    ticker: match.slug,
    slug: match.slug,
    title: match.title,
    gameId: match.gameId,
    startTime: isoSeconds(startsAt),
    eventDate: isoSeconds(startsAt).slice(0, 10),
    startDate: isoSeconds(core.wall.start),
    endDate: isoSeconds(startsAt),
    active: true,
    live: game?.live ?? false,
    ended: game?.ended ?? false,
    closed: markets.every((market) => market.payouts !== undefined),
    archived: false,
    score: game?.score ?? "",
    period: game?.period ?? "",
    seriesSlug: match.seriesSlug,
    tags: match.tags.map((tag) => ({ ...tag })),
    teams: match.teams.map((name, index) => ({ name, ordering: index === 0 ? "home" : "away" })),
    negRisk: false,
    eventMetadata: { league: match.tournament, leagueTier: "s", tournament: "Playoffs" },
    ...(withMarkets ? { markets: markets.map((market) => gammaMarket(core, market)) } : {}),
  };
}

function matches(core: Core): MatchFacts[] {
  return [...new Map(listed(core).map(({ listing }) => [listing.match.id, listing.match])).values()];
}

/** Whether a record's `closed` is asked for; without a word only open ones are. */
function closedFits(query: URLSearchParams, closed: boolean, silent: "open" | "all"): boolean {
  const wanted = query.get("closed");
  if (wanted === null) return silent === "all" || !closed;
  return (wanted === "true") === closed;
}

function within(time: number, query: URLSearchParams, name: string): boolean {
  const from = Date.parse(query.get(`${name}_min`) ?? "");
  const to = Date.parse(query.get(`${name}_max`) ?? "");
  return !(time < from) && !(time > to);
}

function events(core: Core, query: URLSearchParams): Record<string, unknown>[] {
  const tag = query.get("tag_id");
  const tagSlug = query.get("tag_slug");
  const slugs = query.getAll("slug");
  const gameIds = query.getAll("game_id");
  return matches(core)
    .filter((match) => tag === null || match.tags.some((each) => each.id === tag))
    .filter((match) => tagSlug === null || match.tags.some((each) => each.slug === tagSlug))
    .filter((match) => slugs.length === 0 || slugs.includes(match.slug))
    .filter((match) => gameIds.length === 0 || gameIds.includes(String(match.gameId)))
    .map((match) => eventOf(core, match, true))
    .filter((event) => closedFits(query, event["closed"] === true, "all"))
    .filter((event) => flagFits(query, "live", event) && flagFits(query, "ended", event))
    .filter((event) => within(Date.parse(String(event["startTime"])), query, "start_time"));
}

function flagFits(query: URLSearchParams, name: string, record: Record<string, unknown>): boolean {
  const wanted = query.get(name);
  return wanted === null || (wanted === "true") === (record[name] === true);
}

function markets(core: Core, query: URLSearchParams, silent: "open" | "all"): Record<string, unknown>[] {
  const ids = query.getAll("condition_ids").map((each) => each.toLowerCase());
  const tokens = query.getAll("clob_token_ids");
  const slugs = query.getAll("slug");
  const types = query.getAll("sports_market_types");
  const tag = query.get("tag_id");
  const uma = query.get("uma_resolution_status");
  return listed(core)
    .filter(({ description }) => ids.length === 0 || ids.includes(description.marketId))
    .filter(
      ({ description }) =>
        tokens.length === 0 || description.outcomes.some(({ tokenId }) => tokens.includes(tokenId)),
    )
    .filter(({ listing }) => slugs.length === 0 || slugs.includes(listing.slug))
    .filter(({ listing }) => types.length === 0 || types.includes(listing.sportsMarketType))
    .filter(({ listing }) => tag === null || listing.match.tags.some((each) => each.id === tag))
    .filter((market) => uma === null || market.uma === uma)
    .filter((market) => closedFits(query, market.payouts !== undefined, silent))
    .map((market) => ({
      ...gammaMarket(core, market),
      events: [eventOf(core, market.listing.match, false)],
    }));
}

function limitOf(query: URLSearchParams): number | undefined {
  const text = query.get("limit");
  if (text === null) return DEFAULT_LIMIT;
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Math.min(Number(text), MAX_LIMIT) : undefined;
}

/** A page by keyset; `offset` is refused there. */
function keyset(name: string, records: readonly unknown[], query: URLSearchParams): Reply {
  if (query.has("offset")) return failure(422, "offset is not supported, use after_cursor");
  const limit = limitOf(query);
  if (limit === undefined) return failure(422, "limit must be a positive integer");
  const part = page(records, query.get("after_cursor"), limit);
  if (part === undefined) return failure(422, "invalid after_cursor");
  const next = part.next_cursor === END_CURSOR ? {} : { next_cursor: part.next_cursor };
  return ok({ [name]: part.data, ...next });
}

/** A page by offset, as it was before. */
function offset(records: readonly unknown[], query: URLSearchParams): Reply {
  const limit = limitOf(query);
  const from = query.get("offset") ?? "0";
  if (limit === undefined || !/^\d{1,9}$/.test(from))
    return failure(422, "limit and offset must be integers");
  if (Number(from) > 10_000) return failure(422, "offset too large, use /events/keyset");
  return ok(records.slice(Number(from), Number(from) + limit));
}

/** Gamma's pages. Source: docs.polymarket.com/api-reference (Gamma) as of 2026-08. */
export const GAMMA = {
  eventsKeyset: (core: Core, { query }: Call): Reply => keyset("events", events(core, query), query),
  marketsKeyset: (core: Core, { query }: Call): Reply =>
    keyset("markets", markets(core, query, "open"), query),
  events: (core: Core, { query }: Call): Reply => offset(events(core, query), query),
  markets: (core: Core, { query }: Call): Reply => offset(markets(core, query, "all"), query),
  eventBySlug: (core: Core, { params }: Call): Reply => {
    const match = matches(core).find(({ slug }) => slug === params[0]);
    return match === undefined ? NOT_FOUND : ok(eventOf(core, match, true));
  },
  eventById: (core: Core, { params }: Call): Reply => {
    const match = matches(core).find(({ id }) => id === params[0]);
    return match === undefined ? NOT_FOUND : ok(eventOf(core, match, true));
  },
  marketBySlug: (core: Core, { params }: Call): Reply => {
    const market = listed(core).find(({ listing }) => listing.slug === params[0]);
    return market === undefined ? NOT_FOUND : ok(gammaMarket(core, market));
  },
  marketById: (core: Core, { params }: Call): Reply => {
    const market = listed(core).find(({ gammaId }) => gammaId === params[0]);
    return market === undefined ? NOT_FOUND : ok(gammaMarket(core, market));
  },
  tagBySlug: (core: Core, { params }: Call): Reply => {
    const tags = matches(core).flatMap(({ tags: each }) => each);
    const tag = tags.find(({ slug, id }) => slug === params[0] || id === params[0]);
    return tag === undefined ? NOT_FOUND : ok({ ...tag });
  },
  tags: (core: Core): Reply =>
    ok([
      ...new Map(matches(core).flatMap((match) => match.tags.map((tag) => [tag.id, { ...tag }]))).values(),
    ]),
  sports: (core: Core): Reply =>
    ok(
      [...new Map(matches(core).map((match) => [match.league, match])).values()].map((match, index) => ({
        id: index + 1,
        sport: match.league,
        series: match.seriesSlug,
        tags: match.tags.map(({ id }) => id).join(","),
      })),
    ),
  marketTypes: (core: Core): Reply =>
    ok({ marketTypes: [...new Set(listed(core).map(({ listing }) => listing.sportsMarketType))] }),
} as const;
