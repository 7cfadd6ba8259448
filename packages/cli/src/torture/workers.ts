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

/** A seed takes a second, or some on a machine that does much else: in one that takes so long a hook does not end. */
const HUNG_MS = 60_000;
/** To make a failure small many runs are needed, one after the other and untold. */
const SHRINK_MS = 900_000;
/** Whoever interrupts waits so long for the seeds in hand. */
const GRACE_MS = 5_000;

/** What ends one together with this process: while it is only starting, and when it did not end in time. */
const ENDS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"];

/** How workers are run. */
export interface WorkerOptions {
  /** How many there are at a time. */
  readonly count: number;
  /** Seeds after which one is replaced. */
  readonly seedsEach?: number;
  /** What strategies print is shown, on standard error: for one seed that somebody looks at. */
  readonly talks?: boolean;
  /** A seed that takes so long does not end. Default one minute; where a debugger stops it, never. */
  readonly hungMs?: number;
}

/** Processes like this one, each of which runs seeds. They are started with the same arguments, so that they find the same strategies. */
export class TortureWorkers implements SeedRunner {
  readonly #options: WorkerOptions;
  readonly #children = new Set<ChildProcess>();
  #hung: number | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /**
   * Runs seeds until `take` gives none. A terminal interrupts the workers too, and one that is only starting ends by it. Gives the seed that
   * did not end, if there was one: its worker is killed, and no more seeds are begun.
   * @throws MatchpointError `INVARIANT` when a worker ends before its time
   */
  async run(take: TakeSeed, onOutcome: ToldOutcome, interrupted?: AbortSignal): Promise<number | undefined> {
    const more: TakeSeed = () => (this.#hung === undefined ? take() : undefined);
    const one = async (): Promise<void> => {
      for (let first = more(); first !== undefined; first = more())
        await this.#worker(first, more, onOutcome, interrupted);
    };
    // One whose hook does not end hears nothing, not even that it is alone.
    const killAll = (): void => {
      for (const child of this.#children) child.kill("SIGKILL");
    };
    const onInterrupt = (): void => void setTimeout(killAll, GRACE_MS).unref();
    interrupted?.addEventListener("abort", onInterrupt, { once: true });
    process.once("exit", killAll);
    try {
      await Promise.all(Array.from({ length: this.#options.count }, one));
      return this.#hung;
    } finally {
      process.off("exit", killAll);
      interrupted?.removeEventListener("abort", onInterrupt);
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
    const tooLong = setTimeout(() => child.kill("SIGKILL"), SHRINK_MS);
    try {
      await this.#end(child, () => told);
    } finally {
      clearTimeout(tooLong);
    }
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
    const inHand: number[] = [];
    let given = 0;
    let ending = false;
    let [killed, over] = [false, false];
    const hung = (): void => {
      this.#hung ??= inHand[0] ?? first;
      killed = child.kill("SIGKILL");
    };
    const deadline = isDebugged() ? undefined : setTimeout(hung, this.#options.hungMs ?? HUNG_MS);
    const next = (): number | undefined => (given === 0 ? first : given < seedsEach ? take() : undefined);
    const feed = (): void => {
      while (inHand.length < AHEAD && !ending) {
        const seed = next();
        if (seed === undefined) ending = true;
        else {
          given += 1;
          inHand.push(seed);
          tell(child, { seed });
        }
      }
      if (ending && inHand.length === 0) tell(child, { end: true });
    };
    child.on("message", (word: Word) => {
      // What it had said is heard after its end too.
      if (!killed && !over) deadline?.refresh();
      if ("outcome" in word) {
        inHand.shift();
        onOutcome(word.outcome);
      }
      feed();
    });
    const may = (signal: NodeJS.Signals | null): boolean => {
      if (killed || (ending && inHand.length === 0)) return true;
      return interrupted?.aborted === true && signal !== null && ENDS.includes(signal);
    };
    return this.#end(child, may).finally(() => {
      over = true;
      clearTimeout(deadline);
    });
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

/** Whoever steps through a hook takes his time. */
function isDebugged(): boolean {
  return process.execArgv.some((arg) => arg.startsWith("--inspect"));
}

function tell(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order);
}
