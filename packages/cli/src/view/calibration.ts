import type { Calibration, CalibrationBin } from "@matchpoint/dashboard";
import type { MarketId, Usdc } from "@matchpoint/sdk";
import { bootstrapMean } from "../models/statistics/bootstrap.ts";

/** What was said of a market at a moment, and what came of it. */
export interface CalibrationSample {
  readonly market: MarketId;
  /** The match, or the market where there is none: samples of one are no independent evidence. */
  readonly cluster: string;
  readonly t: number;
  /** Of outcome 0: the model's probability, the market's mid, and what it paid, all from 0 to 1. */
  readonly p: number;
  readonly mid: number;
  readonly paid: number;
}

interface Pending {
  readonly cluster: string;
  readonly said: { readonly t: number; readonly p: number; readonly mid: number }[];
  lastMinute: number;
}

const MINUTE = 60_000;
/** Samples of a market at most: a series of a day. */
const MOST = 1_440;
const BINS = 10;
const DOLLAR = 1_000_000;

/** Compares the model's probability with the market's mid, once a minute, over the markets that have been decided. */
export class CalibrationView {
  readonly #pending = new Map<MarketId, Pending>();
  readonly #decided = new Set<MarketId>();
  readonly #samples: CalibrationSample[] = [];
  #made: Calibration | undefined;

  /** Takes what is said now, if a minute has passed since what was said before. */
  said(market: MarketId, cluster: string, t: number, p: number, mid: number): void {
    if (this.#decided.has(market)) return;
    const minute = Math.floor(t / MINUTE);
    let pending = this.#pending.get(market);
    if (pending === undefined) this.#pending.set(market, (pending = { cluster, said: [], lastMinute: -1 }));
    if (minute === pending.lastMinute || pending.said.length >= MOST) return;
    pending.lastMinute = minute;
    pending.said.push({ t, p, mid });
  }

  /** A market has been decided; one that pays both sides the same proves nobody right. */
  resolved(market: MarketId, payouts: readonly [Usdc, Usdc]): void {
    if (this.#decided.has(market)) return;
    this.#decided.add(market);
    const pending = this.#pending.get(market);
    this.#pending.delete(market);
    if (pending === undefined || payouts[0] === payouts[1]) return;
    const { cluster } = pending;
    const paid = payouts[0] / DOLLAR;
    for (const { t, p, mid } of pending.said) this.#samples.push({ market, cluster, t, p, mid, paid });
    this.#made = undefined;
  }

  /** Everything that was compared, in the order in which it was decided. */
  get samples(): readonly CalibrationSample[] {
    return this.#samples;
  }

  table(): Calibration {
    return (this.#made ??= calibrationOf(this.#samples));
  }
}

/** Compares what was said with what came of it; the interval draws whole matches. */
export function calibrationOf(samples: readonly CalibrationSample[]): Calibration {
  const markets = new Set(samples.map(({ market }) => market)).size;
  if (samples.length === 0) return { n: 0, markets, bins: [] };
  const loss = (of: "p" | "mid"): number =>
    samples.reduce((sum, sample) => sum + (sample[of] - sample.paid) ** 2, 0) / samples.length;
  const [brierModel, brierMid] = [loss("p"), loss("mid")];
  const clusters = new Set(samples.map(({ cluster }) => cluster)).size;
  const values = samples.map(({ cluster, p, mid, paid }) => ({
    cluster,
    value: (mid - paid) ** 2 - (p - paid) ** 2,
  }));
  const { low, high } = clusters < 2 ? { low: 0, high: 0 } : bootstrapMean(values);
  return {
    n: samples.length,
    markets,
    brierModel,
    brierMid,
    advantage: brierMid - brierModel,
    ...(clusters < 2 ? {} : { interval: [low, high] as const }),
    bins: [...binsOf(samples, "model"), ...binsOf(samples, "mid")],
  };
}

function binsOf(samples: readonly CalibrationSample[], by: CalibrationBin["by"]): CalibrationBin[] {
  const sums = Array.from({ length: BINS }, () => ({ n: 0, said: 0, was: 0 }));
  for (const sample of samples) {
    const said = by === "model" ? sample.p : sample.mid;
    const bin = sums[Math.min(BINS - 1, Math.floor(said * BINS))]!;
    bin.n += 1;
    bin.said += said;
    bin.was += sample.paid;
  }
  return sums.flatMap(({ n, said, was }, i) =>
    n === 0 ? [] : [{ by, from: i / BINS, to: (i + 1) / BINS, n, said: said / n, was: was / n }],
  );
}
