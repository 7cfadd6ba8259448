import type { CleanRun } from "./cleanRun.ts";
import { FeedStage } from "./feedStage.ts";
import type { ConformanceCase, FeedSubject } from "./feedSubject.ts";

/** What the cases of one subject share. */
export interface CaseMaker {
  readonly subject: FeedSubject;
  /** The series without faults: played once, whoever asks first. */
  readonly clean: () => Promise<CleanRun>;
  /** A case on a stage of its own; with `skip` it is only shown. */
  readonly make: (
    name: string,
    play: (stage: FeedStage, clean: CleanRun) => Promise<void>,
    options?: { readonly skip?: string | undefined; readonly pace?: number; readonly alone?: boolean },
  ) => ConformanceCase;
}

/** Makes cases of a subject. `alone`: the case needs no clean run. */
export function caseMaker(subject: FeedSubject, clean: () => Promise<CleanRun>): CaseMaker {
  const nothing: CleanRun = {
    claims: [],
    statements: [],
    outcome: { series: { winner: undefined, status: "" }, games: [] },
  };
  return {
    subject,
    clean,
    make: (name, play, options = {}) => ({
      name,
      ...(options.skip === undefined ? {} : { skip: options.skip }),
      run: async () => {
        const reference = options.alone === true ? nothing : await clean();
        const pace = options.pace === undefined ? {} : { pace: options.pace };
        await FeedStage.play(subject, (stage) => play(stage, reference), pace);
      },
    }),
  };
}
