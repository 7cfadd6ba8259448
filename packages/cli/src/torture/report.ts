import {
  FAULT_KINDS,
  TORTURE_FAULTS,
  type FaultRow,
  type TortureReport,
  type TortureTally,
} from "@matchpoint/testing";
import { count, plural } from "../report/format.ts";

/** What came of many seeds, for people: each fault with the seeds in which it took effect, and what was checked. */
export function tortureReport(report: TortureReport, tally: TortureTally): string[] {
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
  lines.push("", "Invariants that were looked at");
  const checks = Object.entries(invariantsChecked).map(([id, times]) => `${id} ${count(times)}`);
  for (let i = 0; i < checks.length; i += 6)
    lines.push(
      `  ${checks
        .slice(i, i + 6)
        .map((each) => each.padEnd(16))
        .join("")}`.trimEnd(),
    );
  const exercised = FAULT_KINDS.filter((kind) => (faultsExercised[kind] ?? 0) > 0).length;
  const verdict =
    violations === 0
      ? "No invariant was broken."
      : `${plural(violations, "violation")} in ${plural(tally.failed.length, "seed")}.`;
  lines.push("", `${exercised} of ${FAULT_KINDS.length} faults took effect. ${verdict} Hash ${hash}.`);
  return lines;
}
