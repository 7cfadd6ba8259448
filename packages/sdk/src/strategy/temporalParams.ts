import { z } from "zod";

/** Parameters of `temporal-arb`. */
export const TEMPORAL_ARB_PARAMS = z.strictObject({
  signal_move: z
    .number()
    .min(0)
    .max(1)
    .default(0.04)
    .describe("News: the implied probability has risen by at least this within `signal_window_ms`."),
  signal_window_ms: z.int().min(1).max(600_000).default(8_000).describe("How long news is worth trading."),
  edge_threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.04)
    .describe("Smallest edge worth taking: `p - ask - fee`, in probability."),
  edge_max: z
    .number()
    .min(0)
    .max(1)
    .default(0.15)
    .describe(
      "A larger edge is taken for our own error (stale book, wrong mapping, poor model) and left alone.",
    ),
  edge_growth: z
    .number()
    .min(0)
    .max(1)
    .default(0.03)
    .describe("The same news is traded again only when the edge has grown by this much since."),
  kelly_fraction: z.number().min(0).max(1).default(0.25).describe("Fraction of full Kelly."),
  model_trust: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      "Sizes by `ask + model_trust * share * (p - ask)`: how much of the difference to the market is believed; `share` by `market_sd`.",
    ),
  market_sd: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      "How far the market is from the truth after news, as one standard deviation m: with the model's sd s, the share of the model is m² / (m² + s²). 1 hardly looks at sd.",
    ),
  max_entry_usdc: z
    .number()
    .min(1)
    .max(1_000_000)
    .default(40)
    .describe("Most that one entry spends, in dollars."),
  max_position_usdc: z
    .number()
    .min(1)
    .max(1_000_000)
    .default(80)
    .describe("Most that the position may have cost, in dollars."),
  max_slippage: z
    .number()
    .min(0)
    .max(1)
    .default(0.03)
    .describe("How far beyond the best price an entry or a hurried exit may reach."),
  target_gap: z
    .number()
    .min(-1)
    .max(1)
    .default(0.01)
    .describe("Exit at target: the bid has come within this of the implied probability."),
  reversal: z
    .number()
    .min(0)
    .max(1)
    .default(0.08)
    .describe("Exit on reversal: the implied probability has fallen this far below what it was at entry."),
  max_hold_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(900_000)
    .describe("Exit on time: held longer than this."),
  exit_on_stale: z.boolean().default(true).describe("Exit when truth goes stale."),
  cooldown_ms: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(120_000)
    .describe("Pause after a position is gone: what has just turned may turn again."),
  denied_pause_ms: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(1_000)
    .describe("Pause after a denied or rejected entry: what was just refused will be refused again."),
  exit_retry_ms: z.int().min(50).max(600_000).default(1_000).describe("Pause between attempts to exit."),
});
