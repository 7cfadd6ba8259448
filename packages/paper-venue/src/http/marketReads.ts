import { formatPrice, PRICE_ONE, type Price } from "@matchpoint/sdk";
import { tokenOf, type Call, type Core } from "../core.ts";
import { TEXTS } from "../order/texts.ts";
import { isoSeconds } from "../time.ts";
import { best, type Market } from "../world/listing.ts";
import { failure, ok, page, type Reply } from "./reply.ts";

const MICRO = 1_000_000;
/** Longest window of `/prices-history` in seconds. */
const MAX_WINDOW = 15 * 86_400;
const INTERVALS: Readonly<Record<string, number>> = {
  max: Infinity,
  "1m": 30 * 86_400,
  "1w": 7 * 86_400,
  "1d": 86_400,
  "6h": 21_600,
  "1h": 3_600,
};

/** The price of an outcome as lists show it: the middle of its book, or the last trade. */
export function shownPrice(core: Core, market: Market, outcome: 0 | 1): number {
  if (market.payouts !== undefined) return market.payouts[outcome] / MICRO;
  const { bid, ask } = best(core.engine.exchange.book(market.description.marketId, outcome));
  if (bid !== undefined && ask !== undefined) return (bid + ask) / 2 / PRICE_ONE;
  return (market.lastPrice(outcome) ?? PRICE_ONE / 2) / PRICE_ONE;
}

/** Whether orders are taken. */
export function isOpen(market: Market): boolean {
  return market.payouts === undefined && market.description.acceptingOrders;
}

/** `/clob-markets/{condition id}`: keys that are false, zero or empty are left out. */
function compact(market: Market): Record<string, unknown> {
  const { marketId, outcomes, tick, minSize, fee, takerDelayMs, negRisk, startsAt, clearBookOnStart } =
    market.description;
  const seconds = takerDelayMs / 1_000;
  return {
    c: marketId,
    t: outcomes.map(({ tokenId, name }) => ({ t: tokenId, o: name })),
    mts: tick / PRICE_ONE,
    mos: minSize / MICRO,
    ...(negRisk ? { nr: true } : {}),
    ...(fee === undefined || fee.ratePpm === 0
      ? {}
      : { fd: { r: fee.ratePpm / MICRO, e: fee.exponent, to: fee.takerOnly }, mbf: 1_000, tbf: 1_000 }),
    r: null,
    ...(isOpen(market) ? { ao: true } : {}),
    ...(seconds > 0 ? { sd: seconds } : {}),
    ...(startsAt === undefined ? {} : { gst: isoSeconds(startsAt) }),
    ...(clearBookOnStart ? { cbos: true } : {}),
    ibce: true,
    ...(market.version === "v2" ? { v: 2 } : {}),
  };
}

function tokens(core: Core, market: Market): Record<string, unknown>[] {
  return market.description.outcomes.map(({ tokenId, name }, index) => {
    const outcome = index as 0 | 1;
    return {
      token_id: tokenId,
      outcome: name,
      price: shownPrice(core, market, outcome),
      winner: market.payouts?.[outcome] === MICRO,
    };
  });
}

function full(core: Core, market: Market): Record<string, unknown> {
  const { description, listing } = market;
  const { startsAt } = description;
  return {
    enable_order_book: true,
    active: true,
    closed: market.payouts !== undefined,
    archived: false,
    accepting_orders: isOpen(market),
    minimum_order_size: description.minSize / MICRO,
    minimum_tick_size: description.tick / PRICE_ONE,
    condition_id: description.marketId,
    question_id: description.marketId,
    question: description.title,
    description: description.rules ?? "",
    market_slug: listing.slug,
    end_date_iso: startsAt === undefined ? null : isoSeconds(startsAt),
    game_start_time: startsAt === undefined ? null : isoSeconds(startsAt),
    seconds_delay: description.takerDelayMs / 1_000,
    maker_base_fee: 1_000,
    taker_base_fee: 1_000,
    neg_risk: description.negRisk,
    is_50_50_outcome: market.payouts?.[0] === MICRO / 2,
    rewards: { rates: null, min_size: 0, max_spread: 0 },
    tokens: tokens(core, market),
    tags: listing.match.tags.map(({ label }) => label),
  };
}

function simple(core: Core, market: Market): Record<string, unknown> {
  return {
    condition_id: market.description.marketId,
    tokens: tokens(core, market),
    rewards: { rates: null, min_size: 0, max_spread: 0 },
    active: true,
    closed: market.payouts !== undefined,
    archived: false,
    accepting_orders: isOpen(market),
  };
}

function list(
  record: (core: Core, market: Market) => Record<string, unknown>,
  wanted: (market: Market) => boolean,
): (core: Core, call: Call) => Reply {
  return (core, { query }) => {
    const found = core.markets.all.filter(wanted);
    const part = page(found, query.get("next_cursor"), core.settings.pageSize);
    if (part === undefined) return failure(400, "next item should be greater than or equal to 0");
    return ok({ ...part, data: part.data.map((market) => record(core, market)) });
  };
}

const every = () => true;

/** Reads about markets. */
export const MARKET_READS = {
  clobMarket: (core: Core, { params }: Call): Reply => {
    const market = core.markets.get(params[0]!);
    return market === undefined ? failure(404, TEXTS.market) : ok(compact(market));
  },
  byToken: (core: Core, { params }: Call): Reply => {
    const found = tokenOf(core, params[0]!);
    if (found === undefined) return failure(404, TEXTS.market);
    const { marketId, outcomes } = found.market.description;
    return ok({
      condition_id: marketId,
      primary_token_id: outcomes[0].tokenId,
      secondary_token_id: outcomes[1].tokenId,
    });
  },
  market: (core: Core, { params }: Call): Reply => {
    const market = core.markets.get(params[0]!);
    return market === undefined ? failure(404, TEXTS.market) : ok(full(core, market));
  },
  markets: list(full, every),
  simplified: list(simple, every),
  sampling: list(full, isOpen),
  samplingSimplified: list(simple, isOpen),
  history: (core: Core, { query, at }: Call): Reply => {
    const found = tokenOf(core, query.get("market"));
    if (found === undefined) return failure(400, TEXTS.token);
    const now = core.wall.seconds(at);
    const interval = query.get("interval");
    let from = Number(query.get("startTs") ?? Number.NaN);
    let to = Number(query.get("endTs") ?? now);
    if (interval !== null) {
      const length = Object.hasOwn(INTERVALS, interval) ? INTERVALS[interval]! : Number.NaN;
      [from, to] = [now - length, now];
    } else if (to - from > MAX_WINDOW) return failure(400, TEXTS.interval);
    if (Number.isNaN(from) || Number.isNaN(to)) return failure(400, "invalid filters");
    const step = Math.max(1, Number(query.get("fidelity") ?? 1) || 1) * 60;
    const history: { t: number; p: number }[] = [];
    let next = -Infinity;
    for (const { t, p } of found.market.history) {
      if (t < from || t > to || t < next) continue;
      history.push({ t, p: Number(formatPrice((found.outcome === 0 ? p : PRICE_ONE - p) as Price)) });
      next = t + step;
    }
    return ok({ history });
  },
} as const;
