import type { Intent } from "../events/index.ts";
import type { RiskLimits } from "./config.ts";
import type { DenialCode } from "./denialCodes.ts";
import type { RiskView } from "./view.ts";

/** What an intent is for. */
export type Purpose = Intent["purpose"];

/** A check that a user adds may have a code of its own. */
export type CheckCode = DenialCode | (string & {});

/** One rule of the gate: small, pure, with one code. */
export interface RiskCheck {
  readonly code: CheckCode;
  /** Which intents it looks at; absent: all of them. Exits skip what only concerns new risk, never what concerns form. */
  readonly purposes?: readonly Purpose[];
  /** Says why the intent is denied, or `undefined` when this check has nothing against it. */
  check(intent: Intent, view: RiskView, limits: RiskLimits): string | undefined;
}

/** Purposes that add risk or commit cash. */
export const ENTRY_AND_HEDGE: readonly Purpose[] = ["entry", "hedge"];
/** The one purpose that starts something new. */
export const ENTRY_ONLY: readonly Purpose[] = ["entry"];
