import { z } from "zod";

/** How the engine settles and prices what no room below decides. Keys are as in the configuration file. */
export const ENGINE_CONFIG = z
  .strictObject({
    sell_gate: z
      .enum(["matched", "mined", "confirmed"])
      .default("mined")
      .describe("What may be sold again: shares by trades that are at least matched, mined or confirmed."),
    auto_merge: z
      .boolean()
      .default(true)
      .describe("Merge complete pairs as soon as both legs are confirmed."),
    min_merge_shares: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(1)
      .describe("Pairs below this many shares are not worth a merge."),
    dust_shares: z
      .number()
      .min(0)
      .max(10)
      .default(0.02)
      .describe(
        "A residual of at most this many shares counts as nothing (the venue truncates sizes to a hundredth of a share).",
      ),
    resume_after_ms: z
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(2_000)
      .describe("How long a book must be whole and quiet after a gap before trading goes on."),
    fault_cooldown_ms: z
      .number()
      .int()
      .min(0)
      .max(86_400_000)
      .default(60_000)
      .describe("How long a market rests after one of its strategies threw."),
    chain_retry_ms: z
      .number()
      .int()
      .min(100)
      .max(3_600_000)
      .default(15_000)
      .describe(
        "How long to wait before a reverted merge or redeem is tried again; doubles with each that reverts in a row, up to 128 times as long.",
      ),
    fee_rate: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe("Taker fee rate for markets that state none (used with a warning)."),
    order_choice: z
      .strictObject({
        by: z
          .enum(["strategy", "depth"])
          .default("strategy")
          .describe(
            "What an order is whose strategy names no type: FAK, or what its purpose and the book's depth ask for. Exits then take what is there (FAK), hedges get exact shares (GTC, taken back after `brief_ms`), entries rest (GTC, or GTD with an expiry), post-only ones only where they do not cross.",
          ),
        brief_ms: z
          .int()
          .min(3_000)
          .max(10_000)
          .default(5_000)
          .describe("How long a hedge may stand in the book before it is taken back."),
        shortest_gtd_ms: z
          .int()
          .min(60_000)
          .max(3_600_000)
          .default(180_000)
          .describe(
            "What is to expire sooner is a GTC order that is cancelled in time: the venue takes no GTD order so short.",
          ),
      })
      .prefault({}),
    max_asks_per_hook: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(200)
      .describe(
        "How many orders, cancels and timers one hook may ask for (all hooks of a strategy together ten times as many per event); what goes beyond is a failed hook.",
      ),
    max_timers: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(1_000)
      .describe(
        "How many timers one strategy may have waiting in one market; the hook that sets one more has failed.",
      ),
    max_hooks_per_event: z
      .number()
      .int()
      .min(10)
      .max(100_000)
      .default(1_000)
      .describe("How many hooks one event may set off before the strategy with most of them is halted."),
  })
  .prefault({});

/** The engine's resolved configuration. */
export type EngineConfig = z.output<typeof ENGINE_CONFIG>;
