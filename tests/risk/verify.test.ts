import {
  coreOfRun,
  id,
  journaledRun,
  Strategy,
  verifyJournal,
  type BookContext,
  type JournalEntry,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { testMarket } from "../runtime/tape.ts";
import { cents, RiskRun, shares } from "./scripted.ts";

/** Buys more and more, and fails where the bid is 13. */
class Restless extends Strategy<typeof Restless.params, typeof Restless.state> {
  static readonly id = "restless";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ n: z.number().default(0) });
  override onBook(ctx: BookContext<{ n: number }>): void {
    if (ctx.book.bid(0) === cents(13)) throw new Error("thirteen");
    for (let i = 0; i < 3; i++) {
      ctx.state.n += 1;
      const size = ctx.book.bid(0) === cents(17) ? NaN : 5 + (ctx.state.n % 40);
      ctx.buy({ outcome: 0, limit: cents(10), size: shares(size), orderType: "GTC" });
    }
  }
}

it("whatever has tripped, latched and been resumed, a journal leads to the same effects again", () => {
  const run = new RiskRun({
    use: { use: Restless },
    risk: {
      max_daily_loss_usdc: 0.5,
      max_daily_loss_action: "kill",
      kill_cooldown_ms: 1_000,
      max_order_latency_ms: 4_000,
      max_consecutive_rejects_per_market: 3,
      breaker_cooldown_ms: 2_000,
      drawdown: { curve: "grossman_zhou" },
      runaway: { strategy_orders_per_second: 8 },
    },
  });
  run.tape.market(testMarket());
  const answer = (status: "rejected" | "live"): void => {
    for (const [orderId] of run.venue.intents) run.report(orderId, status);
  };
  run.book(12, 14);
  answer("rejected");
  run.wait(3_000).book(12, 14);
  const held = [...run.venue.intents.keys()].at(-1)!;
  run.trade(held, "t1", "CONFIRMED").wait(5_000).book(12, 14);
  run.wait(3_000).book(40, 42).book(13, 15).wait(61_000);
  for (let i = 0; i < 4; i++) run.wait(1).book(40, 42);
  run.operate({ kind: "resume", reason: "mended" }).book(17, 19).book(17, 19);
  run.operate({ kind: "resume", reason: "mended again" });
  run.tape.offer({ type: "snapshot_taken", lines: run.log.length, digest: "0".repeat(64) });
  run.book(1, 15).wait(6_000).book(1, 15).operate({ kind: "resume" });
  run.wait(2_000).operate({ kind: "resume", reason: "enough" }).book(30, 32);
  const told = run.log.flatMap((event) => (event.type === "risk_noted" ? [event.note.kind] : []));
  expect(new Set(told)).toEqual(
    new Set(["hold", "misstep", "strategy_halted", "peak", "day_stopped", "killed"]),
  );

  const entries = run.log.map((event, i) => {
    const hash = run.hashes[i];
    return { seq: i, line: i + 1, event, ...(hash === undefined ? {} : { effectsHash: hash }) };
  });
  const outcome = verifyJournal(entries as unknown as JournalEntry[], (first) =>
    coreOfRun(journaledRun(first, (use) => (use === "restless" ? Restless : undefined))),
  );
  expect(outcome.divergence).toBeUndefined();
  expect(outcome.events).toBe(run.log.length);
  expect(run.core.market(id("m1"))!.trading.halts).toEqual([]);
});
