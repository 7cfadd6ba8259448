import { NANOS_PER_MS, type CancelTimer } from "@matchpoint/sdk";

interface Due {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/**
 * The time of a simulated world, in nanoseconds from 0. It jumps from one thing that is due to the next; of things due at one moment the one
 * that was planned first comes first.
 */
export class SimTime {
  readonly #heap: Due[] = [];
  #order = 0;
  #now = 0;

  get now(): number {
    return this.#now;
  }

  /** Things that were run so far. */
  count = 0;

  after(ms: number, run: () => void): CancelTimer {
    return this.at(this.#now + Math.max(0, Math.round(ms * NANOS_PER_MS)), run);
  }

  /** Plans something for a time; one that has passed means now. */
  at(time: number, run: () => void): CancelTimer {
    const due: Due = { at: Math.max(this.#now, Math.round(time)), order: this.#order++, run };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(due, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
    return () => {
      due.run = undefined;
    };
  }

  /** Does the next thing; false when there is none. */
  step(): boolean {
    for (;;) {
      const due = this.#pop();
      if (due === undefined) return false;
      if (due.run === undefined) continue;
      this.#now = due.at;
      this.count += 1;
      due.run();
      return true;
    }
  }

  #pop(): Due | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** So many turns are asked for at once: the loop looks at the system only after them. */
const AT_ONCE = 64;

/**
 * Does one thing after the other for as long as `next` says that there was one, each in a turn of its own: all promises that wait for nothing
 * else are resolved before the next, and one that was rejected and is handled by nobody ends the process.
 */
export function inTurns(next: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let over = false;
    const one = (): void => {
      if (over) return;
      try {
        if (next()) return;
        resolve();
      } catch (error) {
        const failure = error as Error;
        reject(failure);
      }
      over = true;
    };
    const more = (): void => {
      if (over) return;
      for (let n = 0; n < AT_ONCE; n++) onNextTurn(one);
      onNextTurn(more);
    };
    more();
  });
}

function onNextTurn(run: () => void): void {
  // eslint-disable-next-line no-restricted-globals -- the one real turn that virtual time takes
  setImmediate(run);
}
