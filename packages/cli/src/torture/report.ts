import {
  FAULT_KINDS,
  NOT_SIMULATED,
  TORTURE_FAULTS,
  type FaultRow,
  type TortureReport,
  type TortureTally,
} from "@matchpoint/testing";
import { count, plain, plural } from "../report/format.ts";
import type { ConductTally } from "./conduct.ts";

/** What came of many seeds, for people: each fault with the seeds in which it took effect, and what was checked. */
export function tortureReport(report: TortureReport, tally: TortureTally, conduct: ConductTally): string[] {
  const { seeds, violations, seedsPerSecond, faultsExercised, invariantsChecked, hash } = report;
  const hours = tally.simulatedMs / 3_600_000;
  const lines = [
    `${plural(seeds, "seed")}, ${seedsPerSecond} a second: ${hours.toFixed(1)} simulated hours, ${count(tally.entries)} things that happened, ${count(tally.lives)} starts of the bot.`,
    "",
    "Faults that took effect                                                   rows       seeds      times",
  ];
  for (const kind of FAULT_KINDS) {
    const row: FaultRow = TORTURE_FAULTS[kind];
    const name = `  ${kind}`.padEnd(20);
    const numbers = `${count(faultsExercised[kind] ?? 0).padStart(8)}${count(tally.effects[kind] ?? 0).padStart(11)}`;
    lines.push(`${name} ${row.effect.slice(0, 50).padEnd(51)} ${row.rows.join(" ").padEnd(10)} ${numbers}`);
  }
  lines.push("", "Failure modes that no fault here is");
  for (const [row, why] of Object.entries(NOT_SIMULATED)) lines.push(`  ${row.padEnd(4)} ${why}`);
  lines.push("", "Invariants that were looked at");
  const checks = Object.entries(invariantsChecked).map(([id, times]) => `${id} ${count(times)}`);
  for (let i = 0; i < checks.length; i += 6)
    lines.push(
      `  ${checks
        .slice(i, i + 6)
        .map((each) => each.padEnd(16))
        .join("")}`.trimEnd(),
    );
  lines.push(...conductLines(conduct));
  const exercised = FAULT_KINDS.filter((kind) => (faultsExercised[kind] ?? 0) > 0).length;
  const failed = conduct.failed().map(({ strategy }) => plain(strategy));
  const verdict =
    violations === 0
      ? `No invariant was broken${failed.length === 0 ? "" : `, but ${failed.join(", ")} failed by itself`}.`
      : `${plural(violations, "violation")} in ${plural(tally.failed.length, "seed")}.`;
  lines.push("", `${exercised} of ${FAULT_KINDS.length} faults took effect. ${verdict} Hash ${hash}.`);
  return lines;
}

/** What the user's own strategies asked for, and what they were refused. */
function conductLines(conduct: ConductTally): string[] {
  const all = conduct.all();
  if (all.length === 0) return [];
  const lines = ["", "Your strategies"];
  for (const { strategy, orders, denied, faults, seedsWithFaults } of all) {
    const most = Object.entries(denied).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const refused = most.reduce((sum, [, times]) => sum + times, 0);
    const codes = most.map(([code, times]) => `${code} ${count(times)}`).join(", ");
    const hooks =
      faults === 0 ? "no hook failed" : `${failures(faults)} in ${plural(seedsWithFaults, "seed")}`;
    lines.push(
      `  ${plain(strategy)}: ${plural(orders, "order")} let out, ${count(refused)} denied${codes === "" ? "" : ` (${codes})`}, ${hooks}`,
    );
  }
  return lines;
}

function failures(times: number): string {
  return `${plural(times, "hook")} failed`;
}

/** What is to be done about the user's own strategies that failed by themselves; nothing where none has. */
export function faultLines(conduct: ConductTally): string[] {
  const lines: string[] = [];
  for (const { strategy, faults, seedsWithFaults, first } of conduct.failed()) {
    if (first === undefined) continue;
    const name = plain(strategy);
    lines.push(
      `STRATEGY_FAULT: ${name} failed by itself: ${failures(faults)} in ${plural(seedsWithFaults, "seed")}.`,
      `  First in seed ${first.seed}: ${plain(first.message).replace(/\s+/g, " ").slice(0, 300)}`,
      ...(first.place === undefined ? [] : [`    at ${plain(first.place)}`]),
      "  What the hook had asked for was withdrawn and its market halted, as it would be in a run with money: the bot was safe, and did not trade.",
      `  Mend it, then run that seed again: torture --strategy ... --seed-of-failure ${first.seed}`,
    );
  }
  return lines;
}

/** What is to be done about a seed that did not end. */
export function hungLines(seed: number, strategies: readonly string[]): string[] {
  const own = strategies.map((name) => plain(name)).join(", ");
  return [
    `SEED_HUNG: seed ${seed} took more than a minute and was ended; no more were begun.`,
    own === ""
      ? "  No strategy was named, so it is a bug of ours: please report it with the seed."
      : `  A hook that does not end? In a run with money the watchdog would have cancelled everything and ended the process. Look at the loops of ${own},`,
    ...(own === "" ? [] : [`  then run that seed again: torture --strategy ... --seed-of-failure ${seed}`]),
  ];
}
