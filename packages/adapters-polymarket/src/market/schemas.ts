/**
 * What a frame of the market channel must look like: the specification of the decoder, in zod. The decoder's two hand-written
 * readers are fuzzed against it; nothing here runs per message.
 *
 * Unknown keys are allowed everywhere (the venue adds some without notice), numbers are text, absent ones `""`.
 * Source: docs.polymarket.com market channel as of 2026-08, and captured frames of 2026-04.
 * @module
 */
import { z } from "zod";
import { wireMillis, wireOptionalPrice, wirePrice, wireSize, wireTick } from "./decimal.ts";

const price = z
  .string()
  .refine((text) => wirePrice(text) >= 0, "not a price from 0 to 1 with at most 4 places");
const size = z.string().refine((text) => wireSize(text) >= 0, "not a size with at most 6 places");
const millis = z.string().refine((text) => wireMillis(text) >= 0, "not a time in milliseconds");
const tick = z.string().refine((text) => wireTick(text) > 0, "not a tick");
const tokenId = z.string().min(1);
const side = z.enum(["BUY", "SELL"]);
const optionalPrice = z
  .string()
  .nullish()
  .refine((text) => wireOptionalPrice(text) !== -2, "neither a price nor left out");

const level = z.looseObject({ price, size });
const ladder = z
  .array(level)
  .refine(
    (levels) => new Set(levels.map((each) => wirePrice(each.price))).size === levels.length,
    "lists a price twice",
  );

/** `book`: the whole book of one token. REST `/book` answers have the same shape without `event_type`. */
export const BOOK = z.looseObject({
  asset_id: tokenId,
  timestamp: millis,
  bids: ladder,
  asks: ladder,
  tick_size: z.union([tick, z.literal("")]).nullish(),
});

/** `price_change`: new sizes of levels, usually each for both tokens of the market. */
export const PRICE_CHANGE = z.looseObject({
  timestamp: millis,
  price_changes: z.array(
    z.looseObject({ asset_id: tokenId, price, size, side, best_bid: optionalPrice, best_ask: optionalPrice }),
  ),
});

/** `last_trade_price`: a trade, with the taker's side. */
export const LAST_TRADE_PRICE = z.looseObject({ asset_id: tokenId, price, size, side, timestamp: millis });

/** `tick_size_change`: the price grid of a market. */
export const TICK_SIZE_CHANGE = z.looseObject({ asset_id: tokenId, new_tick_size: tick, timestamp: millis });

/** `best_bid_ask`: the best prices of a token. */
export const BEST_BID_ASK = z.looseObject({
  asset_id: tokenId,
  best_bid: optionalPrice,
  best_ask: optionalPrice,
  timestamp: millis,
});

/** `market_resolved`: a hint, never proof. */
export const MARKET_RESOLVED = z.looseObject({ winning_asset_id: tokenId, timestamp: millis });

const BY_TYPE: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ["book", BOOK],
  ["price_change", PRICE_CHANGE],
  ["last_trade_price", LAST_TRADE_PRICE],
  ["tick_size_change", TICK_SIZE_CHANGE],
  ["best_bid_ask", BEST_BID_ASK],
  ["market_resolved", MARKET_RESOLVED],
]);

/** One event: of a type above, or of another, which is ignored. Without a type it must be a REST book. */
export const MARKET_EVENT = z
  .looseObject({ event_type: z.string().min(1).optional() })
  .superRefine((value, context) => {
    const schema = value.event_type === undefined ? BOOK : BY_TYPE.get(value.event_type);
    const result = schema?.safeParse(value);
    if (result?.success === false) {
      for (const issue of result.error.issues)
        context.addIssue({ code: "custom", message: issue.message, path: issue.path });
    }
  });

/** A frame: one event or a list of them. */
export const MARKET_FRAME = z.union([z.array(MARKET_EVENT), MARKET_EVENT]);
