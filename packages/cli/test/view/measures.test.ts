import type { CoreEvent, Effect, MarketId, Nanos, SourceEvent, SourceReport, Usdc } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { CalibrationView } from "../../src/view/calibration.ts";
import { LatencyView } from "../../src/view/latency.ts";
import { RaceView } from "../../src/view/race.ts";

const MS = 1_000_000;

function event(ms: number, fields: Readonly<Record<string, unknown>>): CoreEvent {
  return { at: ms * MS, receivedAt: 1_000_000 + ms, ...fields } as unknown as CoreEvent;
}

function claim(ms: number, source: string, said: SourceEvent["claim"], more = {}): SourceEvent {
  return event(ms, {
    type: "match_claim",
    matchId: "m",
    source,
    tier: "A",
    claim: said,
    ...more,
  }) as SourceEvent;
}

describe("latency", () => {
  const place = { type: "place", intent: { intentId: "i-1" } } as unknown as Effect;
  const none = (): undefined => undefined;

  it("is measured from the source to the settled trade, each stage by itself", () => {
    const view = new LatencyView();
    view.take(claim(100, "grid", { kind: "series_started" }, { occurredAt: 1_000_040 }), [], none);
    view.take(event(110, { type: "book_delta" }), [place], () => (100 * MS) as Nanos);
    view.take(event(112, { type: "order_prepared", intentId: "i-1", orderId: "0x1" }), [], none);
    view.take(event(115, { type: "order_report", orderId: "0x1", status: "sent" }), [], none);
    view.take(event(165, { type: "order_report", orderId: "0x1", status: "live" }), [], none);
    const trade = { type: "trade_report", orderId: "0x1", tradeId: "t" };
    for (const [ms, status] of [
      [365, "MATCHED"],
      [1_000, "MINED"],
      [2_365, "CONFIRMED"],
      [9_000, "CONFIRMED"],
    ] as const)
      view.take(event(ms, { ...trade, status }), [], none);
    const rows = view.rows();
    expect(rows.map(({ stage, n, maxMs }) => [stage, n, maxMs])).toEqual([
      ["source_to_receive", 1, 60],
      ["receive_to_decision", 1, 10],
      ["decision_to_post", 1, 5],
      ["post_to_ack", 1, 50],
      ["ack_to_match", 1, 200],
      ["match_to_confirmed", 1, 2_000],
    ]);
    for (const { counts, edges, n } of rows) {
      expect(counts).toHaveLength(edges.length + 1);
      expect(counts.reduce((all, each) => all + each, 0)).toBe(n);
    }
  });

  it("leaves out history that is sent again, and decisions that no news led to", () => {
    const view = new LatencyView();
    view.take(claim(100, "grid", { kind: "series_started" }, { occurredAt: 5, replayed: true }), [], none);
    view.take(event(110, { type: "timer" }), [place], none);
    view.take(event(120_000, { type: "timer" }), [place], () => 0 as Nanos);
    expect(view.rows().map(({ n }) => n)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe("the race of the sources", () => {
  const report = (source: string): SourceReport =>
    ({ source, tier: "A", claims: 3, lag: { lagMs: undefined, mayTake: false } }) as unknown as SourceReport;

  it("counts who said first what another said too, and by how much the others were behind", () => {
    const view = new RaceView();
    const won = { kind: "game_won", game: 1, winner: 0 } as const;
    expect(view.take(claim(0, "grid", won))).toBe(true);
    expect(view.take(claim(50, "grid", won))).toBe(false);
    expect(view.take(claim(4_000, "relay", won))).toBe(false);
    expect(view.take(claim(5_000, "relay", { kind: "game_started", game: 2 }))).toBe(true);
    expect(view.take(claim(6_000, "late", { kind: "game_started", game: 2 }, { replayed: true }))).toBe(
      false,
    );
    const [grid, relay] = view.rows([report("grid"), report("relay")]);
    expect(grid).toMatchObject({ first: 1, races: 1 });
    expect(relay).toMatchObject({ first: 0, races: 1, behindP50Ms: 4_000 });
  });

  it("holds another winner of the same game for another fact", () => {
    const view = new RaceView();
    view.take(claim(0, "grid", { kind: "game_won", game: 1, winner: 0 }));
    expect(view.take(claim(9, "relay", { kind: "game_won", game: 1, winner: 1 }))).toBe(true);
  });
});

describe("calibration", () => {
  const paid = (first: number): readonly [Usdc, Usdc] => [first as Usdc, (1_000_000 - first) as Usdc];

  it("compares model and mid once a minute, over what was decided, by match", () => {
    const view = new CalibrationView();
    for (const [market, match, first] of [
      ["a", "x", 1_000_000],
      ["b", "y", 0],
    ] as const) {
      for (let t = 0; t < 180_000; t += 1_000)
        view.said(market as MarketId, match, t, first === 0 ? 0.1 : 0.9, 0.5);
      view.resolved(market as MarketId, paid(first));
      view.resolved(market as MarketId, paid(1_000_000 - first));
    }
    view.said("open" as MarketId, "z", 0, 1, 0);
    const table = view.table();
    expect(table).toMatchObject({ n: 6, markets: 2 });
    expect(table.brierModel).toBeCloseTo(0.01);
    expect(table.brierMid).toBeCloseTo(0.25);
    expect(table.advantage).toBeCloseTo(0.24);
    expect(table.interval![0]).toBeCloseTo(0.24);
    expect(table.bins.filter(({ by }) => by === "model").map(({ n, was }) => [n, was])).toEqual([
      [3, 0],
      [3, 1],
    ]);
  });

  it("says no interval of one match, and nothing of a market that pays both sides", () => {
    const view = new CalibrationView();
    view.said("even" as MarketId, "x", 0, 0.9, 0.5);
    view.resolved("even" as MarketId, paid(500_000));
    expect(view.table()).toEqual({ n: 0, markets: 0, bins: [] });
    view.said("a" as MarketId, "x", 0, 0.9, 0.5);
    view.resolved("a" as MarketId, paid(0));
    expect(view.table().interval).toBeUndefined();
    expect(view.table().advantage).toBeCloseTo(0.25 - 0.81);
  });
});
