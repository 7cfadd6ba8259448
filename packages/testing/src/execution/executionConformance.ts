import type { ConformanceCase } from "../conformance/index.ts";
import { cancelingCases } from "./canceling.ts";
import { caseMaker } from "./caseMaker.ts";
import { failingCases } from "./failing.ts";
import { livingCases } from "./living.ts";
import { placingCases } from "./placing.ts";
import { refusingCases } from "./refusing.ts";
import { settlingCases } from "./settling.ts";
import type { ExecutionSubject } from "./subject.ts";

/**
 * What an execution adapter owes a run, as numbered cases for any test runner: orders of every type to the micro-dollar,
 * refusals, cancels, settlement, the life of a market (`E…`), and faults of the network and the venue (`F…`). Each plays on
 * a venue of its own; after each, the account that the adapter fetches is held against what its reports add up to, every
 * report against the order machines, and everything that it said against the secrets that it was given.
 *
 * A case that the subject's stage cannot bring about has `skip`, the reason; show it, so that nobody takes it for passed.
 *
 * @example
 * ```ts
 * import { executionConformance, type ExecutionSubject } from "@matchpoint/testing";
 *
 * async function report(subject: ExecutionSubject): Promise<void> {
 *   for (const { name, skip, run } of executionConformance(subject)) {
 *     if (skip !== undefined) console.log(`skipped: ${name} (${skip})`);
 *     else await run().then(() => console.log(`passed: ${name}`), (error: unknown) => console.log(`FAILED: ${name}`, error));
 *   }
 * }
 * ```
 */
export function executionConformance(subject: ExecutionSubject): readonly ConformanceCase[] {
  const make = caseMaker(subject);
  return [placingCases, refusingCases, cancelingCases, settlingCases, livingCases, failingCases].flatMap(
    (cases) => cases(make),
  );
}
