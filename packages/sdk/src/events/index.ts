/** The vocabulary: every input and effect of the core. @module */
import type { Adopted, ChainRequested } from "./adopt.ts";
import type { ExecutionReport } from "./execution.ts";
import type { StrategyReply } from "./isolation.ts";
import type { MarketEvent } from "./market.ts";
import type { MatchEvent } from "./match.ts";
import type { RiskNoted } from "./riskNote.ts";
import type { SystemEvent } from "./system.ts";

/** Everything that the core can be told. */
export type CoreEvent =
  | MarketEvent
  | MatchEvent
  | ExecutionReport
  | SystemEvent
  | Adopted
  | ChainRequested
  | RiskNoted
  | StrategyReply;
/** The type tag of an event. */
export type CoreEventType = CoreEvent["type"];

export type * from "./adopt.ts";
export type * from "./effects.ts";
export type * from "./execution.ts";
export { admitted, gapOf } from "./admit.ts";
export { checkEvent, eventProblem } from "./checkEvent.ts";
export { checkMarket } from "./checkMarket.ts";
export { checkMatch } from "./checkMatch.ts";
export { shownValue, type Check } from "./checks.ts";
export { EffectsHasher, effectText } from "./effectsHash.ts";
export { hash128 } from "./hash.ts";
export { CLAIM_LIMITS, LONGEST_REASON } from "./limits.ts";
export { LineSplitter, type LineSink } from "./lines.ts";
export {
  LADDER,
  ladderOf,
  matchOf,
  otherOutcome,
  type BestQuote,
  type BookContinuity,
  type BookDelta,
  type BookEvent,
  type BookSnapshot,
  type Ladder,
  type MarketDescription,
  type MarketEvent,
  type MarketListed,
  type MarketResolution,
  type MarketResolvedHint,
  type MarketSubject,
  type MarketTrade,
  type Outcome,
  type OutcomeDescription,
  type Side,
  type Team,
  type TickSizeChanged,
} from "./market.ts";
export type * from "./isolation.ts";
export type * from "./match.ts";
export { EVENT_ORIGIN, isOutside } from "./origin.ts";
export type * from "./reconcile.ts";
export type * from "./riskNote.ts";
export type * from "./stamp.ts";
export type * from "./system.ts";
export {
  TERMS,
  termsThatDiffer,
  type MarketTerms,
  type Term,
  type TermsChanged,
  type TermsContinuity,
} from "./terms.ts";
export { termsInWords } from "./termsText.ts";
