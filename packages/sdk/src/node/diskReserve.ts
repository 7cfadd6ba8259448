import { randomFillSync } from "node:crypto";
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const BLOCK_BYTES = 1_048_576;

/**
 * A file that only takes room: freed when the disk is full, so that what must be written still can be. It is filled with noise, for zeros
 * take no room on file systems that compress.
 *
 * @example
 * ```ts
 * import { DiskReserve, FileStorage } from "@matchpoint/sdk/node";
 * const reserve = new DiskReserve("runs/disk-reserve", 64 * 1_048_576);
 * reserve.fill();
 * const storage = new FileStorage("runs", { reserve });
 * ```
 */
export class DiskReserve {
  readonly path: string;
  readonly bytes: number;
  #used = false;

  constructor(path: string, bytes: number) {
    this.path = path;
    this.bytes = bytes;
  }

  /** Whether the disk was full and the room was given back. */
  get used(): boolean {
    return this.#used;
  }

  /** Takes the room, unless it is taken already; says whether it is. What could only be taken in part is given back. */
  fill(): boolean {
    if (this.bytes === 0 || this.#size() >= this.bytes) return true;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const descriptor = openSync(this.path, "w");
      try {
        const block = randomFillSync(new Uint8Array(Math.min(BLOCK_BYTES, this.bytes)));
        for (let at = 0; at < this.bytes;)
          at += writeSync(descriptor, block, 0, Math.min(block.length, this.bytes - at));
        // Not synced: a file system sets the room aside when it takes the bytes, and these may be lost.
      } finally {
        closeSync(descriptor);
      }
      return true;
    } catch {
      this.#remove();
      return false;
    }
  }

  /** Gives the room back; says whether there was any. */
  free(): boolean {
    if (this.bytes === 0 || this.#size() === 0) return false;
    this.#used = true;
    return this.#remove();
  }

  #size(): number {
    try {
      return statSync(this.path).size;
    } catch {
      return 0;
    }
  }

  #remove(): boolean {
    try {
      rmSync(this.path, { force: true });
      return true;
    } catch {
      return false;
    }
  }
}
