import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_TOPIC, Bus, TOPICS } from "../../src/bus/index.ts";
import type { CoreEvent } from "../../src/events/index.ts";
import {
  FEED_SAYS,
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

const market = fc.constantFrom("a", "b");
const levels = fc
  .array(fc.tuple(fc.nat(1), fc.integer({ min: 4_998, max: 5_002 }), fc.nat(9)), {
    minLength: 1,
    maxLength: 3,
  })
  .map((triples) => triples.flat());

type Make = (at: number) => CoreEvent;
const make: fc.Arbitrary<Make> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(market, levels).map(
      ([m, l]) =>
        (at: number) =>
          delta(at, m, l),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(market, levels).map(
      ([m, l]) =>
        (at: number) =>
          snapshot(at, m, l),
    ),
  },
  { weight: 1, arbitrary: market.map((m) => (at: number) => quote(at, m)) },
  { weight: 2, arbitrary: market.map((m) => (at: number) => trade(at, m)) },
  { weight: 1, arbitrary: market.map((m) => (at: number) => tick(at, m)) },
  { weight: 2, arbitrary: market.map((m) => (at: number) => fill(at, m, `t${at}`)) },
  { weight: 1, arbitrary: fc.constant((at: number) => report(at, "o")) },
  { weight: 1, arbitrary: fc.constant((at: number) => claim(at, "m", `r${at}`)) },
  { weight: 1, arbitrary: fc.constant((at: number) => command(at)) },
  { weight: 1, arbitrary: market.map((m) => (at: number) => unreadable(at, m)) },
);
/** Offers, with takes in between. */
const script = fc.array(
  fc.oneof({ weight: 5, arbitrary: make }, { weight: 2, arbitrary: fc.constant("take" as const) }),
  {
    maxLength: 150,
  },
);
/** Mostly deltas of one market: enough follow each other to be merged. */
const flood = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: levels.map((l) => (at: number) => delta(at, "a", l)) },
    { weight: 1, arbitrary: make },
    { weight: 4, arbitrary: fc.constant("take" as const) },
  ),
  { minLength: 20, maxLength: 150 },
);
const state = fc.constantFrom("gap", "stale", "disconnected", "resynced");
/** One market's book among own reports that pile up, so that its deltas are stopped more often than not. */
const congested = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: levels.map((l) => (at: number) => delta(at, "a", l)) },
    { weight: 3, arbitrary: levels.map((l) => (at: number) => snapshot(at, "a", l)) },
    { weight: 2, arbitrary: state.map((s) => (at: number) => continuity(at, "a", s)) },
    { weight: 3, arbitrary: fc.constant((at: number) => fill(at, "a", `t${at}`)) },
    { weight: 1, arbitrary: make },
    { weight: 3, arbitrary: fc.constant("take" as const) },
  ),
  { maxLength: 60 },
);
const capacities = fc.record({
  book: fc.integer({ min: 1, max: 6 }),
  ticker: fc.integer({ min: 1, max: 4 }),
  evidence: fc.integer({ min: 1, max: 3 }),
  own: fc.integer({ min: 1, max: 5 }),
  truth: fc.integer({ min: 1, max: 5 }),
  market: fc.integer({ min: 1, max: 4 }),
});

function run(bus: Bus, steps: readonly (Make | "take")[]) {
  const offered: CoreEvent[] = [];
  const taken: CoreEvent[] = [];
  steps.forEach((step, at) => {
    if (step === "take") {
      const event = bus.take();
      if (event !== undefined) taken.push(event);
    } else {
      offered.push(step(at));
      bus.offer(offered.at(-1)!);
    }
  });
  taken.push(...drain(bus));
  return { offered, taken };
}

/** The queue that an event goes through. */
function queueOf(event: CoreEvent): string {
  if (event.type !== "queue_pressure" && "marketId" in event) return event.marketId ?? "nobody";
  return EVENT_TOPIC[event.type];
}

/** Receive times tell events apart: the bus raises `at`, never these. */
const arrival = ({ receivedAt }: CoreEvent): number => receivedAt;

const isOf = (event: CoreEvent, marketId: string): boolean =>
  "marketId" in event && event.marketId === marketId;
const breaksBook = (event: CoreEvent): boolean =>
  event.type === "book_continuity" && event.state !== "resynced";

/** Size per level after all events of a market. */
function fold(events: readonly CoreEvent[], marketId: string): ReadonlyMap<string, number> {
  const book = new Map<string, number>();
  for (const event of events) {
    if (!("marketId" in event) || event.marketId !== marketId || !("levels" in event)) continue;
    if (event.type === "book_snapshot") book.clear();
    for (let i = 0; i < event.levels.length; i += 3) {
      const key = `${event.levels[i]}@${event.levels[i + 1]}`;
      const size = event.levels[i + 2]!;
      if (size === 0) book.delete(key);
      else book.set(key, size);
    }
  }
  return book;
}

describe("the bus, whatever arrives and whenever it is emptied", () => {
  it("loses nothing that is exempt and doubles nothing", () => {
    fc.assert(
      fc.property(capacities, script, (limits, steps) => {
        const { offered, taken } = run(new Bus({ capacities: limits }), steps);
        const exempt = (event: CoreEvent) =>
          TOPICS[EVENT_TOPIC[event.type]].overflow === "exempt" &&
          event.type !== "queue_pressure" &&
          !(event.type === "book_continuity");
        const key = (event: CoreEvent) => `${event.type} ${arrival(event)}`;
        expect(taken.filter(exempt).map(key).sort()).toEqual(offered.filter(exempt).map(key).sort());
        const others = taken.filter(
          (event) => !exempt(event) && event.type !== "queue_pressure" && event.type !== "book_continuity",
        );
        expect(new Set(others.map(key)).size).toBe(others.length);
      }),
    );
  });

  it("keeps each queue's order, and time along the log", () => {
    fc.assert(
      fc.property(capacities, script, (limits, steps) => {
        const { taken } = run(new Bus({ capacities: limits }), steps);
        const last = new Map<string, number>();
        let at = -1;
        for (const event of taken) {
          expect(event.at).toBeGreaterThanOrEqual(at);
          at = event.at;
          // What the bus says itself, and snapshots that it held back, come when the queue has drained.
          if (["queue_pressure", "book_continuity", "book_snapshot"].includes(event.type)) continue;
          const queue = queueOf(event);
          expect(arrival(event)).toBeGreaterThan(last.get(queue) ?? -1);
          last.set(queue, arrival(event));
        }
      }),
    );
  });

  it("leaves every book as if each delta had been applied, as long as none was dropped", () => {
    let merged = 0;
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 8 }), flood, (book, steps) => {
        const bus = new Bus({ capacities: { book, own: 1e6, truth: 1e6, market: 1e6 } });
        const { offered, taken } = run(bus, steps);
        const { coalesced, dropped } = bus.pressure().topics.find(({ topic }) => topic === "book")!;
        merged += coalesced;
        fc.pre(dropped === 0);
        for (const marketId of ["a", "b"]) expect(fold(taken, marketId)).toEqual(fold(offered, marketId));
      }),
    );
    expect(merged).toBeGreaterThan(100);
  });

  it("ends every market's book with what closes it: a gap, or the last snapshot and all that followed", () => {
    let gaps = 0;
    let snapshots = 0;
    fc.assert(
      fc.property(capacities, fc.oneof(script, congested), (limits, steps) => {
        const { offered, taken } = run(new Bus({ capacities: limits }), steps);
        for (const marketId of ["a", "b"]) {
          const gap = taken.findLastIndex((event) => isOf(event, marketId) && breaksBook(event));
          const last = taken.findLastIndex(
            (event) => isOf(event, marketId) && event.type === "book_snapshot",
          );
          if (gap > last) gaps += 1;
          else expect(fold(taken.slice(Math.max(0, last)), marketId)).toEqual(fold(offered, marketId));
          if (last > gap) snapshots += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(gaps).toBeGreaterThan(15);
    expect(snapshots).toBeGreaterThan(25);
  });

  it("gives no snapshot after what came later and says that it is not the book", () => {
    let held = 0;
    fc.assert(
      fc.property(capacities, congested, (limits, steps) => {
        const bus = new Bus({ capacities: limits });
        const { taken } = run(bus, steps);
        let since = -1;
        let newest = -1;
        for (const event of taken.filter((one) => isOf(one, "a"))) {
          const feeds = breaksBook(event) && "reason" in event && event.reason === FEED_SAYS;
          if (feeds || event.type === "book_delta" || event.type === "tick_size_changed")
            since = arrival(event);
          if (event.type === "book_snapshot") {
            expect(arrival(event)).toBeGreaterThan(since);
            if (arrival(event) < newest) held += 1;
          }
          newest = Math.max(newest, arrival(event));
        }
      }),
      { numRuns: 300 },
    );
    expect(held).toBeGreaterThan(5);
  });

  it("balances its books: what was offered was taken, merged, dropped or a duplicate", () => {
    fc.assert(
      fc.property(capacities, script, (limits, steps) => {
        const bus = new Bus({ capacities: limits });
        bus.offer(listed(0, "a", "m"));
        const { offered, taken } = run(bus, steps);
        const { size, stopped, topics } = bus.pressure();
        expect([size, stopped]).toEqual([0, []]);
        const own = taken.filter(
          ({ type }) => type !== "queue_pressure" && type !== "book_continuity",
        ).length;
        const sum = (field: "offered" | "coalesced" | "dropped" | "duplicates" | "queued") =>
          topics.reduce((total, topic) => total + topic[field], 0);
        expect(sum("offered")).toBe(offered.length + 1);
        expect(own + sum("coalesced") + sum("dropped") + sum("duplicates")).toBe(offered.length + 1);
        expect(sum("queued")).toBe(0);
      }),
    );
  });
});
