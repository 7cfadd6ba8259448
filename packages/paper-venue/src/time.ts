import { NANOS_PER_MS, type Millis, type Nanos } from "@matchpoint/sdk";

/** Milliseconds as nanoseconds. */
export function nanos(ms: number): number {
  return Math.round(ms * NANOS_PER_MS);
}

/** Tells wall times from monotonic ones. */
export class WallTime {
  readonly start: number;

  constructor(start: number) {
    this.start = start;
  }

  millis(at: number): Millis {
    return (this.start + Math.floor(at / NANOS_PER_MS)) as Millis;
  }

  seconds(at: number): number {
    return Math.floor(this.millis(at) / 1_000);
  }

  /** The monotonic time of a wall time; before the start it is negative. */
  monotonic(millis: number): Nanos {
    return ((millis - this.start) * NANOS_PER_MS) as Nanos;
  }
}

/** `2026-11-20T15:00:00Z` */
export function isoSeconds(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}

/** `2026-04-05 15:10:00+00`, as Gamma writes game starts. */
export function gammaTime(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19).replace("T", " ")}+00`;
}
