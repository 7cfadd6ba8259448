import { formatPrice, formatShares, type FeeSchedule } from "../units/index.ts";
import type { MarketDescription } from "./market.ts";
import type { MarketTerms, Term } from "./terms.ts";

const WORDS: { readonly [K in Term]: (market: MarketTerms) => string } = {
  tick: ({ tick }) => `tick ${tick === undefined ? "?" : formatPrice(tick)}`,
  minSize: ({ minSize }) => `smallest order ${minSize === undefined ? "?" : formatShares(minSize)}`,
  fee: ({ fee }) => `fee ${feeText(fee)}`,
  takerDelayMs: ({ takerDelayMs }) => `taker delay ${takerDelayMs ?? 0} ms`,
  negRisk: ({ negRisk }) => (negRisk === true ? "neg-risk exchange" : "standard exchange"),
  acceptingOrders: ({ acceptingOrders }) =>
    acceptingOrders === true ? "orders are taken" : "no orders are taken",
  startsAt: ({ startsAt }) => `start ${startsAt ?? "unknown"}`,
  clearBookOnStart: ({ clearBookOnStart }) =>
    clearBookOnStart === true ? "the book is cleared at the start" : "the book is not cleared at the start",
  rules: ({ rules }) => `rules text of ${rules?.length ?? 0} characters`,
  version: ({ version }) => `exchange V${version ?? 2}`,
};

/** What changes of a market's terms, from what to what, for a person: `taker delay 1000 ms → taker delay 3000 ms`. */
export function termsInWords(before: MarketDescription, changes: MarketTerms): string {
  return (Object.keys(changes) as Term[])
    .map((term) => `${WORDS[term](before)} → ${WORDS[term](changes)}`)
    .join("; ");
}

function feeText(fee: FeeSchedule | undefined): string {
  if (fee === undefined) return "unstated";
  const power = fee.exponent === 1 ? "" : `, exponent ${fee.exponent}`;
  return `${fee.ratePpm / 10_000} % of ${fee.takerOnly ? "takers" : "both sides"}${power}`;
}
