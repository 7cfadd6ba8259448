import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, type Intent, type OrderId } from "@matchpoint/sdk";
import { Harness, market, MARKET, SPORTS, usd } from "./harness.ts";
import { anything, perform } from "./script.ts";
import { Witness } from "./witness.ts";

const FAULTS = { trade_fail: 0.2, trade_retry: 0.2, chain_revert: 0.3, duplicate_report: 0.3 };

describe("the SDK's own machines and ledger", () => {
  it.each([0, 700])("agree with every report, taker delay %i ms", (takerDelayMs) => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(anything, fc.integer(), fc.constantFrom(0, 60), (script, seed, jitter_ms) => {
        const h = new Harness(
          { collateral: usd(5_000), gtd_min_lead_ms: 0, faults: FAULTS, seed, latency: { jitter_ms } },
          market({ fee: SPORTS, takerDelayMs }),
        );
        const witness = new Witness(usd(5_000));
        const orders: { id: OrderId; intent: Partial<Intent> }[] = [];
        const step = (): void => witness.read(h.commands.splice(0), h.reports);
        h.chain("split", [500, 500]);
        h.wait(5_000);
        step();
        for (const each of script) {
          perform(h, each, orders);
          step();
        }
        for (let i = 0; i < 2; i++) {
          for (const each of h.broker.view.openOrders()) h.cancel(each.orderId);
          h.wait(60_000);
          step();
        }
        expect(witness.illegal).toEqual([]);
        for (const { id } of orders) {
          const order = witness.orders.byOrderId(id)!;
          expect(isTerminal(order)).toBe(true);
          expect(h.broker.view.order(id)).toMatchObject({ kind: "found", status: order.status });
          ends.add(order.status);
        }
        expect(witness.orders.counts).toMatchObject({ illegal: 0, foreign: 0 });
        witness.ledger.check();
        expect(witness.ledger.cash).toBe(h.broker.view.balances().collateral);
        for (const outcome of [0, 1] as const) {
          const venue = h.broker.view.positions().find((each) => each.outcome === outcome);
          const own = witness.ledger.position(MARKET, outcome);
          expect([own.matched, own.settled]).toEqual([venue?.matched ?? 0, venue?.settled ?? 0]);
        }
      }),
      { numRuns: 150 },
    );
    expect([...ends]).toEqual(expect.arrayContaining(["CANCELED", "EXPIRED", "FILLED", "REJECTED"]));
  });
});
