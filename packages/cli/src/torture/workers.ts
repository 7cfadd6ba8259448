import { fork, type ChildProcess } from "node:child_process";
import type { SeedOutcome, SeedResult } from "@matchpoint/testing";
import { MatchpointError } from "@matchpoint/sdk";

/** What a worker is told: run this seed, or end. */
type Order = { readonly seed: number } | { readonly end: true };
/** What a worker tells. */
type Word = { readonly ready: true } | { readonly outcome: SeedOutcome };

/** Seeds that a worker has in hand, so that it never waits for the next. */
const AHEAD = 3;

/** Processes like this one, each of which runs seeds. They are started with the same arguments, so that they find the same strategies. */
export class TortureWorkers {
  readonly #count: number;
  readonly #children: ChildProcess[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /**
   * Runs seeds until `take` gives none. A terminal interrupts the workers too, and one that is only starting ends by it.
   * @throws MatchpointError `INVARIANT` when a worker ends before its time
   */
  async run(
    take: () => number | undefined,
    onOutcome: (outcome: SeedOutcome) => void,
    interrupted?: AbortSignal,
  ): Promise<void> {
    try {
      await Promise.all(
        Array.from({ length: this.#count }, () => this.#worker(take, onOutcome, interrupted)),
      );
    } finally {
      // One that has ended before its time ends the others too.
      for (const child of this.#children) if (child.connected) child.disconnect();
    }
  }

  #worker(
    take: () => number | undefined,
    onOutcome: (outcome: SeedOutcome) => void,
    interrupted: AbortSignal | undefined,
  ): Promise<void> {
    const child = fork(process.argv[1]!, [...process.argv.slice(2), "--as-worker"], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#children.push(child);
    let running = 0;
    let ending = false;
    const feed = (): void => {
      while (running < AHEAD && !ending) {
        const seed = take();
        if (seed === undefined) ending = true;
        else {
          running += 1;
          tell(child, { seed });
        }
      }
      if (ending && running === 0) tell(child, { end: true });
    };
    return new Promise((resolve, reject) => {
      child.on("message", (word: Word) => {
        if ("outcome" in word) {
          running -= 1;
          onOutcome(word.outcome);
        }
        feed();
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        if ((ending && running === 0) || (signal === "SIGINT" && interrupted?.aborted === true)) resolve();
        else
          reject(
            new MatchpointError(
              "INVARIANT",
              `a worker ended before its time (${signal ?? `exit code ${code ?? ""}`})`,
              {
                hint: "What it said is above. --workers 1 runs the seeds in this process.",
              },
            ),
          );
      });
    });
  }
}

function tell(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order);
}

/** Runs the seeds that the process which started this one asks for, one after the other, until it says that there are no more. */
export async function serveSeeds(run: (seed: number) => Promise<SeedResult>): Promise<void> {
  const send = process.send?.bind(process);
  if (send === undefined)
    throw new MatchpointError("USAGE", "--as-worker is for the workers that torture starts by itself");
  const asked: number[] = [];
  let wake: (() => void) | undefined;
  let over = false;
  process.on("message", (order: Order) => {
    if ("end" in order) over = true;
    else asked.push(order.seed);
    wake?.();
  });
  process.on("disconnect", () => process.exit(1));
  send({ ready: true });
  const serve = async (): Promise<void> => {
    const seed = asked.shift();
    if (seed !== undefined) {
      const { hash, violations, faults, checked, entries, lives, simulatedMs } = await run(seed);
      send({
        outcome: {
          seed,
          hash,
          violations,
          faults,
          checked,
          entries,
          lives,
          simulatedMs,
        } satisfies SeedOutcome,
      });
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = undefined;
    }
  };
  try {
    while (asked.length > 0 || !isOver(over)) await serve();
  } finally {
    // Also when a run has thrown: whoever waits for its result has to learn that none will come, and why.
    process.removeAllListeners("disconnect");
    process.disconnect();
  }
}

/** Asked anew: it is set by a message. */
function isOver(over: boolean): boolean {
  return over;
}
