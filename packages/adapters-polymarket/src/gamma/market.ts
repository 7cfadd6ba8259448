import {
  id,
  NO_FEE,
  type FeeSchedule,
  type MarketDescription,
  type MarketSubject,
  type TokenId,
  type Usdc,
} from "@matchpoint/sdk";
import type { z } from "zod";
import { GAMMA_EVENT, GAMMA_MARKET } from "./schemas.ts";
import {
  readFee,
  readSeconds,
  readShares,
  readTexts,
  readTick,
  readTime,
  refusal,
  show,
  unusable,
  type Refused,
} from "./values.ts";

/** What Gamma says of a market beside its description. */
export interface GammaDetails {
  readonly gammaId: string;
  readonly slug: string | undefined;
  /** `moneyline` (series), `child_moneyline` (one game), `map_handicap`, `totals`… an open vocabulary; old ones have none. */
  readonly sportsMarketType: string | undefined;
  readonly groupItemTitle: string | undefined;
  readonly line: number | undefined;
  /** Of a series' market the venue's id of the match, the same as the event's; of one game's market an id of that game. */
  readonly gameId: string | undefined;
  /** The event that it belongs to. */
  readonly event: GammaEventFacts | undefined;
  readonly resolutionSource: string | undefined;
  readonly closed: boolean;
  /** `proposed`, `disputed`, `requested`, `resolved`, `settled`. */
  readonly umaResolutionStatus: string | undefined;
}

/** What an event says of its match. */
export interface GammaEventFacts {
  readonly title: string;
  /** PandaScore's id of the match, the same as the sports channel's. */
  readonly gameId: string | undefined;
  /** League, series and stage, as far as they are stated. */
  readonly league: string | undefined;
}

/** How a market stands with its resolution. */
export type GammaResolution =
  | { readonly kind: "open" }
  | { readonly kind: "resolved"; readonly payouts: readonly [Usdc, Usdc] }
  /** Said to be resolved, with prices that are no payout that we know. */
  | { readonly kind: "unclear"; readonly reason: string };

/** A market of Gamma. */
export interface GammaMarket {
  readonly kind: "market";
  readonly description: MarketDescription;
  readonly details: GammaDetails;
  readonly resolution: GammaResolution;
}

/** An event of Gamma with its markets. */
export interface GammaEvent {
  readonly kind: "event";
  readonly eventId: string;
  readonly slug: string;
  readonly title: string;
  readonly gameId: string | undefined;
  readonly startsAt: number | undefined;
  readonly live: boolean;
  readonly ended: boolean;
  readonly closed: boolean;
  readonly score: string | undefined;
  readonly markets: readonly (GammaMarket | Refused)[];
}

export type { Refused } from "./values.ts";

/** Says what a market is about, from a proof of identity that the caller has. */
export type SubjectOf = (market: GammaMarket) => MarketSubject | undefined;

type Wire = z.output<typeof GAMMA_MARKET>;

const WIN = 1_000_000 as Usdc;
const HALF = 500_000 as Usdc;
const LOSE = 0 as Usdc;
/** The only prices that are a verdict; others (`["0","0"]`, fractions) stand on markets of an earlier kind. */
const PAYOUTS: ReadonlyMap<string, readonly [Usdc, Usdc]> = new Map([
  ["1,0", [WIN, LOSE]],
  ["0,1", [LOSE, WIN]],
  ["0.5,0.5", [HALF, HALF]],
]);

/**
 * Reads a Gamma market record. A record that lacks what trading needs (no token ids yet, no order book, more than two outcomes) is
 * refused with the reason; nothing is assumed in its place.
 *
 * @example
 * ```ts
 * import { decodeGammaMarket } from "@matchpoint/adapters-polymarket";
 * const answer = decodeGammaMarket({ id: "1" });
 * if (answer.kind === "refused") console.log(answer.reason);
 * ```
 */
export function decodeGammaMarket(value: unknown): GammaMarket | Refused {
  return decode(value, undefined);
}

function decode(value: unknown, event: GammaEventFacts | undefined): GammaMarket | Refused {
  const parsed = GAMMA_MARKET.safeParse(value);
  if (!parsed.success) return { kind: "refused", id: idOf(value), reason: issue(parsed.error) };
  try {
    return readMarket(parsed.data, event);
  } catch (error) {
    return refusal(parsed.data.id, error);
  }
}

/** Reads a Gamma event record; markets in it that cannot be used are refused one by one. */
export function decodeGammaEvent(value: unknown): GammaEvent | Refused {
  const parsed = GAMMA_EVENT.safeParse(value);
  if (!parsed.success) return { kind: "refused", id: idOf(value), reason: issue(parsed.error) };
  const event = parsed.data;
  let startsAt: number | undefined;
  try {
    startsAt =
      event.startTime !== undefined && event.startTime !== ""
        ? readTime(event.startTime, "startTime")
        : undefined;
  } catch (error) {
    return refusal(event.id, error);
  }
  const facts = eventFacts(event);
  return {
    kind: "event",
    eventId: event.id,
    slug: event.slug,
    title: event.title ?? "",
    gameId: facts.gameId,
    startsAt,
    live: event.live === true,
    ended: event.ended === true,
    closed: event.closed === true,
    score: event.score,
    markets: (event.markets ?? []).map((market) => decode(market, facts)),
  };
}

type WireEvent = NonNullable<Wire["events"]>[number];

function eventFacts({ title, gameId, eventMetadata }: WireEvent): GammaEventFacts {
  const words = [eventMetadata?.league, eventMetadata?.serie, eventMetadata?.tournament];
  const league = words.filter((word) => word !== undefined && word !== "").join(" ");
  return {
    title: title ?? "",
    gameId: gameId === undefined ? undefined : String(gameId),
    league: league === "" ? undefined : league,
  };
}

function readMarket(wire: Wire, event: GammaEventFacts | undefined): GammaMarket {
  const outcomes = pair(readTexts(wire.outcomes, "outcomes"), "outcomes");
  const tokens = pair(tokenTexts(wire), "token ids").map(readToken) as [TokenId, TokenId];
  if (tokens[0] === tokens[1]) throw unusable("both outcomes have the same token id");
  if (wire.orderPriceMinTickSize === undefined)
    throw unusable("it has no tick: it was never traded on the order book");
  if (wire.orderMinSize === undefined) throw unusable("it has no smallest order");
  const fee = feeOf(wire);
  const rebate = fee === undefined || fee.ratePpm === 0 ? undefined : rebateOf(wire);
  const open =
    wire.closed !== true && wire.archived !== true && wire.active !== false && wire.enableOrderBook !== false;
  const description: MarketDescription = {
    marketId: id(wire.conditionId),
    title: wire.question,
    outcomes: [
      { tokenId: tokens[0], name: outcomes[0] },
      { tokenId: tokens[1], name: outcomes[1] },
    ],
    tick: readTick(wire.orderPriceMinTickSize, "orderPriceMinTickSize"),
    minSize: readShares(wire.orderMinSize, "orderMinSize"),
    ...(fee === undefined ? {} : { fee }),
    ...(rebate === undefined ? {} : { makerRebatePpm: rebate }),
    takerDelayMs: readSeconds(wire.secondsDelay, "secondsDelay"),
    mirrored: true,
    negRisk: wire.negRisk === true,
    // The record's own flag stays true on some markets that are closed.
    acceptingOrders: wire.acceptingOrders === true && open,
    ...(wire.gameStartTime !== undefined && wire.gameStartTime !== ""
      ? { startsAt: readTime(wire.gameStartTime, "gameStartTime") }
      : {}),
    clearBookOnStart: wire.clearBookOnStart === true,
    ...(wire.description !== undefined ? { rules: wire.description } : {}),
    ...disputeOf(wire),
    ...(wire.version === undefined ? {} : { version: versionOf(wire.version) }),
  };
  return {
    kind: "market",
    description,
    details: {
      gammaId: wire.id,
      slug: wire.slug,
      sportsMarketType: wire.sportsMarketType,
      groupItemTitle: wire.groupItemTitle,
      line: wire.line,
      gameId: wire.gameId === undefined ? undefined : String(wire.gameId),
      // A market of two events would be of two matches: then neither counts.
      event: event ?? (wire.events?.length === 1 ? eventFacts(wire.events[0]!) : undefined),
      resolutionSource: wire.resolutionSource,
      closed: wire.closed === true,
      umaResolutionStatus: wire.umaResolutionStatus,
    },
    resolution: resolutionOf(wire),
  };
}

/** Markets of protocol `v1` are of exchange V2, those of `v2` of exchange V3. Source: docs.polymarket.com/protocol-v2-migration. */
function versionOf(version: string): 2 | 3 {
  if (version === "v1") return 2;
  if (version === "v2") return 3;
  throw unusable(`its version ${show(version)} is not known: orders could not be signed for it`);
}

/** The ids that the market trades by: its version says which; position ids stand on many markets that do not use them. */
function tokenTexts(wire: Wire): readonly string[] {
  const field = wire.version === "v2" ? "positionIds" : "clobTokenIds";
  const value = wire[field];
  if (value === undefined || value === "" || value.length === 0) throw unusable(`it has no ${field} yet`);
  return readTexts(value, field);
}

function readToken(text: string): TokenId {
  if (!/^\d{1,78}$/.test(text)) throw unusable(`token id ${show(text)} is no decimal number`);
  return id<TokenId>(text);
}

/** A schedule, "no fee", or `undefined` when the market charges but the record does not say what. */
function feeOf(wire: Wire): FeeSchedule | undefined {
  if (wire.feesEnabled === false) return NO_FEE;
  const schedule = wire.feeSchedule;
  return schedule === undefined
    ? undefined
    : readFee(schedule.rate, schedule.exponent, schedule.takerOnly, "feeSchedule");
}

/** Whether the oracle's answer is disputed. A dispute ends with another proposal, or with the resolution. */
function disputeOf({ umaResolutionStatus: status }: Wire): { readonly disputed?: boolean } {
  return status === undefined || status === "" ? {} : { disputed: status === "disputed" };
}

/** The part of the fees that makers get back, in millionths; what is no such part is not counted on. */
function rebateOf({ feeSchedule }: Wire): number | undefined {
  // Not in the schema: a market is not refused for a rebate that cannot be read.
  const rate: unknown = feeSchedule?.["rebateRate"];
  return typeof rate === "number" && rate > 0 && rate <= 1 ? Math.round(rate * 1_000_000) : undefined;
}

function resolutionOf(wire: Wire): GammaResolution {
  if (wire.closed !== true || wire.umaResolutionStatus !== "resolved") return { kind: "open" };
  const prices = wire.outcomePrices === undefined ? [] : readTexts(wire.outcomePrices, "outcomePrices");
  const payouts = PAYOUTS.get(
    prices.map((price) => price.replace(/^(\d+)\.0+$/, "$1").replace(/^0\.50+$/, "0.5")).join(","),
  );
  if (payouts !== undefined) return { kind: "resolved", payouts };
  return { kind: "unclear", reason: `outcomePrices ${show(prices.join(", "))} are no payout` };
}

function pair(list: readonly string[], what: string): readonly [string, string] {
  if (list.length !== 2) throw unusable(`it has ${list.length} ${what}, not two`);
  return [list[0]!, list[1]!];
}

function idOf(value: unknown): string | undefined {
  const own: unknown = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof own === "string" ? own : undefined;
}

/** The first thing that a schema objects to. */
export function issue(error: z.ZodError): string {
  const first = error.issues[0]!;
  return `${first.path.length === 0 ? "the record" : first.path.join(".")}: ${first.message}`;
}
