import type { Outcome } from "./tally.ts";

/** An order with what really became of it and what became of it on paper. */
export interface Compared {
  readonly orderId: string;
  /** The match that it is about, or its market where that is not known. */
  readonly match: string;
  readonly market: string;
  readonly side: "buy" | "sell";
  readonly outcome: string;
  readonly orderType: string;
  readonly limit: number;
  readonly size: number;
  readonly real: Outcome;
  readonly paper: Outcome;
  /** What a share turned out to be worth, in dollars. */
  readonly worth: number;
  /** Dollars by which the order did better on paper. */
  readonly better: number;
}

/** How much better an order's fills did on paper, valued at what the shares turned out to be worth. In dollars. */
export function better(side: "buy" | "sell", real: Outcome, paper: Outcome, worth: number): number {
  return profit(side, paper, worth) - profit(side, real, worth);
}

function profit(side: "buy" | "sell", { shares, cost, fee }: Outcome, worth: number): number {
  const value = shares * worth;
  return (side === "buy" ? value - cost - fee : cost - fee - value) / 1_000_000;
}

/** By how much paper was too kind, over all orders. */
export interface Optimism {
  /** Dollars, and cents per share that the venue really filled (that paper filled, where it filled none). */
  readonly dollars: number;
  readonly centsPerShare: number;
  readonly shares: number;
  /** Where 95 % of resamples by match lie; absent with fewer than two matches. */
  readonly interval?: {
    readonly dollars: readonly [number, number];
    readonly centsPerShare: readonly [number, number];
  };
  readonly matches: number;
}

const RESAMPLES = 2_000;

interface Cluster {
  dollars: number;
  real: number;
  paper: number;
}

/** Adds up the orders, and resamples whole matches: orders of one match share its luck. */
export function optimism(orders: readonly Compared[]): Optimism {
  const byMatch = new Map<string, Cluster>();
  for (const { match, better: dollars, real, paper } of orders) {
    const cluster = byMatch.get(match) ?? { dollars: 0, real: 0, paper: 0 };
    cluster.dollars += dollars;
    cluster.real += real.shares / 1_000_000;
    cluster.paper += paper.shares / 1_000_000;
    byMatch.set(match, cluster);
  }
  const clusters = [...byMatch.values()];
  const whole = sum(clusters);
  const point = { dollars: whole.dollars, centsPerShare: perShare(whole), shares: whole.real || whole.paper };
  if (clusters.length < 2) return { ...point, matches: clusters.length };
  const draw = generator(clusters.length);
  const dollars: number[] = [];
  const cents: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const resampled = sum(clusters.map(() => clusters[Math.floor(draw() * clusters.length)]!));
    dollars.push(resampled.dollars);
    cents.push(perShare(resampled));
  }
  return {
    ...point,
    matches: clusters.length,
    interval: { dollars: middle(dollars), centsPerShare: middle(cents) },
  };
}

function sum(clusters: readonly Cluster[]): Cluster {
  const total = { dollars: 0, real: 0, paper: 0 };
  for (const { dollars, real, paper } of clusters) {
    total.dollars += dollars;
    total.real += real;
    total.paper += paper;
  }
  return total;
}

function perShare({ dollars, real, paper }: Cluster): number {
  const shares = real || paper;
  return shares === 0 ? 0 : (100 * dollars) / shares;
}

function middle(values: number[]): readonly [number, number] {
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!;
  return [at(0.025), at(0.975)];
}

/** The same draws every time: a journal has one answer. */
function generator(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
