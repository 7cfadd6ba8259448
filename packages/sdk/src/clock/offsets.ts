/** How far other clocks are ahead of our wall clock, in whole ms (negative: behind); absent: not measured. */
export interface ClockOffsets {
  /** True time, by NTP. */
  readonly ntpOffsetMs?: number;
  /** The venue's clock. */
  readonly venueOffsetMs?: number;
}

/**
 * Public NTP servers of different operators, so that one that is wrong is outvoted. Servers that smear leap seconds are left
 * out: for a day they differ from the others by up to half a second.
 */
export const NTP_SERVERS: readonly string[] = [
  "time.cloudflare.com",
  "pool.ntp.org",
  "time.nist.gov",
  "ntp.ubuntu.com",
];

/** One measurement of another clock against our wall clock. */
export interface OffsetMeasurement {
  /** Other clock minus ours, in ms. */
  readonly offsetMs: number;
  /** How far the truth may lie from `offsetMs` to either side, in ms. */
  readonly errorMs: number;
  /** Answers that it rests on. */
  readonly answers: number;
  /** Questions that were asked. */
  readonly asked: number;
  /** Why the questions without an answer had none, one line each. */
  readonly problems: readonly string[];
}

/** A measured clock that is to be judged, under the name that people know it by. */
export interface SkewSubject {
  /** `NTP`, `the venue`. */
  readonly name: string;
  /** `undefined`: nobody answered. */
  readonly measured: OffsetMeasurement | undefined;
  /** Why nobody answered. */
  readonly problem?: string;
}

/** Whether a clock may be traded by, in the words of a start-up checklist. */
export interface SkewCheck {
  readonly id: "clock-ntp" | "clock-venue";
  readonly status: "ok" | "warn" | "fail";
  /** What was found. */
  readonly found: string;
  /** What to do about it; empty when nothing. */
  readonly fix: string;
}

const SYNC = "Have the machine's clock set by NTP (`timedatectl set-ntp true`, or chrony), then start again.";

/**
 * Judges measured offsets: `fail` beyond `maxSkewMs` even with the error in our favour, and `warn` where the error leaves it
 * open or nothing could be measured. Live trading needs every check `ok`.
 *
 * @example
 * ```ts
 * import { judgeSkew } from "@matchpoint/sdk";
 * const measured = { offsetMs: 2_300, errorMs: 12, answers: 3, asked: 4, problems: [] };
 * const check = judgeSkew("clock-ntp", { name: "NTP", measured }, 1_000);
 * console.log(check.status, check.found); // fail our clock is 2300 ms behind NTP (±12 ms, 3 of 4 answered); …
 * ```
 */
export function judgeSkew(id: SkewCheck["id"], subject: SkewSubject, maxSkewMs: number): SkewCheck {
  const { name, measured, problem } = subject;
  if (measured === undefined) {
    const why = problem === undefined ? "" : `: ${problem}`;
    return {
      id,
      status: "warn",
      found: `the clock could not be compared with ${name}${why}`,
      fix: `Let this machine reach ${name}, or accept not knowing.`,
    };
  }
  const { offsetMs, errorMs, answers, asked } = measured;
  const side = offsetMs > 0 ? "behind" : "ahead of";
  const apart =
    offsetMs === 0
      ? `our clock agrees with ${name}`
      : `our clock is ${Math.abs(offsetMs)} ms ${side} ${name}`;
  const found = `${apart} (±${errorMs} ms, ${answers} of ${asked} answered); at most ${maxSkewMs} ms are allowed`;
  if (Math.abs(offsetMs) - errorMs > maxSkewMs) return { id, status: "fail", found, fix: SYNC };
  if (Math.abs(offsetMs) + errorMs > maxSkewMs) {
    return {
      id,
      status: "warn",
      found,
      fix: "Measure again on a quieter network; if it stays, set the clock by NTP.",
    };
  }
  return { id, status: "ok", found, fix: "" };
}
