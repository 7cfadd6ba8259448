import { MatchpointError } from "@matchpoint/sdk";

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time: runs tasks in order of their time, then of their making. Nothing in the simulator can act before its
 * time has come, and nothing of the future exists yet when it acts.
 */
export class Scheduler {
  readonly #heap: Task[] = [];
  #order = 0;
  #now = 0;

  /** Milliseconds since the simulation began. */
  get now(): number {
    return this.#now;
  }

  /** When the next task is due; `Infinity` when there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Runs `run` at a time; a time that has passed means now. @throws `MatchpointError` `INVARIANT` */
  at(time: number, run: () => void): void {
    if (!Number.isFinite(time)) throw new MatchpointError("INVARIANT", `nothing can be due at ${time} ms`);
    const task: Task = { at: time > this.#now ? time : this.#now, order: this.#order++, run };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(task);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(task, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = task;
  }

  after(ms: number, run: () => void): void {
    this.at(this.#now + ms, run);
  }

  /** Runs the next task. False when there is none. */
  step(): boolean {
    const heap = this.#heap;
    const task = heap[0];
    if (task === undefined) return false;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    this.#now = task.at;
    task.run();
    return true;
  }

  #sink(task: Task): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, task)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = task;
  }
}

function before(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
