import type { Quantiles } from "./quantiles.ts";

/** The legs of an order's way, and of what comes after a match. */
export type LatencyLeg =
  "feed" | "place" | "cancel" | "ack" | "fill_report" | "mined" | "confirmed" | "chain";

/** One version of the latencies: data with its source. Milliseconds. */
export interface LatencyTable {
  readonly source: string;
  readonly legs: Readonly<Record<LatencyLeg, Quantiles>>;
}

/** A way whose median is `middle` times that of the way of an order to the venue. */
function way(middle: number): Quantiles {
  return ORDER_IN.map(([share, ms]) => [share, Math.round((ms * middle * 100) / 58) / 100] as const);
}

/** In 5 % of cases below 42 ms, in half of them below 58, in 5 % above 94. */
const ORDER_IN: Quantiles = [
  [0, 38],
  [0.05, 42],
  [0.25, 50],
  [0.5, 58],
  [0.75, 68],
  [0.95, 94],
  [0.99, 150],
  [1, 400],
];

/** The same for the way back, with 38 and 86 ms: both together are the 80 to 180 ms that a bot in Dublin counts on. */
const ORDER_OUT: Quantiles = [
  [0, 34],
  [0.05, 38],
  [0.25, 50],
  [0.5, 58],
  [0.75, 67],
  [0.95, 86],
  [0.99, 140],
  [1, 400],
];

/**
 * Every version of the latencies, by name. A version is never changed once it is published: a journal names the one that its run
 * had. None of them is measured: replace them with your own (`matchpoint paper-check` writes them from a live journal).
 *
 * Medians: the component table of a public engine's contract of October 2026, which calls itself uncalibrated (place 58, cancel
 * 45, ack 58, fill report 58, mined 2,000, confirmed 10,000, split and merge 4,000 ms). Spread of the ways to the venue and back:
 * so that both together take 80 to 180 ms in nine cases of ten, the budget that traders near Dublin state for the whole way.
 * The feed's way is taken to be that of a fill report, which is the same kind of push. The spread of the chain's legs, and every
 * tail beyond 95 %, is an assumption.
 */
export const LATENCY_TABLES = {
  "uncalibrated-1": {
    source:
      "medians of a public engine contract of 2026-10 (self-labelled uncalibrated), spread to a Dublin budget of 80-180 ms",
    legs: {
      feed: ORDER_OUT,
      place: ORDER_IN,
      cancel: way(45),
      ack: ORDER_OUT,
      fill_report: ORDER_OUT,
      mined: [
        [0, 1_000],
        [0.25, 1_500],
        [0.5, 2_000],
        [0.75, 3_000],
        [0.95, 6_000],
        [1, 20_000],
      ],
      confirmed: [
        [0, 6_000],
        [0.25, 8_500],
        [0.5, 10_000],
        [0.75, 13_000],
        [0.95, 25_000],
        [1, 60_000],
      ],
      chain: [
        [0, 3_000],
        [0.25, 3_500],
        [0.5, 4_000],
        [0.75, 5_000],
        [0.95, 10_000],
        [1, 40_000],
      ],
    },
  },
  "constant-1": {
    source: "the medians of uncalibrated-1 as constants, and a feed that takes no time: not realistic",
    legs: {
      feed: [[0.5, 0]],
      place: [[0.5, 58]],
      cancel: [[0.5, 45]],
      ack: [[0.5, 58]],
      fill_report: [[0.5, 58]],
      mined: [[0.5, 2_000]],
      confirmed: [[0.5, 10_000]],
      chain: [[0.5, 4_000]],
    },
  },
} as const satisfies Readonly<Record<string, LatencyTable>>;

/** A name of {@link LATENCY_TABLES}. */
export type LatencyTableName = keyof typeof LATENCY_TABLES;
