import { PairArb, type MarketDescription } from "@matchpoint/sdk";
import type { PaperBrokerOptions } from "@matchpoint/paper-broker";
import { expect } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { testMarket } from "../runtime/tape.ts";
import { FREE, held, placed } from "./support.ts";

/** First legs rest at once, 3 cents below the mid; the second leg is only taken, so that every price is the test's own. */
export const PARAMS = {
  calm_ms: 0,
  cooldown_ms: 0,
  calm_move: 1,
  leg2: "take",
  safety_margin: 0.02,
  pair_cost_cap: 0.99,
  stop_cost: 2,
};

interface Setting {
  readonly params?: Record<string, unknown>;
  readonly market?: Partial<MarketDescription>;
  readonly broker?: Partial<PaperBrokerOptions>;
  readonly risk?: Record<string, unknown>;
}

/** A market around 50 cents with both first legs resting at 47. */
export function quoting({ params, market, broker, risk }: Setting = {}): TestRun {
  const run = startRun([{ use: PairArb, params: { ...PARAMS, ...params } }], {
    ...(broker === undefined ? {} : { broker }),
    ...(risk === undefined ? {} : { config: { risk } }),
  });
  run.tape.market(testMarket({ ...FREE, ...market }));
  run.tape.book([[49, 500]], [[51, 500]]).wait(500);
  return run;
}

/** The same with 25 shares of outcome 0 bought at 47: somebody in a hurry has sold through our bid. */
export function oneLeg(setting: Setting = {}): TestRun {
  const run = quoting(setting);
  run.tape.trade("sell", 46, 500).wait(300);
  expect(held(run)).toEqual([25, 0]);
  return run;
}

export const hedges = (run: TestRun) => placed(run).filter(({ purpose }) => purpose === "hedge");
