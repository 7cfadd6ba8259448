import type { Nanos } from "../units/index.ts";

interface Timer {
  readonly timerId: string;
  readonly due: Nanos;
  readonly order: number;
  dropped: boolean;
}

/** Timers that the core has set: a binary heap by due time, then by order of setting. */
export class TimerQueue {
  readonly #heap: Timer[] = [];
  readonly #byId = new Map<string, Timer>();
  #order = 0;

  /** Sets a timer; one of the same id moves. */
  set(timerId: string, due: Nanos): void {
    this.clear(timerId);
    const timer: Timer = { timerId, due, order: this.#order++, dropped: false };
    this.#byId.set(timerId, timer);
    this.#heap.push(timer);
    this.#up(this.#heap.length - 1);
  }

  clear(timerId: string): void {
    const timer = this.#byId.get(timerId);
    if (timer === undefined) return;
    timer.dropped = true;
    this.#byId.delete(timerId);
  }

  /** When the next timer is due. */
  nextDue(): Nanos | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.dropped) this.#pop();
    return this.#heap[0]?.due;
  }

  /** Takes the next timer. */
  take(): { readonly timerId: string; readonly due: Nanos } | undefined {
    if (this.nextDue() === undefined) return undefined;
    const timer = this.#pop();
    this.#byId.delete(timer.timerId);
    return timer;
  }

  get size(): number {
    return this.#byId.size;
  }

  #pop(): Timer {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#down(0);
    }
    return top;
  }

  #before(a: Timer, b: Timer): boolean {
    return a.due < b.due || (a.due === b.due && a.order < b.order);
  }

  #up(index: number): void {
    const heap = this.#heap;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(heap[index]!, heap[parent]!)) return;
      [heap[index], heap[parent]] = [heap[parent]!, heap[index]!];
      index = parent;
    }
  }

  #down(index: number): void {
    const heap = this.#heap;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && this.#before(heap[child]!, heap[first]!)) first = child;
      }
      if (first === index) return;
      [heap[index], heap[first]] = [heap[first]!, heap[index]!];
      index = first;
    }
  }
}
