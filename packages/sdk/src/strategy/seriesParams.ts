import { z } from "zod";

const chance = z.number().min(0).max(1);
const dollars = z.number().min(1).max(1_000_000);

/** Parameters of `series-consistency`. */
export const SERIES_CONSISTENCY_PARAMS = z.strictObject({
  edge_threshold: chance
    .default(0.015)
    .describe(
      "Smallest edge worth taking, `p - ask - fee`, in probability; `p` is what the book and its siblings come to together, each by how sure it is.",
    ),
  edge_max: chance
    .default(0.12)
    .describe("A larger edge is taken for our own error (stale book, wrong score) and left alone."),
  quote_sd: chance
    .default(0.015)
    .describe("One standard deviation of a mid as an opinion, beside what its spread leaves open."),
  blind_ms: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(30_000)
    .describe("Exit when the siblings have implied no price for so long."),
  entry_pause_ms: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(30_000)
    .describe("Pause between two entries in one market: the same difference is one bet."),
  later_sd: chance
    .default(0.06)
    .describe("One standard deviation of a game's price that is inferred from other games, in probability."),
  max_spread: chance
    .default(0.06)
    .describe("A sibling's price counts only while its bid and ask are not further apart than this."),
  min_weight: chance
    .default(0.25)
    .describe(
      "A game is priced from the series only while it moves the series by at least this much per unit: noise is divided by it.",
    ),
  min_played: chance
    .default(0.4)
    .describe(
      "A game's price counts only while the game is at least this likely to be played: if it is not, it pays half.",
    ),
  recheck_ms: z
    .int()
    .min(100)
    .max(600_000)
    .default(1_000)
    .describe("How often siblings are looked at: their changes call no hook of this market."),
  persist_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(2_000)
    .describe("How long an edge must have stood: books of one match follow each other within moments."),
  kelly_fraction: chance.default(0.25).describe("Fraction of full Kelly."),
  max_entry_usdc: dollars.default(25).describe("Most that one entry spends, in dollars."),
  max_match_usdc: dollars
    .default(60)
    .describe("Most that all positions and orders in markets of one match may cost together, in dollars."),
  max_slippage: chance
    .default(0.02)
    .describe("How far beyond the best price an entry or a hurried exit reaches."),
  target_gap: z
    .number()
    .min(-1)
    .max(1)
    .default(0.005)
    .describe("Exit at target: the bid has come within this of the implied price."),
  reversal: chance
    .default(0.06)
    .describe("Exit on reversal: the implied price has fallen this far below what it was at entry."),
  max_hold_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(1_800_000)
    .describe("Exit on time: held longer than this."),
  cooldown_ms: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(60_000)
    .describe("Pause after a position is gone, or an entry was refused."),
  exit_retry_ms: z.int().min(50).max(600_000).default(1_000).describe("Pause between attempts to exit."),
});
