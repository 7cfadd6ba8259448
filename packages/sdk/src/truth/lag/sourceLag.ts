import type { SourceId } from "../../ids.ts";
import type { Nanos } from "../../units/index.ts";
import { declaredLagMs, type TruthConfig } from "../config.ts";
import type { Measured } from "./measured.ts";

/** Fewer samples than this say nothing at all. */
const LEAST_SAMPLES = 3;

/** How late a source is. All in ms; what is `undefined` is not known. */
export interface SourceLag {
  /** What was configured or is assumed of such a source (`lag_ms_by_source`). */
  readonly declaredMs: number | undefined;
  /** Facts of which it is known when they were heard of first. */
  readonly n: number;
  /** Those in which the market took part, or a source that is known to be in time. */
  readonly vouched: number;
  readonly p50Ms: number | undefined;
  readonly p90Ms: number | undefined;
  readonly maxMs: number | undefined;
  readonly lastMs: number | undefined;
  /** How old its claims were by its own stamps, median: it is at least so late. Never a proof that it is no later. */
  readonly stampedMs: number | undefined;
  /** What counts. */
  readonly lagMs: number | undefined;
  /** Whether that is known and at most `max_signal_lag_ms`. */
  readonly inTime: boolean;
  /** Whether its news may lead to orders that take liquidity: it is in time, or the guard is off. */
  readonly mayTake: boolean;
}

function worse(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined || a > b ? a : b;
}

/**
 * Makes of measurements what counts. The 90th percentile does, once there are `lag_min_samples` and as many in which the
 * market or a source known to be in time took part; before that the worse of what is declared and what was measured. To be
 * ahead of others that are late proves nothing, so a source of which neither is known is of unknown lag.
 */
export function judgeLag(config: TruthConfig, source: SourceId, measured?: Measured): SourceLag {
  const declaredMs = declaredLagMs(config, source);
  const n = measured?.n ?? 0;
  const vouched = measured?.vouched ?? 0;
  const p50Ms = measured?.quantile(0.5);
  const p90Ms = measured?.quantile(0.9);
  const limit = config.max_signal_lag_ms;
  let lagMs: number | undefined;
  if (n < config.lag_min_samples) {
    lagMs = worse(declaredMs, n >= LEAST_SAMPLES && declaredMs !== undefined ? p50Ms : undefined);
  } else if (vouched >= config.lag_min_samples) lagMs = p90Ms;
  else if (declaredMs !== undefined) lagMs = worse(declaredMs, p90Ms);
  else lagMs = p90Ms !== undefined && p90Ms > limit ? p90Ms : undefined;
  const stampedMs = (measured?.stamped.n ?? 0) >= LEAST_SAMPLES ? measured!.stamped.quantile(0.5) : undefined;
  if (lagMs !== undefined || (stampedMs ?? 0) > limit) lagMs = worse(lagMs, stampedMs);
  const inTime = lagMs !== undefined && lagMs <= limit;
  return {
    declaredMs,
    n,
    vouched,
    p50Ms,
    p90Ms,
    maxMs: n === 0 ? undefined : measured!.max,
    lastMs: n === 0 ? undefined : measured!.last,
    stampedMs,
    lagMs,
    inTime,
    mayTake: inTime || config.signal_lag_guard === "off",
  };
}

/** The largest lag with which news may lead to taker orders; `undefined` while the guard is off. */
export function signalLimitMs(config: TruthConfig): number | undefined {
  return config.signal_lag_guard === "off" ? undefined : config.max_signal_lag_ms;
}

/** Where the latest news of a market came from, and whether it is in time to take liquidity on. */
export interface TruthSignal {
  readonly source: SourceId;
  readonly at: Nanos;
  /** How late that source is; `undefined` when nobody knows. */
  readonly lagMs: number | undefined;
  /** The most that is allowed; `undefined` while the guard is off. */
  readonly limitMs: number | undefined;
  readonly mayTake: boolean;
}
