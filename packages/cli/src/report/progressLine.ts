import { count, duration } from "./format.ts";

/** Where long work stands. */
export interface Progress {
  /** 0 to 1, when the length is known. */
  readonly fraction: number | undefined;
  /** Virtual time since the run began, ms; `undefined` for work without one. */
  readonly elapsedMs: number | undefined;
  /** Whose time that is. */
  readonly clock: string;
  /** Units per second of wall time. */
  readonly rate: number;
  readonly unit: string;
  /** Wall milliseconds to go, when the length is known and enough of it is done. */
  readonly etaMs: number | undefined;
}

/** What was done of long work. */
export interface Work {
  readonly done: number;
  readonly unit: string;
  readonly fraction: number | undefined;
  readonly elapsedMs?: number;
  /** What `elapsedMs` is the time of: `match`, `recording`; default `running`, for real time. */
  readonly clock?: string;
}

/** Of less than this nothing is said: what has only just begun was mostly its start, which says nothing of the rest. */
const LEAST = 0.01;

/** Works out rate and time to go from what was done in `wallMs`. */
export function progressOf(work: Work, wallMs: number): Progress {
  const { fraction, unit, done, elapsedMs, clock = "running" } = work;
  return {
    fraction,
    unit,
    elapsedMs,
    clock,
    rate: wallMs > 0 ? (done / wallMs) * 1000 : 0,
    etaMs: fraction === undefined || fraction < LEAST ? undefined : (wallMs / fraction) * (1 - fraction),
  };
}

const BAR = 20;

/** Progress in words: share done, virtual time, rate and time to go. */
export function progressText(progress: Progress, bar = false): string {
  const { fraction, elapsedMs, clock, rate, unit, etaMs } = progress;
  const parts: string[] = [];
  if (fraction !== undefined) {
    const full = Math.round(Math.min(1, fraction) * BAR);
    if (bar) parts.push(`${"█".repeat(full)}${"░".repeat(BAR - full)}`);
    parts.push(`${String(Math.floor(Math.min(1, fraction) * 100)).padStart(3)}%`);
  }
  if (elapsedMs !== undefined) parts.push(`${clock} ${duration(elapsedMs)}`);
  // What takes seconds each is still under way.
  if (rate > 0) parts.push(`${rate < 2 ? rate.toFixed(1) : count(Math.round(rate))} ${unit}/s`);
  if (etaMs !== undefined && etaMs >= 500) parts.push(`${duration(etaMs)} to go`);
  return parts.join("  ");
}
