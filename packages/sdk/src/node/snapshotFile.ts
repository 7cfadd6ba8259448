import { close, openSync, rmSync, write } from "node:fs";
import type { CoreEvent } from "../events/index.ts";
import { SnapshotWriter, type LineAfter } from "../journal/index.ts";
import { TELLS_OF_ACCOUNT } from "../runtime/index.ts";
import { nodeCrc32 } from "./crc32.ts";

/** Where a journal's snapshot is. */
export function snapshotPath(journal: string): string {
  return `${journal}.snapshot`;
}

/** An earlier file of the same name may have left one: it is none of this journal's. */
function forget(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its reader finds out.
  }
}

/**
 * Writes a journal's snapshot beside it while a run goes on, off the loop. It is never waited for and nothing depends on it: what cannot
 * be written is left out, and the next start reads more of the journal.
 */
export class SnapshotFile {
  readonly #writer: SnapshotWriter;
  readonly #path: string;
  #descriptor: number | undefined;
  #failed = false;
  #last: Promise<void> = Promise.resolve();

  constructor(journal: string, every: number) {
    this.#path = snapshotPath(journal);
    forget(this.#path);
    this.#writer = new SnapshotWriter({
      keep: TELLS_OF_ACCOUNT,
      every,
      crc32: nodeCrc32,
      write: (bytes) => {
        this.#last = this.#last.then(() => this.#write(bytes));
      },
    });
  }

  /** Takes the journal's next line. */
  readonly take = (event: CoreEvent, line: Uint8Array, after: LineAfter): void => {
    if (!this.#failed) this.#writer.take(event, line, after);
  };

  /** Resolves when what was handed over is written, or was given up. */
  async close(): Promise<void> {
    await this.#last;
    const descriptor = this.#descriptor;
    this.#failed = true;
    this.#descriptor = undefined;
    if (descriptor !== undefined)
      await new Promise((done) => {
        close(descriptor, done);
      });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length && !this.#failed;) at += await this.#some(bytes, at);
    } catch {
      // A snapshot with a hole is none from there on; its reader finds out.
      this.#failed = true;
    }
  }

  #some(bytes: Uint8Array, at: number): Promise<number> {
    const descriptor = (this.#descriptor ??= openSync(this.#path, "w"));
    return new Promise((resolve, reject) => {
      write(descriptor, bytes, at, bytes.length - at, null, (error, written) => {
        if (error === null) resolve(written);
        else reject(error);
      });
    });
  }
}
