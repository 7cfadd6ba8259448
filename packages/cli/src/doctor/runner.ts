import { isMatchpointError } from "@matchpoint/sdk";
import { hintOf, lineOf, type Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, skip, type ChecklistLine, type Outcome } from "./finding.ts";

/** A check that was made, and whether there was anything to look at. */
export interface Made extends ChecklistLine {
  readonly idle: boolean;
}

/** How checks are made. */
export interface RunnerOptions {
  readonly table: readonly Check[];
  /** Told after each check that has ended, and at the beginning: how many are made, and what is still waited for. */
  readonly onProgress?: (done: number, of: number, waiting: readonly string[]) => void;
}

const DEADLINE_MS = 15_000;

/**
 * Makes all checks, each as soon as what it needs is known, and never waits for one beyond its deadline. Answers in the order of the
 * table; throws only what a check throws that is no `MatchpointError`.
 */
export async function runChecks(
  bench: Bench,
  { table, onProgress }: RunnerOptions,
): Promise<readonly Made[]> {
  const made = new Map<string, Promise<Made>>();
  const waiting = new Set(table.map(({ id }) => id));
  const told = (): void => onProgress?.(table.length - waiting.size, table.length, [...waiting]);
  told();
  for (const check of table) {
    const needed = check.needs.map((id) => made.get(id)).filter((each) => each !== undefined);
    const work = make(check, needed, bench).then(({ idle: unasked = false, ...line }) => {
      waiting.delete(check.id);
      told();
      return { id: check.id, ...line, idle: unasked };
    });
    // All are waited for below; one that throws must not be unhandled meanwhile.
    work.catch(() => undefined);
    made.set(check.id, work);
  }
  return Promise.all(table.map(({ id }) => made.get(id)!));
}

async function make(check: Check, needed: readonly Promise<Made>[], bench: Bench): Promise<Outcome> {
  if (check.modes === "live" && !bench.live) return idle("only a live run needs it");
  for (const premise of await Promise.all(needed)) {
    if (premise.status === "fail") return skip(`not looked at: ${premise.id} failed`);
    if (premise.status === "skip" && !premise.idle)
      return skip(`not looked at: ${premise.id} was not either`);
  }
  const ms = check.deadlineMs ?? DEADLINE_MS;
  let cancel = (): void => undefined;
  const late = new Promise<Outcome>((resolve) => {
    cancel = bench.clock.after(ms, () => {
      resolve(
        fail(
          `no answer within ${ms / 1_000} s`,
          "See that this machine reaches what was asked, then try again.",
        ),
      );
    });
  });
  try {
    return await Promise.race([attempt(check, bench), late]);
  } finally {
    cancel();
  }
}

async function attempt(check: Check, bench: Bench): Promise<Outcome> {
  try {
    return await check.run(bench);
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    return fail(lineOf(error), hintOf(error, "Try again."));
  }
}
