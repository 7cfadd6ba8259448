import {
  coreOfRun,
  DEFAULT_STRATEGIES,
  EffectsHasher,
  isOutside,
  journaledRun,
  ModelMaker,
  Strategy,
  TemporalArb,
  type BookContext,
  type CoreEvent,
  type Price,
  type Shares,
  type TruthContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { leadModel, startRun, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

const SERIES_MARKET = testMarket({ subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } });

/** A tape with a bit of everything: quotes, fills on both sides, news, a resolution. */
function trade(run: TestRun): void {
  const { tape } = run;
  tape
    .match()
    .market(SERIES_MARKET)
    .book(
      [
        [49, 100],
        [48, 300],
      ],
      [
        [51, 100],
        [52, 300],
      ],
    );
  tape.wait(500).trade("sell", 47, 500);
  tape.wait(200).trade("buy", 53, 500);
  tape.wait(15_000).claim("grid", { kind: "series_started" }, "A");
  tape.wait(5_000).book([[55, 100]], [[57, 400]]);
  tape.wait(5_000).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
  tape.wait(60_000).book([[70, 500]], [[72, 500]]);
  tape.wait(60_000).claim("grid", { kind: "game_won", game: 2, winner: 0 }, "A");
  tape.wait(30_000).resolve([1, 0]);
  tape.wait(30_000);
}

const USES = [{ use: ModelMaker, params: { reference: "microprice" } }];

describe("a paper run", () => {
  it("quotes both sides, is filled on both, merges the pair and accounts for every micro-dollar", () => {
    const run = startRun(USES);
    const { runtime, tape } = run;
    tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    tape.wait(500);
    expect(runtime.core.counts.orders).toBe(2);
    // Whoever sells through our bid, and buys through our offer, fills both quotes.
    tape.trade("sell", 47, 500).wait(200);
    tape.trade("buy", 53, 500).wait(30_000);
    const summary = runtime.finish("end of the tape");
    expect(summary.fills).toBeGreaterThanOrEqual(2);
    expect(summary.merges).toBeGreaterThanOrEqual(1);
    expect(summary.markets.reduce((sum, market) => sum + market.pnl, 0)).toBe(summary.pnl);
    expect(summary.strategies.reduce((sum, strategy) => sum + strategy.realized, 0)).toBe(summary.realized);
    expect(summary.realized).toBeGreaterThan(0);
  });

  it("goes from the first event to settlement and redeems", () => {
    const run = startRun([
      {
        use: TemporalArb,
        params: {
          edge_max: 0.25,
          max_hold_ms: 86_400_000,
          target_gap: -1,
          reversal: 1,
          exit_on_stale: false,
        },
      },
    ]);
    trade(run);
    const summary = run.runtime.finish("end of the tape");
    expect(summary.whyNot.filter(({ reason }) => reason.startsWith("denied"))).toEqual([]);
    expect(summary.fills).toBeGreaterThan(0);
    expect(summary.markets[0]?.status).toBe("RESOLVED");
    expect(summary.unrealized).toBe(0);
    expect(summary.cash - summary.deposits).toBe(summary.pnl);
    expect(summary.pnl).toBeGreaterThan(0);
  });

  it("stripped to the outside world, replays to the same orders and effects", () => {
    const first = startRun(USES);
    trade(first);
    first.runtime.finish("end of the tape");
    const second = startRun(USES);
    for (const { event } of first.log) {
      if (isOutside(event)) second.runtime.offer(event);
    }
    second.runtime.finish("never used: the journal says why it stopped");
    expect(placed(first).length).toBeGreaterThan(2);
    expect(placed(second)).toEqual(placed(first));
    expect(second.runtime.effectsHash).toBe(first.runtime.effectsHash);
    expect(second.log).toEqual(first.log);
  });

  it("fed with its recorded reports and no broker, decides the same line by line", () => {
    const run = startRun(USES);
    trade(run);
    run.runtime.finish("end of the tape");
    const first = JSON.parse(JSON.stringify(run.log[0]!.event)) as CoreEvent;
    const core = coreOfRun(
      journaledRun(first, (use) => DEFAULT_STRATEGIES[use]),
      leadModel,
    );
    const hasher = new EffectsHasher();
    for (const { event, effectsHash } of run.log) {
      const effects = core.step(event);
      expect(effects.length === 0 ? undefined : hasher.add(effects)).toBe(effectsHash);
    }
    expect(hasher.chain).toBe(run.runtime.effectsHash);
  });
});

describe("hooks", () => {
  class Watcher extends Strategy<typeof Watcher.params, typeof Watcher.state> {
    static readonly id = "watcher";
    static readonly posture = "directional";
    static readonly params = z.object({});
    static readonly state = z.object({ seen: z.array(z.string()).default([]) });

    override onTruth(ctx: TruthContext<{ seen: string[] }>) {
      ctx.state.seen.push(`truth ${ctx.truth.own.status} ${ctx.truth.p.toFixed(2)} ${ctx.market.title}`);
    }
    override onTruthRevised(ctx: TruthContext<{ seen: string[] }>) {
      ctx.state.seen.push(`revised from ${ctx.previous?.status ?? "nothing"} to ${ctx.truth.own.status}`);
    }
  }

  it("get the truth about their market, and its revisions", () => {
    const { tape, runtime } = startRun([{ use: Watcher }]);
    tape
      .match()
      .market(testMarket({ subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [1, 0] } }));
    tape.wait(10).claim("grid", { kind: "game_started", game: 1 }, "A");
    tape.wait(10).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
    tape.wait(10).claim("grid", { kind: "retracted", game: 1, reason: "rollback" }, "A");
    const { seen } = runtime.core.markets()[0]!.bindings[0]!.state as { seen: string[] };
    expect(seen.some((line) => line.startsWith("truth live"))).toBe(true);
    expect(seen.some((line) => line.startsWith("truth final 1.00"))).toBe(true);
    expect(seen.some((line) => line.startsWith("revised from final"))).toBe(true);
  });

  it("that throw halt their market, and no other", () => {
    class Thrower extends Strategy {
      static readonly id = "thrower";
      static readonly posture = "directional";
      static readonly params = z.object({});
      override onBook(ctx: BookContext) {
        if (ctx.market.title === "bad") throw new TypeError("boom");
        ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: 10_000_000 as Shares });
      }
    }
    const { tape, runtime, effects } = startRun([{ use: Thrower }]);
    tape.market(testMarket({ title: "bad" }));
    tape.market(
      testMarket({
        marketId: "m2" as never,
        outcomes: [
          { tokenId: "3" as never, name: "A" },
          { tokenId: "4" as never, name: "B" },
        ],
      }),
    );
    tape.book([[49, 100]], [[51, 100]]).book([[49, 100]], [[51, 100]], "m2");
    const [bad, good] = runtime.core.markets();
    expect(bad!.trading.status).toBe("HALT");
    expect([...bad!.trading.causes]).toEqual(["strategy_fault"]);
    expect(good!.trading.status).toBe("TEMPORAL_ACTIVE");
    expect(effects.some((effect) => effect.type === "alarm" && effect.message === "thrower: boom")).toBe(
      true,
    );
  });

  it("asking for a price off the grid are refused with the code, never corrected", () => {
    class OffGrid extends Strategy {
      static readonly id = "off-grid";
      static readonly posture = "directional";
      static readonly params = z.object({});
      override onBook(ctx: BookContext) {
        ctx.buy({ outcome: 0, limit: 5_050 as Price, size: 10_000_000 as Shares, orderType: "GTC" });
      }
    }
    const { tape, effects } = startRun([{ use: OffGrid }]);
    tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    const denied = effects.filter((effect) => effect.type === "denied");
    expect(denied).toHaveLength(1);
    expect(denied[0]).toMatchObject({ code: "OFF_GRID" });
    expect(effects.some((effect) => effect.type === "place")).toBe(false);
  });
});

function placed(run: TestRun): readonly unknown[] {
  return run.effects.filter((effect) => effect.type === "place");
}

describe("a market that is listed late", () => {
  it("is about something decided already, and takes no entries", () => {
    const { tape, runtime } = startRun([{ use: ModelMaker, params: { reference: "microprice" } }]);
    tape.match();
    tape.wait(10).claim("grid", { kind: "game_started", game: 1 }, "A");
    tape.wait(10).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
    tape
      .wait(10)
      .market(testMarket({ subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [0, 1] } }));
    tape.book([[49, 100]], [[51, 100]]);
    expect(runtime.core.markets()[0]!.trading.status).toBe("FINALIZING");
    expect(runtime.core.counts.intents).toBe(0);
  });
});

describe("an operator", () => {
  it("kills everything, and a resume brings it back", () => {
    const { tape, runtime } = startRun([{ use: ModelMaker, params: { reference: "microprice" } }], {
      config: { risk: { kill_cooldown_ms: 0 } },
    });
    tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    expect(runtime.core.orders.openCount).toBe(2);
    tape.offer({ type: "operator", operator: "test", command: { kind: "kill" } }).wait(500);
    expect(runtime.core.orders.openCount).toBe(0);
    expect(runtime.core.markets()[0]!.trading.status).toBe("HALT");
    tape.offer({ type: "operator", operator: "test", command: { kind: "resume" } });
    tape.book([[48, 100]], [[52, 100]]).wait(500);
    expect(runtime.core.system.status).toBe("READY");
    expect(runtime.core.orders.openCount).toBe(2);
  });
});
