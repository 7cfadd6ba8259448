import {
  termsInWords,
  termsThatDiffer,
  type MarketDescription,
  type MarketTerms,
  type Term,
  type TermsChanged,
  type TermsContinuity,
} from "../events/index.ts";
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
    this.#floor.alarm("TERMS_CHANGED", `${source}: ${termsInWords(before, changes)}`, marketId);
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
