import { takes } from "../amounts.ts";
import { ENTRY_ONLY, type RiskCheck } from "../check.ts";

/** Nothing is begun on a fee, delay or rule that may not be the venue's any more. */
export const termsStale: RiskCheck = {
  code: "TERMS_STALE",
  purposes: ENTRY_ONLY,
  check: (_intent, { staleTerms }) => staleTerms,
};

export const takerDelay: RiskCheck = {
  code: "TAKER_DELAY",
  purposes: ENTRY_ONLY,
  check(intent, { book, market: { takerDelayMs } }, { maxTakerDelayMs }) {
    if (maxTakerDelayMs === 0 || takerDelayMs <= maxTakerDelayMs || !takes(intent, book)) return undefined;
    return `the venue holds it for ${takerDelayMs} ms, at most ${maxTakerDelayMs}`;
  },
};
