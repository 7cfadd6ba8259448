import type { Millis, Nanos } from "../units/index.ts";

/** The clocks that every event carries. Only `at` measures time; the others are data. */
export interface Stamped {
  /** Monotonic nanoseconds since the run began. Never decreases along the log. */
  readonly at: Nanos;
  /** Wall clock when it reached us, Unix ms. */
  readonly receivedAt: Millis;
  /** Wall clock when it happened, as its origin says. */
  readonly occurredAt?: Millis;
  /** Wall clock when its origin sent it. */
  readonly publishedAt?: Millis;
  /** How far true time (NTP) was ahead of our wall clock when it was taken, in ms, as last measured; absent: not measured. */
  readonly ntpOffsetMs?: number;
  /** How far the venue's clock was ahead of our wall clock when it was taken, in ms; absent: not measured. */
  readonly venueOffsetMs?: number;
}
