import { closeSync, fdatasync, fdatasyncSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Segment, Storage } from "../contracts/index.ts";
import { MatchpointError } from "../errors.ts";

const BUFFER_BYTES = 1_048_576;
/** From here on a write of its own is cheaper than another copy: whoever appends so much has gathered it already. */
const DIRECT_BYTES = 65_536;

interface OpenSegment {
  readonly path: string;
  readonly descriptor: number;
  buffer: Uint8Array | undefined;
  used: number;
  /** Whether anything was appended since the last sync. */
  dirty: boolean;
}

/**
 * Files that are only ever appended to. What is appended is gathered in a buffer of 1 MiB per segment; `sync` writes it
 * and waits until the disk has it (`fdatasync`). After the first failure everything fails: a log with a hole is no log.
 */
export class FileStorage implements Storage {
  readonly #dir: string;
  readonly #segments = new Map<Segment, OpenSegment>();
  #failure: MatchpointError | undefined;
  #closed = false;

  /** @param dir The folder of the segments; made when it is not there. A segment's name is its file's name. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @throws `MatchpointError` `JOURNAL_WRITE_FAILED` */
  append(segment: Segment, bytes: Uint8Array): void {
    const open = this.#open(segment);
    open.dirty = true;
    if (bytes.length >= DIRECT_BYTES) {
      this.#write(open);
      this.#writeAll(open, bytes);
      return;
    }
    if (open.used + bytes.length > BUFFER_BYTES) this.#write(open);
    open.buffer ??= new Uint8Array(BUFFER_BYTES);
    open.buffer.set(bytes, open.used);
    open.used += bytes.length;
  }

  /** @throws `MatchpointError` `JOURNAL_WRITE_FAILED` */
  async sync(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const dirty = [...this.#segments.values()].filter((open) => open.dirty);
    for (const open of dirty) {
      this.#write(open);
      open.dirty = false;
    }
    await Promise.all(dirty.map((open) => this.#syncOne(open)));
  }

  /** Syncs and closes the files. Closing twice is fine. @throws `MatchpointError` `JOURNAL_WRITE_FAILED` */
  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.sync();
    } finally {
      this.#closed = true;
      for (const open of this.#segments.values()) closeSync(open.descriptor);
    }
  }

  /** Writes and syncs without letting anything else run: for the last moments of a process. */
  syncNow(): void {
    for (const open of this.#segments.values()) {
      this.#write(open);
      try {
        fdatasyncSync(open.descriptor);
      } catch (cause) {
        throw this.#fail(open.path, cause);
      }
      open.dirty = false;
    }
  }

  #open(segment: Segment): OpenSegment {
    if (this.#failure !== undefined) throw this.#failure;
    const known = this.#segments.get(segment);
    if (this.#closed) throw this.#fail(join(this.#dir, segment), "it has been closed");
    if (known !== undefined) return known;
    const path = join(this.#dir, segment);
    try {
      mkdirSync(dirname(path), { recursive: true });
      const descriptor = openSync(path, "a");
      syncFolder(dirname(path));
      const open: OpenSegment = { path, descriptor, buffer: undefined, used: 0, dirty: false };
      this.#segments.set(segment, open);
      return open;
    } catch (cause) {
      throw this.#fail(path, cause);
    }
  }

  #write(open: OpenSegment): void {
    if (this.#failure !== undefined) throw this.#failure;
    const { buffer, used } = open;
    if (buffer === undefined || used === 0) return;
    open.used = 0;
    this.#writeAll(open, buffer.subarray(0, used));
  }

  #writeAll(open: OpenSegment, bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(open.descriptor, bytes, at, bytes.length - at);
    } catch (cause) {
      throw this.#fail(open.path, cause);
    }
  }

  #syncOne(open: OpenSegment): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(open.descriptor, (cause) => {
        if (cause === null) resolve();
        else reject(this.#fail(open.path, cause));
      });
    });
  }

  #fail(path: string, cause: unknown): MatchpointError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#failure ??= new MatchpointError("JOURNAL_WRITE_FAILED", `cannot write: ${reason}`, {
      where: path,
      hint: "Is the disk full, or the folder not writable? Nothing more is written to this storage.",
      cause,
    });
    return this.#failure;
  }
}

/** Makes a new file's name durable: syncing a file does not sync the folder that it is listed in. */
function syncFolder(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return; // Windows opens no folders, and needs no such sync.
  }
  try {
    fsyncSync(descriptor);
  } catch {
    // Some file systems sync no folders; the file's own sync still holds.
  } finally {
    closeSync(descriptor);
  }
}
