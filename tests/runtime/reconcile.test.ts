import { paperExecution } from "@matchpoint/paper-broker";
import {
  runReconciler,
  Strategy,
  VirtualClock,
  type BookContext,
  type Reconciled,
  type Shares,
  type StrategyUse,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { testMarket } from "./tape.ts";
import { MAKER, EXACT, compareNow, operate, trade } from "./reconciling.ts";

/** Buys once and holds to the end. */
class Holder extends Strategy<typeof Holder.params, typeof Holder.state> {
  static readonly id = "holder";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ bought: z.boolean().default(false) });

  override onBook(ctx: BookContext<{ bought: boolean }>) {
    if (ctx.state.bought) return;
    ctx.state.bought = true;
    ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: 10_000_000 as Shares });
  }
}
const HOLDER: StrategyUse = { use: Holder };

describe("a healthy paper run", () => {
  it.each([
    ["that makes markets and merges pairs", MAKER],
    ["that holds to the end and redeems", HOLDER],
  ])("%s agrees to the micro-dollar at every single event", (_what, use) => {
    const run = startRun([use]);
    const inFlight = new Set<string>();
    let moments = 0;
    run.runtime.on("step", () => {
      moments += 1;
      const { differences, ...comparison } = compareNow(run);
      expect(differences).toEqual([]);
      for (const key of comparison.inFlight) inFlight.add(key.split(" ")[0]!);
    });
    trade(run);
    const summary = run.runtime.finish("end of the tape");
    expect(compareNow(run)).toEqual({ agrees: true, differences: [], inFlight: new Set(), rounding: [] });
    expect(summary.fills).toBeGreaterThan(0);
    expect(summary.markets[0]!.status).toBe("RESOLVED");
    if (use === MAKER) expect(summary.merges).toBeGreaterThan(0);
    expect(moments).toBeGreaterThan(20);
    expect([...inFlight]).toContain("trade");
  });

  it("agrees whatever happens, at every event, and nothing stays in flight for longer than a report takes", () => {
    const move = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant("book" as const), mid: fc.integer({ min: 6, max: 94 }) }),
      },
      {
        weight: 5,
        arbitrary: fc.record({
          do: fc.constant("trade" as const),
          side: fc.constantFrom("buy" as const, "sell" as const),
          size: fc.integer({ min: 1, max: 900 }),
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("operator" as const),
          kind: fc.constantFrom("halt" as const, "resume" as const),
        }),
      },
    );
    let fills = 0;
    let flights = 0;
    fc.assert(
      fc.property(
        fc.array(move, { minLength: 10, maxLength: 60 }),
        fc.nat(1_000),
        fc.boolean(),
        (moves, seed, resolve) => {
          const faults = { trade_fail: 0.15, trade_retry: 0.2, chain_revert: 0.2, duplicate_report: 0.2 };
          const run = startRun([MAKER], { broker: { seed, faults }, config: { risk: { max_spread: 0.2 } } });
          run.runtime.on("step", () => {
            const { differences, inFlight } = compareNow(run);
            expect(differences).toEqual([]);
            flights += inFlight.size;
          });
          const { tape } = run;
          tape.market(testMarket());
          let mid = 50;
          for (const step of moves) {
            tape.wait(10);
            if (step.do === "book") {
              mid = step.mid;
              tape.book(
                [
                  [mid - 1, 60],
                  [mid - 2, 300],
                ],
                [
                  [mid + 1, 60],
                  [mid + 2, 300],
                ],
              );
            } else if (step.do === "trade")
              tape.trade(step.side, step.side === "buy" ? mid + 3 : mid - 3, step.size);
            else if (step.do === "wait") tape.wait(step.ms);
            else operate(run, { kind: step.kind });
            const { inFlight } = compareNow(run);
            tape.wait(5_000);
            expect(compareNow(run, inFlight).differences).toEqual([]);
          }
          if (resolve) tape.resolve([0.5, 0.5]);
          fills += run.runtime.finish("end").fills;
          expect(compareNow(run)).toEqual({
            agrees: true,
            differences: [],
            inFlight: new Set(),
            rounding: [],
          });
        },
      ),
      { numRuns: Number(process.env["FC_NUM_RUNS"] ?? 40) },
    );
    expect(fills).toBeGreaterThan(20);
    expect(flights).toBeGreaterThan(50);
  }, 120_000);

  it("agrees through the adapter's own questions, in a loop on the clock", async () => {
    const run = startRun([MAKER]);
    const { tape, runtime } = run;
    const clock = new VirtualClock();
    const stop = new AbortController();
    const events: Reconciled[] = [];
    const done = runReconciler({
      adapter: paperExecution(run.broker, clock),
      core: runtime.core,
      clock,
      everyMs: 1_000,
      dust: EXACT,
      signal: stop.signal,
      emit: (event) => {
        if (event.type === "reconciled") events.push(event);
      },
    });
    tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    for (const side of ["sell", "buy", "sell", "buy"] as const) {
      await settled();
      tape.trade(side, side === "sell" ? 47 : 53, 500).wait(1_000);
      clock.advance(1_000);
    }
    await settled();
    stop.abort();
    await done;
    expect(events.length).toBeGreaterThanOrEqual(5);
    expect(events.map(({ at }) => at)).toEqual(events.map((_, i) => i * 1_000_000_000));
    expect(events.flatMap(({ differences }) => differences)).toEqual([]);
    expect(events.every(({ agrees }) => agrees)).toBe(true);
    expect(runtime.core.counts.fills).toBeGreaterThan(0);
  });
});

/** Lets everything go on that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
