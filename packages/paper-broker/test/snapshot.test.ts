import { describe, expect, it } from "vitest";
import { createPaperBroker } from "@matchpoint/paper-broker";
import { Harness, MARKET, sh, usd } from "./harness.ts";

/** As much of a snapshot as is looked at. */
interface Saved {
  readonly markets: readonly { readonly gone: readonly unknown[] }[];
}

describe("snapshots", () => {
  it("PB-130 share nothing with the broker and are plain JSON", () => {
    const h = new Harness().book([], [[60, 100]]);
    h.placed({});
    const snapshot = h.broker.snapshot();
    const text = JSON.stringify(snapshot);
    h.print("sell", 49, 10).wait(5_000);
    expect(JSON.stringify(snapshot)).toBe(text);
    expect(JSON.parse(text)).toEqual(snapshot);
  });

  it("PB-131 carry resting orders, what is taken and what is under way", () => {
    const h = new Harness().book([], [[50, 10]]);
    h.placed({ size: sh(10) });
    const resting = h.placed({ size: sh(10) });
    const next = new Harness({}, null);
    next.broker.restore(h.broker.snapshot());
    next.now = h.now;
    expect(next.broker.view.openOrders()).toMatchObject([{ orderId: resting }]);
    expect(next.statuses(next.placed({ orderType: "FAK" }))).toContain("rejected:FAK_NO_MATCH");
    next.print("sell", 49, 10).wait(12_000);
    expect([next.held(0), next.filled(resting)]).toEqual([20, 10]);
  });

  it.each([
    ["of another run", { runId: "other" }, (h: Harness) => h.broker.snapshot()],
    ["of another version", { runId: "run" }, (h: Harness) => ({ ...h.broker.snapshot(), version: 99 })],
  ])("PB-132 are refused when they are %s", (_name, options, take) => {
    const h = new Harness().book([], [[50, 10]]);
    const other = createPaperBroker({ seed: 7, realism: "off", ...options });
    expect(() => other.restore(take(h))).toThrow(expect.objectContaining({ code: "INVARIANT" }));
  });

  it("have nothing of what the levels of a resolved market lost: a market that is over is never matched again", () => {
    const h = new Harness().book([[49, 100]], [[51, 100]]);
    h.delta([[49, 60]], []);
    const lost = () => (h.broker.snapshot() as unknown as Saved).markets.map(({ gone }) => gone);
    expect(lost()).toEqual([[[expect.any(Number), [expect.any(Number), 40_000_000]]]]);
    const payouts = [usd(0), usd(1)] as const;
    h.event({ type: "market_resolution", marketId: MARKET, payouts, source: "gamma" }).wait(100);
    expect(lost()).toEqual([[]]);
  });

  it("PB-133 go only into a new broker", () => {
    const h = new Harness().book([], [[50, 10]]);
    expect(() => h.broker.restore(h.broker.snapshot())).toThrow(
      expect.objectContaining({ code: "INVARIANT" }),
    );
  });
});
