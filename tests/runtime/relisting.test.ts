import { id, Strategy, type BookContext, type MatchId, type Price, type Shares } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

/** Rests one bid. */
class Bidder extends Strategy<typeof Bidder.params, typeof Bidder.state> {
  static readonly id = "bidder";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ started: z.boolean().default(false), bid: z.boolean().default(false) });
  override onStart(ctx: BookContext<z.output<typeof Bidder.state>>): void {
    ctx.state.started = true;
  }
  override onBook(ctx: BookContext<z.output<typeof Bidder.state>>): void {
    if (ctx.state.bid) return;
    ctx.state.bid = true;
    ctx.buy({ outcome: 0, limit: 4_005 as Price, size: 10_000_000 as Shares, orderType: "GTC" });
  }
}

/** The same, on what is held true. */
class Believer extends Strategy<typeof Bidder.params, typeof Bidder.state> {
  static readonly id = "believer";
  static readonly posture = "directional";
  static readonly truthDriven = true;
  static readonly params = Bidder.params;
  static readonly state = Bidder.state;
  override onBook(ctx: BookContext<z.output<typeof Bidder.state>>): void {
    Bidder.prototype.onBook.call(this, ctx);
  }
}

const about = (matchId: MatchId) => testMarket({ subject: { kind: "series", matchId, teamOf: [0, 1] } });

describe("a market that is listed again", () => {
  it("with another tick has that grid, and orders off it are cancelled", () => {
    const { tape, runtime, effects } = startRun([{ use: Bidder }]);
    tape
      .market(testMarket({ tick: 5 as Price }))
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    tape.market(testMarket());
    expect(runtime.core.markets()[0]!.book.tick).toBe(100);
    expect(effects.filter((effect) => effect.type === "cancel")).toMatchObject([
      { reason: "tick size changed" },
    ]);
  });

  it("about another match hears nothing of the first one any more", () => {
    const { tape, runtime } = startRun([{ use: Bidder }]);
    tape.match().match({ ...MATCH, matchId: id("match2") });
    tape
      .market(about(MATCH.matchId))
      .wait(10)
      .market(about(id("match2")));
    expect(runtime.core.marketsOfMatch(MATCH.matchId)).toEqual([]);
    expect(runtime.core.marketsOfMatch(id("match2"))).toEqual(["m1"]);
    tape.wait(10).claim("grid", { kind: "series_started" }, "A");
    for (const game of [1, 2]) tape.wait(10).claim("grid", { kind: "game_won", game, winner: 0 }, "A");
    expect(runtime.core.truth.state(MATCH.matchId)?.status).toBe("final");
    expect(runtime.core.markets()[0]!.trading.status).toBe("IDLE");
  });

  it("about nothing that is proven has no truth any more", () => {
    const { tape, runtime } = startRun([{ use: Bidder }]);
    tape.match().market(about(MATCH.matchId));
    expect(runtime.core.markets()[0]!.truth).toBeDefined();
    tape.wait(10).market(testMarket());
    expect(runtime.core.markets()[0]!.truth).toBeUndefined();
  });

  it("about nothing that is proven, or about the other teams, keeps no order of a strategy that rests on facts", () => {
    const fine = { tick: 5 as Price };
    const series = testMarket({
      ...fine,
      subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] },
    });
    for (const next of [
      testMarket({ ...fine, unproven: "the venue names another team" }),
      testMarket({ ...fine, subject: { kind: "series", matchId: MATCH.matchId, teamOf: [1, 0] } }),
      testMarket({ ...fine, subject: { kind: "game", game: 1, matchId: MATCH.matchId, teamOf: [0, 1] } }),
    ]) {
      const { tape, effects, runtime } = startRun([{ use: Believer }], {
        config: { truth_engine: { required_sources_for_final: 1 } },
      });
      tape.match().market(series).claim("grid", { kind: "series_started" }, "A");
      tape
        .wait(10)
        .book([[49, 100]], [[51, 100]])
        .wait(500);
      expect(runtime.core.counts.orders).toBe(1);
      tape.market(series).wait(10);
      expect(effects.filter(({ type }) => type === "cancel")).toEqual([]);
      tape.market(next);
      expect(effects.filter(({ type }) => type === "cancel")).toMatchObject([
        { reason: expect.stringMatching(/the venue names another team|something else/) },
      ]);
    }
  });

  it("about nothing that is proven is not halted for a dispute that nobody will tell the end of", () => {
    const { tape, runtime } = startRun([{ use: Bidder }]);
    tape.match().market(about(MATCH.matchId)).claim("p", { kind: "series_started" });
    tape.wait(10).claim("q", { kind: "series_won", winner: 1 }).claim("r", { kind: "series_won", winner: 0 });
    tape.wait(60_000);
    const [entry] = runtime.core.markets();
    expect([...entry!.trading.causes]).toEqual(["truth_disputed"]);
    tape.market(about(MATCH.matchId)).wait(10);
    expect(entry!.trading.status).toBe("HALT");
    tape.market(testMarket({ unproven: "the venue names another team" }));
    expect(entry!.trading.status).toBe("IDLE");
    tape.wait(10).market(about(MATCH.matchId));
    expect(entry!.trading.status).toBe("HALT");
  });

  it("is given to a strategy whose filter it passes only now, and taken from none", () => {
    const { tape, runtime } = startRun([{ use: Bidder, markets: { subjects: ["series"] } }]);
    tape.match().market(testMarket());
    expect(runtime.core.markets()[0]!.bindings).toEqual([]);
    tape.wait(10).market(about(MATCH.matchId));
    const [binding] = runtime.core.markets()[0]!.bindings;
    expect(binding?.state).toEqual({ started: true, bid: false });
    tape.wait(10).market(testMarket());
    expect(runtime.core.markets()[0]!.bindings[0]).toBe(binding);
  });

  it("without its fee is told, once", () => {
    const { tape, effects } = startRun([{ use: Bidder }]);
    const { fee, ...feeless } = testMarket();
    expect(fee).toBeDefined();
    tape.market(testMarket()).wait(10).market(feeless).wait(10).market(feeless);
    expect(effects.filter((effect) => effect.type === "alarm")).toMatchObject([{ code: "FEE_FALLBACK" }]);
  });
});
