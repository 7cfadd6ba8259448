import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ageHeight, agesByColumn, ageTone } from "../src/chart/ageRows.ts";
import { between, fillRadius, longs, nearestMarks } from "../src/chart/marks.ts";
import { drawPace, extent, priceRange, rangeOf } from "../src/chart/view.ts";
import type { ChartMark, LadderFrame, OwnOrder } from "../src/frames.ts";
import { ladderView, queueOf } from "../src/ladder/rows.ts";
import { commandOf, type KeyPress } from "../src/ui/keyboard.ts";

const SHARE = 1_000_000;

function own(level: number, onSide: "bid" | "ask", more: Partial<OwnOrder> = {}): OwnOrder {
  return {
    intent: `i-${String(level)}`,
    strategy: "s",
    outcome: 0,
    side: "buy",
    price: level,
    level,
    onSide,
    size: 10 * SHARE,
    matched: 0,
    status: "LIVE",
    purpose: "entry",
    reason: "",
    since: 0,
    ...more,
  };
}

function book(more: Partial<LadderFrame> = {}): LadderFrame {
  return {
    type: "ladder",
    market: "m",
    t: 0,
    tick: 100,
    book: "live",
    mirrored: true,
    bids: [
      [4_700, 100 * SHARE],
      [4_600, 50 * SHARE],
    ],
    asks: [
      [4_900, 70 * SHARE],
      [5_000, 30 * SHARE],
    ],
    own: [],
    trades: [],
    ...more,
  };
}

const shown = (frame: LadderFrame, depth = 9): (string | number)[] =>
  ladderView(frame, depth).lines.map((line) => (line.kind === "level" ? line.price : line.kind));

describe("the ladder", () => {
  it("goes from the highest price to the lowest, with the spread between the sides", () => {
    expect(shown(book())).toEqual([5_000, 4_900, "spread", 4_700, 4_600]);
  });

  it("adds up sizes from the best price on", () => {
    const totals = ladderView(book(), 9).lines.flatMap((line) =>
      line.kind === "level" ? [line.total / SHARE] : [],
    );
    expect(totals).toEqual([100, 70, 100, 150]);
  });

  it("puts the model's worth where it belongs, inside of the spread on its side of the middle", () => {
    expect(shown(book({ fair: 0.495 }))).toEqual([5_000, "fair", 4_900, "spread", 4_700, 4_600]);
    expect(shown(book({ fair: 0.485 }))).toEqual([5_000, 4_900, "fair", "spread", 4_700, 4_600]);
    expect(shown(book({ fair: 0.475 }))).toEqual([5_000, 4_900, "spread", "fair", 4_700, 4_600]);
    expect(shown(book({ fair: 0.01 }))).toEqual([5_000, 4_900, "spread", 4_700, 4_600, "fair"]);
    expect(shown(book({ fair: 0.99 }))[0]).toBe("fair");
  });

  it("shows own orders however deep they stand, and those that the book does not show yet", () => {
    const frame = book({ own: [own(4_600, "bid"), own(4_200, "bid"), own(4_800, "ask")] });
    expect(shown(frame, 1)).toEqual([4_900, 4_800, "spread", 4_700, 4_600, 4_200].filter((p) => p !== 4_900));
    const levels = ladderView(frame, 9).lines.filter((line) => line.kind === "level");
    expect(levels.find(({ price }) => price === 4_600)?.own).toHaveLength(1);
    expect(levels.find(({ price }) => price === 4_200)).toMatchObject({ size: 0, side: "bid" });
  });

  it("stands with one side or none", () => {
    expect(shown(book({ asks: [] }))).toEqual(["spread", 4_700, 4_600]);
    expect(shown(book({ asks: [], bids: [], fair: 0.5 }))).toEqual(["spread", "fair"]);
  });

  it("tells what is before an order, and nothing where that is not known", () => {
    expect(queueOf(own(4_700, "bid", { ahead: 40 * SHARE }), 100 * SHARE)).toEqual({
      ahead: 40 * SHARE,
      part: 0.4,
    });
    expect(queueOf(own(4_700, "bid", { ahead: 40 * SHARE }), 0)?.part).toBe(1);
    expect(queueOf(own(4_700, "bid"), 100 * SHARE)).toBeUndefined();
  });
});

describe("the chart's stretch of time and prices", () => {
  it("is the last stretch, all of it, or what was cut out by hand", () => {
    const times = [0, 60_000, 600_000];
    expect(rangeOf(times, "all", undefined)).toEqual([0, 600_000]);
    expect(rangeOf(times, 120_000, undefined)).toEqual([480_000, 600_000]);
    expect(rangeOf(times, 120_000, [5, 6])).toEqual([5, 6]);
    expect(rangeOf([1_000], "all", undefined)).toEqual([-9_000, 1_000]);
    expect(rangeOf([], "all", undefined)[1]).toBeGreaterThan(0);
  });

  it("is drawn as often as it can be seen to move", () => {
    expect([60_000, 240_000, 3_600_000, 0].map((ms) => drawPace(ms, 800))).toEqual([100, 150, 500, 100]);
  });

  it("keeps prices in sight, with room, and never turns over", () => {
    expect(priceRange(null, null)).toEqual([0, 1]);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const [low, high] = priceRange(Math.min(a, b), Math.max(a, b));
          expect(low).toBeLessThanOrEqual(Math.min(a, b) + 1e-12);
          expect(high).toBeGreaterThanOrEqual(Math.max(a, b) - 1e-12);
          expect(high).toBeGreaterThan(low);
          expect([low >= -0.01, high <= 1.01]).toEqual([true, true]);
        },
      ),
    );
  });

  it("finds least and greatest past what is not known", () => {
    expect(
      extent(
        [
          [null, 3, 1],
          [null, null, 9],
        ],
        0,
        2,
      ),
    ).toEqual([1, 9]);
    expect(extent([[null]], 0, 5)).toEqual([null, null]);
  });
});

describe("marks", () => {
  const marks = [10, 20, 20, 30].map((t, seq): ChartMark => ({
    kind: "end",
    t,
    seq,
    what: "ended",
    text: "",
  }));

  it("are found by their time, ends included", () => {
    expect(between(marks, 20, 20).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(between(marks, 11, 19)).toEqual([]);
    expect(between(marks, 0, 99)).toHaveLength(4);
    expect(nearestMarks(marks, 21, 12).map(({ t }) => t)).toEqual([20, 20, 30, 10]);
  });

  it("point up for what is for the first outcome", () => {
    expect(longs({ side: "buy", outcome: 0 })).toBe(true);
    expect(longs({ side: "sell", outcome: 1 })).toBe(true);
    expect(longs({ side: "buy", outcome: 1 })).toBe(false);
  });

  it("grow with their size and stay small enough to see what is under them", () => {
    expect(fillRadius(0)).toBe(4);
    expect(fillRadius(400 * SHARE)).toBeGreaterThan(fillRadius(40 * SHARE));
    expect(fillRadius(1e15)).toBe(11);
  });
});

describe("silence", () => {
  it("shows in each column the longest that was there", () => {
    expect([...agesByColumn([0, 10, 20, 30], [1, 9, 2, 3], 0, 40, 2)]).toEqual([9, 3]);
  });

  it("holds from one point to the next, and is not made up before the first", () => {
    expect([...agesByColumn([20, 50], [5, 7], 0, 100, 10)]).toEqual([-1, -1, 5, 5, 5, 7, -1, -1, -1, -1]);
    expect([...agesByColumn([0], [null], 0, 10, 2)]).toEqual([-1, -1]);
    expect([...agesByColumn([], [], 5, 5, 1)]).toEqual([-1]);
  });

  it("is the higher and the louder the longer it is", () => {
    expect([0, 1_000, 10_000, 60_000, 1e9].map(ageTone)).toEqual([
      "faint",
      "faint",
      "caution",
      "alarm",
      "alarm",
    ]);
    expect(ageHeight(1e9)).toBe(1);
    expect(ageHeight(1_000)).toBeGreaterThan(0.1);
  });
});

describe("keys", () => {
  const press = (key: string, more: Partial<KeyPress> = {}): ReturnType<typeof commandOf> =>
    commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, target: { tagName: "BODY" }, ...more });

  it("do what the help says", () => {
    expect(press("j")).toEqual({ kind: "market", by: 1 });
    expect(press("1")).toEqual({ kind: "panel", id: "chart" });
    expect(press("/")).toEqual({ kind: "search" });
    expect(press(",")).toEqual({ kind: "step", back: true });
    expect(press("K")).toEqual({ kind: "kill" });
  });

  it("are left alone where somebody types, and with the browser's own", () => {
    expect(press("K", { target: { tagName: "INPUT", type: "text" } })).toBeUndefined();
    expect(press("j", { target: { tagName: "SELECT" } })).toBeUndefined();
    expect(press("t", { ctrlKey: true })).toBeUndefined();
    expect(press(" ", { target: { tagName: "BUTTON" } })).toBeUndefined();
    expect(press(" ", { target: { tagName: "INPUT", type: "range" } })).toEqual({ kind: "play" });
  });

  it("have no names that every object has", () => {
    expect(press("constructor")).toBeUndefined();
    expect(press("toString")).toBeUndefined();
  });
});
