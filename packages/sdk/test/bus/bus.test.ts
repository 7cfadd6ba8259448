import { describe, expect, it } from "vitest";
import { Bus } from "../../src/bus/index.ts";
import { eventProblem, type CoreEvent } from "../../src/events/index.ts";
import type { MarketId } from "../../src/ids.ts";
import {
  brief,
  claim,
  command,
  continuity,
  delta,
  drain,
  fill,
  listed,
  quote,
  report,
  snapshot,
  tick,
  trade,
  unreadable,
} from "./support.ts";

describe("the order in which the bus gives events", () => {
  it("is control first, then one from each queue in turn, each in its order of arrival", () => {
    const bus = new Bus();
    for (const event of [
      delta(1, "a"),
      delta(2, "a"),
      delta(3, "a"),
      trade(4, "b"),
      claim(5, "m"),
      claim(6, "m"),
      command(7),
    ]) {
      expect(bus.offer(event)).toBe("queued");
    }
    expect(bus.size).toBe(7);
    const events = drain(bus);
    // Times are raised where one queue overtook another, so the order is told by what the events say.
    expect(events.map(({ type }) => type)).toEqual([
      ...["operator", "book_delta", "market_trade", "match_claim", "book_delta", "match_claim", "book_delta"],
    ]);
    expect(bus.size).toBe(0);
    expect(bus.take()).toBeUndefined();
  });

  it("never lets time step back along the log", () => {
    const bus = new Bus();
    for (const event of [delta(1, "a"), delta(5, "a"), delta(2, "b"), command(3)]) bus.offer(event);
    expect(brief(drain(bus))).toEqual(["operator@3", "book_delta@3", "book_delta@3", "book_delta@5"]);
    bus.offer(delta(4, "a"));
    const late = bus.take()!;
    expect([late.at, late.receivedAt]).toEqual([5, 1_780_000_000_004]);
  });

  it("keeps reports in line with their market's trades when it can tell the market", () => {
    const bus = new Bus({
      marketOf: (event) => ("orderId" in event && event.orderId === "o" ? ("a" as MarketId) : undefined),
    });
    for (const event of [delta(1, "a"), report(2, "o"), fill(3, "a", "t"), report(4, "foreign")])
      bus.offer(event);
    expect(brief(drain(bus)).filter((text) => !text.startsWith("book"))).toEqual([
      "order_report@4",
      "order_report@4",
      "trade_report@4",
    ]);
  });
});

describe("a full queue", () => {
  it("merges deltas that follow each other, and nothing across a snapshot, tick change or trade", () => {
    const bus = new Bus({ capacities: { book: 2 } });
    const results = [
      delta(1, "a", [0, 5_000, 1]),
      delta(2, "a", [0, 5_100, 2]),
      delta(3, "a", [0, 5_000, 3, 1, 6_000, 9]),
      delta(4, "a", [0, 5_100, 0]),
      trade(5, "a"),
      delta(6, "a", [0, 5_000, 6]),
      delta(7, "a", [0, 5_000, 7]),
      tick(8, "a"),
    ].map((event) => bus.offer(event));
    expect(results).toEqual([
      "queued",
      "queued",
      "coalesced",
      "coalesced",
      "queued",
      "queued",
      "coalesced",
      "queued",
    ]);
    const events = drain(bus);
    expect(brief(events)).toEqual([
      "book_delta@1",
      "book_delta@4",
      "market_trade@5",
      "book_delta@7",
      "tick_size_changed@8",
    ]);
    expect(events[1]).toEqual({ ...delta(4, "a"), levels: [0, 5_100, 0, 0, 5_000, 3, 1, 6_000, 9] });
    expect(bus.pressure().topics.find(({ topic }) => topic === "book")).toMatchObject({
      offered: 6,
      coalesced: 3,
      dropped: 0,
    });
  });

  it("keeps only the latest of best quotes that follow each other", () => {
    const bus = new Bus({ capacities: { book: 1 } });
    for (const event of [quote(1, "a", 1), quote(2, "a", 2), quote(3, "a", 3)]) bus.offer(event);
    expect(drain(bus)).toEqual([quote(3, "a", 3)]);
  });

  it("of trades drops the oldest, counts them and tells once the queue is half empty", () => {
    const bus = new Bus({ capacities: { ticker: 2 } });
    bus.offer(delta(0, "a"));
    for (let at = 1; at <= 5; at++) bus.offer(trade(at, "a"));
    expect(bus.size).toBe(3);
    const events = drain(bus);
    expect(brief(events)).toEqual(["book_delta@0", "market_trade@4", "queue_pressure@4", "market_trade@5"]);
    expect(events[2]).toMatchObject({ topic: "ticker", marketId: "a", dropped: 3, halted: false });
    expect(bus.pressure().topics.find(({ topic }) => topic === "ticker")).toMatchObject({
      offered: 5,
      dropped: 3,
      queued: 0,
    });
  });

  it("of unreadable frames drops the oldest too, wherever they belong", () => {
    const bus = new Bus({ capacities: { evidence: 2 } });
    for (let at = 1; at <= 4; at++) {
      bus.offer(unreadable(at));
      bus.offer(unreadable(at, "a"));
    }
    expect(bus.size).toBe(4);
    expect(drain(bus).map(({ receivedAt }) => receivedAt % 10)).toEqual([3, 3, 4, 4]);
    expect(bus.pressure().topics.find(({ topic }) => topic === "evidence")).toMatchObject({ dropped: 4 });
  });
});

describe("a queue of what must not be dropped", () => {
  it("at its mark halts the market ahead of everything, and stops its deltas until it has drained", () => {
    const bus = new Bus({ capacities: { own: 2 } });
    bus.offer(delta(1, "a"));
    bus.offer(fill(2, "a", "t1"));
    bus.offer(fill(3, "a", "t2"));
    expect(bus.offer(delta(4, "a"))).toBe("dropped");
    expect(bus.offer(delta(4, "b"))).toBe("queued");
    expect(bus.offer(fill(5, "a", "t3"))).toBe("queued");
    expect(bus.pressure().stopped).toEqual([{ marketId: "a", causes: ["own"] }]);
    const events = drain(bus).filter((event) => !("marketId" in event) || event.marketId !== "b");
    expect(events[0]).toMatchObject({ type: "queue_pressure", topic: "own", marketId: "a", halted: true });
    expect(events.slice(1).map(({ type }) => type)).toEqual([
      ...["book_delta", "trade_report", "trade_report", "trade_report", "book_continuity", "queue_pressure"],
    ]);
    expect(events.at(-2)).toMatchObject({
      state: "gap",
      reason: "1 book events were dropped while a queue was full",
    });
    expect(events.at(-1)).toMatchObject({ halted: false, dropped: 1 });
    expect(bus.pressure().stopped).toEqual([]);
    expect(bus.offer(delta(6, "a"))).toBe("queued");
  });

  it("does not speak of a gap when nothing of the book was missed", () => {
    const bus = new Bus({ capacities: { own: 1 } });
    bus.offer(fill(1, "a", "t1"));
    expect(drain(bus).map(({ type }) => type)).toEqual(["queue_pressure", "trade_report", "queue_pressure"]);
  });

  it("hands over a snapshot that came meanwhile, unless something after it was lost", () => {
    const closing = (last: readonly CoreEvent[]) => {
      const bus = new Bus({ capacities: { own: 1 } });
      bus.offer(fill(1, "a", "t1"));
      expect(bus.offer(snapshot(2, "a"))).toBe("held");
      expect(bus.offer(snapshot(3, "a"))).toBe("held");
      for (const event of last) bus.offer(event);
      const dropped = bus.pressure().topics.find(({ topic }) => topic === "book")!.dropped;
      return { dropped, after: brief(drain(bus)).slice(2) };
    };
    expect(closing([])).toEqual({
      dropped: 1,
      after: ["book_continuity@1", "book_snapshot@3", "queue_pressure@3"],
    });
    expect(closing([delta(4, "a")])).toEqual({
      dropped: 3,
      after: ["book_continuity@1", "queue_pressure@1"],
    });
    expect(closing([tick(4, "a")])).toEqual({
      dropped: 2,
      after: ["tick_size_changed@4", "book_continuity@4", "queue_pressure@4"],
    });
    for (const state of ["gap", "stale", "disconnected"] as const) {
      expect(closing([continuity(4, "a", state)])).toEqual({
        dropped: 2,
        after: ["book_continuity@4", "book_continuity@4", "queue_pressure@4"],
      });
    }
    expect(closing([continuity(4, "a", "resynced")])).toEqual({
      dropped: 1,
      after: ["book_continuity@4", "book_continuity@4", "book_snapshot@4", "queue_pressure@4"],
    });
  });

  it("keeps both outcomes' snapshots of a market whose books are apart", () => {
    const bus = new Bus({ capacities: { own: 1 } });
    bus.offer(fill(1, "a", "t1"));
    bus.offer(snapshot(2, "a", [], 1));
    bus.offer(snapshot(3, "a", [], 0));
    expect(
      drain(bus)
        .filter(({ type }) => type === "book_snapshot")
        .map((event) => "outcome" in event && event.outcome),
    ).toEqual([0, 1]);
  });

  it("halts every market of a match whose facts pile up", () => {
    const bus = new Bus({ capacities: { truth: 3 } });
    for (const event of [listed(0, "b", "m"), listed(0, "a", "m"), listed(0, "c", "other")]) bus.offer(event);
    drain(bus);
    for (let at = 1; at <= 5; at++) expect(bus.offer(claim(at, "m", undefined, at))).toBe("queued");
    expect(bus.pressure().stopped.map(({ marketId }) => marketId)).toEqual(["a", "b"]);
    const events = drain(bus);
    expect(
      events.map((event) =>
        "halted" in event ? `${String(event.marketId)}:${String(event.halted)}` : event.type,
      ),
    ).toEqual([...["a:true", "b:true", ...Array<string>(5).fill("match_claim"), "a:false", "b:false"]]);
  });

  it("bounds a book whose snapshots and trades keep its deltas apart", () => {
    const bus = new Bus({ capacities: { book: 2, ticker: 2 } });
    for (let at = 1; at <= 100; at += 2) {
      bus.offer(delta(at, "a"));
      bus.offer(trade(at + 1, "a"));
    }
    expect(bus.size).toBeLessThan(10);
    const events = drain(bus);
    expect(events.filter(({ type }) => type === "book_continuity")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      type: "queue_pressure",
      topic: "book",
      halted: false,
      dropped: 46,
    });
  });
});

describe("what no journal could be read back with", () => {
  const far = { ...claim(3, "m"), claim: { kind: "series_score", maps: [100, 3] } } as CoreEvent;

  it("is kept as evidence in its place, with what is wrong with it", () => {
    const bus = new Bus();
    expect(bus.offer(far)).toBe("queued");
    expect(bus.offer({ ...tick(4, "a"), tick: 0 } as never)).toBe("queued");
    expect(bus.offer({ ...tick(5, "a"), type: "no such event" } as never)).toBe("queued");
    const [score, grid, unknown] = drain(bus).sort((one, other) => one.receivedAt - other.receivedAt);
    expect(score).toMatchObject({
      type: "frame_quarantined",
      at: 3,
      feed: "s",
      reason: expect.stringContaining("event.claim.maps[0]: expected an integer from 0 to 99, got 100"),
      sample: expect.stringContaining('"maps":[100,3]'),
    });
    expect(grid).toMatchObject({
      type: "frame_quarantined",
      marketId: "a",
      feed: "unknown",
      reason: expect.stringContaining('"tick_size_changed" is refused: event.tick'),
    });
    expect(unknown).toMatchObject({ type: "frame_quarantined", marketId: "a" });
    for (const event of [score, grid, unknown]) expect(eventProblem(event)).toBeUndefined();
    expect(bus.pressure().topics.find(({ topic }) => topic === "evidence")).toMatchObject({ offered: 3 });
  });

  it("is refused when it has not even a time", () => {
    const bus = new Bus();
    expect(() => bus.offer({ ...far, at: NaN } as never)).toThrow(
      expect.objectContaining({ code: "EVENT_INVALID", message: expect.stringContaining("event.at") }),
    );
    expect(bus.size).toBe(0);
  });
});

describe("what arrives twice", () => {
  it("is given once: the same claim under the same reference", () => {
    const bus = new Bus();
    expect(
      [
        claim(1, "m", "r1"),
        claim(2, "m", "r1"),
        claim(3, "m", "r1", 2),
        claim(4, "m2", "r1"),
        claim(5, "m"),
        claim(6, "m"),
      ].map((event) => bus.offer(event)),
    ).toEqual([...["queued", "duplicate", "queued", "queued", "queued", "queued"]]);
    expect(bus.pressure().topics.find(({ topic }) => topic === "truth")).toMatchObject({
      offered: 6,
      duplicates: 1,
    });
  });

  it("is given once: a trade's status, but not when the trade has been elsewhere between", () => {
    const bus = new Bus();
    const statuses = [
      "MATCHED",
      "MATCHED",
      "RETRYING",
      "MINED",
      "RETRYING",
      "RETRYING",
      "CONFIRMED",
      "FAILED",
    ];
    expect(statuses.map((status, at) => bus.offer(fill(at, "a", "t", status)))).toEqual([
      ...["queued", "duplicate", "queued", "queued", "queued", "duplicate", "queued", "queued"],
    ]);
  });

  it("is never taken for a repetition where repetition means something", () => {
    const bus = new Bus();
    for (const make of [() => report(1, "o"), () => command(1), () => trade(1, "a"), () => delta(1, "a")]) {
      expect([bus.offer(make()), bus.offer(make())]).toEqual(["queued", "queued"]);
    }
  });
});
