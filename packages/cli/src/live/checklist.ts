import { MatchpointError, type SkewCheck } from "@matchpoint/sdk";
import type { Io } from "../io.ts";
import { plain } from "../report/format.ts";

/** A line of the start-up checklist, whoever made it. */
export interface ChecklistLine {
  readonly id: string;
  readonly status: "ok" | "warn" | "fail" | SkewCheck["status"];
  readonly found: string;
  readonly fix: string;
}

const WIDTH = 10;

/** Prints a checklist: what was found, and under what is not well what to do about it. */
export function printChecklist(lines: readonly ChecklistLine[], io: Io): void {
  for (const { id, status, found, fix } of lines) {
    io.out(`  ${status.padEnd(4)} ${plain(id.replace(/^(market):.*/, "$1")).padEnd(WIDTH)} ${plain(found)}`);
    if (status !== "ok" && fix !== "") io.out(`${" ".repeat(WIDTH + 8)}${plain(fix)}`);
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
