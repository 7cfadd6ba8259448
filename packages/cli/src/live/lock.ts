import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { otherBuild } from "../build.ts";
import { ourselves, readHolder, stateOf, type Holder, type HolderState } from "./holder.ts";
import { kernelLock, type KernelLock } from "./kernelLock.ts";

/** What is said to whom a lock keeps out. */
export interface LockWords {
  /** What the process that holds it does. */
  readonly does: string;
  readonly hint: string;
  /** The error when the file cannot be written. */
  readonly failed: (path: string, cause: unknown) => MatchpointError;
}

/** A lock that is held. */
export interface Held {
  /** How manieth it is that holds it: higher than that of everybody before, also after a crash. */
  readonly epoch: number;
  release(): void;
}

/** How a lock is taken; for tests. */
export interface LockOptions {
  /** The epoch is higher than this. Default 0. */
  readonly above?: number;
  /** Which build of the code takes it; whoever is kept out by another build is told so. */
  readonly build?: string | undefined;
  readonly kernel?: (path: string) => KernelLock;
  readonly judge?: (holder: Holder) => HolderState;
}

/** What the highest of a lock's files says. */
interface Standing {
  readonly epoch: number;
  readonly holder: Holder | undefined;
  readonly released: boolean;
  /** Which build of the code its holder runs; absent: that is not known. */
  readonly build?: string | undefined;
}

/** Somebody else may take the number that we wanted; each time one of us has got further. */
const MOST_TRIES = 100;

/**
 * Keeps other processes out until it is released. Two things have to agree: the kernel's lock on `PATH-kernel`, which ends with its
 * process, and the files `PATH.1`, `PATH.2`, …: each start makes the next one, which only one process can, and the highest says who
 * holds it. Its number is the epoch. A process that is gone keeps nobody out.
 *
 * @throws MatchpointError `CONFIG_INVALID` while another process holds it, or may hold it
 */
export function lock(path: string, words: LockWords, options: LockOptions = {}): Held {
  const kernel = (options.kernel ?? kernelLock)(`${path}-kernel`);
  if (kernel.kind === "busy") throw taken(path, words, standingOf(path), "alive", options);
  const release = (): void => {
    if (kernel.kind === "held") kernel.release();
  };
  try {
    const epoch = next(path, words, kernel, options);
    return {
      epoch,
      release: () => {
        try {
          say(path, words, { epoch, holder: ourselves(), released: true, build: options.build }, "over");
        } catch {
          // Whoever comes next finds out by itself that this process is gone.
        }
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Makes the file after the highest, which only one process can. */
function next(path: string, words: LockWords, kernel: KernelLock, options: LockOptions): number {
  const { above = 0, judge = stateOf } = options;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const last = standingOf(path);
    refuseHeld(path, words, last, kernel, { ...options, judge });
    const epoch = Math.max(last?.epoch ?? 0, above) + 1;
    const ours = { epoch, holder: ourselves(), released: false, build: options.build };
    if (!say(path, words, ours, "new")) continue;
    // Another process may have made another number meanwhile: then neither of the two knows that it was alone.
    if (files(path).some(({ number }) => number !== epoch && number > (last?.epoch ?? 0))) {
      rmSync(`${path}.${epoch}`, { force: true });
      continue;
    }
    for (const { name, number } of files(path))
      if (number < epoch) rmSync(join(dirname(path), name), { force: true });
    return epoch;
  }
  throw words.failed(path, new MatchpointError("CONFIG_INVALID", "other processes keep taking the lock"));
}

function refuseHeld(
  path: string,
  words: LockWords,
  last: Standing | undefined,
  kernel: KernelLock,
  options: LockOptions & { readonly judge: (holder: Holder) => HolderState },
): void {
  if (last === undefined || last.released) return;
  // A file that does not say who made it was made by nobody that can still be asked.
  const state = last.holder === undefined ? "gone" : options.judge(last.holder);
  if (state === "gone") return;
  // Where the kernel says that nobody holds it, one that cannot be seen from here is gone.
  if (state === "unknown" && kernel.kind === "held") return;
  throw taken(path, words, last, state, options);
}

function taken(
  path: string,
  words: LockWords,
  standing: Standing | undefined,
  state: HolderState,
  { build: ours }: LockOptions,
): MatchpointError {
  const { holder, build } = standing ?? {};
  const other = otherBuild(build, ours);
  const differs = other === undefined ? "" : `, by another build of Matchpoint: ${other}`;
  const who = holder === undefined ? "another process" : `process ${holder.pid}`;
  if (state === "alive")
    return new MatchpointError("CONFIG_INVALID", `${who} ${words.does} already${differs}`, {
      where: path,
      hint: `${words.hint} Is that process none of Matchpoint's, delete the files that begin with this name.`,
    });
  return new MatchpointError(
    "CONFIG_INVALID",
    `${who} on ${holder?.host ?? "another machine"} ${words.does}, or did when it ended: from here nobody can tell${differs}`,
    {
      where: path,
      hint: `${words.hint} Is it gone, delete the files that begin with this name. Node 22.13 or later can tell by itself on one machine.`,
    },
  );
}

function files(path: string): readonly { readonly name: string; readonly number: number }[] {
  const prefix = `${basename(path)}.`;
  let names: readonly string[];
  try {
    names = readdirSync(dirname(path));
  } catch {
    return [];
  }
  return names
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,14}$/.test(name.slice(prefix.length)))
    .map((name) => ({ name, number: Number(name.slice(prefix.length)) }));
}

/** The highest of a lock's files. */
function standingOf(path: string): Standing | undefined {
  const epoch = Math.max(0, ...files(path).map(({ number }) => number));
  if (epoch === 0) return undefined;
  let plain: unknown;
  try {
    plain = JSON.parse(readFileSync(`${path}.${epoch}`, "utf8"));
  } catch {
    return { epoch, holder: undefined, released: false };
  }
  const { released, holder, build } = (plain ?? {}) as Readonly<Record<keyof Standing, unknown>>;
  return {
    epoch,
    holder: readHolder(holder),
    released: released === true,
    ...(typeof build === "string" ? { build } : {}),
  };
}

/** Writes an epoch's file: whole and durable before it has its name. `new` says whether it was ours to make. */
function say(path: string, words: LockWords, standing: Standing, how: "new" | "over"): boolean {
  const target = `${path}.${standing.epoch}`;
  const fresh = `${path}-${process.pid}-${Math.random().toString(36).slice(2)}.new`;
  try {
    const descriptor = openSync(fresh, "wx");
    try {
      writeSync(descriptor, `${JSON.stringify(standing)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (how === "over") renameSync(fresh, target);
    else linkSync(fresh, target);
    syncFolder(dirname(path));
    return true;
  } catch (cause) {
    if (how === "new" && (cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw words.failed(path, cause);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Makes a new file's name durable. */
function syncFolder(dir: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(dir, "r");
  } catch {
    return; // Windows opens no folders, and needs no such sync.
  }
  try {
    fsyncSync(descriptor);
  } catch {
    // Some file systems sync no folders.
  } finally {
    closeSync(descriptor);
  }
}
