import type { Bus } from "../bus/index.ts";
import type { CancelTimer, Clock } from "../clock/index.ts";
import type { CoreEvent, CoreEventType } from "../events/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { Runtime } from "./runtime.ts";
import type { StallWatch } from "./stallWatch.ts";

/** What says of the account what nobody else may remember: it becomes durable at once. Market data and facts wait for their group. */
const OWN: ReadonlySet<CoreEventType> = new Set<CoreEventType>([
  "order_report",
  "trade_report",
  "chain_report",
  "balance_report",
  "adopted",
  "operator",
  "run_stopped",
]);

/** Empties the bus into the runtime, once per turn of the event loop, and wakes the runtime when something is due. */
export class Pump {
  readonly failed: Promise<never>;
  readonly #runtime: Runtime;
  readonly #bus: Bus;
  readonly #clock: Clock;
  #reject!: (error: unknown) => void;
  readonly #sync: (() => Promise<void>) | undefined;
  #scheduled = false;
  #ended = false;
  /** Latches that the journal had been told of when it was last made durable for one. */
  #notes = 0;
  #alarm: CancelTimer | undefined;
  /** Asked before anything that was heard is taken. */
  stalls: StallWatch | undefined;

  /** @param sync makes the journal durable; called as soon as something of the account's own was journaled */
  constructor(runtime: Runtime, bus: Bus, clock: Clock, sync?: () => Promise<void>) {
    this.#sync = sync;
    this.#runtime = runtime;
    this.#bus = bus;
    this.#clock = clock;
    this.failed = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.failed.catch(() => undefined);
  }

  schedule(): void {
    if (this.#scheduled || this.#ended) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.#ended) return;
      try {
        this.drain();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /** Takes an event now, after all that is waiting. */
  take(event: CoreEvent): void {
    this.drain();
    if (this.#ended) return;
    if (this.#offer(event) || this.#latched()) this.#makeDurable();
    this.#arm();
  }

  /** Ends the run with an error. */
  fail(error: unknown): void {
    this.#ended = true;
    this.#reject(error);
  }

  drain(): void {
    const runtime = this.#runtime;
    let owned = false;
    this.#lookForStall();
    for (let event = this.#bus.take(); event !== undefined; event = this.#bus.take()) {
      this.#lookForStall();
      if (this.#offer(event)) owned = true;
    }
    if (this.#latched() || owned) this.#makeDurable();
    const now = this.#clock.monotonic();
    if (now > runtime.at) runtime.advanceTo(now);
    if (this.#latched()) this.#makeDurable();
    this.#arm();
  }

  /** What was heard, or is decided, after the process did nothing for a while must not come before the word about it. */
  #lookForStall(): void {
    const ms = this.stalls?.take() ?? 0;
    if (ms === 0) return;
    const clock = this.#clock;
    const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
    this.#offer({ type: "loop_stalled", ...stamp, stalledMs: Math.round(ms) });
  }

  /** Whether it is one that must not wait for the next group to become durable. */
  #offer(event: CoreEvent): boolean {
    const runtime = this.#runtime;
    runtime.offer(event.at < runtime.at ? { ...event, at: runtime.at } : event);
    return OWN.has(event.type);
  }

  /** Whether something has latched since the last look, by whatever event or timer: a restart that forgot it would trade on. */
  #latched(): boolean {
    const { notes } = this.#runtime;
    if (notes === this.#notes) return false;
    this.#notes = notes;
    return true;
  }

  #makeDurable(): void {
    this.#sync?.().catch((error: unknown) => {
      this.fail(error);
    });
  }

  end(): void {
    this.#ended = true;
    this.#alarm?.();
  }

  #arm(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    const due: Nanos | undefined = this.#runtime.nextDue();
    if (due === undefined || this.#ended) return;
    const wait = Math.ceil((due - this.#clock.monotonic()) / NANOS_PER_MS);
    this.#alarm = this.#clock.after(Math.max(0, wait), () => {
      this.schedule();
    });
  }
}
