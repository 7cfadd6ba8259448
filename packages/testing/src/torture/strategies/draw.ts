import {
  ModelMaker,
  PairArb,
  parseConfig,
  TemporalArb,
  type BotConfig,
  type BotConfigInput,
  type StrategyClass,
  type StrategyUse,
} from "@matchpoint/sdk";
import type { Prng } from "../../simulator/prng.ts";
import type { Dice } from "../kernel/dice.ts";
import type { DrawnStrategies } from "../program/supervisor.ts";
import { TortureMaker, TorturePair, TortureTaker } from "./hyperactive.ts";

/** Limits out of the way, so that more happens. */
const WIDE: NonNullable<BotConfigInput["risk"]> = {
  max_order_usdc: 200,
  max_market_usdc: 3_000,
  max_match_usdc: 5_000,
  max_account_usdc: 8_000,
  max_unsettled_usdc: 8_000,
  max_daily_loss_usdc: 5_000,
  max_orders_per_minute: 600,
  duplicate_window_ms: 0,
};
/** Close enough to be met all the time. */
const TIGHT: NonNullable<BotConfigInput["risk"]> = {
  max_order_usdc: 12,
  max_market_usdc: 40,
  max_match_usdc: 60,
  max_account_usdc: 90,
  max_unsettled_usdc: 50,
  max_daily_loss_usdc: 5,
  max_open_orders: 6,
  max_open_orders_per_market: 3,
  max_book_age_ms: 3_000,
  max_orders_per_minute: 20,
  duplicate_window_ms: 1_000,
};
/** Limits in dollars that are met, and nothing else in the way: what is held and what may come back have to add up. */
const CLOSE: NonNullable<BotConfigInput["risk"]> = {
  ...WIDE,
  max_order_usdc: 20,
  max_market_usdc: 50,
  max_match_usdc: 80,
  max_account_usdc: 100,
  max_unsettled_usdc: 90,
};
const RISKS = { default: {}, wide: WIDE, tight: TIGHT, close: CLOSE } as const;
const GATES = ["matched", "mined", "confirmed"] as const;
const parsed = new Map<string, BotConfig>();

/** What few configure: drawn by itself, so that it meets all the others. */
function drawExtras(draw: Prng): NonNullable<BotConfigInput["risk"]> {
  const curve = draw.pick(["none", "none", "grossman_zhou", "table"] as const);
  const points = [
    { drawdown: 0.01, multiplier: 0.5 },
    { drawdown: 0.1, multiplier: draw.pick([0, 0.2]) },
  ];
  const drawdown =
    curve === "table"
      ? { curve, points }
      : { curve, alpha: draw.pick([0.8, 0.95]), floor: draw.pick([0, 0.1]) };
  return {
    kill_cooldown_ms: draw.int(1_000, 5_000),
    drawdown: curve === "none" ? {} : drawdown,
    ...(draw.chance(0.3) ? { max_tournament_usdc: draw.pick([15, 40]) } : {}),
    max_daily_loss_action: draw.chance(0.3) ? "kill" : "stop_entries",
    breaker_resume: draw.chance(0.3) ? "operator" : "cooldown",
    halt: { allow_reduce: draw.chance(0.3) },
    finalizing: { allow_reduce: draw.chance(0.3) },
    // Below the limit of a market: what counts together is met before what stands by itself.
    ...(draw.chance(0.15) ? { max_match_usdc: draw.pick([15, 35]) } : {}),
    breaker_cooldown_ms: draw.pick([2_000, 60_000]),
    max_consecutive_rejects_per_market: draw.pick([2, 5]),
  };
}

/** A curve that begins with the first cents that are lost, beside limits that are near: then it is what holds an order back. */
function drawSteep(draw: Prng): NonNullable<BotConfigInput["risk"]> {
  const first = draw.pick([0.0002, 0.001, 0.005]);
  const multiplier = draw.pick([0.2, 0.4]);
  const points = [
    { drawdown: first, multiplier },
    { drawdown: first * 10, multiplier: multiplier / 4 },
  ];
  const drawdown = { curve: "table", floor: draw.pick([0, 0.05]), points } as const;
  return draw.chance(0.25) ? { drawdown } : {};
}

/**
 * Whether what is bought is sold at once, before anybody knows that it is there: what fails then is short, and what is sold is spent
 * while it may come back.
 */
export function drawFlips(dice: Dice): boolean {
  return dice.stream("flips").chance(0.1);
}

/** Rates at which a strategy is halted, or the account killed, that are reached: drawn by themselves, too. */
function drawRates(draw: Prng): NonNullable<NonNullable<BotConfigInput["risk"]>["runaway"]> {
  const rates = draw.pick([
    { strategy_usdc_per_minute: draw.int(50, 200) },
    { max_usdc_per_minute: draw.int(50, 200) },
    { strategy_orders_per_second: draw.int(2, 5) },
    { max_orders_per_second: draw.int(2, 5) },
    { strategy_cancels_per_fill: draw.int(2, 10) },
  ]);
  return draw.chance(0.15) ? rates : {};
}

/** How a run is configured: with the defaults, with wide limits, with tight ones, or with limits in dollars alone. */
export function drawConfig(dice: Dice, given: BotConfigInput | undefined, flips = false): BotConfig {
  const draw = dice.stream("config");
  const drawn = draw.pick(["default", "wide", "wide", "tight", "close"] as const);
  const ofDraw = draw.pick(GATES);
  const limits = flips ? "wide" : drawn;
  const gate = flips ? "matched" : ofDraw;
  const steep = drawSteep(dice.stream("drawdown"));
  const extras = {
    ...drawExtras(dice.stream("limits")),
    runaway: drawRates(dice.stream("rates")),
    ...(limits === "wide" ? {} : steep),
  };
  // Few enough for a flood to reach it within a hook or two.
  const timers = dice.has("timer_flood") ? { max_timers: dice.stream("timers").int(8, 40) } : {};
  if (given === undefined)
    return parseConfig({
      risk: { ...RISKS[limits], ...extras },
      engine: {
        sell_gate: gate,
        fault_cooldown_ms: 5_000,
        chain_retry_ms: 2_000,
        resume_after_ms: 500,
        ...timers,
      },
    });
  const key = JSON.stringify(given);
  const config = parsed.get(key) ?? parseConfig(given);
  parsed.set(key, config);
  return config;
}

const ALONGSIDE: ReadonlySet<StrategyUse> = new Set();
/** How often one that does far too much runs apart although nothing is wrong with its worker. */
const APART = 0.01;

/** Which strategies trade: the user's own, or some of those that do far too much, beside the product's. */
export function drawStrategies(
  dice: Dice,
  own: readonly StrategyUse[] | undefined,
  flips = false,
): DrawnStrategies {
  if (own !== undefined) return { strategies: own, apart: ALONGSIDE };
  const draw = dice.stream("strategies");
  const everyNth = (kind: "strategy_throws" | "strategy_nonsense"): number =>
    dice.has(kind) && dice.due(kind) ? Math.max(3, Math.round(1 / Math.max(0.01, dice.rate(kind)))) : 0;
  const params = {
    throwEvery: everyNth("strategy_throws"),
    nonsenseEvery: everyNth("strategy_nonsense"),
    runawayEvery: dice.due("strategy_runaway") ? draw.int(10, 60) : 0,
    floodEvery: dice.due("timer_flood") ? dice.stream("timers").int(10, 40) : 0,
    pace: draw.int(1, 3),
    eager: draw.chance(0.5),
    flips,
  };
  const wild: readonly StrategyClass[] = [TortureTaker, TortureMaker, TorturePair];
  const tame: readonly StrategyUse[] = [
    {
      use: PairArb,
      params: {
        leg1: "either",
        calm_ms: 500,
        cooldown_ms: 2_000,
        discount: 0,
        min_liquidity_usdc: 1,
        pair_cost_cap: 1,
      },
    },
    { use: TemporalArb, params: {} },
    { use: ModelMaker, params: { reference: draw.pick(["model", "microprice"]) } },
  ];
  const use = draw.pick(wild);
  const first: StrategyUse = flips
    ? { use: TortureTaker, params: { ...params, pace: 1, eager: true } }
    : { use, params };
  const fails = dice.has("worker_late") || dice.has("worker_garbage") || dice.has("worker_dies");
  const apart = dice.stream("apart").chance(APART) || fails ? new Set([first]) : ALONGSIDE;
  if (draw.chance(0.4)) return { strategies: [first], apart };
  return { strategies: draw.chance(0.5) ? [draw.pick(tame), first] : [first, draw.pick(tame)], apart };
}
