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
  startsAt: ({ startsAt }) => `start ${startsAt === undefined ? "unknown" : timeText(startsAt)}`,
  clearBookOnStart: ({ clearBookOnStart }) =>
    clearBookOnStart === true ? "the book is cleared at the start" : "the book is not cleared at the start",
  rules: ({ rules }) => `rules text of ${rules?.length ?? 0} characters`,
  disputed: ({ disputed }) =>
    disputed === true ? "its outcome is disputed at the oracle" : "no dispute at the oracle",
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

const DAY_MS = 86_400_000;
/** The end of year 9999: what is later has no ISO time of four digits. */
const END_MS = 253_402_300_800_000;

/**
 * Unix milliseconds as an ISO time in UTC, by arithmetic alone: rooms of the core have no `Date`. Years are counted from March, so that
 * a leap day is a year's last. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
 */
function timeText(ms: number): string {
  if (!Number.isInteger(ms) || ms < 0 || ms >= END_MS) return `${ms} ms`;
  const since = Math.floor(ms / DAY_MS) + 719_468;
  const era = Math.floor(since / 146_097);
  const ofEra = since - era * 146_097;
  const leaps = Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const years = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = years + era * 400 + (month <= 2 ? 1 : 0);
  const rest = ms % DAY_MS;
  const hours = digits(Math.floor(rest / 3_600_000), 2);
  const minutes = digits(Math.floor(rest / 60_000) % 60, 2);
  const seconds = digits(Math.floor(rest / 1_000) % 60, 2);
  const millis = ms % 1_000 === 0 ? "" : `.${digits(ms % 1_000, 3)}`;
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${hours}:${minutes}:${seconds}${millis}Z`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
