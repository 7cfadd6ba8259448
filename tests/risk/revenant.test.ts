import type { OrderId } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { RiskRun } from "./scripted.ts";

/** A run whose only order got no answer. */
function unanswered(): { readonly run: RiskRun; readonly orderId: OrderId } {
  const run = new RiskRun();
  run.tape.market(testMarket());
  const [orderId] = run.place({});
  run.report(orderId!, "sent").report(orderId!, "unknown");
  return { run, orderId: orderId! };
}
const cancels = (run: RiskRun): number => run.cancelled().length;

it.each(["live", "delayed", "unmatched"] as const)(
  "cancels at once an order that two looks had not found and that is %s the moment after",
  (status) => {
    const { run, orderId } = unanswered();
    run.wait(2_000).report(orderId, "absent").wait(2_000).report(orderId, "absent");
    expect(run.core.orders.byOrderId(orderId)?.status).toBe("CANCELED");
    const before = cancels(run);
    run.wait(100).report(orderId, status);
    expect(run.alarms()).toContain("ORDER_TRANSITION_ILLEGAL");
    expect(cancels(run)).toBe(before + 1);
    // And as often as it is seen again.
    run.wait(100).report(orderId, status);
    expect(cancels(run)).toBe(before + 2);
  },
);

it("cancels at once an order that the venue had refused and that is alive the moment after", () => {
  const { run, orderId } = unanswered();
  run.report(orderId, "rejected", { code: "OTHER" });
  const before = cancels(run);
  run.wait(100).report(orderId, "live");
  expect(cancels(run)).toBe(before + 1);
});

it("takes word of life for late news in the moment after the venue's own word of the end, and not for longer", () => {
  const { run, orderId } = unanswered();
  run.report(orderId, "canceled");
  const before = cancels(run);
  run.wait(1_000).report(orderId, "live");
  expect(cancels(run)).toBe(before);
  expect(run.alarms()).toEqual([]);
  run.wait(3_000).report(orderId, "live");
  expect(cancels(run)).toBe(before + 1);
});
