import { describe, expect, it } from "vitest";
import { Bus } from "../../src/bus/index.ts";
import { eventProblem, type CoreEvent } from "../../src/events/index.ts";
import { JournalWriter, MemoryStorage, readJournal } from "../../src/journal/index.ts";
import { id, type RunId } from "../../src/ids.ts";
import { delta, quote, snapshot, trade } from "./support.ts";

const broken = (event: CoreEvent, what: Readonly<Record<string, unknown>>): CoreEvent =>
  Object.assign({}, event, what);

/** What a feed's decoder that errs may make of a book's frame, and what of it is named. */
const GARBAGE: readonly (readonly [string, CoreEvent])[] = [
  ["levels[2]: no size", delta(5, "a", [0, 5_000, Number.NaN])],
  ["levels[2]: no size", delta(5, "a", [0, 5_000, 1e300])],
  ["levels[2]: no size", delta(5, "a", [0, 5_000, -1])],
  ["levels[2]: no size", delta(5, "a", [0, 5_000, 0.5])],
  ["levels[4]: no price", delta(5, "a", [0, 5_000, 1, 1, 55_000, 1])],
  ["levels[1]: no price", delta(5, "a", [0, -100, 1])],
  ["levels[1]: no price", delta(5, "a", [0, "5000" as never, 1])],
  ["levels[0]: no ladder", delta(5, "a", [4, 5_000, 1])],
  ["levels: expected a list", delta(5, "a", [0, 5_000])],
  ["levels: expected a list", broken(delta(5, "a"), { levels: undefined })],
  ["bestBid", broken(delta(5, "a"), { bestBid: Number.NaN })],
  ["bestAsk", broken(delta(5, "a"), { bestAsk: 10_001 })],
  ["occurredAt", broken(delta(5, "a"), { occurredAt: Number.NaN })],
  ["publishedAt", broken(delta(5, "a"), { publishedAt: "now" })],
  ["levels[2]: no size", snapshot(5, "a", [0, 5_000, Infinity])],
  ["outcome", snapshot(5, "a", [], 2)],
  ["synthetic", broken(snapshot(5, "a"), { synthetic: 1 })],
  ["bestBid", quote(5, "a", 0.5)],
  ["bestAsk", broken(quote(5, "a"), { bestAsk: -1 })],
];

function drain(bus: Bus): CoreEvent[] {
  const events: CoreEvent[] = [];
  for (let event = bus.take(); event !== undefined; event = bus.take()) events.push(event);
  return events;
}

describe("market data that no book can hold", () => {
  it.each(GARBAGE)("is a gap in its market's book, kept as evidence: %s", (what, event) => {
    const bus = new Bus();
    bus.offer(snapshot(1, "a"));
    expect(bus.offer(event)).toBe("queued");
    const events = drain(bus);
    expect(events).toMatchObject([
      { type: "book_snapshot" },
      { type: "book_continuity", at: 5, marketId: "a", state: "gap", reason: expect.stringContaining(what) },
      { type: "frame_quarantined", at: 5, marketId: "a", reason: expect.stringContaining(what) },
    ]);
    // Whatever was offered, what came of it can be written, and read back.
    const storage = new MemoryStorage();
    const journal = new JournalWriter({ storage, runId: id<RunId>("r"), bootId: "b" });
    for (const each of events) journal.append(each, undefined);
    journal.flush();
    expect([...readJournal(storage.bytes())].map((line) => line.event.type)).toEqual(
      events.map(({ type }) => type),
    );
  });

  it("leaves the book alone where it was a trade's", () => {
    const bus = new Bus();
    bus.offer(broken(trade(5, "a"), { size: Number.NaN }));
    bus.offer(broken(trade(6, "a"), { side: "hold" }));
    expect(drain(bus)).toMatchObject([
      { type: "frame_quarantined", marketId: "a", reason: expect.stringContaining("event.size") },
      { type: "frame_quarantined", marketId: "a", reason: expect.stringContaining("event.side") },
    ]);
  });

  it("of no market at all is nobody's gap", () => {
    const bus = new Bus();
    for (const marketId of ["", undefined, 7, null]) bus.offer(broken(delta(5, "a"), { marketId }));
    const events = drain(bus);
    expect(events.map(({ type }) => type)).toEqual(Array<string>(4).fill("frame_quarantined"));
    for (const event of events) expect(eventProblem(event)).toBeUndefined();
  });

  it("is not what is whole: every event that can be read back passes as it is", () => {
    for (const event of [
      delta(5, "a", []),
      delta(5, "a", [0, 0, 0, 3, 10_000, Number.MAX_SAFE_INTEGER]),
      broken(delta(5, "a"), { occurredAt: 1.5, publishedAt: -2.5, ntpOffsetMs: -3, venueOffsetMs: 4 }),
      quote(5, "a", 0),
      trade(5, "a"),
      snapshot(5, "a", [1, 9_999, 1]),
    ]) {
      expect(eventProblem(event)).toBeUndefined();
      const bus = new Bus();
      bus.offer(event);
      expect(bus.take()).toBe(event);
    }
  });
});
