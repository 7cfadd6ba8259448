import { NANOS_PER_MS, type CancelTimer, type Clock, type OrderId } from "@matchpoint/sdk";
import type { OwnOrder } from "./ownOrder.ts";

/** Looks by hash in one sweep; the others have their turn in the next. */
const LOOKS = 25;
/** Two requested sweeps are at least this far apart. */
const PAUSE_MS = 100;

/** Timing of sweeps, in ms. */
export interface SweepTiming {
  /** While an order of ours is not over. */
  readonly sweepMs: number;
  /** While only trades of ours are not settled. */
  readonly settleMs: number;
  /** While nothing is open: another's order on our wallet must be noticed too. */
  readonly idleMs: number;
}

/** What a {@link Sweeper} asks and tells. */
export interface SweepPorts {
  readonly clock: Clock;
  readonly timing: SweepTiming;
  /** Records of `/data/orders`, unread. */
  readonly openOrders: () => Promise<readonly unknown[]>;
  /** Record of `/data/order/{hash}`, `null` when there is none. */
  readonly order: (orderId: OrderId) => Promise<unknown>;
  /** Records of `/data/trades` that may be news, unread. */
  readonly trades: () => Promise<readonly unknown[]>;
  /** Orders that should be looked for when no list names them. */
  readonly unfinished: () => Iterable<OwnOrder>;
  readonly isSettling: () => boolean;
  /** The hash that an order's record names. */
  readonly idOf: (record: unknown) => string | undefined;
  readonly onTrade: (record: unknown) => void;
  readonly onOrder: (record: unknown, startedAt: number) => void;
  /** The records of `/data/orders`, after each of them was told. */
  readonly onListed: (records: readonly unknown[]) => void;
  readonly onAbsent: (orderId: OrderId) => void;
  /** A whole sweep is done. */
  readonly onDone: (startedAt: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Reads orders and trades over REST: after each (re)connect, whenever somebody doubts something, and every few seconds while an
 * order is not over, since sockets lose frames in silence. Trades are asked for last and told first: an order is never told to
 * be over before the fills are told that it ended with.
 */
export class Sweeper {
  readonly #ports: SweepPorts;
  #timer: CancelTimer | undefined;
  #due = Infinity;
  #running: Promise<boolean> | undefined;
  #again = false;
  #closed = false;
  #turn = 0;
  #failures = 0;
  /** Whole sweeps so far. */
  done = 0;

  constructor(ports: SweepPorts) {
    this.#ports = ports;
  }

  /** Sweeps soon; what is asked for during a sweep leads to another. */
  soon(): void {
    if (this.#running !== undefined) this.#again = true;
    else this.#schedule(this.#failures > 0 ? this.#pauseMs() : PAUSE_MS);
  }

  /** Sweeps now, or waits for a sweep that begins now; whether it was whole. */
  async now(): Promise<boolean> {
    if (this.#running !== undefined) await this.#running;
    return this.#run();
  }

  /** Begins the slow rhythm, or takes up a faster one. */
  wake(): void {
    if (this.#running === undefined) this.#schedule(this.#pauseMs());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.();
  }

  #run(): Promise<boolean> {
    this.#running ??= this.#sweep().finally(() => {
      this.#running = undefined;
      this.#schedule(this.#again && this.#failures === 0 ? PAUSE_MS : this.#pauseMs());
      this.#again = false;
    });
    return this.#running;
  }

  async #sweep(): Promise<boolean> {
    if (this.#closed) return false;
    this.#timer?.();
    this.#due = Infinity;
    const { clock } = this.#ports;
    const startedAt = clock.monotonic();
    try {
      const listed = await this.#ports.openOrders();
      const named = new Set(listed.map((record) => this.#ports.idOf(record)));
      const missing = [...this.#ports.unfinished()].filter(
        ({ orderId, state }) => state !== "sending" && !named.has(orderId),
      );
      const found: unknown[] = [];
      const absent: OrderId[] = [];
      const first = missing.length === 0 ? 0 : this.#turn % missing.length;
      this.#turn += LOOKS;
      for (const { orderId } of [...missing.slice(first), ...missing.slice(0, first)].slice(0, LOOKS)) {
        const record = await this.#ports.order(orderId);
        if (record === null || record === "") absent.push(orderId);
        else found.push(record);
      }
      const trades = await this.#ports.trades();
      if (this.#isClosed()) return false;
      for (const record of trades) this.#ports.onTrade(record);
      for (const record of [...listed, ...found]) this.#ports.onOrder(record, startedAt);
      this.#ports.onListed(listed);
      for (const orderId of absent) this.#ports.onAbsent(orderId);
      this.#failures = 0;
      this.done++;
      this.#ports.onDone(startedAt);
      return true;
    } catch (error) {
      this.#failures++;
      if (!this.#isClosed()) this.#ports.onFailed(error);
      return false;
    }
  }

  /** It may be closed while something is awaited. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #pauseMs(): number {
    const { timing, unfinished, isSettling } = this.#ports;
    const open = unfinished()[Symbol.iterator]().next().done !== true;
    const ms = open ? timing.sweepMs : isSettling() ? timing.settleMs : timing.idleMs;
    // A venue that does not answer is not asked faster for it, nor given up.
    return this.#failures === 0
      ? ms
      : Math.min(timing.idleMs, timing.sweepMs * 2 ** Math.min(this.#failures - 1, 4));
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    const due = this.#ports.clock.monotonic() + ms * NANOS_PER_MS;
    if (due >= this.#due) return;
    this.#timer?.();
    this.#due = due;
    this.#timer = this.#ports.clock.after(ms, () => {
      this.#timer = undefined;
      this.#due = Infinity;
      void this.#run();
    });
  }
}
