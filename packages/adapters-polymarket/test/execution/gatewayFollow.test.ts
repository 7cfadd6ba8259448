import { afterEach, expect, it } from "vitest";
import { intent, market, rig, statuses, type Rig } from "./fakeClob.ts";

let open: Rig | undefined;
afterEach(() => {
  open?.stop();
  open = undefined;
});

it("an earlier run's order is not held to be absent while the venue's delay may hide it", async () => {
  open = rig({ markets: [market({ takerDelayMs: 3_000 })] });
  const { gateway, pass, wait, reports } = open;
  await pass(50);
  // It was handed in a moment before the process was killed: the venue holds it, and lists nothing.
  const order = gateway.prepare(intent(), 0);
  gateway.follow([order]);
  await pass(4_000, 50);
  expect(await wait(gateway.fetchOrder(order.orderId))).toMatchObject({ kind: "unknown" });
  expect(statuses(reports, order.orderId)).not.toContain("absent");
  await pass(4_000, 50);
  expect(await wait(gateway.fetchOrder(order.orderId))).toEqual({ kind: "absent" });
  expect(statuses(reports, order.orderId)).toContain("absent");
});

it("one that never takes is not hidden", async () => {
  open = rig({ markets: [market({ takerDelayMs: 3_000 })] });
  const { gateway, pass, wait } = open;
  await pass(50);
  const order = gateway.prepare(intent({ postOnly: true, orderType: "GTC" }), 0);
  gateway.follow([order]);
  await pass(500, 50);
  expect(await wait(gateway.fetchOrder(order.orderId))).toEqual({ kind: "absent" });
});
