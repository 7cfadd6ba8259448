import type { BotConfigInput } from "@matchpoint/sdk";
import type { Decision } from "./kernel/dice.ts";
import type { FaultKind } from "./kernel/faults.ts";
import type { Violation } from "./record.ts";
import { tortureSeed, type TortureOptions } from "./run.ts";

/** The least that is needed to make a seed fail in the same way. */
export interface ShrunkFailure {
  readonly seed: number;
  readonly violation: Violation;
  /** Kinds of fault that are needed. */
  readonly only: readonly FaultKind[];
  /** Of those the single decisions that are needed. */
  readonly keep: readonly Decision[];
  /** Runs that it took to find out. */
  readonly runs: number;
}

/** How a failure is made smaller. */
export interface ShrinkOptions extends TortureOptions {
  /** Most runs that are spent on it. Default 400. */
  readonly runs?: number;
  /** Told of each smaller failure. */
  readonly onProgress?: (left: {
    readonly faults: number;
    readonly decisions: number;
    readonly runs: number;
  }) => void;
}

/**
 * Makes a seed's failure as small as it can: first whole kinds of fault are left out, then single decisions (delta debugging, Zeller and
 * Hildebrandt 2002). A run counts as the same failure when it breaks the same invariant. `undefined`: the seed does not fail.
 *
 * @example
 * ```ts
 * import { reproduction, shrinkFailure } from "@matchpoint/testing";
 *
 * const found = await shrinkFailure(74);
 * if (found !== undefined) console.log(reproduction(found));
 * ```
 */
export async function shrinkFailure(
  seed: number,
  options: ShrinkOptions = {},
): Promise<ShrunkFailure | undefined> {
  const { runs: most = 400, onProgress, ...torture } = options;
  const first = await tortureSeed(seed, torture);
  const violation = first.violations[0];
  if (violation === undefined) return undefined;
  let runs = 1;
  let only = Object.keys(first.plan) as FaultKind[];
  let keep = [...first.decisions];
  let shown = violation;
  /** Runs it with less; takes over what was needed when it still fails. */
  const fails = async (less: Pick<TortureOptions, "only" | "keep">): Promise<boolean> => {
    if (runs >= most) return false;
    runs += 1;
    const result = await tortureSeed(seed, { ...torture, ...less });
    const same = result.violations.find(({ invariant }) => invariant === violation.invariant);
    if (same === undefined) return false;
    shown = same;
    only = Object.keys(result.plan) as FaultKind[];
    keep = [...result.decisions];
    onProgress?.({ faults: only.length, decisions: keep.length, runs });
    return true;
  };
  // A kind that never struck is not needed.
  await fails({ only: [...new Set(keep.map(kindOf))] });
  await fewest(only, (kinds) => fails({ only: kinds }));
  const kinds = only;
  await fewest(keep, (decisions) => fails({ only: kinds, keep: decisions }));
  // What a kind that is on changes without striking may be needed too.
  const bare = [...new Set(keep.map(kindOf))];
  if (await fails({ only: bare, keep })) return { seed, violation: shown, only: bare, keep, runs };
  return { seed, violation: shown, only: kinds, keep, runs };
}

function kindOf(decision: Decision): FaultKind {
  return decision.slice(0, decision.indexOf("#")) as FaultKind;
}

/** Delta debugging: tries subsets and complements, ever finer, as long as one of them will do. */
async function fewest<T>(
  all: readonly T[],
  will: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = all;
  if (left.length > 0 && (await will([]))) return [];
  let parts = 2;
  while (left.length >= 2) {
    const size = Math.ceil(left.length / parts);
    let smaller: readonly T[] | undefined;
    for (let from = 0; from < left.length && smaller === undefined; from += size) {
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      if (await will(without)) smaller = without;
    }
    if (smaller !== undefined) {
      left = smaller;
      parts = Math.max(2, parts - 1);
    } else {
      if (parts >= left.length) break;
      parts = Math.min(left.length, parts * 2);
    }
  }
  return left;
}

/** Where the strategies of a failure are, for its reproduction. */
export interface ReproductionStrategy {
  /** Name of the class, or what it is called in the test. */
  readonly name: string;
  /** What it is imported from. */
  readonly from: string;
  readonly isDefault?: boolean;
  /** What it is called there, where that is not its name here. */
  readonly exported?: string;
  readonly params?: unknown;
}

/** A test file that shows a failure; it passes once the failure is gone. */
export function reproduction(
  found: ShrunkFailure,
  strategies: readonly ReproductionStrategy[] = [],
  config?: BotConfigInput,
): string {
  const { seed, violation, only, keep } = found;
  const imports = strategies.map(({ name, from, isDefault, exported }) => {
    const named = exported === undefined ? name : `${exported} as ${name}`;
    return `import ${isDefault === true ? name : `{ ${named} }`} from ${JSON.stringify(from)};\n`;
  });
  const used = strategies.map(
    ({ name, params }) =>
      `{ use: ${name}${params === undefined ? "" : `, params: ${JSON.stringify(params)}`} }`,
  );
  const list = (values: readonly string[]): string =>
    values.length === 0
      ? "[]"
      : `[\n${values.map((each) => `      ${JSON.stringify(each)},\n`).join("")}    ]`;
  return `import { tortureSeed } from "@matchpoint/testing";
import { expect, test } from "vitest";
${imports.join("")}
// ${oneLine(`${violation.invariant}: ${violation.message}`)}
test("seed ${seed} breaks ${violation.invariant}", async () => {
  const { violations } = await tortureSeed(${seed}, {
    only: ${list(only)},
    keep: ${list(keep)},${used.length === 0 ? "" : `\n    strategies: [${used.join(", ")}],`}${config === undefined ? "" : `\n    config: ${JSON.stringify(config)},`}
  });
  expect(violations).toEqual([]);
});
`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 400);
}
