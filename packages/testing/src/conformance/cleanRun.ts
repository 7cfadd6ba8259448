import assert from "node:assert/strict";
import type { SourceEvent } from "@matchpoint/sdk";
import { FeedStage, type Outcome } from "./feedStage.ts";
import { seriesSteps } from "./feedStories.ts";
import type { FeedSubject } from "./feedSubject.ts";
import { doubled, repeated, statements } from "./feedWords.ts";

/** What a whole series comes to when nothing goes wrong. */
export interface CleanRun {
  readonly claims: readonly SourceEvent[];
  readonly statements: readonly string[];
  readonly outcome: Outcome;
}

/** Runs the series without a fault; the cases with faults compare with it. */
export async function cleanRun(subject: FeedSubject): Promise<CleanRun> {
  let run: CleanRun | undefined;
  await FeedStage.play(subject, async (stage) => {
    stage.listen();
    await stage.ready();
    await stage.follow(...seriesSteps(subject.match));
    await stage.settle();
    run = { claims: stage.claims, statements: statements(stage.claims), outcome: stage.outcome };
  });
  return run!;
}

/** Fails unless truth is the same as without faults and nothing was said twice. */
export function sameAsClean(stage: FeedStage, clean: CleanRun): void {
  assert.deepEqual(stage.outcome, clean.outcome, "truth at the end is not what it is without the fault");
  assert.deepEqual(doubled(stage.claims), [], "claimed again without having been taken back");
  assert.deepEqual(repeated(stage.claims), [], "a claim would be taken for a repetition of another");
}
