import { closeSync, fdatasync, fdatasyncSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Segment, Storage } from "../contracts/index.ts";
import { MatchpointError } from "../errors.ts";
import type { DiskReserve } from "./diskReserve.ts";

const BUFFER_BYTES = 1_048_576;
/** From here on a write of its own is cheaper than another copy: whoever appends so much has gathered it already. */
const DIRECT_BYTES = 65_536;

interface OpenSegment {
  readonly path: string;
  readonly descriptor: number;
  buffer: Uint8Array | undefined;
  used: number;
  /** Whether anything was appended since the last sync began. */
  dirty: boolean;
  /** The sync under way. */
  running: Promise<void> | undefined;
  /** The one after it, for what it came too late for: shared by all who ask meanwhile. */
  next: Promise<void> | undefined;
}

/** What a {@link FileStorage} may fall back on. */
export interface FileStorageOptions {
  /** Freed when the disk is full; the write is then tried once more, from the byte where it stopped. */
  readonly reserve?: Pick<DiskReserve, "free">;
}

/**
 * Files that are only ever appended to. What is appended is gathered in a buffer of 1 MiB per segment; `sync` writes it
 * and waits until the disk has it (`fdatasync`). After the first failure everything fails: a log with a hole is no log.
 */
export class FileStorage implements Storage {
  readonly #dir: string;
  readonly #reserve: FileStorageOptions["reserve"];
  readonly #segments = new Map<Segment, OpenSegment>();
  #failure: MatchpointError | undefined;
  #closing: Promise<void> | undefined;

  /** @param dir The folder of the segments; made when it is not there. A segment's name is its file's name. */
  constructor(dir: string, options: FileStorageOptions = {}) {
    this.#dir = dir;
    this.#reserve = options.reserve;
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

  /**
   * Resolves when everything appended before the call is on the disk, also when another sync is writing it already.
   * @throws `MatchpointError` `JOURNAL_WRITE_FAILED`
   */
  async sync(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await Promise.all([...this.#segments.values()].map((open) => this.#synced(open)));
  }

  /**
   * Syncs and closes the files; nothing can be appended from now on. Closing twice is fine.
   * @throws `MatchpointError` `JOURNAL_WRITE_FAILED`
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
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
    const path = known?.path ?? join(this.#dir, segment);
    if (this.#closing !== undefined) throw problem(path, "it has been closed");
    if (known !== undefined) return known;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const descriptor = openSync(path, "a");
      syncFolder(dirname(path));
      const open: OpenSegment = {
        path,
        descriptor,
        buffer: undefined,
        used: 0,
        dirty: false,
        running: undefined,
        next: undefined,
      };
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
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(open.descriptor, bytes, at, bytes.length - at);
      } catch (cause) {
        // A write that fails has written nothing: what was kept in reserve makes room for the rest.
        if (!isFull(cause) || this.#reserve?.free() !== true) throw this.#fail(open.path, cause);
      }
    }
  }

  async #close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      for (const { descriptor, running, next } of this.#segments.values()) {
        // A descriptor that is still being synced cannot be closed: its number may be another file's a moment later.
        await Promise.allSettled([running, next]);
        closeSync(descriptor);
      }
    }
  }

  /** Resolves when all that the segment holds by now is on the disk. */
  async #synced(open: OpenSegment): Promise<void> {
    if (open.dirty && open.next === undefined && open.running !== undefined) {
      open.next = open.running.then(() => this.#startSync(open));
    }
    if (open.next !== undefined) await open.next;
    else if (open.dirty) await this.#startSync(open);
    else await open.running;
  }

  #startSync(open: OpenSegment): Promise<void> {
    this.#write(open);
    open.dirty = false;
    open.next = undefined;
    open.running = new Promise<void>((resolve, reject) => {
      fdatasync(open.descriptor, (cause) => {
        open.running = undefined;
        if (cause === null) resolve();
        else reject(this.#fail(open.path, cause));
      });
    });
    return open.running;
  }

  #fail(path: string, cause: unknown): MatchpointError {
    this.#failure ??= problem(path, cause);
    return this.#failure;
  }
}

/** Whether there is no room: on the disk, or of what this user may have of it. */
function isFull(cause: unknown): boolean {
  const { code } = cause as { readonly code?: unknown };
  return code === "ENOSPC" || code === "EDQUOT";
}

function problem(path: string, cause: unknown): MatchpointError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MatchpointError("JOURNAL_WRITE_FAILED", `cannot write: ${reason}`, {
    where: path,
    hint: "Is the disk full, or the folder not writable? Nothing more is written to this storage.",
    cause,
  });
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
