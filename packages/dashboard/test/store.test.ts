import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChartFrame, HelloFrame, LogLine, ServerFrame } from "../src/frames.ts";
import { ChartData, indexAt, Store } from "../src/store/index.ts";
import { FakeMarket } from "./support/fakeRun.ts";

function market(steps = 60): FakeMarket {
  let seq = 0;
  const made = new FakeMarket(0, 7, () => seq++);
  for (let i = 0; i < steps; i++) made.step(1_000);
  return made;
}

function hello(ids: readonly string[], run = "run-1"): HelloFrame {
  const names = ids.map((id) => ({ id, title: id, label: id, outcomes: ["YES", "NO"] as const }));
  return {
    type: "hello",
    version: 1,
    run,
    mode: "paper",
    state: "growing",
    controls: true,
    from: 0,
    to: 1,
    journal: "j",
    strategies: [],
    markets: names,
    sources: [],
    lacks: [],
  };
}

function line(seq: number): LogLine {
  return { seq, t: seq, kind: "run", level: "info", text: `line ${String(seq)}` };
}

describe("a chart that grows", () => {
  it("is the same however its end was cut into frames", () => {
    const made = market();
    const whole = new ChartData();
    expect(whole.take(made.chart(0, 0))).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), (cuts) => {
        const grown = new ChartData();
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), 60]) {
          // A point that is said again replaces what was there.
          const again = Math.max(0, from - 2);
          expect(grown.take(made.chart(again, 0, to))).toBe(true);
          from = to;
        }
        expect(grown.t).toEqual(whole.t);
        expect(grown.columns).toEqual(whole.columns);
        expect(grown.above).toEqual(whole.above);
        expect(grown.ages).toEqual(whole.ages);
        expect(grown.marks).toEqual(whole.marks);
      }),
    );
  });

  it("refuses what does not join it, and what is not whole", () => {
    const made = market();
    const chart = new ChartData();
    expect(chart.take(made.chart(10, 0))).toBe(false);
    expect(chart.take(made.chart(0, 0, 20))).toBe(true);
    expect(chart.take(made.chart(21, 0))).toBe(false);
    const good = made.chart(20, 0);
    expect(chart.take({ ...good, points: { ...good.points, mid: good.points.mid.slice(1) } })).toBe(false);
    expect(chart.take({ ...good, points: { ...good.points, ages: [] } })).toBe(false);
    expect(chart.take({ ...good, market: "another" })).toBe(false);
    expect(chart.t).toHaveLength(20);
  });

  it("keeps the band inside of what a probability can be", () => {
    const chart = new ChartData();
    const frame = market(3).chart(0, 0);
    chart.take({ ...frame, points: { ...frame.points, p: [0.99, 0.01, null], sd: [0.05, 0.05, 0.05] } });
    expect(chart.above[0]).toBe(1);
    expect(chart.below[1]).toBe(0);
    expect(chart.above[2]).toBeNull();
  });

  it("finds the point of a moment", () => {
    expect([0, 9, 10, 15, 20, 99].map((t) => indexAt([10, 20, 20, 30], t))).toEqual([-1, -1, 0, 0, 2, 3]);
  });
});

describe("what the page knows", () => {
  it("asks for one picture however many frames come", () => {
    let pictures = 0;
    const store = new Store(() => pictures++);
    let told = 0;
    store.subscribe("log", () => told++);
    for (let i = 0; i < 2_000; i++) store.take({ type: "log", whole: false, lines: [line(i)] });
    expect(pictures).toBe(1);
    store.flush();
    expect(told).toBe(1);
    expect(store.log).toHaveLength(2_000);
  });

  it("keeps the newest lines only, also while no picture is drawn", () => {
    const store = new Store(() => undefined);
    for (let i = 0; i < 30_000; i++) store.take({ type: "log", whole: false, lines: [line(i)] });
    store.flush();
    expect(store.log).toHaveLength(2_000);
    expect(store.log.at(-1)?.seq).toBe(29_999);
    store.take({ type: "log", whole: true, lines: [line(5)] });
    store.flush();
    expect(store.log.map(({ seq }) => seq)).toEqual([5]);
  });

  it("shows the first market, and another when the chosen one is gone", () => {
    const store = new Store(() => undefined);
    store.take(hello(["a", "b"]));
    expect(store.chosen).toBe("a");
    store.choose("b");
    store.take(hello(["a", "b", "c"]));
    expect(store.chosen).toBe("b");
    store.take(hello(["a"]));
    expect(store.chosen).toBe("a");
    // As when the run is shown at a time before it knew the market, and later again.
    store.take(hello([]));
    expect(store.chosen).toBeUndefined();
    store.take(hello(["a", "b"]));
    expect(store.chosen).toBe("b");
  });

  it("lets no frame of another market into chart and ladder", () => {
    const made = market();
    const store = new Store(() => undefined);
    store.take(hello(["0x0001", "b"]));
    store.take(made.chart(0, 0));
    expect(store.chart.t).toHaveLength(60);
    store.choose("b");
    expect(store.chart.t).toHaveLength(0);
    expect(store.take(made.chart(60, 0))).toBe(true);
    expect(store.take(made.ladder())).toBe(true);
    expect(store.chart.t).toHaveLength(0);
    expect(store.ladder).toBeUndefined();
  });

  it("takes what was on its way when somebody chose to and fro for what it is", () => {
    const made = market();
    const store = new Store(() => undefined);
    store.take(hello(["0x0001", "b"]));
    store.take(made.chart(0, 0, 50));
    store.choose("b");
    store.choose("0x0001");
    expect(store.take(made.chart(50, 0))).toBe(true);
    expect(store.chart.t).toHaveLength(0);
    expect(store.take(made.chart(0, 0))).toBe(true);
    expect(store.chart.t).toHaveLength(60);
  });

  it("forgets a run when another one answers at the address", () => {
    const store = new Store(() => undefined);
    store.take(hello(["0x0001"]));
    store.take(market().chart(0, 0));
    store.take({ type: "log", whole: false, lines: [line(1)] });
    store.take(hello(["0x0001"], "run-2"));
    store.flush();
    expect(store.chart.t).toHaveLength(0);
    expect(store.log).toEqual([]);
  });

  it("keeps what came before the run said who it is", () => {
    const store = new Store(() => undefined);
    store.take({ type: "play", state: "follow", t: 1, seq: 1, from: 0, to: 1, speed: 1 });
    store.take(hello(["a"]));
    expect(store.play).toBeDefined();
  });

  it("asks to begin anew when a chart does not join", () => {
    const store = new Store(() => undefined);
    store.take(hello(["0x0001"]));
    store.take(market().chart(0, 0, 20));
    expect(store.take(market().chart(40, 0))).toBe(false);
  });

  it("passes over frames that it does not know", () => {
    const store = new Store(() => undefined);
    expect(store.take({ type: "weather" } as unknown as ServerFrame)).toBe(true);
  });

  it("cleans the texts of every frame", () => {
    const store = new Store(() => undefined);
    const frame = hello(["a"]);
    store.take({ ...frame, markets: [{ ...frame.markets[0]!, label: "evil\u202etxt" }] });
    expect(store.hello?.markets[0]?.label).toBe("eviltxt");
  });

  it("does not take an answer back", () => {
    const store = new Store(() => undefined);
    const answer = { id: "1", action: "kill", ok: true, text: "done", orders: [] } as const;
    store.settle("1", { kind: "asked", action: "kill" });
    store.take({ type: "done", answer });
    store.settle("1", { kind: "unknown", action: "kill", text: "no answer came" });
    expect(store.answers.get("1")).toEqual({ kind: "answered", answer });
  });
});

describe("frames that make no sense", () => {
  it("are told and passed over, and what the page had stays", () => {
    const made = market();
    const store = new Store(() => undefined);
    store.take(hello(["0x0001"]));
    store.take(made.chart(0, 0));
    const odd: readonly unknown[] = [
      { type: "hello" },
      { type: "tables", header: null },
      { type: "chart", market: "0x0001", from: 0 },
      { ...made.chart(0, 0), points: { t: 7 } },
      { type: "equity", points: null },
      { type: "ladder", market: "0x0001" },
      { type: "log", whole: true },
      { type: "found", hits: "none" },
      { type: "done", answer: null },
    ];
    for (const frame of odd) {
      store.dismissError();
      expect(store.take(frame as ServerFrame)).toBe(true);
      expect(store.error?.code).toBe("FRAME_MALFORMED");
    }
    expect(store.chart.t).toHaveLength(60);
    expect(store.hello?.markets).toHaveLength(1);
    expect(store.ladder).toBeUndefined();
  });

  it("leave the chart as it was", () => {
    const chart = new ChartData();
    chart.take(market().chart(0, 0, 30));
    for (const from of [-1, 0.5, Number.NaN, 31])
      expect(chart.take({ ...(market().chart(0, 0) satisfies ChartFrame), from })).toBe(false);
    expect(chart.t).toHaveLength(30);
  });
});
