import { id, SeriesConsistency, type MarketDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { MATCH, testMarket, type Levels } from "../runtime/tape.ts";
import { FREE, held, placed, skipped } from "./support.ts";

const around = (cents: number, size = 400): readonly [Levels, Levels] => [
  [[cents - 1, size]],
  [[cents + 1, size]],
];

function market(
  marketId: string,
  subject: MarketDescription["subject"],
  tokens: readonly [string, string],
): MarketDescription {
  return testMarket({
    ...FREE,
    marketId: id(marketId),
    outcomes: [
      { tokenId: id(tokens[0]), name: "A" },
      { tokenId: id(tokens[1]), name: "B" },
    ],
    ...(subject === undefined ? {} : { subject }),
  });
}

const { matchId } = MATCH;
const SERIES = market("series", { kind: "series", matchId, teamOf: [0, 1] }, ["11", "12"]);
const game = (n: number, teamOf: readonly [0 | 1, 0 | 1] = [0, 1]): MarketDescription =>
  market(`game${n}`, { kind: "game", matchId, game: n, teamOf }, [`${n}21`, `${n}22`]);

interface Setting {
  readonly params?: Record<string, unknown>;
  readonly games?: readonly MarketDescription[];
}

/** A series at one game each, its decider being played: series and third game are the same bet. */
function decider({ params, games = [game(3)] }: Setting = {}): TestRun {
  const run = startRun([{ use: SeriesConsistency, params: { persist_ms: 0, edge_max: 0.5, ...params } }]);
  run.tape.match().market(SERIES);
  for (const each of games) run.tape.market(each);
  run.tape.claim("grid", { kind: "series_started" }, "A");
  for (const [n, winner] of [
    [1, 0],
    [2, 1],
  ] as const) {
    run.tape
      .claim("grid", { kind: "game_started", game: n }, "A")
      .claim("grid", { kind: "game_won", game: n, winner }, "A");
  }
  run.tape.claim("grid", { kind: "game_started", game: 3 }, "A");
  return run;
}

/** What was bought, as `market:outcome`, sorted. */
const bought = (run: TestRun): readonly string[] =>
  placed(run)
    .filter(({ side }) => side === "buy")
    .map(({ marketId, outcome }) => `${marketId}:${outcome}`)
    .sort();

describe("series-consistency", () => {
  it("buys the series that lags behind its decider, and leaves when it has caught up", () => {
    const run = decider();
    run.tape
      .book(...around(60), "game3")
      .book(...around(60), "series")
      .wait(2_000);
    expect(placed(run)).toEqual([]);
    run.tape.book(...around(80), "game3").wait(6_000); // shares may be sold once they are mined
    // The same bet is cheap on one side in each: both together cost less than the dollar that one of them pays.
    expect(bought(run)).toEqual(["game3:1", "series:0"]);
    expect(held(run, "series")[0]).toBeGreaterThan(5);
    run.tape.book(...around(82), "series").wait(3_000);
    const exits = placed(run).filter(({ side }) => side === "sell");
    expect(exits.map(({ marketId, reason }) => `${marketId}: ${reason}`).sort()).toEqual([
      "game3: the siblings turned",
      "series: target reached",
    ]);
    expect(held(run, "series")[0]).toBeLessThan(0.01);
  });

  it("goes by the team, not by the position of the outcome", () => {
    const run = decider({ games: [game(3, [1, 0])] });
    run.tape
      .book(...around(40), "game3")
      .book(...around(60), "series")
      .wait(2_000);
    expect(placed(run)).toEqual([]); // 40 for team 1 is 60 for team 0
    run.tape.book(...around(20), "game3").wait(1_500);
    expect(bought(run)).toEqual(["game3:0", "series:0"]);
  });

  it("keeps all of a match under one cap", () => {
    const run = decider({
      params: {
        max_match_usdc: 20,
        max_entry_usdc: 15,
        entry_pause_ms: 0,
        kelly_fraction: 1,
        target_gap: -1,
        reversal: 1,
      },
    });
    run.tape
      .book(...around(60), "series")
      .book(...around(60), "game3")
      .wait(2_000);
    run.tape.book(...around(80, 5_000), "game3").wait(20_000);
    const { ledger } = run.runtime.core;
    const cost = ["series", "game3"].flatMap((m) =>
      [0, 1].map((o) => ledger.position(id(m), o as 0 | 1).cost),
    );
    expect(cost.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(20_000_000);
    expect(cost.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(15_000_000);
    expect(
      skipped(run, "the match's cap is reached") + skipped(run, "size below the venue's minimum"),
    ).toBeGreaterThan(0);
  });

  it("says why it has no price: a wide sibling, a game without a market, truth in doubt", () => {
    const run = decider();
    run.tape
      .book([[40, 100]], [[80, 100]], "game3")
      .book(...around(60), "series")
      .wait(3_000);
    expect(skipped(run, "no price for game 3")).toBeGreaterThan(0);
    run.tape
      .claim("grid", { kind: "game_won", game: 3, winner: 0 }, "A")
      .claim("pandascore", { kind: "game_won", game: 3, winner: 1 }, "B")
      .wait(4_000);
    run.tape.book(...around(80), "game3").wait(3_000);
    expect(placed(run)).toEqual([]);
  });

  it("takes a game without a market for what its neighbours were worth before they were played", () => {
    const run = startRun([{ use: SeriesConsistency, params: { persist_ms: 0, edge_max: 0.5 } }]);
    run.tape.match().market(SERIES).market(game(1)).market(game(2));
    run.tape.book(...around(70), "game1").book(...around(70), "game2");
    // Three games at 70 % each make a series of 78 %: it is asked for at 61.
    run.tape.book(...around(60), "series").wait(3_000);
    run.tape.claim("grid", { kind: "series_started" }, "A").wait(3_000);
    run.tape.book(...around(60), "series").wait(3_000);
    expect(run.runtime.core.counts.alarms).toBe(0);
    expect(bought(run)).toContain("series:0");
  });

  it("waits until an edge has stood for a while: books of one match follow each other within moments", () => {
    const run = decider({ params: { persist_ms: 5_000 } });
    run.tape
      .book(...around(60), "series")
      .book(...around(60), "game3")
      .wait(2_000);
    run.tape.book(...around(80), "game3").wait(3_000);
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "the edge is new")).toBeGreaterThan(0);
    run.tape.book(...around(80), "series").wait(6_000); // it was only slow
    expect(placed(run)).toEqual([]);
  });

  it.each(["gap", "stale", "disconnected"] as const)(
    "does not go by a sibling whose book is not to be believed (%s), and leaves when there is none for long",
    (state) => {
      const run = decider({ params: { target_gap: -1, reversal: 1, blind_ms: 5_000, max_hold_ms: 600_000 } });
      const cut = (): void => {
        run.tape.offer({ type: "book_continuity", marketId: id("game3"), state, reason: "test" });
      };
      run.tape.book(...around(80), "game3");
      cut();
      run.tape.book(...around(60), "series").wait(4_000);
      expect(bought(run)).toEqual([]);
      run.tape.book(...around(80), "game3").wait(4_000);
      expect(bought(run)).toContain("series:0");
      expect(held(run, "series")[0]).toBeGreaterThan(5);
      cut();
      run.tape.wait(3_000);
      expect(held(run, "series")[0]).toBeGreaterThan(5);
      run.tape.wait(10_000);
      const exits = placed(run).filter(({ side, marketId }) => side === "sell" && marketId === "series");
      expect(exits).toMatchObject([{ reason: "the siblings imply nothing" }]);
      expect(held(run, "series")[0]).toBeLessThan(0.01);
    },
  );

  it("does nothing where there is nothing to compare with", () => {
    const run = startRun([{ use: SeriesConsistency }]);
    run.tape
      .match()
      .market(SERIES)
      .book(...around(50), "series")
      .wait(10_000);
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "no price for game 1")).toBeGreaterThan(0);
  });
});
