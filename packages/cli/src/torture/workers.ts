import { fork, type ChildProcess } from "node:child_process";
import type { ShrunkFailure } from "@matchpoint/testing";
import { MatchpointError } from "@matchpoint/sdk";
import type { SeedRunner, TakeSeed, ToldOutcome } from "./runner.ts";
import type { Order, Word } from "./serve.ts";

/** Seeds that a worker has in hand, so that it never waits for the next. */
const AHEAD = 3;
/**
 * Seeds after which a worker is ended and another one begun. What a simulated kill leaves waiting waits for good, and takes some 0.3 MB of its
 * process with each seed; a real kill takes the process.
 */
const SEEDS_EACH = 500;

/** What ends one that is only starting, together with this process. */
const ENDS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** How workers are run. */
export interface WorkerOptions {
  /** How many there are at a time. */
  readonly count: number;
  /** Seeds after which one is replaced. */
  readonly seedsEach?: number;
  /** What strategies print is shown, on standard error: for one seed that somebody looks at. */
  readonly talks?: boolean;
}

/** Processes like this one, each of which runs seeds. They are started with the same arguments, so that they find the same strategies. */
export class TortureWorkers implements SeedRunner {
  readonly #options: WorkerOptions;
  readonly #children = new Set<ChildProcess>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /**
   * Runs seeds until `take` gives none. A terminal interrupts the workers too, and one that is only starting ends by it.
   * @throws MatchpointError `INVARIANT` when a worker ends before its time
   */
  async run(take: TakeSeed, onOutcome: ToldOutcome, interrupted?: AbortSignal): Promise<void> {
    const one = async (): Promise<void> => {
      for (let first = take(); first !== undefined; first = take())
        await this.#worker(first, take, onOutcome, interrupted);
    };
    try {
      await Promise.all(Array.from({ length: this.#options.count }, one));
    } finally {
      // One that has ended before its time ends the others too.
      for (const child of this.#children) if (child.connected) child.disconnect();
    }
  }

  /** Makes a failure small, in a process of its own. */
  async shrink(seed: number): Promise<ShrunkFailure | undefined> {
    let found: ShrunkFailure | undefined;
    let told = false;
    const child = this.#fork(false);
    child.on("message", (word: Word) => {
      if ("ready" in word) tell(child, { shrink: seed });
      else if ("shrunk" in word) {
        found = word.shrunk ?? undefined;
        told = true;
        tell(child, { end: true });
      }
    });
    await this.#end(child, () => told);
    return found;
  }

  /** One process: from a first seed on as many as it may, or until there are no more. */
  #worker(
    first: number,
    take: TakeSeed,
    onOutcome: ToldOutcome,
    interrupted: AbortSignal | undefined,
  ): Promise<void> {
    const { seedsEach = SEEDS_EACH, talks = false } = this.#options;
    const child = this.#fork(talks);
    let given = 0;
    let running = 0;
    let ending = false;
    const next = (): number | undefined => (given === 0 ? first : given < seedsEach ? take() : undefined);
    const feed = (): void => {
      while (running < AHEAD && !ending) {
        const seed = next();
        if (seed === undefined) ending = true;
        else {
          given += 1;
          running += 1;
          tell(child, { seed });
        }
      }
      if (ending && running === 0) tell(child, { end: true });
    };
    child.on("message", (word: Word) => {
      if ("outcome" in word) {
        running -= 1;
        onOutcome(word.outcome);
      }
      feed();
    });
    return this.#end(
      child,
      (signal) =>
        (ending && running === 0) ||
        (signal !== null && ENDS.includes(signal) && interrupted?.aborted === true),
    );
  }

  #fork(talks: boolean): ChildProcess {
    const child = fork(process.argv[1]!, [...process.argv.slice(2), "--as-worker"], {
      // Standard output is the report's.
      stdio: ["ignore", talks ? 2 : "ignore", "inherit", "ipc"],
    });
    this.#children.add(child);
    return child;
  }

  /** Resolves when a process has ended as it should. */
  #end(child: ChildProcess, may: (signal: NodeJS.Signals | null) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        this.#children.delete(child);
        if (may(signal)) resolve();
        else
          reject(
            new MatchpointError(
              "INVARIANT",
              `a worker ended before its time (${signal ?? `exit code ${code ?? ""}`})`,
              { hint: "What it said is above. --workers 1 runs one seed after the other." },
            ),
          );
      });
    });
  }
}

function tell(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order);
}
