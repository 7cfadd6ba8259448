import { describe, expect, it } from "vitest";
import type { MarketDescription, OrderId, Price } from "@matchpoint/sdk";
import { cents, Harness, market, MARKET, sh, WALL } from "./harness.ts";

describe("prints of what happened before an order was there", () => {
  it("are no matter: one that was there is not filled by the late print of what it had ahead", () => {
    const h = new Harness().book([[50, 100]], [[60, 100]]);
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    h.delta([[50, 0]], [])
      .wait(200)
      .print("sell", 50, 100)
      .wait(200);
    expect(h.filled(id)).toBe(0);
  });
  it("do not fill it, when they do not say when they happened but the level had shrunk", () => {
    const h = new Harness().book(
      [
        [50, 100],
        [49, 100],
      ],
      [[60, 100]],
    );
    h.delta([[50, 0]], []); // somebody sold 100 at 50
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) }); // arrives 58 ms later, alone at 50
    h.print("sell", 50, 100).wait(200); // the print of that same trade, 200 ms late (print_match_ms is 1000)
    expect(h.filled(id)).toBe(0);
  });
  it("do not fill it, when they say when they happened", () => {
    const h = new Harness().book([[49, 100]], [[60, 100]]);
    h.wait(1_000);
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) }); // there since 1,058 ms
    h.event({
      type: "market_trade",
      marketId: MARKET,
      outcome: 0,
      side: "sell",
      price: cents(50),
      size: sh(100),
      occurredAt: WALL + 500,
    } as never).wait(200);
    expect(h.filled(id)).toBe(0);
  });
  it("do not fill a quote that was moved away and back", () => {
    const h = new Harness().book(
      [
        [50, 100],
        [49, 100],
      ],
      [[60, 100]],
    );
    const first = h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    h.cancel(first).delta([[50, 40]], []); // 60 traded
    h.wait(100);
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    h.print("sell", 50, 60).wait(200);
    expect(h.filled(id)).toBe(0);
  });
});

describe("an order that enters blind", () => {
  const blind = (over: Partial<MarketDescription>): Harness => {
    const h = new Harness({}, market(over)).book([[40, 100]], [[50, 100]]);
    return h.event({ type: "book_continuity", marketId: MARKET, state: "gap", reason: "x" });
  };
  const filledAfter = (h: Harness, id: OrderId): number => (h.trades(id)[0]?.occurredAt ?? 0) - WALL;

  it("takes no sooner than the taker delay allows, be the book quiet or not", () => {
    for (const quiet of [true, false]) {
      const h = blind({ takerDelayMs: 3_000 });
      const id = h.place({ limit: cents(50), size: sh(10) });
      h.wait(100)
        .book([[40, 100]], [[50, 100]])
        .wait(200);
      expect(h.filled(id)).toBe(0);
      for (let i = 0; i < 10; i++) {
        h.wait(400);
        if (!quiet) h.book([[40, 100 + i]], [[50, 100]]);
      }
      expect(h.filled(id)).toBe(10);
      expect(filledAfter(h, id)).toBeGreaterThanOrEqual(3_000);
      expect(filledAfter(h, id)).toBeLessThan(3_600);
    }
  });

  it("is thrown out when it would take less than a dollar", () => {
    const h = blind({ tick: 100 as Price });
    const id = h.place({ limit: cents(15), size: sh(5) }); // $0.75
    h.wait(100)
      .book([[5, 100]], [[15, 100]])
      .wait(200);
    expect(h.filled(id)).toBe(0);
    expect(h.broker.view.order(id)).toMatchObject({ status: "INVALID" });
  });
});

/** A sale at a price that happened so many ms after the start. */
function sale(h: Harness, ms: number, price: number, size: number): Harness {
  return h.event({
    type: "market_trade",
    marketId: MARKET,
    outcome: 0,
    side: "sell",
    price: cents(price),
    size: sh(size),
    occurredAt: WALL + ms,
  });
}

describe("late prints beside others", () => {
  it.each([true, false])("do not make a later trade count twice (late print: %s)", (late) => {
    const h = new Harness().book(
      [
        [50, 150],
        [49, 100],
      ],
      [[60, 100]],
    );
    sale(h, 0, 49, 1).wait(1_000);
    h.delta([[50, 100]], []); // somebody sold 50, and the print of it is late
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) }); // 100 ahead
    h.wait(100);
    const then = h.now;
    h.delta([[50, 50]], []); // another 50: 50 ahead
    if (late) sale(h, 1_000, 50, 50);
    sale(h, then, 50, 50).wait(10);
    sale(h, h.now, 50, 10).wait(200); // 10 of the 50 ahead
    expect(h.filled(id)).toBe(0);
    sale(h, h.now, 50, 45).wait(200);
    expect(h.filled(id)).toBe(5);
  });

  it("are told from new ones by what the level lost lately, not by what it ever lost", () => {
    const h = new Harness().book(
      [
        [50, 100],
        [49, 100],
      ],
      [[60, 100]],
    );
    for (let i = 0; i < 200; i++)
      h.wait(400)
        .delta([[50, 90]], [])
        .wait(400)
        .delta([[50, 100]], []);
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) }); // 100 ahead; 10 or 20 went within a second
    h.print("sell", 50, 130).wait(200);
    expect(h.filled(id)).toBe(10);
  });
});

describe("a clock of ours that is not the venue's", () => {
  it.each([0, 300, 1_500, -1_500])("%d ms ahead of it, loses no fill", (skew) => {
    const h = new Harness().book([[49, 100]], [[60, 100]]);
    sale(h, -skew, 40, 1).wait(1_000);
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    h.wait(800);
    sale(h, h.now - skew, 50, 100).wait(200); // it happens now, and the venue says so by its own clock
    expect(h.filled(id)).toBe(10);
  });

  it.each([0, -1_500])("%d ms ahead of it, brings none by what happened before", (skew) => {
    const h = new Harness().book(
      [
        [50, 100],
        [49, 100],
      ],
      [[60, 100]],
    );
    sale(h, -skew, 49, 1).wait(1_000);
    h.delta([[50, 0]], []);
    const id = h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    sale(h, 1_000 - skew, 50, 100).wait(200);
    expect(h.filled(id)).toBe(0);
  });
});
