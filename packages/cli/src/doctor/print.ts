import { MatchpointError } from "@matchpoint/sdk";
import type { Io } from "../io.ts";
import { plain } from "../report/format.ts";
import type { ChecklistLine } from "./finding.ts";

const LEAST = 10;

/** Prints a checklist: what was found, and under what is not well what to do about it. */
export function printChecklist(lines: readonly ChecklistLine[], io: Io): void {
  const width = Math.max(LEAST, ...lines.map(({ id }) => id.length));
  for (const { id, status, found, fix } of lines) {
    io.out(`  ${status.padEnd(4)} ${plain(id).padEnd(width)} ${plain(found)}`);
    if (status !== "ok" && fix !== "") io.out(`${" ".repeat(width + 8)}${plain(fix)}`);
  }
}

/**
 * Refuses live trading while anything fails.
 * @throws MatchpointError `CONFIG_LIVE_REFUSED` with the first failure and what to do about it
 */
export function demandChecklist(lines: readonly ChecklistLine[]): void {
  const failed = lines.filter(({ status }) => status === "fail");
  const [first] = failed;
  if (first === undefined) return;
  const more = failed.length === 1 ? "" : ` (and ${failed.length - 1} more of ${lines.length} checks)`;
  throw new MatchpointError("CONFIG_LIVE_REFUSED", `${first.found}${more}`, { hint: first.fix });
}
