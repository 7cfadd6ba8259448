import type { Millis, Nanos } from "../units/index.ts";

/** Cancels what a clock was asked to do. */
export type CancelTimer = () => void;

/**
 * The only way that anything outside the core may tell the time or wait. Adapters and the runtime take one, so that
 * they run under virtual time too.
 */
export interface Clock {
  /** Wall clock, Unix ms. */
  wall(): Millis;
  /** Monotonic nanoseconds since the clock was made. */
  monotonic(): Nanos;
  /** Calls back once, not before `ms` milliseconds have passed. */
  after(ms: number, callback: () => void): CancelTimer;
}
