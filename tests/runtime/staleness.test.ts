import {
  id,
  ModelMaker,
  Strategy,
  TRUTH_DEFAULTS,
  type BookContext,
  type MatchClaim,
  type MatchDescription,
  type StaleContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

/** Rests a bid below the book while it has none, buys and sells what it is told to, and rests on truth. */
class Rests extends Strategy<z.ZodObject, typeof Rests.state> {
  static readonly id = "rests";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ stale: z.string().default(""), bought: z.boolean().default(false) });
  static readonly truthDriven = true;
  override onBook(ctx: BookContext<{ stale: string; bought: boolean }>): void {
    const held = ctx.position(0).matched;
    if (ctx.state.stale !== "" && held > 0) {
      ctx.sell({ outcome: 0, limit: ctx.quote(0).bid, size: held, purpose: "exit" });
    } else if (!ctx.state.bought) {
      ctx.state.bought = true;
      ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: 10_000_000 as never });
    } else if (ctx.orders().length === 0) {
      ctx.buy({
        outcome: 0,
        limit: 3_000 as never,
        size: 10_000_000 as never,
        orderType: "GTC",
        postOnly: true,
      });
    }
  }
  override onStale(ctx: StaleContext<{ stale: string; bought: boolean }>): void {
    ctx.state.stale = ctx.source;
  }
}

const OTHER: MatchDescription = { ...MATCH, matchId: id("match2") };

function claim(run: TestRun, matchId: string, source: string, what: MatchClaim): void {
  const [tier, upstream] = ["B" as const, source];
  run.tape.offer({
    type: "match_claim",
    matchId: id(matchId),
    source: id(source),
    tier,
    upstream,
    claim: what,
  });
}

const FREE = { fee: { ratePpm: 0, exponent: 1, takerOnly: true } };

/** Two matches with a market each, one source that speaks of both. */
function two(source: string, table: Record<string, number> = {}): TestRun {
  const run = startRun([{ use: Rests }], {
    config: { truth_engine: { stale_ms_by_source: table }, risk: { max_book_age_ms: 0 } },
  });
  run.tape.match(MATCH).match(OTHER);
  run.tape.market(
    testMarket({ ...FREE, subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } }),
  );
  run.tape.market(
    testMarket({
      ...FREE,
      marketId: id("m2"),
      subject: { kind: "series", matchId: OTHER.matchId, teamOf: [0, 1] },
    }),
  );
  for (const match of ["match1", "match2"]) claim(run, match, source, { kind: "game_started", game: 1 });
  for (let i = 0; i < 3; i++) for (const market of ["m1", "m2"]) book(run, market, i);
  return run;
}

function book(run: TestRun, market: string, i = 0): void {
  run.tape.book([[48, 100 + i]], [[52, 100]], market).wait(400);
}

const openIn = (run: TestRun, market: string) => run.runtime.core.orders.open(id(market)).length;
const memory = (run: TestRun, market: string) =>
  run.runtime.core.market(id(market))!.bindings[0]!.state as { stale: string };

const LIVE_SOURCES = [
  "grid",
  "pandascore",
  "riot_gateway",
  "steam",
  "opendota",
  "polymarket_sports",
] as const;

describe.each(LIVE_SOURCES)("silence of %s", (source) => {
  it("stalls the match that it falls silent on, and no other", () => {
    const run = two(source);
    const limit = TRUTH_DEFAULTS.stale_ms_by_source[source];
    expect([openIn(run, "m1"), openIn(run, "m2")]).toEqual([1, 1]);
    const silentSince = 0;
    let score = 0;
    // The other match goes on by the source's own rhythm.
    for (let ms = 3_000; ms < limit - 1_000; ms += Math.min(5_000, limit / 3)) {
      run.tape.at(ms);
      claim(run, "match2", source, { kind: "game_progress", game: 1, progress: { score: [++score, 0] } });
    }
    run.tape.at(silentSince).wait(limit - 1);
    expect(run.runtime.core.truth.state(MATCH.matchId)!.stale).toBe(false);
    run.tape.wait(2);
    expect(run.runtime.core.truth.state(MATCH.matchId)).toMatchObject({ stale: true, staleSource: source });
    expect(run.runtime.core.truth.state(OTHER.matchId)!.stale).toBe(false);
    run.tape.wait(500);
    expect([openIn(run, "m1"), openIn(run, "m2")]).toEqual([0, 1]);
    expect([memory(run, "m1").stale, memory(run, "m2").stale]).toEqual([source, ""]);
  });
});

describe("a stalled truth", () => {
  const stalled = (): TestRun => {
    const run = two("grid");
    run.tape.wait(31_000);
    expect(run.runtime.core.truth.state(MATCH.matchId)!.stale).toBe(true);
    return run;
  };

  it("lets what is held be sold, and denies what would be bought, by name", () => {
    const run = stalled();
    const { ledger } = run.runtime.core;
    expect(ledger.position(id("m1"), 0).matched).toBe(10_000_000);
    run.tape.wait(5_000);
    for (let i = 0; i < 6; i++) book(run, "m1", i);
    expect(ledger.position(id("m1"), 0).matched).toBe(0);
    const denied = run.effects.flatMap((effect) => (effect.type === "denied" ? [effect] : []));
    expect(denied.length).toBeGreaterThan(0);
    expect(new Set(denied.map(({ code, detail }) => `${code} ${detail}`))).toEqual(
      new Set(["TRUTH_STALE no fresh claim; silent: grid"]),
    );
  });

  it("is fresh again by the source's next word, and entries with it", () => {
    const run = stalled();
    claim(run, "match1", "grid", { kind: "game_progress", game: 1, progress: { score: [1, 0] } });
    expect(run.runtime.core.truth.state(MATCH.matchId)!.stale).toBe(false);
    run.tape.wait(5_000);
    for (let i = 0; i < 6; i++) book(run, "m1", i);
    expect(openIn(run, "m1")).toBe(1);
  });

  it("is not vouched for by tier C, however often it speaks", () => {
    const run = two("grid");
    for (let i = 0; i < 10; i++) {
      run.tape.wait(3_000);
      run.tape.claim("liquipedia", { kind: "game_progress", game: 1, progress: { score: [i, 0] } }, "C");
    }
    expect(run.runtime.core.truth.state(MATCH.matchId)).toMatchObject({ stale: true, staleSource: "grid" });
  });

  it("is no matter to a strategy that does not rest on truth", () => {
    const run = startRun([{ use: ModelMaker, params: { reference: "microprice" } }]);
    run.tape
      .match()
      .market(testMarket({ ...FREE, subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } }));
    run.tape.claim("grid", { kind: "game_started", game: 1 });
    book(run, "m1");
    expect(openIn(run, "m1")).toBe(2);
    run.tape.wait(40_000);
    expect(run.runtime.core.truth.state(MATCH.matchId)!.stale).toBe(true);
    expect(openIn(run, "m1")).toBe(2);
  });
});

it("a table of one's own keeps the other sources' limits", () => {
  const run = two("riot_gateway", { grid: 5_000 });
  run.tape.wait(TRUTH_DEFAULTS.stale_ms_by_source.riot_gateway - 5_000);
  expect(run.runtime.core.truth.state(MATCH.matchId)!.stale).toBe(false);
  run.tape.wait(5_000);
  expect(run.runtime.core.truth.state(MATCH.matchId)!.stale).toBe(true);
});
