// The thread of the watchdog loads this too: nothing but the language is used here.
const BEAT = 0;
const STRATEGY = 1;
const HOOK = 2;
const CONDEMNED = 3;
const SLOTS = 4;

/** Where the loop is. */
export interface Place {
  /** The number of the strategy in the run; `undefined`: none is at work. */
  readonly strategy: number | undefined;
  /** The number of the hook among the SDK's `HOOKS`. */
  readonly hook: number | undefined;
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
      : { strategy: strategy - 1, hook: hook - 1 };
  }

  /** The watchdog has decided that the process ends: what wakes up now may not ask for anything any more. */
  condemn(): void {
    Atomics.store(this.#slots, CONDEMNED, 1);
  }
  get condemned(): boolean {
    return Atomics.load(this.#slots, CONDEMNED) === 1;
  }
}
