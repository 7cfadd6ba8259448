import type { ActionId, ExecutionReport, MarketId, OrderId, TradeId } from "@matchpoint/sdk";

/** What the venue will do by itself. */
export type Action =
  | { readonly kind: "arrive" | "duplicate" | "delay_over" | "cancel" | "expire"; readonly orderId: OrderId }
  | { readonly kind: "clear"; readonly marketId: MarketId; readonly startsAt: number }
  | { readonly kind: "mine"; readonly tradeId: TradeId; readonly attempt: number }
  | { readonly kind: "confirm"; readonly tradeId: TradeId }
  | { readonly kind: "chain"; readonly actionId: ActionId };

/** An item with its due time; items of one due time keep the order in which they were added. */
export interface Due<T> {
  readonly due: number;
  readonly seq: number;
  readonly item: T;
}

function before(a: Due<unknown>, b: Due<unknown>): boolean {
  return a.due < b.due || (a.due === b.due && a.seq < b.seq);
}

/** A binary heap by due time, then by order of adding. */
export class DueHeap<T> {
  readonly #heap: Due<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  peek(): Due<T> | undefined {
    return this.#heap[0];
  }

  push(entry: Due<T>): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  pop(): Due<T> | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return top;
  }

  /** All entries, in no particular order. */
  entries(): readonly Due<T>[] {
    return this.#heap;
  }
}

/** What the venue will do and what it will say, on one time line: an action and a report share one count. */
export class Agenda {
  readonly actions = new DueHeap<Action>();
  readonly reports = new DueHeap<ExecutionReport>();
  seq = 0;

  plan(due: number, item: Action): void {
    this.actions.push({ due, seq: this.seq++, item });
  }

  say(due: number, item: ExecutionReport): void {
    this.reports.push({ due, seq: this.seq++, item });
  }

  /** When something is due next; `undefined` when nothing is. */
  next(): number | undefined {
    const action = this.actions.peek()?.due;
    const report = this.reports.peek()?.due;
    if (action === undefined) return report;
    return report === undefined || action < report ? action : report;
  }

  /** Whether an action comes before every report. */
  actionFirst(): boolean {
    const action = this.actions.peek();
    const report = this.reports.peek();
    return action !== undefined && (report === undefined || before(action, report));
  }
}
