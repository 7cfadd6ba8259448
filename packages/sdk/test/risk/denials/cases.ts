import type { Intent } from "../../../src/events/index.ts";
import { id } from "../../../src/ids.ts";
import type { DENIAL_CODES, DenialCode } from "../../../src/risk/index.ts";
import type { TradingInput } from "../../../src/trading/index.ts";
import { held, intent, MARKET, px, ready, sh, usd, type World } from "../support.ts";

export interface Case {
  readonly name?: string;
  readonly intent?: Intent;
  readonly world?: World;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly detail: string;
}

export const sell = (overrides: Partial<Intent> = {}) =>
  intent({ side: "sell", purpose: "exit", limit: px(0.48), ...overrides });
export const owned = (by = "me", posture: "pair" | "directional" = "directional"): TradingInput => ({
  kind: "intent",
  strategyId: id(by),
  posture,
});
export const retried = (
  side: "buy" | "sell",
  shares: number,
  cost: number,
  outcome: 0 | 1 = 0,
): NonNullable<World["retrying"]>[number] => ({
  side,
  outcome,
  size: sh(shares),
  cost: usd(cost),
  fee: usd(0),
});
export const holding = { [MARKET]: [held(20, 10), held(0, 0)] as const };
export const pair = (yes: number, no: number): TradingInput => ({
  kind: "exposure",
  facts: { positions: [held(yes, 1), held(no, 1)], openOrders: false, openChain: false, dust: sh(0.01) },
});
export const after = (...inputs: ("stopEntries" | "reduceOnly" | "kill" | "drain")[]) => {
  const machine = ready();
  for (const input of inputs) machine[input]();
  return machine;
};
export const driven = (world: World): World => ({ truthDriven: true, ...world });

/** Codes that no single intent is denied with by the gate as it stands. */
type Otherwise = "STRATEGY_FAULT" | "NO_ORDER_TYPE" | "MARKET_NOT_FINAL" | "ORDER_RATE" | "RUNAWAY";

/** One case or more for every code of some groups: an intent that is denied with it, by the gate as it stands. */
export type Cases<Group extends (typeof DENIAL_CODES)[DenialCode]["group"]> = {
  readonly [
    Code in Exclude<DenialCode, Otherwise> as (typeof DENIAL_CODES)[Code]["group"] extends Group
      ? Code
      : never
  ]: readonly Case[];
};
