import {
  pause,
  type CancelOutcome,
  type Clock,
  type ExecutionAdapter,
  type ExecutionReport,
  type OrderId,
  type PlaceOutcome,
  type PreparedOrder,
} from "@matchpoint/sdk";

/** What became of a POST whose answer the sender did not get. */
export const LOST_ANSWERS = ["never_came", "came", "came_late", "came_after_the_answer"] as const;

/** How often things go wrong, from 0 to 1. */
export interface Hostility {
  /** POSTs whose answer is lost; what happened to the order is drawn from {@link LOST_ANSWERS}. */
  readonly lostAnswer: number;
  /** Cancels whose answer is lost; half of them came. */
  readonly lostCancel: number;
  /** Questions that get no answer. */
  readonly lostLook: number;
  /** Reports that come again a while later. */
  readonly repeated: number;
  /** Reports are late by up to this many ms, each on its own: so they overtake each other. */
  readonly lateMs: number;
  /** How late an order may still come to the venue after its sender has given up, in ms. */
  readonly comesLateMs: number;
}

/** What was injected, and what came of it. */
export interface HostileCounts {
  posts: number;
  lost: Record<(typeof LOST_ANSWERS)[number], number>;
  lostCancels: number;
  lostLooks: number;
  /** Orders handed to the venue more than once. */
  doubled: number;
}

const DEADLINE_MS = 3_000;

/** A venue's adapter whose network is bad: answers get lost before and after the venue has done what it was asked to. */
export class HostileAdapter implements ExecutionAdapter {
  readonly capabilities;
  readonly counts: HostileCounts = {
    posts: 0,
    lost: { never_came: 0, came: 0, came_late: 0, came_after_the_answer: 0 },
    lostCancels: 0,
    lostLooks: 0,
    doubled: 0,
  };
  readonly #inner: ExecutionAdapter;
  readonly #clock: Clock;
  readonly #how: Hostility;
  readonly #draw: () => number;
  readonly #came = new Set<OrderId>();

  constructor(inner: ExecutionAdapter, clock: Clock, how: Hostility, seed: number) {
    this.capabilities = inner.capabilities;
    this.#inner = inner;
    this.#clock = clock;
    this.#how = how;
    this.#draw = generator(seed);
  }

  prepare(...args: Parameters<ExecutionAdapter["prepare"]>): PreparedOrder {
    return this.#inner.prepare(...args);
  }

  async placeOrder(order: PreparedOrder): Promise<PlaceOutcome> {
    this.counts.posts += 1;
    if (this.#draw() >= this.#how.lostAnswer) return this.#arrive(order);
    const fate = LOST_ANSWERS[Math.floor(this.#draw() * LOST_ANSWERS.length)]!;
    this.counts.lost[fate] += 1;
    const cause = new RangeError("no answer within 3 s");
    if (fate === "came") void this.#arrive(order);
    else if (fate === "came_late") this.#arriveIn(order, this.#draw() * DEADLINE_MS);
    else if (fate === "came_after_the_answer")
      this.#arriveIn(order, DEADLINE_MS + this.#draw() * this.#how.comesLateMs);
    await pause(this.#clock, DEADLINE_MS);
    return { kind: "unknown", cause };
  }

  async cancelOrder(orderId: OrderId): Promise<CancelOutcome> {
    if (this.#draw() >= this.#how.lostCancel) return this.#inner.cancelOrder(orderId);
    this.counts.lostCancels += 1;
    if (this.#draw() < 0.5) void this.#inner.cancelOrder(orderId);
    await pause(this.#clock, DEADLINE_MS);
    return { kind: "unknown", orderId, cause: new RangeError("no answer to a cancel") };
  }

  cancelAll(...args: Parameters<ExecutionAdapter["cancelAll"]>): ReturnType<ExecutionAdapter["cancelAll"]> {
    return this.#inner.cancelAll(...args);
  }

  fetchOrder(orderId: OrderId): ReturnType<ExecutionAdapter["fetchOrder"]> {
    return this.#ask(() => this.#inner.fetchOrder(orderId));
  }

  fetchOpenOrders(): ReturnType<ExecutionAdapter["fetchOpenOrders"]> {
    return this.#ask(() => this.#inner.fetchOpenOrders());
  }

  fetchTrades(since?: string): ReturnType<ExecutionAdapter["fetchTrades"]> {
    return this.#ask(() => this.#inner.fetchTrades(since));
  }

  fetchPositions(): ReturnType<ExecutionAdapter["fetchPositions"]> {
    return this.#ask(() => this.#inner.fetchPositions());
  }

  fetchBalances(): ReturnType<ExecutionAdapter["fetchBalances"]> {
    return this.#ask(() => this.#inner.fetchBalances());
  }

  /** Every report of the venue, each late by its own time and some of them twice; none is lost. */
  async *reports(signal: AbortSignal): AsyncGenerator<ExecutionReport> {
    const ready: ExecutionReport[] = [];
    let wake = (): void => undefined;
    const hand = (report: ExecutionReport): void => {
      const { clock, late } = { clock: this.#clock, late: this.#draw() * this.#how.lateMs };
      clock.after(late, () => {
        ready.push(report);
        wake();
      });
    };
    void (async () => {
      for await (const report of this.#inner.reports(signal)) {
        hand(report);
        if (this.#draw() < this.#how.repeated) hand(report);
      }
    })();
    signal.addEventListener("abort", () => wake());
    while (!signal.aborted) {
      while (ready.length > 0) {
        const report = ready.shift()!;
        yield { ...report, at: this.#clock.monotonic(), receivedAt: this.#clock.wall() };
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  #arriveIn(order: PreparedOrder, ms: number): void {
    this.#clock.after(ms, () => void this.#arrive(order));
  }

  #arrive(order: PreparedOrder): Promise<PlaceOutcome> {
    if (this.#came.has(order.orderId)) this.counts.doubled += 1;
    this.#came.add(order.orderId);
    return this.#inner.placeOrder(order);
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.#draw() < this.#how.lostLook) {
      this.counts.lostLooks += 1;
      await pause(this.#clock, DEADLINE_MS);
      throw new RangeError("no answer to a question");
    }
    return question();
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
