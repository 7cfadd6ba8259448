import { complement, formatDecimal, formatPrice, formatShares, PRICE_ONE, type Price } from "@matchpoint/sdk";
import type { PublicBook } from "@matchpoint/paper-broker";
import { tokenOf, type Call, type Core } from "../core.ts";
import { sha1 } from "../derive.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { TEXTS } from "../order/texts.ts";
import { best, type Market } from "../world/listing.ts";
import { failure, ok, type Reply } from "./reply.ts";

/** Most tokens in one call. */
const MAX_TOKENS = 500;

/** One outcome's book as REST and the market channel send it: bids ascending, asks descending, so that the best level is last. */
export function wireBook(core: Core, market: Market, outcome: 0 | 1, at: number): Record<string, unknown> {
  const { description } = market;
  const book = core.engine.exchange.book(description.marketId, outcome);
  const levels = (side: PublicBook["bids"]) =>
    side.map(({ price, size }) => ({ price: formatPrice(price), size: formatShares(size) })).reverse();
  const last = market.lastPrice(outcome);
  const content = {
    market: description.marketId,
    asset_id: market.tokenId(outcome),
    timestamp: String(core.wall.millis(at)),
    bids: levels(book.bids),
    asks: levels(book.asks),
    min_order_size: formatShares(description.minSize),
    tick_size: formatPrice(description.tick),
    neg_risk: description.negRisk,
    last_trade_price: last === undefined ? "" : formatPrice(last),
  };
  return { ...content, hash: sha1(JSON.stringify(content)) };
}

type Read = (core: Core, market: Market, outcome: 0 | 1, call: Call) => Reply;

function ofToken(read: Read): (core: Core, call: Call) => Reply {
  return (core, call) => {
    const tokenId = call.query.get("token_id");
    if (tokenId === null || !/^\d{1,78}$/.test(tokenId)) return failure(400, TEXTS.token);
    const found = tokenOf(core, tokenId);
    if (found === undefined || found.market.payouts !== undefined) return failure(404, TEXTS.book);
    return read(core, found.market, found.outcome, call);
  };
}

/** The same question about many tokens, in the body. */
function ofTokens(
  read: (core: Core, market: Market, outcome: 0 | 1, side: string, call: Call) => unknown,
  shape: "list" | "map",
): (core: Core, call: Call) => Reply {
  return (core, call) => {
    const body = parseJson(call.request.body);
    if (!Array.isArray(body)) return failure(400, TEXTS.badPayload);
    if (body.length > MAX_TOKENS) return failure(400, TEXTS.limit);
    const answers: unknown[] = [];
    const byToken: [string, unknown][] = [];
    for (const each of body as unknown[]) {
      const fields = fieldsOf(each);
      const tokenId = fields && own(fields, "token_id");
      if (fields === undefined || typeof tokenId !== "string") return failure(400, TEXTS.badPayload);
      const found = tokenOf(core, tokenId);
      if (found === undefined || found.market.payouts !== undefined) continue;
      const side = own(fields, "side");
      const answer = read(core, found.market, found.outcome, typeof side === "string" ? side : "", call);
      if (answer === undefined) continue;
      answers.push(answer);
      byToken.push([tokenId, answer]);
    }
    return ok(shape === "list" ? answers : Object.fromEntries(byToken));
  };
}

function bests(core: Core, market: Market, outcome: 0 | 1): ReturnType<typeof best> {
  return best(core.engine.exchange.book(market.description.marketId, outcome));
}

/** The middle with every digit. */
export function middle(bid: Price | undefined, ask: Price | undefined): string | undefined {
  if (bid === undefined && ask === undefined) return undefined;
  return formatDecimal(((bid ?? 0) + (ask ?? PRICE_ONE)) * 5, 5);
}

function midpoint(core: Core, market: Market, outcome: 0 | 1): string | undefined {
  const { bid, ask } = bests(core, market, outcome);
  return middle(bid, ask);
}

function spread(core: Core, market: Market, outcome: 0 | 1): string | undefined {
  const { bid, ask } = bests(core, market, outcome);
  return bid === undefined || ask === undefined ? undefined : formatPrice((ask - bid) as Price);
}

/** `side=BUY` gives the best bid and `SELL` the best ask: what others offer on that side, whatever the documentation says. */
function priceOf(core: Core, market: Market, outcome: 0 | 1, side: string): string | undefined {
  const { bid, ask } = bests(core, market, outcome);
  const price = side === "BUY" ? bid : ask;
  return price === undefined ? undefined : formatPrice(price);
}

function lastTrade(market: Market, outcome: 0 | 1): { price: string; side: string } {
  const { lastTrade: last } = market;
  if (last === undefined) return { price: "0.5", side: "" };
  return {
    price: formatPrice(last.outcome === outcome ? last.price : complement(last.price)),
    side: (last.side === "buy") === (last.outcome === outcome) ? "BUY" : "SELL",
  };
}

const NO_BOOK = failure(404, TEXTS.book);

/** `GET /book` and its relatives. */
export const BOOK_READS = {
  book: ofToken((core, market, outcome, { at }) => ok(wireBook(core, market, outcome, at))),
  books: ofTokens((core, market, outcome, _, { at }) => wireBook(core, market, outcome, at), "list"),
  price: ofToken((core, market, outcome, { query }) => {
    const side = (query.get("side") ?? "").toUpperCase();
    if (side !== "BUY" && side !== "SELL") return failure(400, TEXTS.side);
    return ok({ price: priceOf(core, market, outcome, side) ?? "0" });
  }),
  prices: ofTokens((core, market, outcome, side) => {
    const price = priceOf(core, market, outcome, side);
    return price === undefined ? undefined : { [side]: price };
  }, "map"),
  midpoint: ofToken((core, market, outcome) => {
    const mid = midpoint(core, market, outcome);
    return mid === undefined ? NO_BOOK : ok({ mid });
  }),
  midpoints: ofTokens((core, market, outcome) => midpoint(core, market, outcome), "map"),
  spread: ofToken((core, market, outcome) => {
    const text = spread(core, market, outcome);
    return text === undefined ? NO_BOOK : ok({ spread: text });
  }),
  spreads: ofTokens((core, market, outcome) => spread(core, market, outcome), "map"),
  lastTradePrice: ofToken((_, market, outcome) => ok(lastTrade(market, outcome))),
  lastTradesPrices: ofTokens(
    (_, market, outcome) => ({ token_id: market.tokenId(outcome), ...lastTrade(market, outcome) }),
    "list",
  ),
  tickSize: ofToken((_, market) => ok({ minimum_tick_size: market.description.tick / PRICE_ONE })),
  negRisk: ofToken((_, market) => ok({ neg_risk: market.description.negRisk })),
  // The figure means nothing: the fee is in `fd` of `/clob-markets` (github.com/Polymarket/py-clob-client-v2/issues/107).
  feeRate: ofToken((_, market) => ok({ base_fee: (market.description.fee?.ratePpm ?? 0) > 0 ? 1_000 : 0 })),
} as const;
