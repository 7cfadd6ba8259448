import { notional, takerFee, PRICE_ONE, type Shares, type Usdc } from "@matchpoint/sdk";
import type { Bench } from "../bench.ts";
import type { ChosenMarket } from "../market.ts";
import { tryHeaders, trySkew } from "./answers.ts";
import { tryDuplicate } from "./duplicate.ts";
import { SPEND, tryFak } from "./fak.ts";
import { LEADS, tryGtd } from "./gtd.ts";
import { tryHeartbeat } from "./heartbeat.ts";
import { tryResting } from "./resting.ts";
import { tryTerms } from "./terms.ts";

/** A group of open points, and what trying it posts. */
interface PointGroup {
  readonly run: (bench: Bench) => Promise<void> | void;
  /** Post-only orders of the market's smallest size. */
  readonly resting: number;
  /** FAK orders of {@link SPEND}. */
  readonly taking: number;
}

/**
 * What is tried, in this order: what only asks comes first, and heartbeats last, because orders that rest after the first one are
 * cancelled when they stop.
 */
export const POINTS: Readonly<Record<string, PointGroup>> = {
  terms: { run: tryTerms, resting: 0, taking: 0 },
  clock: { run: trySkew, resting: 0, taking: 0 },
  order: { run: tryResting, resting: 1, taking: 0 },
  gtd: { run: tryGtd, resting: LEADS.length, taking: 0 },
  fak: { run: tryFak, resting: 0, taking: 1 },
  duplicate: { run: tryDuplicate, resting: 2, taking: 0 },
  heartbeat: { run: tryHeartbeat, resting: 1, taking: 0 },
  limits: { run: tryHeaders, resting: 0, taking: 0 },
};

/** What all orders of some groups cost when every one of them is filled, fees included. */
export function costOf(names: readonly string[], { market, price }: ChosenMarket): Usdc {
  const shares = Math.ceil((SPEND * PRICE_ONE) / price) as Shares;
  const taking = SPEND + (market.fee === undefined ? 0 : takerFee(shares, price, market.fee));
  let cost = 0;
  for (const name of names) {
    const group = POINTS[name]!;
    cost += group.resting * notional(market.minSize, price, "up") + group.taking * taking;
  }
  return cost as Usdc;
}
