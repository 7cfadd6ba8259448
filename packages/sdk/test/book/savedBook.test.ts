import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketBook } from "../../src/book/index.ts";
import type { BookEvent, MarketDescription } from "../../src/events/index.ts";
import { market } from "./helpers.ts";

const stamp = { marketId: market().marketId, receivedAt: 0 } as const;
const price = fc.integer({ min: 4_500, max: 5_500 }).map((n) => n - (n % 50));
const size = fc.integer({ min: 0, max: 3 }).map((n) => n * 1_000_000);
const levels = (ladders: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...ladders), price, size), { maxLength: 4 })
    .map((all) =>
      all
        .map(([ladder, p, s]) => [ladder, (ladder & 1) === 0 ? Math.min(p, 4_950) : Math.max(p, 5_000), s])
        .flat(),
    );
const stated = fc.constantFrom(-1, 4_900, 4_950, 5_000, 5_050);

function event(mirrored: boolean): fc.Arbitrary<Record<string, unknown>> {
  const half = mirrored ? fc.constant(0) : fc.constantFrom(0, 1);
  return fc.oneof(
    half.chain((outcome) =>
      fc.record({
        type: fc.constant("book_snapshot"),
        outcome: fc.constant(outcome),
        levels: levels([2 * outcome, 2 * outcome + 1]),
        synthetic: fc.boolean(),
      }),
    ),
    fc.record({
      type: fc.constant("book_delta"),
      levels: levels(mirrored ? [0, 1] : [0, 1, 2, 3]),
      bestBid: stated,
      bestAsk: stated,
    }),
    fc.record({ type: fc.constant("best_quote"), bestBid: stated, bestAsk: stated }),
    fc.record({ type: fc.constant("tick_size_changed"), tick: fc.constantFrom(50, 100, 10) }),
    fc.record({
      type: fc.constant("book_continuity"),
      state: fc.constantFrom("gap", "stale", "disconnected"),
      reason: fc.constant(""),
    }),
  );
}

function shown(book: MarketBook): unknown {
  const sides = ([0, 1] as const).map((outcome) => [
    book.levels(outcome, "bid", 99),
    book.levels(outcome, "ask", 99),
  ]);
  return [book.status, book.tick, book.epoch, book.updatedAt, sides];
}

describe("a saved book", () => {
  it.each([true, false])("goes on as if nothing had been (mirrored: %s)", (mirrored) => {
    const description: MarketDescription = market({ mirrored });
    let gapped = 0;
    fc.assert(
      fc.property(
        fc.array(event(mirrored), { minLength: 2, maxLength: 25, size: "max" }),
        fc.nat(24),
        (events, cut) => {
          const one = new MarketBook(description);
          let two = new MarketBook(description);
          events.forEach((each, index) => {
            if (index === cut % events.length) {
              const saved = JSON.parse(JSON.stringify(one.save())) as ReturnType<MarketBook["save"]>;
              two = new MarketBook(description);
              two.load(saved);
            }
            const made = { ...stamp, ...each, at: index * 400_000_000 } as unknown as BookEvent;
            expect(two.apply(made)).toBe(one.apply(made));
            expect(shown(two)).toEqual(shown(one));
            if (one.status === "gapped") gapped++;
          });
        },
      ),
    );
    expect(gapped).toBeGreaterThan(0);
  });
});
