import type { ActionId, MarketId, OrderId, TradeId } from "@matchpoint/sdk";
import type { AccountId, ExchangeNews } from "./exchange.ts";

type ReportNews = Extract<ExchangeNews, { readonly kind: "report" }>;
type TradeNews = Extract<ExchangeNews, { readonly kind: "trade" }>;

/** What the venue will do by itself. */
export type Action =
  | { readonly kind: "arrive" | "delay_over" | "expire"; readonly orderId: OrderId }
  | { readonly kind: "duplicate" | "cancel"; readonly account: AccountId; readonly orderId: OrderId }
  | { readonly kind: "clear"; readonly marketId: MarketId; readonly startsAt: number }
  | { readonly kind: "mine"; readonly tradeId: TradeId; readonly attempt: number }
  | { readonly kind: "confirm"; readonly tradeId: TradeId }
  | { readonly kind: "chain"; readonly account: AccountId; readonly actionId: ActionId };

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

/** What comes first on the time line. */
export type Turn = "action" | "report" | "trade" | "book";

/**
 * What the venue will do and what it will say, on one time line: an action and a report share one count. Trades are told as
 * they happen, between what was planned before and after them; of changed books only the last word of an instant counts.
 */
export class Agenda {
  readonly actions = new DueHeap<Action>();
  readonly reports = new DueHeap<ReportNews>();
  /** News of trades, oldest first. They take no number of the count: whether somebody listens to them changes nothing. */
  readonly trades: Due<TradeNews>[] = [];
  /** Markets whose public book may have changed, with when, oldest first. */
  readonly books = new Map<MarketId, number>();
  seq = 0;

  plan(due: number, item: Action): void {
    this.actions.push({ due, seq: this.seq++, item });
  }

  say(due: number, item: ReportNews): void {
    this.reports.push({ due, seq: this.seq++, item });
  }

  announce(item: TradeNews): void {
    this.trades.push({ due: item.at, seq: this.seq, item });
  }

  touch(marketId: MarketId, at: number): void {
    this.books.delete(marketId);
    this.books.set(marketId, at);
  }

  /** When something is due next; `undefined` when nothing is. */
  next(): number | undefined {
    const action = this.actions.peek()?.due;
    const report = this.reports.peek()?.due;
    const due = action === undefined || (report !== undefined && report <= action) ? report : action;
    if (this.trades.length === 0 && this.books.size === 0) return due;
    const news = Math.min(this.trades[0]?.due ?? Infinity, this.#book());
    return due === undefined || news < due ? news : due;
  }

  /** Whose turn it is at the time of {@link Agenda.next}. */
  turn(): Turn | undefined {
    const action = this.actions.peek();
    const report = this.reports.peek();
    const trade = this.trades[0];
    const planned =
      action !== undefined && (report === undefined || before(action, report)) ? action : report;
    if (trade !== undefined && (planned === undefined || !before(planned, trade))) {
      return trade.due <= this.#book() ? "trade" : "book";
    }
    if (planned === undefined) return this.books.size > 0 ? "book" : undefined;
    if (this.#book() < planned.due) return "book";
    return planned === action ? "action" : "report";
  }

  /** When the book that was touched longest ago was touched. */
  #book(): number {
    if (this.books.size === 0) return Infinity;
    for (const at of this.books.values()) return at;
    return Infinity;
  }
}
