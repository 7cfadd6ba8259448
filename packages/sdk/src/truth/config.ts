import { z } from "zod";

const milliseconds = z.int().min(0).max(86_400_000);
const silence = milliseconds.min(1);
const chance = z.number().gt(0.5).lt(1);
const advantage = z.number().min(0.5).lt(1);

/**
 * What users configure of the truth engine (`truth_engine` in the configuration). An unknown key is an error.
 *
 * The tiers here override what a feed says of itself: a source in `tier_a_sources` is tier A whatever its events say, and
 * one that is not listed there is never tier A, even if its events claim it (then it is B).
 */
export const TRUTH_CONFIG = z.strictObject({
  confirm_threshold: chance
    .default(0.9)
    .describe("Pooled posterior from which a result is effectively_final."),
  max_wait_ms: milliseconds
    .default(10_000)
    .describe(
      "How long effectively_final waits for a second upstream before it is flagged singleSource. Never makes final.",
    ),
  required_sources_for_final: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe("Different upstreams that must agree for final when no tier-A source states the result."),
  tier_a_sources: z
    .array(z.string().min(1))
    .default(["grid", "official"])
    .refine((sources) => !sources.includes("riot_gateway"), {
      message:
        "riot_gateway is an unofficial relay and cannot be tier A; a licensed relay is the source official",
    })
    .describe(
      "Sources whose result statement alone makes final. Not riot_gateway: an unofficial relay never does.",
    ),
  upstream_of: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe(
      "Per source: whose data it passes on, in place of what it says of itself. Sources of one upstream are one vote.",
    ),
  stale_ms_by_source: z
    .object({
      default: silence.default(30_000),
      grid: silence.default(30_000),
      pandascore: silence.default(15_000),
      riot_gateway: silence.default(45_000),
      steam: silence.default(45_000),
      opendota: silence.default(90_000),
      polymarket_sports: silence.default(120_000),
    })
    .catchall(silence)
    .prefault({})
    .describe(
      "Per source: silence during a match after which its word is stale, by the rhythm that it really has. default serves the others.",
    ),
  lag_ms_by_source: z
    .object({
      grid: milliseconds.default(1_000),
      official: milliseconds.default(1_000),
      pandascore: milliseconds.default(30_000),
      riot_gateway: milliseconds.default(45_000),
      steam: milliseconds.default(30_000),
      opendota: milliseconds.default(300_000),
      polymarket_sports: milliseconds.default(45_000),
      liquipedia: milliseconds.default(600_000),
    })
    .catchall(milliseconds)
    .prefault({})
    .describe(
      "Per source: how late it is taken to be until it has been measured. A source that is not named is of unknown lag until then.",
    ),
  lag_min_samples: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe("From how many measured facts a source's measured lag (90th percentile) counts."),
  max_signal_lag_ms: milliseconds
    .default(10_000)
    .describe(
      "News of a source that is later than this, or of unknown lag, never leads to an order that takes liquidity.",
    ),
  signal_lag_guard: z
    .enum(["on", "off"])
    .default("on")
    .describe("Whether that is enforced. off is for studies of what late news costs; reports say so."),
  market_move: z
    .strictObject({
      price: z.number().min(0.001).max(1).default(0.02),
      within_ms: milliseconds.min(100).max(60_000).default(5_000),
      before_ms: milliseconds.max(600_000).default(60_000),
      after_ms: milliseconds.max(600_000).default(10_000),
    })
    .prefault({})
    .describe(
      "When a market has reported something by itself: within `within_ms` its bid came `price` dollars above what the ask had been, or its ask as far below the bid, in the fact's direction, at most `before_ms` before a source states the fact or `after_ms` after.",
    ),
  source_accuracy: z
    .object({ tier_a: chance.default(0.99), tier_b: chance.default(0.95), tier_c: chance.default(0.9) })
    .catchall(chance)
    .prefault({})
    .describe(
      "How often a source's result statement is right. Keys are source ids; tier_a, tier_b, tier_c serve the others.",
    ),
  learn_reliability: z
    .enum(["off", "show", "use"])
    .default("show")
    .describe(
      "Whether sources' results are compared with what becomes final (show), and weighed by it (use): the learned accuracy takes the place of the configured one, and a source that is demoted counts a tier lower.",
    ),
  reliability: z
    .strictObject({
      min_results: z.int().min(1).max(100_000).default(50),
      at_least: z.number().min(0).max(1).default(0.9),
    })
    .prefault({})
    .describe(
      "When a source is demoted: after min_results graded results, the lower end of the 95 % Wilson interval of its share of right ones is below at_least.",
    ),
  postponed_void_after_ms: z
    .int()
    .min(0)
    .max(2_678_400_000)
    .default(604_800_000)
    .describe(
      "How long a match may be put off before it is void. Seven days is what most markets' rules say.",
    ),
  dispute_grace_ms: milliseconds
    .default(3_000)
    .describe("How long a contradiction may stand before the result is disputed."),
  effectively_final_p: chance
    .default(0.99)
    .describe("What an effectively_final result is worth as a probability."),
  map_advantage: z
    .strictObject({
      lol: advantage.default(0.74),
      cs2: advantage.default(0.75),
      dota2: advantage.default(0.7),
      valorant: advantage.default(0.72),
      other: advantage.default(0.65),
    })
    .prefault({})
    .describe(
      "Per title: how often the team in front wins the game; what is said where a title's model cannot read the state.",
    ),
});

/** The checked configuration of the truth engine. */
export type TruthConfig = z.output<typeof TRUTH_CONFIG>;

/** All defaults. */
export const TRUTH_DEFAULTS: TruthConfig = TRUTH_CONFIG.parse({});

/** A source's value in a table with defaults. Only own keys count: a source may be called `constructor`. */
function own(table: Readonly<Record<string, number>>, key: string, fallback: number): number {
  return Object.hasOwn(table, key) ? table[key]! : fallback;
}

/** Silence after which a source's word is stale, in ms. */
export function staleMs(config: TruthConfig, source: string): number {
  return own(config.stale_ms_by_source, source, config.stale_ms_by_source.default);
}

/** How late a source is taken to be before it was measured, in ms; `undefined` when nobody said. */
export function declaredLagMs(config: TruthConfig, source: string): number | undefined {
  const table: Readonly<Record<string, number>> = config.lag_ms_by_source;
  return Object.hasOwn(table, source) ? table[source] : undefined;
}

/** Whose data a source passes on: what the configuration says, else what the source does. */
export function upstreamOf(config: TruthConfig, source: string, claimed: string): string {
  if (Object.hasOwn(config.upstream_of, source)) return config.upstream_of[source]!;
  return claimed === "" ? source : claimed;
}

/** The tier that counts: the configuration's, not the feed's. */
export function effectiveTier(
  config: TruthConfig,
  source: string,
  claimed: "A" | "B" | "C",
): "A" | "B" | "C" {
  if (config.tier_a_sources.includes(source)) return "A";
  return claimed === "C" ? "C" : "B";
}

/** How often a source's result statement is right. */
export function accuracyOf(config: TruthConfig, source: string, tier: "A" | "B" | "C"): number {
  const table = config.source_accuracy;
  return own(table, source, tier === "A" ? table.tier_a : tier === "B" ? table.tier_b : table.tier_c);
}
