import type { Core } from "@matchpoint/sdk";
import type { StepEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { Effect } from "./account.ts";
import type { Life } from "./life.ts";
import type { TruthOfVenue } from "./truthOfVenue.ts";
import type { Verdicts } from "./verdicts.ts";

/** What a check of one step may look at. */
export interface Seen {
  readonly history: History;
  readonly verdicts: Verdicts;
  readonly truth: TruthOfVenue;
  readonly life: Life;
  /** The program's core, right after the step; only to be read. */
  readonly core: Core;
  readonly step: StepEntry;
  /** What the step's event did to the account, by the judge's own books. */
  readonly effect: Effect;
}

/** What a check at the end of a run may look at. */
export interface AtEnd {
  readonly history: History;
  readonly verdicts: Verdicts;
  readonly truth: TruthOfVenue;
  readonly lives: ReadonlyMap<number, Life>;
}
