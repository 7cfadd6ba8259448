import fc from "fast-check";
import { id, type MarketId, type StrategyId } from "../../src/ids.ts";
import type { HaltCause, Position, Posture, TruthStatus } from "../../src/state/index.ts";
import type { Nanos, Shares, Usdc } from "../../src/units/index.ts";
import {
  HALT_CAUSES,
  MarketTrading,
  type Claimant,
  type ExposureFacts,
  type TradingChange,
  type TradingInput,
  type TradingOptions,
} from "../../src/trading/index.ts";

export const MARKET: MarketId = id("0xmarket");
export const DUST = 10_000 as Shares;
export const ALICE: Claimant = { strategyId: id<StrategyId>("alice"), posture: "pair" };
export const BOB: Claimant = { strategyId: id<StrategyId>("bob"), posture: "directional" };
export const STRICT: TradingOptions = { finalizingAllowReduce: false, haltAllowReduce: false };
export const LENIENT: TradingOptions = { finalizingAllowReduce: true, haltAllowReduce: true };
export const CAUSES = Object.keys(HALT_CAUSES) as HaltCause[];

export function position(shares: number): Position {
  const matched = Math.round(shares * 1_000_000) as Shares;
  return { matched, settled: 0 as Shares, cost: Math.floor(matched / 2) as Usdc, openedAt: undefined };
}

/** Facts by whole shares of both outcomes and what is open: `o` orders or trades, `c` chain actions. */
export function facts(yes: number, no: number, open: "" | "o" | "c" = ""): ExposureFacts {
  return {
    positions: [position(yes), position(no)],
    openOrders: open === "o",
    openChain: open === "c",
    dust: DUST,
  };
}

export const intent = (by: Claimant): TradingInput => ({ kind: "intent", ...by });
export const exposure = (...args: Parameters<typeof facts>): TradingInput => ({
  kind: "exposure",
  facts: facts(...args),
});
export const halt = (cause: HaltCause): TradingInput => ({ kind: "halt", cause });
export const clear = (cause: HaltCause): TradingInput => ({ kind: "clear", cause });
export const truth = (status: TruthStatus): TradingInput => ({ kind: "own_truth", status });
export const RESUME: TradingInput = { kind: "operator_resume" };
export const RESOLVED: TradingInput = { kind: "venue_resolution" };

/** A machine that was told these inputs, none of which may be illegal. */
export function after(...inputs: TradingInput[]): MarketTrading {
  const trading = new MarketTrading(MARKET);
  run(trading, ...inputs);
  return trading;
}

/** Tells a machine inputs, one nanosecond apart, and returns what the last one did. */
export function run(trading: MarketTrading, ...inputs: TradingInput[]): TradingChange {
  let last: TradingChange | undefined;
  inputs.forEach((input, i) => {
    last = trading.apply(input, (i + 1) as Nanos);
    if (last.illegal !== undefined) throw new TypeError(last.illegal);
  });
  if (last === undefined) throw new TypeError("no input");
  return last;
}

export const TRUTHS: readonly TruthStatus[] = [
  "scheduled",
  "live",
  "paused",
  "effectively_final",
  "final",
  "disputed",
  "retracted",
  "void",
  "not_played",
];

const amount = fc.constantFrom(0, 0, 0.003, 5, 5.005, 12);
const anyFacts = fc.record({
  yes: amount,
  no: amount,
  open: fc.constantFrom<"" | "o" | "c">("", "", "o", "c"),
});
const claimant = fc.record({
  strategyId: fc.constantFrom(id<StrategyId>("alice"), id<StrategyId>("bob")),
  posture: fc.constantFrom<Posture>("pair", "directional"),
});

const factsInput = (kind: "exposure" | "merge_final" | "pair_broken"): fc.Arbitrary<TradingInput> =>
  anyFacts.map(({ yes, no, open }) => ({ kind, facts: facts(yes, no, open) }));

/** Any input, in any order. */
export const anyInput: fc.Arbitrary<TradingInput> = fc.oneof(
  { weight: 4, arbitrary: claimant.map(intent) },
  { weight: 6, arbitrary: factsInput("exposure") },
  { weight: 1, arbitrary: factsInput("merge_final") },
  { weight: 1, arbitrary: factsInput("pair_broken") },
  { weight: 2, arbitrary: fc.constantFrom(...CAUSES).map(halt) },
  { weight: 5, arbitrary: fc.constantFrom(...CAUSES).map(clear) },
  { weight: 3, arbitrary: fc.constant(RESUME) },
  { weight: 3, arbitrary: fc.constantFrom(...TRUTHS).map(truth) },
  { weight: 1, arbitrary: fc.constant(RESOLVED) },
);
