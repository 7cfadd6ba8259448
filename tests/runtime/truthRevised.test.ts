import {
  Strategy,
  type BookContext,
  type GameProgress,
  type MatchClaim,
  type Price,
  type Shares,
  type TruthContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

const TEN = 10_000_000 as Shares;
const MEMORY = z.object({ quoted: z.number().default(0), revised: z.array(z.string()).default([]) });
type Memory = z.output<typeof MEMORY>;

/** Quotes whenever it has no order, by what is held true; it does nothing itself about revisions but to write them down. */
class Quoter extends Strategy<typeof Quoter.params, typeof MEMORY> {
  static readonly id = "quoter";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = MEMORY;
  static readonly truthDriven = true;
  override onBook(ctx: BookContext<Memory>): void {
    if (ctx.orders().length > 0) return;
    ctx.state.quoted += 1;
    ctx.buy({ outcome: 0, limit: 4_800 as Price, size: TEN, orderType: "GTC" });
  }
  override onTruthRevised(ctx: TruthContext<Memory>): void {
    const orders = ctx.orders().filter((order) => order.status !== "PENDING_CANCEL").length;
    ctx.state.revised.push(`${ctx.previous?.status ?? "-"}>${ctx.truth.own.status} ${orders} resting`);
  }
}

const CS2 = { ...MATCH, title: "cs2" } as const;

/** A run in which game 1 is being played, tier A has told its score, and an order rests in the series and in its market. */
function quoting(): TestRun {
  const run = startRun([{ use: Quoter }]);
  const { tape } = run;
  tape.match(CS2);
  tape.market(testMarket({ subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } }));
  tape.market(
    testMarket({
      marketId: "m2" as never,
      outcomes: [
        { tokenId: "3" as never, name: "A" },
        { tokenId: "4" as never, name: "B" },
      ],
      subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [0, 1] },
    }),
  );
  tape.wait(10).claim("grid", { kind: "game_started", game: 1, ref: "first" }, "A");
  says(run, "grid", { score: [8, 5] });
  book(run);
  expect(resting(run)).toBe(2);
  return run;
}

function says(run: TestRun, source: string, progress: GameProgress): void {
  run.tape.wait(10).claim(source, { kind: "game_progress", game: 1, progress }, "B");
}

function book(run: TestRun): void {
  for (const market of ["m1", "m2"]) run.tape.wait(100).book([[47, 100]], [[53, 100]], market);
  run.tape.wait(2_000);
}

/** Orders that rest and are not on their way out. */
function resting(run: TestRun): number {
  const bindings = run.runtime.core.markets().map(({ market }) => market.marketId);
  return bindings.reduce(
    (sum, marketId) =>
      sum + run.runtime.core.orders.open(marketId).filter(({ status }) => status === "LIVE").length,
    0,
  );
}

function revised(run: TestRun): readonly string[] {
  return run.runtime.core.markets().flatMap(({ bindings }) => (bindings[0]!.state as Memory).revised);
}

function quoted(run: TestRun): number {
  return run.runtime.core
    .markets()
    .reduce((sum, { bindings }) => sum + (bindings[0]!.state as Memory).quoted, 0);
}

const claims: readonly (readonly [string, MatchClaim])[] = [
  ["a rollback", { kind: "retracted", game: 1, reason: "rollback" }],
  ["a remake", { kind: "retracted", game: 1, reason: "remake" }],
  ["a correction", { kind: "retracted", game: 1, reason: "correction" }],
  ["a score that falls", { kind: "game_progress", game: 1, progress: { score: [5, 5] } }],
];

describe("what a truth-driven strategy has resting", () => {
  it.each(claims)("goes with %s of the game being played, in its market and in the series'", (_, claim) => {
    const run = quoting();
    run.tape.wait(10).claim("grid", claim, "A").wait(1_000);
    expect(revised(run)).toHaveLength(2);
    expect(revised(run).every((line) => line.endsWith("0 resting"))).toBe(true);
    expect(resting(run)).toBe(0);
    expect(run.runtime.core.markets().map(({ trading }) => trading.status)).not.toContain("HALT");
    book(run);
    expect(resting(run)).toBe(2);
  });

  it("goes when the sources' scores contradict each other beyond the grace, and none comes until they agree", () => {
    const run = quoting();
    says(run, "panda", { score: [7, 7] });
    run.tape.wait(3_100);
    expect(resting(run)).toBe(0);
    expect(run.runtime.core.market("m2" as never)!.trading.status).toBe("HALT");
    const before = quoted(run);
    book(run);
    expect(resting(run)).toBe(0);
    expect(quoted(run)).toBeGreaterThan(before);
    expect(run.effects.filter(({ type }) => type === "denied").length).toBeGreaterThan(0);
    says(run, "grid", { score: [8, 7] });
    run.tape.wait(10_000);
    book(run);
    expect(resting(run)).toBe(2);
  });

  it("goes when a result is disputed, and when it is taken back", () => {
    const run = quoting();
    run.tape.wait(10).claim("panda", { kind: "game_won", game: 1, winner: 0 });
    run.tape.wait(10).claim("steam", { kind: "game_won", game: 1, winner: 1 });
    run.tape.wait(3_100);
    expect(resting(run)).toBe(0);
    expect(run.runtime.core.truth.state(MATCH.matchId)!.games[0]!.status).toBe("disputed");
    run.tape.wait(10).claim("steam", { kind: "retracted", game: 1, reason: "correction" });
    run.tape.wait(10).claim("panda", { kind: "retracted", game: 1, reason: "correction" });
    expect(run.runtime.core.truth.state(MATCH.matchId)!.games[0]!.status).toBe("live");
    run.tape.wait(10_000);
    book(run);
    expect(resting(run)).toBe(2);
  });

  it("stays when nothing was revised", () => {
    const run = quoting();
    says(run, "grid", { score: [9, 5] });
    run.tape.wait(1_000);
    expect(revised(run)).toEqual([]);
    expect(resting(run)).toBe(2);
  });
});
