import { id } from "../../../src/ids.ts";
import { SystemMachine } from "../../../src/trading/index.ts";
import type { Nanos } from "../../../src/units/index.ts";
import { book, intent, late, px, resting, SECOND, sh, truth, usd, verdict } from "../support.ts";
import { sell, owned, holding, pair, after, driven, type Cases } from "./cases.ts";

export const STATE_CASES = {
  SYSTEM_NOT_READY: [{ world: { system: new SystemMachine() }, detail: "entry" }],
  SYSTEM_STOP_ENTRY: [{ world: { system: after("stopEntries") }, detail: "entry" }],
  SYSTEM_REDUCE_ONLY: [
    { world: { system: after("reduceOnly") }, detail: "entry" },
    { intent: intent({ purpose: "hedge" }), world: { system: after("reduceOnly") }, detail: "hedge" },
  ],
  SYSTEM_HALTED: [
    { world: { system: after("kill") }, detail: "entry" },
    { intent: sell(), world: { system: after("kill"), positions: holding }, detail: "exit" },
  ],
  SYSTEM_STOPPING: [
    { intent: sell(), world: { system: after("drain"), positions: holding }, detail: "exit" },
  ],
  STRATEGY_HALTED: [
    { world: { strategyHalted: "it ran away" }, detail: "it ran away" },
    { intent: sell(), world: { positions: holding, strategyHalted: "it ran away" }, detail: "it ran away" },
  ],
  VENUE_POST_ONLY: [{ world: { venueMode: "POST_ONLY" }, detail: "venue" }],
  VENUE_CANCEL_ONLY: [{ world: { venueMode: "CANCEL_ONLY" }, detail: "venue" }],
  VENUE_RESTARTING: [{ world: { venueMode: "RESTARTING" }, detail: "venue" }],
  VENUE_DOWN: [{ intent: sell(), world: { venueMode: "DOWN", positions: holding }, detail: "venue" }],
  OWN_CHANNEL_LOST: [
    {
      world: { ownChannel: { state: "LOST", detail: "closed with 1006", agreements: 0 } },
      detail: "not heard of at once: closed with 1006",
    },
    {
      world: { ownChannel: { state: "COMPARING", detail: "closed with 1006", agreements: 1 } },
      detail: "1 of 2 comparisons",
    },
  ],
  BALANCE_REFUSED: [
    {
      world: { balanceHold: { refusals: 4, detail: "not enough", until: (SECOND + 40_500_000) as Nanos } },
      detail: "4 orders in a row were refused for want of balance, no entries for 41 ms: not enough",
    },
    {
      world: { balanceHold: { refusals: 5, detail: "", until: undefined } },
      detail: "no entries until a resume",
    },
  ],
  MARKET_CLOSED: [
    { world: { market: { acceptingOrders: false } }, detail: "accepts no orders" },
    {
      intent: sell(),
      world: { market: { acceptingOrders: false }, positions: holding },
      detail: "accepts no orders",
    },
  ],
  MARKET_BUSY: [
    { world: { trading: [owned("you")] }, detail: "no entry: the market is with you" },
    { world: { trading: [owned("me", "pair")] }, detail: "entry" },
    { intent: sell(), world: { trading: [owned("you")], positions: holding }, detail: "exit" },
  ],
  MARKET_LOCKED: [
    { world: { posture: "pair", trading: [owned("me", "pair"), pair(5, 5)] }, detail: "entry" },
  ],
  MARKET_FINALIZING: [
    { world: { trading: [{ kind: "own_truth", status: "final" }] }, detail: "entry" },
    {
      intent: sell(),
      world: { trading: [{ kind: "own_truth", status: "final" }], positions: holding },
      detail: "exit",
    },
  ],
  MARKET_HALTED: [
    { world: { trading: [{ kind: "halt", cause: "manual" }] }, detail: "entry" },
    {
      intent: sell(),
      world: { trading: [{ kind: "halt", cause: "manual" }], positions: holding },
      detail: "exit",
    },
  ],
  MARKET_RESOLVED: [{ world: { trading: [{ kind: "venue_resolution" }] }, detail: "entry" }],
  CHAIN_ACTION_PENDING: [
    { world: { posture: "pair", openChain: true }, detail: "under way" },
    { intent: intent({ purpose: "hedge" }), world: { openChain: true }, detail: "under way" },
  ],
  RESOLUTION_UNCLEAR: [
    {
      world: {
        resolution: {
          ok: false,
          findings: [{ code: "UNKNOWN_SENTENCE", sentence: "It depends.", why: "no known sentence" }],
        },
      },
      detail: 'UNKNOWN_SENTENCE: no known sentence: "It depends."',
    },
  ],
  TERMS_STALE: [{ world: { staleTerms: "not read for 400 s" }, detail: "not read for 400 s" }],
  TAKER_DELAY: [
    {
      world: { market: { takerDelayMs: 3_000 } },
      config: { max_taker_delay_ms: 1_000 },
      detail: "holds it for 3000 ms, at most 1000",
    },
  ],
  SUBJECT_UNPROVEN: [{ world: driven({ unproven: true, truth: undefined }), detail: "not proven" }],
  TRUTH_UNKNOWN: [{ world: driven({ truth: undefined }), detail: "nothing is known" }],
  TRUTH_STALE: [
    { world: driven({ truth: truth({ stale: true, staleSource: id("grid") }) }), detail: "grid" },
    { world: driven({ truth: truth({ stale: true }) }), detail: "every source" },
  ],
  TRUTH_DISPUTED: [
    { world: driven({ truth: truth({ status: "disputed" }) }), detail: "the series" },
    {
      world: driven({ truth: truth(), own: verdict({ status: "retracted" }) }),
      detail: "the market's subject",
    },
    {
      world: driven({
        truth: truth({ games: [{ ...verdict({ status: "disputed" }), game: 1, progress: {} }] }),
      }),
      detail: "game 1",
    },
  ],
  TRUTH_SINGLE_SOURCE: [
    {
      world: driven({
        truth: truth({ games: [{ ...verdict({ singleSource: true }), game: 2, progress: {} }] }),
      }),
      detail: "game 2",
    },
  ],
  SIGNAL_TOO_LATE: [
    { world: driven({ signal: late(24_300) }), detail: "24.3 s late, at most 10 s" },
    { world: driven({ signal: late(undefined) }), detail: "espn, which is of unknown lag" },
    {
      world: driven({ signal: late(24_300) }),
      intent: resting({ limit: px(0.52) }),
      detail: "espn",
    },
  ],
  MODEL_UNCALIBRATED: [
    { world: driven({ calibrated: false }), detail: "never compared with outcomes" },
    { world: driven({ calibrated: false }), intent: resting({ limit: px(0.52) }), detail: "this cs2 match" },
  ],
  BOOK_UNTRUSTED: [
    { world: { book: book({ status: "empty" }) }, detail: "empty" },
    { world: { book: book({ status: "gapped" }) }, detail: "gapped" },
    { world: { book: book({ status: "stale" }) }, detail: "stale" },
    { world: { book: book({ status: "disconnected" }) }, detail: "disconnected" },
    {
      world: { book: book({ status: "synthetic" }) },
      config: { allow_synthetic_book: false },
      detail: "synthetic",
    },
  ],
  LOOP_STALLED: [
    {
      world: { stall: { ms: 812, until: (SECOND + 40_500_000) as Nanos } },
      detail: "812 ms; books count again in 41 ms",
    },
  ],
  BOOK_STALE: [{ world: { now: 121 * SECOND }, detail: "121000 ms" }],
  PRICE_BAND: [
    { config: { max_price: 0.45 }, detail: "0.01 to 0.45" },
    { config: { min_price: 0.55 }, detail: "0.55 to 0.99" },
  ],
  SPREAD_TOO_WIDE: [
    { world: { book: book({ bid0: 0.3 }) }, detail: "0.2" },
    { intent: resting(), world: { book: book({ bid0: 0.3 }) }, detail: "0.2" },
  ],
  SLIPPAGE: [
    { intent: intent({ limit: px(0.61) }), detail: "0.11 beyond the best price 0.5" },
    {
      intent: intent({ side: "sell", limit: px(0.3) }),
      world: { positions: holding },
      detail: "0.18 beyond the best price 0.48",
    },
    {
      intent: intent({ purpose: "hedge", outcome: 1, limit: px(0.63) }),
      world: { positions: holding },
      detail: "0.11 beyond the best price 0.52",
    },
  ],
  FILL_SLIPPAGE: [
    {
      name: "the average of the levels, not the first",
      intent: intent({ limit: px(0.55) }),
      world: { book: book({ walk: () => ({ shares: sh(10), cost: usd(5.2) }) }) },
      config: { max_fill_slippage_usdc: 0.01 },
      detail: "10 shares are $0.020000 a share worse than the best price 0.5, at most $0.01",
    },
  ],
  LIQUIDITY_TOO_THIN: [
    { intent: intent({ limit: px(0.49) }), detail: "$0 on offer" },
    { world: { book: book({ size: 1 }) }, detail: "$0.5 on offer" },
    {
      world: { book: book({ size: 20 }) },
      config: { max_depth_fraction: 0.25 },
      detail: "more than 5, the allowed part of 20",
    },
  ],
} satisfies Cases<"system" | "venue" | "market" | "truth" | "book">;
