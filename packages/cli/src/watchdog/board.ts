import { HOOKS, type Strategy, type StrategyClass } from "@matchpoint/sdk";

/** What the loop and its watchdog share: an array in memory that both threads see. */
const BEAT = 0;
const STRATEGY = 1;
const HOOK = 2;
const CONDEMNED = 3;
const SLOTS = 4;

/** Where the loop is. */
export interface Place {
  /** The number of the strategy in the run; `undefined`: none is at work. */
  readonly strategy: number | undefined;
  readonly hook: string | undefined;
}

/**
 * What a loop writes and its watchdog reads: a beat for every turn, and which strategy's hook is at work. Written in the hot path, so
 * it is two stores of integers for each hook and nothing else.
 */
export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #slots: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#slots = new Int32Array(memory);
  }

  /** The loop has turned. */
  beat(): void {
    Atomics.add(this.#slots, BEAT, 1);
  }
  get beats(): number {
    return Atomics.load(this.#slots, BEAT);
  }

  /** A strategy's hook begins. */
  enter(strategy: number, hook: number): void {
    Atomics.store(this.#slots, HOOK, hook + 1);
    Atomics.store(this.#slots, STRATEGY, strategy + 1);
  }
  /** It has ended. */
  leave(): void {
    Atomics.store(this.#slots, STRATEGY, 0);
  }
  get place(): Place {
    const strategy = Atomics.load(this.#slots, STRATEGY);
    const hook = Atomics.load(this.#slots, HOOK);
    return strategy === 0
      ? { strategy: undefined, hook: undefined }
      : { strategy: strategy - 1, hook: HOOKS[hook - 1] };
  }

  /** The watchdog has decided that the process ends: what wakes up now may not ask for anything any more. */
  condemn(): void {
    Atomics.store(this.#slots, CONDEMNED, 1);
  }
  get condemned(): boolean {
    return Atomics.load(this.#slots, CONDEMNED) === 1;
  }
}

/** A strategy class whose hooks say on the board when they begin and end. In all else it is the same. */
export function marked(use: StrategyClass, strategy: number, board: Board): StrategyClass {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each class has its own parameters
  const Base = use as new (params: any) => Strategy;
  class Marked extends Base {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
    constructor(params: any) {
      super(params);
      HOOKS.forEach((name, hook) => {
        const own = (this as unknown as Readonly<Record<string, unknown>>)[name];
        if (typeof own !== "function") return;
        const value = (ctx: unknown): unknown => {
          board.enter(strategy, hook);
          try {
            return own.call(this, ctx) as unknown;
          } finally {
            board.leave();
          }
        };
        Object.defineProperty(this, name, { value, configurable: true, writable: true });
      });
    }
  }
  return Marked as unknown as StrategyClass;
}
