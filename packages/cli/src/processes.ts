import { readFileSync } from "node:fs";
import { isRunning } from "@matchpoint/sdk/node";

/** Whether a process is there, and the one that was meant: numbers are given again. */
export function isProcess(pid: number, born: string | undefined): boolean {
  if (!isRunning(pid)) return false;
  const now = bornOf(pid);
  if (now === "gone") return false;
  return born === undefined || now === undefined || now === born;
}

/** When a process began, in its system's own ticks; `undefined` where it does not say. A process that only waits to be buried is gone. */
export function bornOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat?.state === "Z" || stat?.state === "X" ? "gone" : stat?.started;
}

/** What the kernel says of a process: its state, and when it started, in the kernel's ticks; `undefined` where it says nothing. */
export function statOf(
  pid: number | "self",
): { readonly state: string | undefined; readonly started: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Counted behind the command's name, in brackets, which may hold anything. Source: man 5 proc_pid_stat.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], started: fields[19] };
  } catch {
    return undefined;
  }
}
