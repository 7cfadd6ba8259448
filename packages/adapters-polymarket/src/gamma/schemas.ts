/**
 * The parts of Gamma's and the CLOB's market records that are read, in zod. Unknown keys are allowed; what is allowed to be absent
 * is also allowed to be null, as Gamma does both. Source: docs.polymarket.com as of 2026-08 and captured records of 2026-03 and -04.
 * @module
 */
import { z } from "zod";

/** May be left out or null; both read as `undefined`. */
function absent<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}
const flag = absent(z.boolean());
const text = absent(z.string());
const amount = z.union([z.number(), z.string()]);
const lists = z.union([z.string(), z.array(z.string())]);
const gameId = absent(z.union([z.string(), z.number()]));

/** What stands under `eventMetadata`: PandaScore's words for where a match belongs. */
const METADATA = absent(z.looseObject({ league: text, serie: text, tournament: text }));

/** A market of Gamma. */
export const GAMMA_MARKET = z.looseObject({
  id: z.string(),
  conditionId: z.string().min(1),
  slug: text,
  question: z.string(),
  description: text,
  resolutionSource: text,
  /** JSON within JSON: a list of texts. */
  outcomes: lists,
  outcomePrices: absent(lists),
  clobTokenIds: absent(lists),
  /** A real list, for markets of version `v2` only. */
  positionIds: absent(lists),
  version: text,
  active: flag,
  closed: flag,
  archived: flag,
  acceptingOrders: flag,
  enableOrderBook: flag,
  negRisk: flag,
  clearBookOnStart: flag,
  orderPriceMinTickSize: absent(amount),
  orderMinSize: absent(amount),
  secondsDelay: absent(z.number()),
  /** `2026-04-05 15:10:00+00`. */
  gameStartTime: text,
  feesEnabled: flag,
  feeSchedule: absent(z.looseObject({ rate: z.number(), exponent: absent(z.number()), takerOnly: flag })),
  umaResolutionStatus: text,
  sportsMarketType: text,
  groupItemTitle: text,
  line: absent(z.number()),
  gameId,
  /** The event that the market belongs to, where the market is listed by itself. */
  events: absent(z.array(z.looseObject({ title: text, gameId, eventMetadata: METADATA }))),
});

/** An event of Gamma; its markets are read one by one, so that a bad one does not hide the others. */
export const GAMMA_EVENT = z.looseObject({
  id: z.string(),
  slug: z.string(),
  title: text,
  gameId,
  eventMetadata: METADATA,
  startTime: text,
  live: flag,
  ended: flag,
  closed: flag,
  score: text,
  markets: absent(z.array(z.unknown())),
});

/** A page of a keyset listing. */
export const GAMMA_PAGE = z.looseObject({
  events: absent(z.array(z.unknown())),
  markets: absent(z.array(z.unknown())),
  next_cursor: text,
});

/** `/clob-markets/{cid}`: keys that are false or zero are left out. */
export const CLOB_MARKET = z.looseObject({
  c: z.string().min(1),
  t: z.array(z.looseObject({ t: z.string().min(1), o: z.string() })).length(2),
  mts: amount,
  mos: amount,
  nr: flag,
  /** Fee; absent on free markets. */
  fd: absent(z.looseObject({ r: z.number(), e: absent(z.number()), to: flag })),
  ao: flag,
  /** Seconds that a marketable order is held. */
  sd: absent(z.number()),
  /** Game start. */
  gst: text,
  cbos: flag,
  /** The 50 ms taker delay of crypto and finance markets. */
  itode: flag,
});
