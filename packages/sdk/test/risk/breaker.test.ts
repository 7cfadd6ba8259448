import { describe, expect, it } from "vitest";
import type { RejectCode } from "../../src/events/index.ts";
import { BENIGN_REJECTS, MarketBreaker } from "../../src/risk/index.ts";

const breaker = (rejects = 3, cancels = 2): MarketBreaker =>
  new MarketBreaker({ maxConsecutiveRejects: rejects, maxCancelFailures: cancels });

describe("a market's breaker", () => {
  it("trips by the third reject in a row, and by each that follows", () => {
    const one = breaker();
    expect(one.rejected("BALANCE", "")).toBeUndefined();
    expect(one.rejected("OTHER", undefined)).toBeUndefined();
    expect(one.rejected(undefined, undefined)).toBe("3 orders rejected in a row, the last with OTHER");
    expect(one.rejected("TICK", "off the grid")).toBe(
      "4 orders rejected in a row, the last with TICK: off the grid",
    );
    expect(one.counts).toEqual({ rejects: 4, cancelFailures: 0 });
  });

  it.each<RejectCode>(["FAK_NO_MATCH", "FOK_NOT_FILLED", "POST_ONLY_CROSSES"])(
    "takes %s for what it is: neither a failure nor an order that was taken",
    (code) => {
      const one = breaker(2);
      one.rejected("OTHER", undefined);
      for (let i = 0; i < 9; i++) expect(one.rejected(code, undefined)).toBeUndefined();
      expect(one.counts.rejects).toBe(1);
      expect(one.rejected("OTHER", undefined)).toBeDefined();
    },
  );

  it("holds every other refusal for a failure", () => {
    expect([...BENIGN_REJECTS]).toEqual(["FAK_NO_MATCH", "FOK_NOT_FILLED", "POST_ONLY_CROSSES"]);
  });

  it("counts anew when an order was taken, or a cancel went through; each for itself", () => {
    const one = breaker();
    one.rejected("OTHER", undefined);
    one.cancelFailed(undefined);
    one.accepted();
    expect(one.counts).toEqual({ rejects: 0, cancelFailures: 1 });
    one.rejected("OTHER", undefined);
    one.canceled();
    expect(one.counts).toEqual({ rejects: 1, cancelFailures: 0 });
  });

  it("trips by cancels that fail in a row, with the venue's words", () => {
    const one = breaker();
    expect(one.cancelFailed("busy")).toBeUndefined();
    expect(one.cancelFailed("busy")).toBe("2 cancels failed in a row: busy");
    expect(one.cancelFailed("")).toBe("3 cancels failed in a row");
    expect(one.cancelFailed(undefined)).toBe("4 cancels failed in a row");
  });

  it("never trips with limits of 0, and counts all the same", () => {
    const one = breaker(0, 0);
    for (let i = 0; i < 50; i++) {
      expect(one.rejected("OTHER", undefined)).toBeUndefined();
      expect(one.cancelFailed(undefined)).toBeUndefined();
    }
    expect(one.counts).toEqual({ rejects: 50, cancelFailures: 50 });
  });

  it("cuts what a venue may say at length", () => {
    expect(breaker(1).rejected("OTHER", "x".repeat(5_000))!.length).toBeLessThan(200);
    expect(breaker(1, 1).cancelFailed("x".repeat(5_000))!.length).toBeLessThan(200);
  });

  it("goes on from counts, and forgets them when it is cleared", () => {
    const limits = { maxConsecutiveRejects: 3, maxCancelFailures: 3 };
    const one = new MarketBreaker(limits, { rejects: 2, cancelFailures: 2 });
    expect(one.cancelFailed(undefined)).toBeDefined();
    expect(one.rejected("OTHER", undefined)).toBeDefined();
    one.clear();
    expect(one.counts).toEqual({ rejects: 0, cancelFailures: 0 });
    expect(one.rejected("OTHER", undefined)).toBeUndefined();
  });
});
