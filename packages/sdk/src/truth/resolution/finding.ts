import type { Title } from "../../events/index.ts";
import type { Millis } from "../../units/index.ts";
import type { ResolutionRule } from "./rule.ts";

/** The kinds of rules text that are known word by word. */
export type ResolutionTemplate = "esports-match" | "esports-game" | "esports-handicap" | "esports-total";

/** What a recognised sentence settles. */
export type ClauseKind =
  | "subject"
  | "winner"
  | "not_held"
  | "forfeit_after_start"
  | "walkover_before_start"
  | "completed_game"
  | "incomplete_game"
  | "line"
  | "counting"
  | "source"
  | "fallback_source"
  | "naming";

/** A sentence that was recognised. */
export interface Clause {
  readonly kind: ClauseKind;
  readonly sentence: string;
}

/** Why a text is not understood well enough to trade on. */
export type ResolutionFindingCode =
  /** A sentence that bears on resolution and is of no known wording. */
  | "UNKNOWN_SENTENCE"
  /** A sentence that leaves the resolution to somebody's judgement. */
  | "AMBIGUOUS_WORDING"
  /** A known case that pays something else than the winner or half each. */
  | "UNKNOWN_PAYOUT"
  /** Where the result is taken from is unsaid, unknown, or said in two ways. */
  | "UNCLEAR_ORACLE"
  /** Two sentences settle one case differently, or a sentence contradicts itself. */
  | "CONTRADICTION"
  /** The text says nothing of a case that has to be settled. */
  | "MISSING_CLAUSE"
  /** The text is about other teams, another game or another date than the listing. */
  | "SUBJECT_DIFFERS"
  /** The match is listed so late that by its own text it counts as not held. */
  | "DELAY_PASSED"
  /** A kind of market that no template describes: props and the like. */
  | "TEMPLATE_UNSUPPORTED"
  /** Too long to be a rules text. */
  | "TEXT_TOO_LONG";

/** One reason for a refusal, with the sentence that it is about. */
export interface ResolutionFinding {
  readonly code: ResolutionFindingCode;
  /** As it stands in the text; of what is missing, the sentence that needs it. */
  readonly sentence: string;
  readonly why: string;
}

/** What is assessed: the text, and what the listing says beside it. */
export interface ResolutionText {
  readonly rules: string;
  /** Names of the outcomes. */
  readonly outcomes: readonly [string, string];
  /** What the market is taken to be about; absent: nothing is proven. */
  readonly subject?:
    { readonly kind: "series" } | { readonly kind: "game"; readonly game: number } | undefined;
  readonly title?: Title | undefined;
  /** The start as the listing has it now. */
  readonly startsAt?: Millis | undefined;
  /** The listing's own field for the source. */
  readonly resolutionSource?: string | undefined;
}

/** A text that is understood, with the rule that it states; or why it is not. */
export type ResolutionAssessment =
  | {
      readonly ok: true;
      readonly template: ResolutionTemplate;
      readonly rule: ResolutionRule;
      readonly clauses: readonly Clause[];
    }
  | { readonly ok: false; readonly findings: readonly ResolutionFinding[] };
