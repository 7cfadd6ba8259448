import { caseMaker } from "./caseMaker.ts";
import { cleanRun, type CleanRun } from "./cleanRun.ts";
import { endCases } from "./endCases.ts";
import { faultCases } from "./faultCases.ts";
import type { ConformanceCase, FeedSubject } from "./feedSubject.ts";
import { lifeCases } from "./lifeCases.ts";
import { orderCases } from "./orderCases.ts";

/**
 * What a feed of match facts owes its host, as cases for any test runner: ordering, dedup, gaps, terminal states,
 * retractions, history, malformed messages, lost connections, outages, limits, silence, abort, back-pressure, clocks and
 * secrets. Each plays a best of three on a real socket, and looks at the claims and at what a truth engine makes of them.
 *
 * A case that the source's capabilities rule out has `skip`, the reason; show it, so that nobody takes it for passed. The
 * cases may run side by side: each has its own source, feed and clock. In every one of them a winner that the story did
 * not tell of is a failure.
 *
 * @example
 * ```ts
 * import { feedConformance, type FeedSubject } from "@matchpoint/testing";
 *
 * async function report(subject: FeedSubject): Promise<void> {
 *   for (const { name, skip, run } of feedConformance(subject)) {
 *     if (skip !== undefined) console.log(`skipped: ${name} (${skip})`);
 *     else await run().then(() => console.log(`passed: ${name}`), (error: unknown) => console.log(`FAILED: ${name}`, error));
 *   }
 * }
 * ```
 */
export function feedConformance(subject: FeedSubject): readonly ConformanceCase[] {
  let run: Promise<CleanRun> | undefined;
  const maker = caseMaker(subject, () => (run ??= cleanRun(subject)));
  return [...orderCases(maker), ...endCases(maker), ...faultCases(maker), ...lifeCases(maker)];
}
