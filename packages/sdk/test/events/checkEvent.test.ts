import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEvent, eventProblem } from "../../src/events/index.ts";
import { anyEvent, anyEventOf, EVENT_TYPES } from "../support/anyEvent.ts";

describe("checking events", () => {
  it.each(EVENT_TYPES)("takes every %s", (type) => {
    fc.assert(
      fc.property(anyEventOf(type), (event) => {
        expect(eventProblem(event)).toBeUndefined();
      }),
    );
  });

  it("refuses an event that lacks a field, and names it", () => {
    const optional = new Set([
      "occurredAt",
      "publishedAt",
      "ntpOffsetMs",
      "venueOffsetMs",
      "marketId",
      "matchId",
      "ref",
      "replayed",
      "code",
      "detail",
      "proceeds",
      "failed",
      "chain",
      "reachedAt",
    ]);
    const free = new Set(["config"]);
    fc.assert(
      fc.property(anyEvent, fc.nat(), (event, n) => {
        const keys = Object.keys(event).filter((key) => !optional.has(key) && !free.has(key));
        const gone = keys[n % keys.length]!;
        const rest = Object.fromEntries(Object.entries(event).filter(([key]) => key !== gone));
        expect(eventProblem(rest)).toContain(`event.${gone}`);
      }),
    );
  });

  it.each([
    [null, "expected an object, got null"],
    [[], "expected an object, got a list of 0"],
    ["book_delta", 'got "book_delta"'],
    [{ type: "toString" }, "event.type: expected one of"],
    [{ type: "timer", at: 0.5, receivedAt: 0, timerId: "t" }, "event.at: expected an integer"],
    [{ type: "timer", at: -1, receivedAt: 0, timerId: "t" }, "event.at: expected an integer"],
    [
      { type: "timer", at: 0, receivedAt: NaN, timerId: "t" },
      "event.receivedAt: expected a finite number, got NaN",
    ],
    [{ type: "timer", at: 0, receivedAt: 0, timerId: "" }, "event.timerId: expected text that is not empty"],
    [{ type: "timer", at: 0, receivedAt: 0, timerId: "t", extra: 1 }, "unknown field extra"],
    [
      { type: "book_delta", at: 0, receivedAt: 0, marketId: "m", levels: [0, 5], bestBid: -1, bestAsk: -1 },
      "triples",
    ],
    [
      {
        type: "book_delta",
        at: 0,
        receivedAt: 0,
        marketId: "m",
        levels: [4, 5, 6],
        bestBid: -1,
        bestAsk: -1,
      },
      "no ladder",
    ],
    [
      {
        type: "book_delta",
        at: 0,
        receivedAt: 0,
        marketId: "m",
        levels: [0, 10_001, 6],
        bestBid: -1,
        bestAsk: -1,
      },
      "no price",
    ],
    [
      {
        type: "book_delta",
        at: 0,
        receivedAt: 0,
        marketId: "m",
        levels: [0, 1, 1e309],
        bestBid: -1,
        bestAsk: -1,
      },
      "no size",
    ],
    [
      {
        type: "match_claim",
        at: 0,
        receivedAt: 0,
        matchId: "m",
        source: "s",
        tier: "A",
        upstream: "u",
        claim: { kind: "game_won", game: 1, winner: 2 },
      },
      "event.claim.winner: expected one of 0, 1, got 2",
    ],
  ])("refuses %j", (value, message) => {
    expect(eventProblem(value)).toContain(message);
  });

  it("does not take inherited or polluted fields for its own", () => {
    const inherited: unknown = Object.assign(Object.create({ timerId: "t" }) as object, {
      type: "timer",
      at: 0,
      receivedAt: 0,
    });
    expect(eventProblem(inherited)).toContain("event.timerId");
    const polluted: unknown = JSON.parse(
      '{"type":"timer","at":0,"receivedAt":0,"timerId":"t","__proto__":{"x":1}}',
    );
    expect(eventProblem(polluted)).toContain("unknown field __proto__");
  });

  it("throws EVENT_INVALID with the place", () => {
    expect(() => checkEvent({ type: "no" }, "line 3")).toThrow(
      expect.objectContaining({ code: "EVENT_INVALID", where: "line 3" }),
    );
  });
});
