import { Bus } from "../bus/index.ts";
import type { CancelTimer, Clock } from "../clock/index.ts";
import type { CoreEvent } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { BookWatch } from "./bookWatch.ts";
import type { Runtime } from "./runtime.ts";

/** What a live run listens to. */
export interface LiveOptions {
  /** Made together with the runtime, so that both count from the same moment. */
  readonly clock: Clock;
  /** Feeds, already told what to follow. Each ends by itself or when the signal aborts. */
  readonly sources: readonly AsyncIterable<CoreEvent>[];
  readonly signal: AbortSignal;
  /** Which markets are about which match it learns from the listings that go through it. Default a new one. */
  readonly bus?: Bus;
  /** Asked for a whole book, about once a second, while a market's book stays gapped; a market feed's `requestResync`. */
  readonly resync?: (marketId: MarketId, reason: string) => void;
}

/**
 * Runs a bot on live sources: what arrives goes through the bus, in order, and what is due by the clock happens on time.
 * Resolves when the signal aborts or every source has ended.
 *
 * @throws whatever a source, `resync` or the journal throws: the run must not go on without it
 */
export async function runLive(runtime: Runtime, options: LiveOptions): Promise<void> {
  const { clock, signal } = options;
  const bus = options.bus ?? new Bus();
  const pump = new Pump(runtime, bus, clock);
  const stop = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true, signal: stop.signal },
    );
  });
  const sources = Promise.all(options.sources.map((source) => listen(source, bus, pump)));
  const { resync } = options;
  const fail = (error: unknown): void => {
    pump.fail(error);
  };
  const watch = resync === undefined ? undefined : new BookWatch(runtime, clock, resync, fail);
  try {
    pump.schedule();
    watch?.start();
    await Promise.race([aborted, sources, pump.failed]);
    pump.drain();
  } finally {
    stop.abort();
    watch?.stop();
    pump.end();
    sources.catch(() => undefined);
  }
}

async function listen(source: AsyncIterable<CoreEvent>, bus: Bus, pump: Pump): Promise<void> {
  for await (const event of source) {
    bus.offer(event);
    pump.schedule();
  }
}

/** Empties the bus into the runtime, once per turn of the event loop, and wakes the runtime when something is due. */
class Pump {
  readonly failed: Promise<never>;
  readonly #runtime: Runtime;
  readonly #bus: Bus;
  readonly #clock: Clock;
  #reject!: (error: unknown) => void;
  #scheduled = false;
  #ended = false;
  #alarm: CancelTimer | undefined;

  constructor(runtime: Runtime, bus: Bus, clock: Clock) {
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

  /** Ends the run with an error. */
  fail(error: unknown): void {
    this.#ended = true;
    this.#reject(error);
  }

  drain(): void {
    const runtime = this.#runtime;
    for (let event = this.#bus.take(); event !== undefined; event = this.#bus.take()) {
      runtime.offer(event.at < runtime.at ? { ...event, at: runtime.at } : event);
    }
    const now = this.#clock.monotonic();
    if (now > runtime.at) runtime.advanceTo(now);
    this.#arm();
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
