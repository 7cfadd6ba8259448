import { monitorEventLoopDelay, performance, type EventLoopUtilization } from "node:perf_hooks";

/** How the loop has done since the last reading: lateness in ms, and what part of the time it was busy. */
export interface LoopReading {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly utilization: number;
}

const RESOLUTION_MS = 10;
const NANOS = 1_000_000;

/** Measures by how much the event loop is late; the measuring itself is the runtime's own and costs the loop nothing. */
export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #use: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  read(): LoopReading {
    const use = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(use, this.#use);
    this.#use = use;
    // The histogram has the time from one look to the next: what is beyond the pause between them is lateness.
    const late = (nanos: number): number =>
      this.#delay.count === 0 ? 0 : Math.max(0, nanos / NANOS - RESOLUTION_MS);
    const reading = {
      p50: late(this.#delay.percentile(50)),
      p99: late(this.#delay.percentile(99)),
      max: late(this.#delay.max),
      utilization: Number.isFinite(utilization) ? utilization : 0,
    };
    this.#delay.reset();
    return reading;
  }

  close(): void {
    this.#delay.disable();
  }
}
