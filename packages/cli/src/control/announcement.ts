import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mode } from "@matchpoint/sdk";
import { isProcess } from "../processes.ts";

/** How a run can be spoken to, as the run itself has written it down: readable by its own user alone. */
export interface Announcement {
  readonly runId: string;
  readonly mode: Mode;
  readonly pid: number;
  /** What tells this process from a later one of the same number; absent where the system does not say. */
  readonly born?: string;
  /** Unix ms. */
  readonly startedAt: number;
  /** Where its control server listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** Its journal, from the root of the file system; absent: it keeps none. */
  readonly journal?: string;
  /** Where the run shows itself, with the secret of that; absent: it does not. */
  readonly dashboard?: string;
  /** The venue of a live run, for the program that cancels without it. */
  readonly venue?: { readonly url?: string; readonly chainId: number };
}

/** A run that has announced itself. */
export interface FoundRun {
  readonly announcement: Announcement;
  readonly path: string;
  /** Whether its process is there. */
  readonly alive: boolean;
}

/** What a person is sent to by it is on this machine. */
const ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}$/;
const NAME = /^control-[\w.-]+\.json$/;

/** A fresh secret of 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString("hex");
}

/** Writes a run's announcement, and takes away those of runs that are gone. Returns what takes it away again. */
export function announce(dir: string, announcement: Announcement): () => void {
  mkdirSync(dir, { recursive: true });
  for (const { path, alive } of findRuns(dir)) if (!alive) rmSync(path, { force: true });
  const path = join(dir, `control-${announcement.runId.replace(/[^\w.-]+/g, "_")}.json`);
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify({ version: 1, ...announcement })}\n`, { flag: "wx", mode: 0o600 });
  renameSync(fresh, path);
  return () => {
    rmSync(path, { force: true });
  };
}

/** The runs that have announced themselves in a folder, those that are gone included, latest first. */
export function findRuns(dir: string): readonly FoundRun[] {
  let names: readonly string[];
  try {
    names = readdirSync(dir);
  } catch {
    return [];
  }
  const found = names.filter((name) => NAME.test(name)).flatMap((name) => read(join(dir, name)));
  return found.sort((a, b) => b.announcement.startedAt - a.announcement.startedAt);
}

function read(path: string): readonly FoundRun[] {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    const { version, runId, mode, pid, born, url, token, startedAt, dashboard, journal } = value;
    const texts = [runId, url, token].every((each) => typeof each === "string");
    // A file in which another address than this machine's stands would be sent the token.
    if (version !== 1 || !texts || !/^http:\/\/127\.0\.0\.1:\d+$/.test(url as string)) return [];
    if (mode !== "live" && mode !== "paper") return [];
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || !Number.isFinite(startedAt)) return [];
    if (dashboard !== undefined && !(typeof dashboard === "string" && ADDRESS.test(dashboard))) return [];
    if (journal !== undefined && typeof journal !== "string") return [];
    if (born !== undefined && typeof born !== "string") return [];
    const announcement = value as unknown as Announcement;
    return [{ announcement, path, alive: isProcess(announcement.pid, born) }];
  } catch {
    return [];
  }
}
