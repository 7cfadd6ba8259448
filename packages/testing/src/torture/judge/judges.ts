import type { JudgeMaker } from "../record.ts";
import { Bench } from "./bench.ts";
import { INVARIANTS } from "./invariants.ts";

/** The judges of every run. */
export const JUDGES: readonly JudgeMaker[] = [
  {
    id: "bench",
    invariants: INVARIANTS.filter(({ checker }) => checker !== undefined).map(({ id }) => id),
    make: (history) => new Bench(history),
  },
];
