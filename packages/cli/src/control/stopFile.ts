import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Mode } from "@matchpoint/sdk";

/** What somebody has ordered: who, why, and when (Unix ms). */
export interface Word {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

/** A resume that no run has heard yet. */
export interface ResumeWord extends Word {
  readonly id: string;
  /** Of one market or one strategy; neither: of the whole run. */
  readonly market?: string;
  readonly strategy?: string;
}

/** What is stopped, and stays so over restarts until an operator resumes. */
export interface Stops {
  readonly kill: Word | undefined;
  readonly stopEntries: Word | undefined;
  /** By market; {@link EVERY_MARKET} for all. */
  readonly halts: Readonly<Record<string, Word>>;
  /** Strategies that are left out of the next start, by name. */
  readonly strategies: Readonly<Record<string, Word>>;
  readonly resumes: readonly ResumeWord[];
}

/** The key of a halt of every market. */
export const EVERY_MARKET = "*";

const NOTHING: Stops = { kill: undefined, stopEntries: undefined, halts: {}, strategies: {}, resumes: [] };
/** A writer that died while it held the lock keeps others waiting for so long. */
const LOCK_STALE_MS = 1_000;
const LOCK_LOOK_MS = 5;
const LONGEST = 500;

/**
 * The file that says what of a folder's runs is stopped: one for its live runs, one for its paper runs. It is read at every start
 * and looked at while a run goes on; an operator's command writes it whether a run is there or not. A file that cannot be read counts
 * as a kill: what may have been ordered is not taken for nothing.
 */
export class StopFile {
  readonly path: string;
  readonly #dir: string;
  #seen = "";

  constructor(dir: string, mode: Mode) {
    this.#dir = dir;
    this.path = join(dir, `stop-${mode}.json`);
  }

  read(): Stops {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return NOTHING;
      return unreadable(this.path, (error as Error).message);
    }
    try {
      return parsed(JSON.parse(text));
    } catch {
      return unreadable(this.path, "it is not what was written to it");
    }
  }

  /** What it says, when it has been written since it was last asked. */
  news(): Stops | undefined {
    let now = "";
    try {
      const { mtimeMs, ino, size } = statSync(this.path);
      now = `${ino} ${mtimeMs} ${size}`;
    } catch {
      // Not there: nothing was ordered, or it was taken away, which orders nothing.
    }
    if (now === this.#seen) return undefined;
    this.#seen = now;
    return now === "" ? undefined : this.read();
  }

  /**
   * Changes what it says; on the disk when this returns. The old content stands until the new one is whole.
   * @throws what the file system says
   */
  update(change: (stops: Stops) => Stops): Stops {
    const fresh = `${this.path}.${process.pid}-${randomBytes(4).toString("hex")}`;
    try {
      mkdirSync(this.#dir, { recursive: true });
      const unlock = locked(`${this.path}.lock`);
      try {
        const next = change(this.read());
        const descriptor = openSync(fresh, "wx", 0o600);
        try {
          writeSync(descriptor, `${JSON.stringify({ version: 1, ...next })}\n`);
          this.#handOver(descriptor);
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
        renameSync(fresh, this.path);
        syncFolder(this.#dir);
        return next;
      } finally {
        unlock();
      }
    } catch (cause) {
      rmSync(fresh, { force: true });
      throw cause;
    }
  }

  /** What root orders has to be read by the bot's own user: the folder is that user's. */
  #handOver(descriptor: number): void {
    if (process.getuid?.() !== 0) return;
    const { uid, gid } = statSync(this.#dir);
    fchownSync(descriptor, uid, gid);
  }
}

/** Whether text can be a market's id: an order for what is none would stop nothing, and its journal could not be read again. */
export function isMarketId(text: string): boolean {
  return /^(?=.*\S)\P{Cc}{1,200}$/u.test(text);
}

/** Nothing of it is stopped, and every strategy runs. */
export function nothingStopped(stops: Stops): boolean {
  const { kill, stopEntries, halts, strategies } = stops;
  return (
    kill === undefined &&
    stopEntries === undefined &&
    Object.keys(halts).length === 0 &&
    Object.keys(strategies).length === 0
  );
}

/** What is left once the resumes that no run has heard have been heard: each of the whole run lifts one level, the kill first. */
export function settled(stops: Stops): Stops {
  let { kill, stopEntries, halts } = stops;
  for (const { market, strategy, at } of stops.resumes) {
    if (strategy !== undefined) continue;
    const stays = (each: Word | undefined): boolean => each !== undefined && each.at > at;
    halts = Object.fromEntries(
      Object.entries(halts).filter(([key, each]) => (market !== undefined && key !== market) || stays(each)),
    );
    if (market !== undefined) continue;
    if (kill !== undefined) kill = stays(kill) ? kill : undefined;
    else if (!stays(stopEntries)) stopEntries = undefined;
  }
  return { ...stops, kill, stopEntries, halts, resumes: [] };
}

/** A word that can be kept: one line, of a bounded length. */
export function word(by: string, reason: string, at: number): Word {
  const line = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return { by: line(by).slice(0, LONGEST), reason: line(reason).slice(0, LONGEST), at };
}

/** A kill, given again or for the first time: the first one's words, and the latest one's time, from which the cool-down counts. */
export function killedAgain(before: Word | undefined, again: Word): Word {
  return before === undefined ? again : { ...before, at: Math.max(before.at, again.at) };
}

function unreadable(path: string, why: string): Stops {
  return { ...NOTHING, kill: { by: path, reason: `${why}; taken for a kill`, at: 0 } };
}

function parsed(value: unknown): Stops {
  const { version, kill, stopEntries, halts, strategies, resumes } = value as Record<string, unknown>;
  if (version !== 1) throw malformed();
  return {
    kill: kill === undefined ? undefined : parsedWord(kill),
    stopEntries: stopEntries === undefined ? undefined : parsedWord(stopEntries),
    halts: parsedHalts(halts),
    strategies: parsedWords(strategies),
    resumes: list(resumes).map((each) => {
      const { id, market, strategy } = each as Record<string, unknown>;
      if (typeof id !== "string" || !isName(market) || !isName(strategy)) throw malformed();
      if (market !== undefined && !isMarketId(market)) throw malformed();
      return {
        ...parsedWord(each),
        id,
        ...(market === undefined ? {} : { market }),
        ...(strategy === undefined ? {} : { strategy }),
      };
    }),
  };
}

/** Met where the file is read, and said there. */
function malformed(): DOMException {
  return new DOMException("a stop file is not of its form", "DataError");
}

function isName(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function parsedWord(value: unknown): Word {
  const { by, reason, at } = value as Record<string, unknown>;
  if (typeof by !== "string" || typeof reason !== "string" || typeof at !== "number") throw malformed();
  return { by, reason, at };
}

function parsedWords(value: unknown): Readonly<Record<string, Word>> {
  if (typeof value !== "object" || value === null) throw malformed();
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, parsedWord(each)]));
}

function parsedHalts(value: unknown): Stops["halts"] {
  const halts = parsedWords(value);
  if (!Object.keys(halts).every(isMarketId)) throw malformed();
  return halts;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed();
  return value;
}

/** Keeps two writers apart. One that died does not keep a kill from being written: its lock is broken after a second. */
function locked(path: string): () => void {
  const began = performance.now();
  for (;;) {
    try {
      closeSync(openSync(path, "wx", 0o600));
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (performance.now() - began > LOCK_STALE_MS || isOld(path)) rmSync(path, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_LOOK_MS);
  }
}

function isOld(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > LOCK_STALE_MS;
  } catch {
    return false;
  }
}

function syncFolder(dir: string): void {
  try {
    const descriptor = openSync(dir, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Some systems sync no folders; the file's own sync still holds.
  }
}
