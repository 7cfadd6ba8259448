import type { ConformanceCase } from "../conformance/index.ts";
import type { ExecutionFault, ExecutionSubject } from "./subject.ts";
import { Trial } from "./trial.ts";

/** Makes a numbered case; one whose fault the stage cannot bring about, or that the subject is excused from, is skipped by name. */
export type MakeCase = (
  number: string,
  what: string,
  play: (trial: Trial) => Promise<void>,
  needs?: ExecutionFault,
) => ConformanceCase;

/** Makes the cases of a subject. */
export function caseMaker(subject: ExecutionSubject): MakeCase {
  return (number, what, play, needs) => {
    const missing =
      needs === undefined || subject.faults.includes(needs) ? undefined : `its stage has no fault ${needs}`;
    const skip = subject.excused?.[number] ?? missing;
    return {
      name: `${number} ${what}`,
      ...(skip === undefined ? {} : { skip }),
      run: () => Trial.play(subject, play),
    };
  };
}
