import { z } from "zod";
import {
  PRICE_ONE,
  SHARES_ONE,
  USDC_ONE,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import { NANOS_PER_MS } from "../units/index.ts";
import { DRAWDOWN_CONFIG, type DrawdownConfig } from "./drawdown.ts";
import { RUNAWAY_CONFIG, runawayLimits, type RunawayLimits } from "./runaway.ts";

const dollars = (fallback: number) => z.number().min(0).max(1_000_000_000).default(fallback);
const count = (fallback: number) => z.number().int().min(0).max(1_000_000).default(fallback);
const millis = (fallback: number) => z.number().int().min(0).max(86_400_000).default(fallback);
const fraction = (fallback: number) => z.number().min(0).max(1).default(fallback);

/**
 * Limits and gates of the risk room, with keys as in the configuration file. Money is in dollars, prices in dollars per
 * share. The defaults suit a paper account of $1,000. An unknown key is an error.
 */
export const RISK_CONFIG = z
  .strictObject({
    max_order_usdc: dollars(50).describe("Most dollars, fees not included, that one order may cost."),
    max_market_usdc: dollars(150).describe(
      "Most dollars in one market: cost of what is held plus the worst case of open orders.",
    ),
    max_match_usdc: dollars(250).describe(
      "The same over all markets of one match: its series and its games are one bet.",
    ),
    max_tournament_usdc: z
      .number()
      .min(0)
      .max(1_000_000_000)
      .exactOptional()
      .describe(
        "The same over all matches of one tournament (`league`); markets of which no league is known count as one. Absent: only `max_account_usdc` holds.",
      ),
    max_account_usdc: dollars(600).describe("The same over the whole account."),
    max_unsettled_usdc: dollars(400).describe(
      "Most dollars held in shares whose trades are not confirmed yet.",
    ),
    max_daily_loss_usdc: dollars(100).describe(
      "Entries end for the UTC day once this much was lost: realized, and what is held at its best bid. A loss by bids alone has to stand for five seconds to end the day.",
    ),
    max_daily_loss_action: z
      .enum(["stop_entries", "kill"])
      .default("stop_entries")
      .describe(
        "What a day's loss brings: no entries until the next UTC day, or a kill, which only an operator ends.",
      ),
    kill_cooldown_ms: millis(60_000).describe(
      "An operator's resume is refused for this long after any kill; 0: never.",
    ),
    drawdown: DRAWDOWN_CONFIG,
    max_consecutive_rejects_per_market: count(5).describe(
      "So many orders of one market rejected in a row halt it (`breaker`); what found no match, or would have crossed, does not count. Four buys in a row, over all markets, that were refused for want of balance keep the wallet from entries for as long. 0: no limit, of neither kind.",
    ),
    max_cancel_failures_per_market: count(5).describe(
      "So many cancels of one market that fail in a row halt it (`breaker`). 0: no limit.",
    ),
    max_order_latency_ms: millis(10_000).describe(
      "An order without the venue's answer for so long halts its market (`breaker`). 0: no limit.",
    ),
    breaker_cooldown_ms: millis(60_000).describe(
      "How long a market rests that its breaker has halted; each further failure begins it anew.",
    ),
    breaker_resume: z
      .enum(["cooldown", "operator"])
      .default("cooldown")
      .describe(
        "What ends a halt by the breaker: its cool-down or an operator's resume, or only the latter.",
      ),
    runaway: RUNAWAY_CONFIG,
    max_open_orders: count(40).describe("Most orders that are not terminal, in the account."),
    max_open_orders_per_market: count(12).describe("The same per market."),
    max_orders_per_minute: count(120).describe("Most orders sent per market within a minute."),
    exit_orders_per_minute: count(30).describe(
      "How many exits per market and minute may be sent on top of that.",
    ),
    duplicate_window_ms: millis(5_000).describe(
      "How long the same order, while it is open, counts as sent twice by mistake.",
    ),
    min_price: fraction(0.01).describe("Lowest price of an entry."),
    max_price: fraction(0.99).describe("Highest price of an entry."),
    max_slippage: fraction(0.1).describe(
      "How far beyond the best price the limit of an order that takes liquidity may lie.",
    ),
    max_fill_slippage_usdc: z
      .number()
      .min(0)
      .max(1)
      .exactOptional()
      .describe(
        "Most dollars per share by which the average price that the book gives an order's whole size, level by level, may be worse than its best price. Absent: no such limit; `max_slippage` only looks at the limit.",
      ),
    max_spread: fraction(0.15).describe("Widest spread that an entry may cross."),
    min_liquidity_usdc: dollars(1).describe(
      "Least dollars that must be on offer within the limit before an entry takes any of it.",
    ),
    max_depth_fraction: fraction(1).describe(
      "Most of what is on offer within the limit that an entry may ask for; 1: no limit, the venue fills no more than there is.",
    ),
    max_taker_delay_ms: millis(0).describe(
      "Longest delay of a market (`secondsDelay`) at which an entry may take liquidity; 0: no limit.",
    ),
    max_book_age_ms: millis(120_000).describe(
      "How long a book may go without an update before it is too old to enter by; 0: no limit.",
    ),
    max_loop_stall_ms: millis(250).describe(
      "Once the process did nothing for longer than this, the books that it has count as too old to enter by until it has gone on for as long again, at most ten seconds: what it reads meanwhile may have waited. 0: no limit.",
    ),
    allow_synthetic_book: z
      .boolean()
      .default(true)
      .describe(
        "Whether books without a first snapshot, driven by the venue's best prices, may be traded on.",
      ),
    resolution_filter: z
      .enum(["refuse", "warn", "off"])
      .default("refuse")
      .describe(
        "What is done about a market whose rules text is not understood: its entries are refused, or an alarm tells of it, or nothing. Markets without a text are let through.",
      ),
    max_leg_imbalance_usdc: dollars(60).describe(
      "For pair strategies: most dollars that may be held without the other leg.",
    ),
    max_leg_imbalance_shares: z
      .number()
      .min(0)
      .max(1_000_000_000)
      .default(150)
      .describe("For pair strategies: most shares that may be held without the other leg."),
    finalizing: z
      .strictObject({
        allow_reduce: z
          .boolean()
          .default(false)
          .describe("Whether positions may be reduced while a market settles."),
      })
      .prefault({}),
    halt: z
      .strictObject({
        allow_reduce: z
          .boolean()
          .default(false)
          .describe("Whether positions may be reduced while a market is halted."),
      })
      .prefault({}),
  })
  .refine((config) => config.min_price < config.max_price, {
    path: ["min_price"],
    message: "must be below max_price",
  })
  .prefault({});

/** The risk room's configuration with every default filled in. */
export type RiskConfig = z.output<typeof RISK_CONFIG>;

/** The same in the units of the core. */
export interface RiskLimits {
  readonly maxOrder: Usdc;
  readonly maxMarket: Usdc;
  readonly maxMatch: Usdc;
  /** Absent: no limit. */
  readonly maxTournament: Usdc | undefined;
  readonly maxAccount: Usdc;
  readonly maxUnsettled: Usdc;
  readonly maxDailyLoss: Usdc;
  readonly killOnDailyLoss: boolean;
  readonly killCooldown: Nanos;
  readonly drawdown: DrawdownConfig;
  readonly maxConsecutiveRejects: number;
  readonly maxCancelFailures: number;
  /** 0: no limit. */
  readonly maxOrderLatency: Nanos;
  readonly breakerCooldownMs: number;
  readonly breakerByOperator: boolean;
  readonly runaway: RunawayLimits;
  readonly maxOpenOrders: number;
  readonly maxOpenOrdersPerMarket: number;
  readonly maxOrdersPerMinute: number;
  readonly exitOrdersPerMinute: number;
  readonly duplicateWindow: Nanos;
  readonly minPrice: Price;
  readonly maxPrice: Price;
  readonly maxSlippage: Price;
  /** Absent: no limit. */
  readonly maxFillSlippage: Price | undefined;
  readonly maxSpread: Price;
  readonly minLiquidity: Usdc;
  readonly maxDepthFraction: number;
  /** 0: no limit. */
  readonly maxTakerDelayMs: number;
  readonly maxBookAge: Nanos;
  readonly allowSyntheticBook: boolean;
  /** Whether entries need a rules text that is understood, where there is one. */
  readonly refuseUnclearRules: boolean;
  readonly maxLegImbalance: Usdc;
  readonly maxLegImbalanceShares: Shares;
  readonly finalizingAllowReduce: boolean;
  readonly haltAllowReduce: boolean;
}

const floorTo = (value: number, scale: number): number => Math.floor(value * scale + 1e-6);
const nanos = (ms: number): Nanos => (ms * NANOS_PER_MS) as Nanos;

/** Converts a configuration to limits. What a unit cannot hold exactly is rounded toward the stricter side. */
export function riskLimits(config: RiskConfig): RiskLimits {
  const usd = (value: number): Usdc => floorTo(value, USDC_ONE) as Usdc;
  const price = (value: number): Price => floorTo(value, PRICE_ONE) as Price;
  return {
    maxOrder: usd(config.max_order_usdc),
    maxMarket: usd(config.max_market_usdc),
    maxMatch: usd(config.max_match_usdc),
    maxTournament: config.max_tournament_usdc === undefined ? undefined : usd(config.max_tournament_usdc),
    maxAccount: usd(config.max_account_usdc),
    maxUnsettled: usd(config.max_unsettled_usdc),
    maxDailyLoss: usd(config.max_daily_loss_usdc),
    killOnDailyLoss: config.max_daily_loss_action === "kill",
    killCooldown: nanos(config.kill_cooldown_ms),
    drawdown: config.drawdown,
    maxConsecutiveRejects: config.max_consecutive_rejects_per_market,
    maxCancelFailures: config.max_cancel_failures_per_market,
    maxOrderLatency: nanos(config.max_order_latency_ms),
    breakerCooldownMs: config.breaker_cooldown_ms,
    breakerByOperator: config.breaker_resume === "operator",
    runaway: runawayLimits(config.runaway, config.max_order_usdc, config.max_open_orders),
    maxOpenOrders: config.max_open_orders,
    maxOpenOrdersPerMarket: config.max_open_orders_per_market,
    maxOrdersPerMinute: config.max_orders_per_minute,
    exitOrdersPerMinute: config.exit_orders_per_minute,
    duplicateWindow: nanos(config.duplicate_window_ms),
    minPrice: Math.ceil(config.min_price * PRICE_ONE - 1e-6) as Price,
    maxPrice: price(config.max_price),
    maxSlippage: price(config.max_slippage),
    maxFillSlippage:
      config.max_fill_slippage_usdc === undefined ? undefined : price(config.max_fill_slippage_usdc),
    maxSpread: price(config.max_spread),
    minLiquidity: Math.ceil(config.min_liquidity_usdc * USDC_ONE - 1e-6) as Usdc,
    maxDepthFraction: config.max_depth_fraction,
    maxTakerDelayMs: config.max_taker_delay_ms,
    maxBookAge: nanos(config.max_book_age_ms),
    allowSyntheticBook: config.allow_synthetic_book,
    refuseUnclearRules: config.resolution_filter === "refuse",
    maxLegImbalance: usd(config.max_leg_imbalance_usdc),
    maxLegImbalanceShares: floorTo(config.max_leg_imbalance_shares, SHARES_ONE) as Shares,
    finalizingAllowReduce: config.finalizing.allow_reduce,
    haltAllowReduce: config.halt.allow_reduce,
  };
}
