import { Worker } from "node:worker_threads";
import { Mailbox, type Clock, type CoreEvent } from "@matchpoint/sdk";
import type { SnapshotWritten } from "@matchpoint/sdk/node";
import type { SnapshotsData, SnapshotsWord } from "./shared.ts";

/** What a run's snapshots need. */
export interface SnapshotsOptions {
  /** The run's journal. */
  readonly journal: string;
  /** Lines of it from one snapshot to the next, at least. */
  readonly every: number;
  /** Resolves when what the journal holds so far is durable. */
  readonly sync: () => Promise<void>;
}

const FROM_SOURCES = import.meta.url.endsWith(".ts");
/** Beyond that the thread ends, and not the run. */
const HEAP_MB = 2_048;

/**
 * Has the account of a live run written beside its journal from time to time, by a thread that reads the journal as it grows. The run
 * journals the digest of what was written, and never waits for any of it: where the thread fails there are no more snapshots, which is
 * told once.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #written = new Mailbox<SnapshotWritten>();
  #worker: Worker | undefined;
  #lines = 0;
  #ended = false;
  #warn: (problem: string) => void = () => undefined;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /** The journal has one more line. */
  wrote(event: CoreEvent): void {
    this.#lines += 1;
    if (this.#lines % this.#options.every === 0) this.#tell("look");
    if (event.type !== "snapshot_taken") return;
    this.#options.sync().then(
      () => {
        this.#tell("vouched");
      },
      // A run whose journal fails ends by itself.
      () => undefined,
    );
  }

  /** What the journal has to say of them: a source of the run, which ends with the signal. */
  async *source(
    clock: Clock,
    signal: AbortSignal,
    warn: (problem: string) => void,
  ): AsyncGenerator<CoreEvent, void> {
    this.#warn = warn;
    for await (const { lines, digest } of this.#written.read(signal))
      yield { type: "snapshot_taken", at: clock.monotonic(), receivedAt: clock.wall(), lines, digest };
  }

  close(): void {
    this.#ended = true;
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #tell(word: SnapshotsWord): void {
    if (!this.#ended) (this.#worker ??= this.#start()).postMessage(word);
  }

  /** Begun when there is something to do for it: most runs are short. */
  #start(): Worker {
    const { journal, every } = this.#options;
    const worker = new Worker(new URL(FROM_SOURCES ? "./worker.ts" : "./snapshots.js", import.meta.url), {
      workerData: { journal, every } satisfies SnapshotsData,
      name: "snapshots",
      // No secret is in its environment.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      ...(FROM_SOURCES ? { execArgv: ["--conditions=@matchpoint/source", "--no-warnings"] } : {}),
    });
    worker.unref();
    worker.on("message", (written: SnapshotWritten) => {
      this.#written.push(written);
    });
    worker.on("error", (error: Error) => {
      if (this.#ended) return;
      this.close();
      const [why] = error.message.split("\n");
      this.#warn(
        `no more snapshots of the account are made (${why}): the run goes on, its next start takes longer`,
      );
    });
    return worker;
  }
}
