import {
  termsThatDiffer,
  type MarketDescription,
  type MarketTerms,
  type Term,
  type TermsChanged,
  type TermsContinuity,
} from "../events/index.ts";
import { formatPrice, formatShares, type FeeSchedule } from "../units/index.ts";
import type { Floor } from "./floor.ts";
import type { MarketDesk } from "./marketDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";

/** Terms that decide what a share is worth, or whom an order is signed for: who holds one must look before going on. */
const HALTING: readonly Term[] = ["rules", "version", "negRisk"];

/** Applies what the venue changes of markets while they are traded, and keeps entries out of markets whose terms are too old. */
export class TermsDesk {
  readonly #floor: Floor;
  readonly #market: MarketDesk;
  readonly #trading: TradingDesk;

  constructor(floor: Floor, market: MarketDesk, trading: TradingDesk) {
    this.#floor = floor;
    this.#market = market;
    this.#trading = trading;
  }

  changed({ marketId, terms, source }: TermsChanged): void {
    const entry = this.#floor.markets.get(marketId);
    if (entry === undefined) return;
    const before = entry.market;
    const changes = termsThatDiffer(before, terms);
    if (changes === undefined) return;
    entry.update({ ...before, ...changes });
    this.#floor.alarm("TERMS_CHANGED", `${source}: ${inWords(before, changes)}`, marketId);
    if (HALTING.some((term) => halts(term, before, changes)))
      this.#trading.apply(entry, { kind: "halt", cause: "terms_changed" });
    this.#market.described(entry, before);
  }

  continuity({ marketId, state, reason }: TermsContinuity): void {
    const entry = this.#floor.markets.get(marketId);
    if (entry === undefined) return;
    if (state === "stale") this.#floor.alarm("TERMS_STALE", reason, marketId);
    entry.staleTerms = state === "stale" ? reason : undefined;
  }
}

/** A text where there was none is what the market always paid by, only now told. */
function halts(term: Term, before: MarketDescription, changes: MarketTerms): boolean {
  if (changes[term] === undefined) return false;
  return term !== "rules" || (before.rules !== undefined && before.rules.trim() !== "");
}

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

function inWords(before: MarketDescription, changes: MarketTerms): string {
  return (Object.keys(changes) as Term[])
    .map((term) => `${WORDS[term](before)} → ${WORDS[term](changes)}`)
    .join("; ");
}

function feeText(fee: FeeSchedule | undefined): string {
  if (fee === undefined) return "unstated";
  const power = fee.exponent === 1 ? "" : `, exponent ${fee.exponent}`;
  return `${fee.ratePpm / 10_000} % of ${fee.takerOnly ? "takers" : "both sides"}${power}`;
}
