import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { MatchpointError } from "@matchpoint/sdk";

/** What is said to whom a lock keeps out. */
export interface LockWords {
  /** What the process that holds it does. */
  readonly does: string;
  readonly hint: string;
  /** The error when the file cannot be written. */
  readonly failed: (path: string, cause: unknown) => MatchpointError;
}

/**
 * Keeps other processes out until what it returns is called. A process that is gone keeps nobody out.
 * @throws MatchpointError `CONFIG_INVALID` while another process holds it
 */
export function lock(path: string, words: LockWords): () => void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
      return () => {
        rmSync(path, { force: true });
      };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 0) throw words.failed(path, cause);
    }
    const holder = Number(readFileSync(path, "utf8"));
    if (isAlive(holder)) {
      throw new MatchpointError("CONFIG_INVALID", `process ${holder} ${words.does} already`, {
        where: path,
        hint: `${words.hint} Is that process none of Matchpoint's, delete the file.`,
      });
    }
    rmSync(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
