import type { OrderReport, TradeReport } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { Breakers } from "../../src/torture/judge/breakerChecks.ts";

const report = (orderId: string, status: OrderReport["status"], at: number): OrderReport =>
  ({ type: "order_report", orderId, status, at, receivedAt: at }) as unknown as OrderReport;

it("refusals of a market are a row until one is taken; the first word of an order counts", () => {
  const breakers = new Breakers();
  expect(breakers.heard("m1", report("a", "rejected", 1))).toBe(1);
  expect(breakers.heard("m1", report("a", "rejected", 2))).toBeUndefined();
  breakers.heard("m1", report("b", "live", 3));
  expect(breakers.heard("m1", report("c", "rejected", 4))).toBe(1);
  breakers.heard("m1", report("b", "matched", 5));
  expect(breakers.heard("m1", report("d", "rejected", 6))).toBe(2);
});

it("what a recovery has found is of before it, and is no row when it is heard again", () => {
  const breakers = new Breakers();
  breakers.found(report("a", "rejected", 1));
  breakers.found({ type: "trade_report", orderId: "b", at: 2 } as unknown as TradeReport);
  expect(breakers.heard("m1", report("a", "rejected", 3))).toBeUndefined();
  expect(breakers.heard("m1", report("c", "rejected", 4))).toBe(1);
  breakers.heard("m1", report("b", "matched", 5));
  expect(breakers.heard("m1", report("d", "rejected", 6))).toBe(2);
});

it("what an earlier start has heard is known, as far as its journal tells", () => {
  const before = new Breakers();
  before.heard("m1", report("a", "live", 1));
  before.heard("m1", report("b", "rejected", 2));
  before.heard("m1", report("c", "live", 9));
  const breakers = new Breakers();
  breakers.goOn(before, 5);
  expect(breakers.heard("m1", report("b", "rejected", 1))).toBeUndefined();
  expect(breakers.heard("m1", report("d", "rejected", 2))).toBe(1);
  breakers.heard("m1", report("a", "matched", 3));
  expect(breakers.heard("m1", report("e", "rejected", 4))).toBe(2);
  breakers.heard("m1", report("c", "live", 5));
  expect(breakers.heard("m1", report("f", "rejected", 6))).toBe(1);
});

it("what the program holds back by its own count ends the judge's as well", () => {
  const breakers = new Breakers();
  breakers.short(1, 100);
  breakers.held(50);
  expect(breakers.wallet).toEqual({ until: 50 });
  for (const at of [50, 51, 52]) breakers.short(at, 100);
  expect(breakers.wallet).toBeUndefined();
  breakers.short(53, 100);
  expect(breakers.wallet).toEqual({ until: 100 });
});
