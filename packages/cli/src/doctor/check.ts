import type { Bench } from "./bench.ts";
import type { Outcome } from "./finding.ts";

/** One thing that must hold before a run, as a row of the table. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** What it looks at, for people. */
  readonly looksAt: string;
  /** Ids of checks that must not have failed. */
  readonly needs: readonly string[];
  /** `live`: only where real money is traded. */
  readonly modes: "any" | "live";
  /** Whether it asks nothing of the network but secrets: these are made before a paper run too. */
  readonly local?: true;
  /** Default 15 seconds. */
  readonly deadlineMs?: number;
  run(bench: Bench): Promise<Outcome> | Outcome;
}
