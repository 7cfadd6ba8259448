import { z } from "zod";

const MOST_MS = 2_592_000_000;
const ms = z.number().min(0).max(MOST_MS);
const chance = z.number().min(0).max(1);
const onOff = z.enum(["on", "off"]);

/** A way that takes always as long, or what was measured of it. */
const leg = z
  .union([
    ms,
    z
      .array(z.tuple([chance, ms]))
      .min(1)
      .max(200),
  ])
  .superRefine((given, ctx) => {
    if (typeof given === "number") return;
    given.slice(1).forEach(([share, value], n) => {
      const [shareBefore = 0, valueBefore = 0] = given[n] ?? [];
      const refuse = (at: 0 | 1, message: string): void => {
        ctx.addIssue({ code: "custom", path: [n + 1, at], message });
      };
      if (share <= shareBefore) refuse(0, "must be above the share before it");
      if (value < valueBefore) refuse(1, "must not be below the value before it");
    });
  })
  .exactOptional();

/** The tiers of the venue's rate limits, and none. */
const RATE_LIMITS = [
  "off",
  "standard",
  "copper",
  "bronze",
  "silver",
  "gold",
  "platinum",
  "diamond",
  "elite",
] as const;

/** How the paper venue behaves. What is left out has the paper broker's default, which is as real as is known. */
export const PAPER_CONFIG = z.strictObject({
  collateral_usdc: z
    .number()
    .min(0)
    .max(1_000_000_000)
    .default(1_000)
    .describe("Dollars on the paper account."),
  realism: onOff
    .default("on")
    .describe(
      "`off`: what is not stated below is ideal (constant latencies, nothing fails, no limits, no restarts), and the run's account says so.",
    ),
  latency: z
    .strictObject({
      table: z
        .enum(["uncalibrated-1", "constant-1"])
        .exactOptional()
        .describe("Which version of the latencies holds for what is not stated. Default `uncalibrated-1`."),
      feed_ms: leg.describe(
        "From something happening at the venue until its market data is here. Milliseconds, or quantiles.",
      ),
      place_ms: leg.describe(
        "From handing over an order until the matching engine has it. Milliseconds, or quantiles.",
      ),
      cancel_ms: leg.describe(
        "From handing over a cancel until the matching engine has it. Milliseconds, or quantiles.",
      ),
      ack_ms: leg.describe(
        "From the engine's decision until its answer is here. Milliseconds, or quantiles.",
      ),
      fill_report_ms: leg.describe("From a fill until word of it is here. Milliseconds, or quantiles."),
      mined_ms: leg.describe("From a match until it is mined. Milliseconds, or quantiles."),
      confirmed_ms: leg.describe("From a match until it is confirmed. Milliseconds, or quantiles."),
      chain_ms: leg.describe(
        "From sending a merge, split or redeem until it is final. Milliseconds, or quantiles.",
      ),
      jitter_ms: ms.exactOptional().describe("Added to each of them, up to so much."),
    })
    .prefault({})
    .describe(
      "How long things take: milliseconds, or quantiles `[[0.05, 40], [0.5, 58], [0.95, 90]]` that `paper-check` measures.",
    ),
  faults: z
    .strictObject({
      trade_fail: chance
        .exactOptional()
        .describe("Matched trades that fail on the chain and are voided. Default 0.02."),
      trade_fail_adverse: chance
        .exactOptional()
        .describe("How much that depends on the trade having been a good one for us. Default 0.67."),
      trade_retry: chance
        .exactOptional()
        .describe("Trades that are not mined at the first try. Default 0.05."),
      chain_revert: chance.exactOptional().describe("Merges and redemptions that revert. Default 0.01."),
      duplicate_report: chance.exactOptional().describe("Trade reports that come twice. Default 0.01."),
    })
    .prefault({})
    .describe("Probabilities of things going wrong."),
  fill_model: z
    .enum(["queue", "touch", "worst_queue", "through"])
    .default("queue")
    .describe(
      "When a resting order is taken to be filled: `queue` is the base case, `touch` the optimistic one, `worst_queue` and `through` the pessimistic ones. The first three are reported side by side whatever this says.",
    ),
  queue_exponent: z
    .number()
    .min(0)
    .max(10)
    .exactOptional()
    .describe(
      "Of the base case: a cancelled share stood behind us with probability behind^n / (behind^n + ahead^n). Default 1.",
    ),
  stale_book_ms: ms
    .exactOptional()
    .describe("A book of which nothing was heard for longer fills nothing; 0: of any age. Default 300000."),
  rate_limit: z
    .enum(RATE_LIMITS)
    .exactOptional()
    .describe("The venue's limit on orders and cancels, by its tiers. Default `standard`."),
  restarts: z
    .strictObject({
      every_ms: ms.exactOptional().describe("Once in each such span; 0: never. Default a week."),
      down_ms: ms.exactOptional().describe("How long nothing is answered. Default 90000."),
      post_only_ms: ms
        .exactOptional()
        .describe("How long only post-only orders are taken afterwards. Default 120000."),
    })
    .prefault({})
    .describe("When the venue's matching engine restarts."),
  scenarios: onOff
    .exactOptional()
    .describe("Whether the account is also drawn up as an optimist and a pessimist have it. Default `on`."),
});
