import type { TradeReport } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { STARTS_AT, testMarket } from "../runtime/tape.ts";
import { RiskRun } from "./scripted.ts";

const HOUR = 3_600_000;

/** A run whose only order was filled at once; its trade stands so, and three hours pass. */
function filled(...later: readonly TradeReport["status"][]): RiskRun {
  const run = new RiskRun();
  run.tape.market(testMarket());
  run.wait(5 * HOUR);
  const [orderId] = run.place({});
  run.report(orderId!, "live").trade(orderId!, "t1", "MATCHED");
  expect(run.core.orders.byOrderId(orderId!)?.status).toBe("FILLED");
  for (const status of later) run.trade(orderId!, "t1", status);
  run.wait(3 * HOUR).book();
  return run;
}

it.each([[], ["MINED"], ["RETRYING"], ["MINED", "RETRYING"]] as const)(
  "lists a trade again after a restart that was not settled when its run ended, however old (%s)",
  (...later) => {
    const { tradesFrom } = filled(...later).rebuilt();
    expect(tradesFrom * 1_000).toBeLessThan(STARTS_AT + 5 * HOUR);
    expect(tradesFrom * 1_000).toBeGreaterThan(STARTS_AT + 3.9 * HOUR);
  },
);

it.each([["CONFIRMED"], ["MINED", "CONFIRMED"], ["FAILED"]] as const)(
  "lists none again that was settled hours before its run ended (%s)",
  (...later) => {
    expect(filled(...later).rebuilt().tradesFrom * 1_000).toBeGreaterThan(STARTS_AT + 6.9 * HOUR);
  },
);

it("lists trades again from before an order that was open when its run ended, however long nothing was heard of it", () => {
  const run = new RiskRun();
  run.tape.market(testMarket());
  run.wait(5 * HOUR);
  const [orderId] = run.place({});
  run
    .report(orderId!, "live")
    .wait(3 * HOUR)
    .book();
  expect(run.rebuilt().tradesFrom * 1_000).toBeLessThan(STARTS_AT + 4.1 * HOUR);
});
