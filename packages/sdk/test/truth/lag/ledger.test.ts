import { describe, expect, it } from "vitest";
import { id, type MarketId } from "../../../src/ids.ts";
import { TruthEngine, type SourceLag } from "../../../src/truth/index.ts";
import { config, Desk, event, MATCH, match, ms } from "../helpers.ts";

/** A market moved for a team. */
function move(desk: Desk, at: number, team: 0 | 1, cents = 6, game?: number): void {
  const about = game === undefined ? {} : { game };
  const marketId = id<MarketId>("m");
  desk.engine.marketMoved(MATCH, { marketId, ...about, team, at: ms(at), size: cents * 100 }, ms(at));
}

const lag = (desk: Desk, source: string): SourceLag => desk.engine.lagOf(id(source));

/** Both speak of the match before anything happens. */
function both(...sources: string[]): Desk {
  const desk = new Desk();
  for (const source of sources) desk.start(source, 1);
  desk.pass(1_000);
  return desk;
}

/** Team 0 scores `count` times, every minute; each source says so after its delay. */
function play(desk: Desk, count: number, delays: Readonly<Record<string, number>>, from = 1): void {
  for (let score = from; score < from + count; score++) {
    const began = desk.now;
    for (const [source, delay] of Object.entries(delays).sort((a, b) => a[1] - b[1])) {
      desk.now = began + delay;
      if (source === "market") move(desk, desk.now, 0);
      else desk.progress(source, { score: [score, 0] });
    }
    desk.now = began + 90_000;
  }
}

describe("against another source", () => {
  it("is what the other was earlier; the first one's is 0", () => {
    const desk = both("one", "two");
    play(desk, 4, { one: 0, two: 20_000 });
    expect(lag(desk, "two")).toMatchObject({ n: 4, lastMs: 20_000, maxMs: 20_000 });
    expect(lag(desk, "two").p50Ms!).toBeGreaterThanOrEqual(20_000 * 0.99);
    expect(lag(desk, "one")).toMatchObject({ n: 4, p90Ms: 0 });
  });

  it("also when it skips values: the oldest news in a claim is what it is late with", () => {
    const desk = both("one", "two");
    for (const [at, score] of [
      [2_000, 1],
      [4_000, 2],
      [6_000, 3],
    ] as const) {
      desk.now = at;
      desk.progress("one", { score: [score, 0] });
    }
    desk.now = 12_000;
    desk.progress("two", { score: [3, 0] });
    desk.now = 30_000;
    desk.progress("two", { score: [3, 0], gold: [1, 2] });
    expect(lag(desk, "two")).toMatchObject({ n: 1, lastMs: 10_000 });
  });

  it("also of games won, the score of the series and its end", () => {
    const desk = both("one", "two");
    desk.won("one", 1, 0);
    desk.now += 15_000;
    desk.say("two", { kind: "series_score", maps: [1, 0] });
    expect(lag(desk, "two")).toMatchObject({ n: 1, lastMs: 15_000 });
    desk.now += 5_000;
    desk.won("two", 1, 0);
    expect(lag(desk, "two")).toMatchObject({ n: 2, lastMs: 20_000 });
  });

  it("is unknown of a source that is first against nobody", () => {
    const desk = both("one");
    play(desk, 20, { one: 0 });
    expect(lag(desk, "one")).toMatchObject({ n: 0, lagMs: undefined, mayTake: false });
  });

  it("proves nothing for a source that is ahead of its own copies", () => {
    const desk = both("panda", "relay");
    play(desk, 20, { panda: 0, relay: 4_000 });
    expect(lag(desk, "panda").n).toBe(0);
    expect(lag(desk, "relay").n).toBe(20);
  });

  it("proves nothing for a source that is only ahead of others that are late", () => {
    const desk = both("one", "two");
    play(desk, 30, { one: 0, two: 5_000 });
    expect(lag(desk, "one")).toMatchObject({ n: 30, vouched: 0, p90Ms: 0, lagMs: undefined, mayTake: false });
    expect(lag(desk, "two").mayTake).toBe(false);
  });

  it("is known of a source that keeps up with one that is in time", () => {
    const desk = both("grid", "one", "two");
    play(desk, 12, { grid: 0, one: 3_000, two: 25_000 });
    expect(lag(desk, "one")).toMatchObject({ n: 12, vouched: 12, inTime: true, mayTake: true });
    expect(lag(desk, "two")).toMatchObject({ n: 12, inTime: false, mayTake: false });
    expect(lag(desk, "two").lagMs!).toBeGreaterThan(24_000);
  });
});

/** The same, and a market of the match is watched. */
function watched(...sources: string[]): Desk {
  const desk = both(...sources);
  desk.engine.marketWatched(MATCH, ms(desk.now));
  return desk;
}

describe("against the market", () => {
  it("is what the market moved earlier in the fact's direction", () => {
    const desk = watched("espn");
    play(desk, 3, { market: 0, espn: 25_000 });
    desk.progress("espn", { score: [3, 0] });
    expect(lag(desk, "espn")).toMatchObject({ n: 3, vouched: 3, lastMs: 25_000 });
  });

  it("is 0 when the market follows", () => {
    const desk = watched("quick");
    play(desk, 12, { quick: 0, market: 1_500 });
    desk.progress("quick", { score: [12, 0] });
    expect(lag(desk, "quick")).toMatchObject({ n: 12, p90Ms: 0, inTime: true });
  });

  it("is not told by moves against the fact, long before it, or about another game", () => {
    for (const [at, team, game] of [
      [30_000, 1, undefined],
      [10_000, 0, undefined],
      [60_000, 0, 2],
    ] as const) {
      const desk = watched("espn");
      move(desk, at, team, 6, game);
      desk.now = 75_000;
      desk.progress("espn", { score: [1, 0] });
      desk.now = 100_000;
      desk.progress("espn", { score: [1, 0] });
      expect(lag(desk, "espn").n).toBe(0);
    }
  });

  it("takes each move for the report of one fact only", () => {
    const desk = watched("espn");
    move(desk, 10_000, 0);
    desk.now = 35_000;
    desk.progress("espn", { score: [1, 0] });
    desk.now = 50_000;
    desk.progress("espn", { score: [2, 0] });
    desk.now = 90_000;
    desk.progress("espn", { score: [2, 0] });
    expect(lag(desk, "espn")).toMatchObject({ n: 1, lastMs: 25_000 });
  });

  it("counts for whoever says it later too", () => {
    const desk = watched("one", "two");
    play(desk, 4, { market: 0, one: 20_000, two: 40_000 });
    desk.progress("one", { score: [4, 0] });
    expect(lag(desk, "one")).toMatchObject({ n: 4, lastMs: 20_000 });
    expect(lag(desk, "two")).toMatchObject({ n: 4, lastMs: 40_000 });
  });

  it("takes off what is chance: a market that moves either way all the time makes no fast source slow", () => {
    const desk = watched("quick");
    let noise = 7;
    for (let score = 1; score <= 60; score++) {
      const began = desk.now;
      for (let i = 0; i < 4; i++) {
        noise = (noise * 16_807) % 2_147_483_647;
        move(desk, began + i * 14_000, (noise >> 8) % 2 === 0 ? 0 : 1, 3 + (noise % 5));
      }
      desk.now = began + 58_000;
      desk.progress("quick", { score: [score, 0] });
      move(desk, began + 59_000, 0, 5);
      desk.now = began + 90_000;
    }
    expect(lag(desk, "quick").n).toBeGreaterThan(10);
    expect(lag(desk, "quick").p50Ms).toBe(0);
  });
});

describe("what is declared", () => {
  it("counts until enough was measured, but not against a bad median", () => {
    const desk = watched("grid", "espn");
    expect(lag(desk, "grid")).toMatchObject({ declaredMs: 1_000, lagMs: 1_000, mayTake: true });
    expect(lag(desk, "espn")).toMatchObject({ declaredMs: undefined, lagMs: undefined, mayTake: false });
    play(desk, 3, { market: 0, grid: 25_000 });
    desk.progress("grid", { score: [3, 0] });
    expect(lag(desk, "grid")).toMatchObject({ n: 3, inTime: false });
  });

  it("gives way to measurement, for better and for worse", () => {
    const slow = watched("grid");
    play(slow, 12, { market: 0, grid: 30_000 });
    slow.progress("grid", { score: [12, 0] });
    expect(lag(slow, "grid").mayTake).toBe(false);
    const fast = watched("pandascore");
    expect(lag(fast, "pandascore").mayTake).toBe(false);
    play(fast, 12, { pandascore: 0, market: 2_000 });
    fast.progress("pandascore", { score: [12, 0] });
    expect(lag(fast, "pandascore").mayTake).toBe(true);
  });

  it("is a table that keeps its other defaults", () => {
    const partial = config({ lag_ms_by_source: { espn: 500 }, stale_ms_by_source: { espn: 75_000 } });
    expect(partial.lag_ms_by_source).toMatchObject({ espn: 500, grid: 1_000, liquipedia: 600_000 });
    expect(partial.stale_ms_by_source).toMatchObject({ espn: 75_000, default: 30_000, riot_gateway: 45_000 });
  });

  it("does not matter while the guard is off; measuring goes on", () => {
    const desk = new Desk({ signal_lag_guard: "off" });
    expect(lag(desk, "espn")).toMatchObject({ lagMs: undefined, inTime: false, mayTake: true });
  });

  it("is taken for too low when the source's own stamps are older", () => {
    const desk = watched("grid");
    for (let score = 1; score <= 5; score++) {
      const at = 10_000 * score;
      const claim = { kind: "game_progress", game: 1, progress: { score: [score, 0] } } as const;
      desk.engine.apply({ ...event("grid", claim, { at }), occurredAt: (at - 40_000) as never });
    }
    expect(lag(desk, "grid").stampedMs!).toBeGreaterThan(39_000);
    expect(lag(desk, "grid")).toMatchObject({ n: 0, inTime: false });
  });
});

describe("what is no lag", () => {
  it.each([
    ["what a source knows when it joins", (desk: Desk) => desk.start("late", 1)],
    ["replayed history", (desk: Desk) => desk.progress("two", { score: [5, 0] }, 1, { replayed: true })],
  ])("%s", (_name, tell) => {
    const desk = both("one", "two");
    for (let score = 1; score <= 5; score++) {
      desk.now += 1_000;
      desk.progress("one", { score: [score, 0] });
    }
    desk.now += 60_000;
    tell(desk);
    desk.progress("late", { score: [5, 0] });
    expect(lag(desk, "late").n).toBe(0);
    expect(lag(desk, "two").n).toBe(0);
  });

  it("what is reached again after a rollback, until the score is beyond it", () => {
    const desk = both("one", "two");
    play(desk, 3, { one: 0, two: 2_000 });
    expect(lag(desk, "two").n).toBe(3);
    desk.retract("one", "rollback", 1);
    desk.now += 1_000;
    desk.progress("two", { score: [3, 0] });
    desk.now += 60_000;
    play(desk, 2, { one: 0, two: 2_000 }, 2);
    expect(lag(desk, "two").n).toBe(3);
    play(desk, 1, { one: 0, two: 2_000 }, 4);
    expect(lag(desk, "two")).toMatchObject({ n: 4, lastMs: 2_000, maxMs: 2_000 });
    expect(lag(desk, "one").maxMs).toBe(0);
  });

  it("what a source says that says of itself that it is wrong", () => {
    const desk = both("one", "two");
    desk.say("two", { kind: "source_invalid" });
    play(desk, 4, { one: 0, two: 2_000 });
    expect(lag(desk, "two").n).toBe(0);
  });

  it("a count that nobody can believe", () => {
    const desk = both("one", "two");
    for (const bad of [1e9, NaN, -3, 0.5, 2 ** 53]) desk.progress("one", { score: [bad, 0] } as never);
    desk.now += 5_000;
    desk.progress("two", { score: [1, 0] });
    expect(lag(desk, "two").n).toBe(0);
    expect(JSON.stringify(desk.engine.snapshot()).length).toBeLessThan(20_000);
  });
});

describe("the whole", () => {
  it("is in the account of sources, per source", () => {
    const desk = both("one", "two");
    play(desk, 2, { one: 0, two: 3_000 });
    expect(desk.engine.sources().map(({ source, lag: { n } }) => [source, n])).toEqual([
      ["one", 2],
      ["two", 2],
    ]);
  });

  it("survives a snapshot in the middle of it", () => {
    const desk = watched("grid", "two");
    play(desk, 3, { market: 0, grid: 500, two: 7_000 });
    move(desk, desk.now, 0);
    desk.progress("grid", { score: [4, 0] });
    const other = new TruthEngine(config());
    other.list(match(), ms(0));
    other.restore(JSON.parse(JSON.stringify(desk.engine.snapshot())));
    for (const engine of [desk.engine, other]) {
      const claim = { kind: "game_progress", game: 1, progress: { score: [4, 0] } } as const;
      engine.apply(event("two", claim, { at: desk.now + 6_000 }));
      engine.apply(event("grid", claim, { at: desk.now + 60_000 }));
    }
    expect(other.sources()).toEqual(desk.engine.sources());
    expect(other.snapshot()).toEqual(desk.engine.snapshot());
    expect(lag(desk, "two").n).toBe(4);
  });
});
