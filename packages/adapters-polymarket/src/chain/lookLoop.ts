import { isMatchpointError, type CancelTimer, type Clock } from "@matchpoint/sdk";
import { refuse, type Refusal } from "./txPlan.ts";

const TROUBLES: ReadonlySet<string> = new Set(["CHAIN_UNREACHABLE", "CHAIN_DISPUTED", "CHAIN_WRONG"]);

/** What every sender of actions does: one thing at a time, and a look at what is under way, again and again. */
export class LookLoop {
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #look: () => Promise<void>;
  #queue: Promise<unknown> = Promise.resolve();
  #timer: CancelTimer | undefined;
  /** Between start and stop. */
  running = false;
  /** Why the last look failed; `undefined` when it did not. */
  trouble: string | undefined;

  constructor(
    { clock, pollMs }: { readonly clock: Clock; readonly pollMs: number },
    look: () => Promise<void>,
  ) {
    this.#clock = clock;
    this.#pollMs = pollMs;
    this.#look = look;
  }

  /** Runs a task after all that were asked for before it. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task, task);
    this.#queue = turn.catch(ignore);
    return turn;
  }

  /** One look. What nodes do wrong is kept as trouble: the next look tries again. */
  tick(): Promise<void> {
    return this.alone(async () => {
      this.trouble = undefined;
      try {
        await this.#look();
      } catch (error) {
        this.trouble = (error as Error).message;
        if (!isTrouble(error)) throw error;
      }
    });
  }

  /** Looks again and again until {@link LookLoop.stop}. */
  start(): void {
    if (this.running) return;
    this.running = true;
    const next = (): void => {
      if (!this.running) return;
      this.#timer = this.#clock.after(this.#pollMs, () => {
        void this.tick().catch(ignore).then(next);
      });
    };
    next();
  }

  stop(): void {
    this.running = false;
    this.#timer?.();
  }
}

/** What a task gives, or a refusal when the nodes do not answer as they should: nothing was sent then. */
export async function refusedNodes<T>(task: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await task();
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const [detail, fix] = error.message.split("\n");
    return refuse("NODES", detail!, (fix ?? "nothing was sent; try again").trim());
  }
}

function isTrouble(error: unknown): error is Error {
  return isMatchpointError(error) && TROUBLES.has(error.code);
}

function ignore(): void {
  // Told elsewhere.
}
