import type { MarketId } from "../ids.ts";
import type { FeeSchedule } from "../units/index.ts";
import type { MarketDescription } from "./market.ts";
import type { Stamped } from "./stamp.ts";

/** The fields of a market that its venue may change while it is traded. */
export const TERMS = [
  "tick",
  "minSize",
  "fee",
  "takerDelayMs",
  "negRisk",
  "acceptingOrders",
  "startsAt",
  "clearBookOnStart",
  "rules",
  "disputed",
  "version",
] as const satisfies readonly (keyof MarketDescription)[];

/** One of {@link TERMS}. */
export type Term = (typeof TERMS)[number];

/** Some terms of a market: those that are said. One that is left out is as it was. */
export type MarketTerms = Partial<Pick<MarketDescription, Term>>;

/** The venue changed terms of a market that is listed. From here on the new ones count, in every replay too. */
export interface TermsChanged extends Stamped {
  readonly type: "terms_changed";
  readonly marketId: MarketId;
  /** What changed, with its new value; nothing else. */
  readonly terms: MarketTerms;
  /** Who says so: `clob`, `gamma`. */
  readonly source: string;
}

/** Whether a market's terms can be relied on: they are read again and again, and reading them may fail for long. */
export interface TermsContinuity extends Stamped {
  readonly type: "terms_continuity";
  readonly marketId: MarketId;
  /** `stale`: they were not read for longer than they may age; `read`: they were, after that. */
  readonly state: "stale" | "read";
  readonly reason: string;
}

/**
 * What of a description differs from the terms that a venue states; `undefined` when nothing does. Pure.
 *
 * @example
 * ```ts
 * import { termsThatDiffer, type MarketDescription } from "@matchpoint/sdk";
 * const slower = (market: MarketDescription) => termsThatDiffer(market, { takerDelayMs: 3_000 });
 * ```
 */
export function termsThatDiffer(market: MarketDescription, stated: MarketTerms): MarketTerms | undefined {
  const found: { [K in Term]?: unknown } = {};
  let any = false;
  for (const term of TERMS) {
    const value = stated[term];
    if (value === undefined || same(term, market, stated)) continue;
    found[term] = value;
    any = true;
  }
  return any ? (found as MarketTerms) : undefined;
}

function same(term: Term, market: MarketDescription, stated: MarketTerms): boolean {
  if (term === "fee") return sameFee(market.fee, stated.fee);
  if (term === "disputed") return (market.disputed ?? false) === (stated.disputed ?? false);
  // Without a word of its version a market is of the second exchange.
  if (term === "version") return (market.version ?? 2) === (stated.version ?? 2);
  return market[term] === stated[term];
}

function sameFee(a: FeeSchedule | undefined, b: FeeSchedule | undefined): boolean {
  return a?.ratePpm === b?.ratePpm && a?.exponent === b?.exponent && a?.takerOnly === b?.takerOnly;
}
