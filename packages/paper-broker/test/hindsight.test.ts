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
