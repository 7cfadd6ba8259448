import { z } from "zod";

const ms = (fallback: number, least = 0) => z.int().min(least).max(86_400_000).default(fallback);

/** Parameters of `pair-arb`; prices and costs in dollars per share. */
export const PAIR_ARB_PARAMS = z.strictObject({
  leg1: z
    .enum(["rest", "take", "either"])
    .default("rest")
    .describe("How the first leg is bought: resting post-only, taken from the book, or either."),
  leg2: z
    .enum(["take", "either"])
    .default("either")
    .describe(
      "How the second leg is bought: only taken, or also resting post-only at the highest price that leaves the margin.",
    ),
  pair_cost_cap: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.985)
    .describe("Most that a pair may cost in all, fees included."),
  safety_margin: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.015)
    .describe(
      "A second leg is bought only when the pair costs less than `1 - safety_margin`, fees included.",
    ),
  clip_shares: z.number().min(1).max(1_000_000).default(25).describe("Shares per first leg."),
  min_liquidity_usdc: z
    .number()
    .min(0)
    .max(10_000_000)
    .default(50)
    .describe(
      "Dollars that must stand on the other leg's asks within `liquidity_band` before a first leg is bought.",
    ),
  liquidity_band: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("How far above the best ask that liquidity may stand, and a second leg may reach."),
  discount: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.03)
    .describe("How far below the mid and its own slow average a first leg is bid for."),
  average_half_life_ms: ms(90_000, 100).describe("Time over which that average forgets half."),
  calm_ms: ms(5_000).describe(
    "First legs only when the mid has kept still, and nothing has happened in the match, for this long.",
  ),
  calm_move: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("A mid that moves by more than this is not still."),
  cooldown_ms: ms(30_000).describe("Pause before the next first leg once a residual is gone."),
  min_price: z.number().min(0).max(1).default(0.1).describe("Lowest price of a first leg."),
  max_price: z.number().min(0).max(1).default(0.9).describe("Highest price of a first leg."),
  residual: z
    .enum(["complete", "unwind", "hold"])
    .default("complete")
    .describe("What becomes of a residual that could not be completed in time."),
  on_void: z
    .enum(["rehedge", "unwind", "hold"])
    .default("rehedge")
    .describe(
      "What becomes of a leg whose counterpart failed to settle: `rehedge` buys the counterpart again at once, for at most `max_completion_cost` per pair; `unwind` sells the leg at once, at a loss of at most `max_unwind_loss` per share; `hold` only waits for a counterpart that leaves the margin, else to the payout.",
    ),
  residual_timeout_ms: ms(120_000, 100).describe(
    "How long a residual waits for a second leg that leaves the margin.",
  ),
  stop_cost: z
    .number()
    .min(0.5)
    .max(2)
    .default(1.06)
    .describe(
      "A residual whose completion would cost more than this per pair counts as out of time at once.",
    ),
  max_completion_cost: z
    .number()
    .min(0.5)
    .max(1.5)
    .default(1.12)
    .describe(
      "With `complete` and `rehedge`: most that a late pair may cost, fees included; above it the residual is held.",
    ),
  max_unwind_loss: z
    .number()
    .min(0)
    .max(1)
    .default(0.08)
    .describe(
      "With either `unwind`: most that selling the residual may lose per share, fees included; above it the residual is held.",
    ),
  retry_ms: ms(2_000, 50).describe("Pause between attempts after the time-out."),
  denied_pause_ms: ms(2_000).describe(
    "Pause after a denial or rejection: what was just refused will be refused again.",
  ),
  requote_move: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe("A resting first leg moves only when its target is this far away."),
  min_rest_ms: ms(2_000).describe(
    "A resting first leg is left alone for at least this long while the book is calm.",
  ),
});
