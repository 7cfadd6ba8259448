/**
 * Whether a process with this number is there, also one of another user. Numbers are given again: it may be another process by now.
 *
 * @example
 * ```ts
 * import { isRunning } from "@matchpoint/sdk/node";
 * console.log(isRunning(process.pid)); // true
 * ```
 * @param pid A whole number above 0.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
