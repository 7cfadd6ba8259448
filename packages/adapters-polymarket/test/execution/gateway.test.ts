import {
  isMatchpointError,
  type MarketTrade,
  type OrderId,
  type Price,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { afterEach, describe, expect, it } from "vitest";
import {
  answer,
  at,
  fak,
  hashOf,
  intent,
  market,
  rig,
  statuses,
  type Posted,
  type Reply,
  type Rig,
} from "./fakeClob.ts";

let open: Rig | undefined;
afterEach(() => {
  open?.stop();
  open = undefined;
});
function start(...options: Parameters<typeof rig>): Rig {
  open = rig(...options);
  return open;
}

describe("prepare", () => {
  it("is pure: the same intent and sequence make the same order, whenever it is asked", async () => {
    const { gateway, pass } = start();
    const wanted = intent();
    const first = gateway.prepare(wanted, 7);
    await pass(5_000);
    expect(gateway.prepare(wanted, 7)).toEqual(first);
    expect(gateway.prepare(intent(), 8).orderId).not.toBe(first.orderId);
  });

  it("names the hash that the venue computes from the bytes of the POST", async () => {
    const { gateway, venue, wait } = start();
    const order = gateway.prepare(intent({ limit: 4_700 as Price, size: 21_280_000 as Shares }), 0);
    expect(await wait(gateway.placeOrder(order))).toEqual({ kind: "live" });
    const posted = JSON.parse(venue.asked.find(({ path }) => path === "/order")!.body) as Posted;
    expect(hashOf(posted.order)).toBe(order.orderId);
    expect(posted.order).toMatchObject({ makerAmount: "10001600", takerAmount: "21280000", side: "BUY" });
  });

  it("makes another order of another intent, also under the same sequence", () => {
    const { gateway } = start();
    const wanted = intent();
    const first = gateway.prepare(wanted, 1);
    const other = gateway.prepare({ ...wanted, limit: 4_900 as Price }, 1);
    expect(other.orderId).not.toBe(first.orderId);
    expect(gateway.prepare(wanted, 1)).toBe(first);
  });

  const cases = [
    ["an unknown market", intent({ marketId: "0xff" as never }), "MARKET_CLOSED"],
    ["a price off the grid", intent({ limit: 5_050 as Price }), "TICK"],
    ["a size below the minimum", intent({ size: 4_990_000 as Shares }), "MIN_SIZE"],
    ["a size that is too fine", intent({ size: 20_001_000 as Shares }), "PRECISION"],
    ["a marketable buy below $1", intent({ orderType: "FAK", spend: 990_000 as Usdc }), "MIN_SIZE"],
    ["a spend that is too fine", intent({ orderType: "FAK", spend: 1_005_000 as Usdc }), "PRECISION"],
    ["a FAK buy without dollars", intent({ orderType: "FAK" }), "OTHER"],
    ["a GTD that ends too soon", intent({ orderType: "GTD", expiresAt: at(60_000) }), "EXPIRATION"],
    ["a GTD without an end", intent({ orderType: "GTD" }), "EXPIRATION"],
    ["a FAK that is post-only", fak(5, 5_000, { postOnly: true }), "OTHER"],
  ] as const;
  it.each(cases)("makes a rejection of %s, without a POST", async (_name, wanted, code) => {
    const { gateway, venue, wait, reports, pass } = start();
    const order = gateway.prepare(wanted, 0);
    expect(order.orderId).toMatch(/^0x[\da-f]{64}$/);
    expect(await wait(gateway.placeOrder(order))).toMatchObject({ kind: "rejected", code });
    await pass(10);
    expect(statuses(reports, order.orderId)).toEqual(["rejected"]);
    expect(venue.count("POST", "/order")).toBe(0);
  });

  it("states the expiration of a GTD order a minute after its end, as the venue counts", async () => {
    const { gateway, venue, wait } = start();
    const order = gateway.prepare(intent({ orderType: "GTD", expiresAt: at(200_000) }), 0);
    await wait(gateway.placeOrder(order));
    const posted = JSON.parse(venue.asked.find(({ path }) => path === "/order")!.body) as Posted;
    expect(Number(posted.order.expiration)).toBe(1_790_000_200 + 60);
  });
});

describe("placing", () => {
  it("sends a hash once, however often it is handed in, unless told to", async () => {
    const { gateway, venue, wait } = start();
    const order = gateway.prepare(intent(), 0);
    const both = await wait(Promise.all([gateway.placeOrder(order), gateway.placeOrder(order)]));
    expect(both).toEqual([{ kind: "live" }, { kind: "live" }]);
    await wait(gateway.placeOrder(order));
    expect(venue.count("POST", "/order")).toBe(1);
    await wait(gateway.placeOrder(order, { again: true }));
    expect(venue.count("POST", "/order")).toBe(2);
  });

  it.each([
    ["a time-out", (): Reply => "hang"],
    ["a broken connection", () => new TypeError("socket hang up")],
    ["425", () => answer(425, "")],
    ["500", () => answer(500, { error: "Internal server error" })],
    ["503 of a proxy", () => answer(503, "<html>bad gateway</html>")],
    ["HTML with 200", () => answer(200, "<html></html>")],
    ["nothing", () => answer(200, "")],
    ["success without a state", () => answer(200, { success: true, errorMsg: "", orderID: "" })],
  ] as [string, () => Reply][])("takes %s for unknown, and sends nothing again", async (_name, reply) => {
    const { gateway, venue, wait, reports, pass } = start();
    venue.scripts.set("POST /order", reply);
    const order = gateway.prepare(intent(), 0);
    expect(await wait(gateway.placeOrder(order))).toMatchObject({ kind: "unknown" });
    await pass(20);
    expect(statuses(reports, order.orderId).slice(0, 2)).toEqual(["sent", "unknown"]);
    await pass(10_000);
    expect(venue.count("POST", "/order")).toBe(1);
  });

  it("gives up after its own deadline, even when the transport never does", async () => {
    const { gateway, venue, wait, clock } = start();
    venue.scripts.set("POST /order", () => "hang");
    const before = clock.monotonic();
    await wait(gateway.placeOrder(gateway.prepare(intent(), 0)));
    expect((clock.monotonic() - before) / 1e6).toBeLessThan(3_050);
  });

  it("finds an order that was taken although the answer was lost", async () => {
    const { gateway, venue, wait, reports, pass } = start();
    venue.scripts.set("POST /order", ({ body }) => {
      venue.take(JSON.parse(body) as Posted);
      return new TypeError("reset");
    });
    const order = gateway.prepare(intent(), 0);
    expect(await wait(gateway.placeOrder(order))).toMatchObject({ kind: "unknown" });
    await pass(500);
    // Once more for whoever takes the answer in late.
    expect(statuses(reports, order.orderId)).toEqual(["sent", "unknown", "live", "live"]);
    await pass(20_000, 50);
    expect(statuses(reports, order.orderId).length).toBeLessThan(7);
  });

  it("says that nobody knows an order of a lost answer that never came to the venue", async () => {
    const { gateway, venue, wait, reports, pass } = start();
    venue.scripts.set("POST /order", () => new TypeError("reset"));
    const order = gateway.prepare(intent(), 0);
    await wait(gateway.placeOrder(order));
    await pass(20_000, 50);
    const said = statuses(reports, order.orderId);
    expect(said.slice(0, 3)).toEqual(["sent", "unknown", "absent"]);
    expect(new Set(said.slice(2))).toEqual(new Set(["absent"]));
  });

  it("calls an answer that never came unknown, and tells again what the channel knew", async () => {
    const { gateway, venue, wait, pass, reports } = start();
    await pass(50);
    venue.scripts.set("POST /order", ({ body }) => {
      venue.take(JSON.parse(body) as Posted);
      return "hang";
    });
    const order = gateway.prepare(intent(), 0);
    const placing = gateway.placeOrder(order);
    await pass(50);
    venue.push(venue.frame(order.orderId, "PLACEMENT"));
    expect(await wait(placing)).toMatchObject({ kind: "unknown" });
    await pass(300);
    expect(statuses(reports, order.orderId).slice(0, 4)).toEqual(["sent", "live", "unknown", "live"]);
  });

  it("keeps delayed apart, and takes an empty answer inside the delay for none", async () => {
    const { gateway, venue, wait, reports, pass } = start({ markets: [market({ takerDelayMs: 3_000 })] });
    venue.scripts.set("POST /order", ({ body }) => {
      const { orderID } = venue.take(JSON.parse(body) as Posted);
      venue.orders.clear();
      return answer(200, {
        success: true,
        errorMsg: "",
        orderID,
        status: "delayed",
        makingAmount: "",
        takingAmount: "",
      });
    });
    const order = gateway.prepare(intent(), 0);
    expect(await wait(gateway.placeOrder(order))).toEqual({ kind: "delayed" });
    await pass(4_000);
    expect(statuses(reports, order.orderId)).toEqual(["sent", "delayed"]);
    expect(await wait(gateway.fetchOrder(order.orderId))).toMatchObject({ kind: "unknown" });
    await pass(10_000, 50);
    expect(await wait(gateway.fetchOrder(order.orderId))).toEqual({ kind: "absent" });
    expect(statuses(reports, order.orderId)).toContain("absent");
  });

  it("sends at most 15 in one request, and answers each", async () => {
    const { gateway, venue, wait } = start();
    const orders = Array.from({ length: 17 }, (_, n) =>
      gateway.prepare(intent({ limit: (n === 3 ? 5_050 : 4_000) as Price }), n),
    );
    const outcomes = await wait(gateway.placeOrders(orders));
    expect(outcomes.map(({ kind }) => kind)).toEqual(orders.map((_, n) => (n === 3 ? "rejected" : "live")));
    const sizes = venue.asked
      .filter(({ path }) => path === "/orders")
      .map(({ body }) => (JSON.parse(body) as unknown[]).length);
    expect(sizes).toEqual([14, 2]);
  });

  it("gives each order of a batch its own answer", async () => {
    const { gateway, venue, wait } = start();
    venue.scripts.set("POST /orders", ({ body }) => {
      const [first] = (JSON.parse(body) as Posted[]).map((each) => venue.take(each));
      return answer(200, [
        first,
        { errorMsg: "not enough balance / allowance", orderID: "", status: "", success: true },
        { success: true, errorMsg: "", orderID: "", status: "" },
      ]);
    });
    const orders = [0, 1, 2].map((seq) => gateway.prepare(intent(), seq));
    const outcomes = await wait(gateway.placeOrders(orders));
    expect(outcomes).toMatchObject([
      { kind: "live" },
      { kind: "rejected", code: "BALANCE" },
      { kind: "unknown" },
    ]);
  });

  it("has the venue read the balance anew once for each row of four buys that it refuses for want of it", async () => {
    const { gateway, venue, wait, pass } = start();
    let seq = 0;
    const place = async (more = {}): Promise<unknown> =>
      wait(gateway.placeOrder(gateway.prepare(intent(more), seq++)));
    const updates = (): number =>
      venue.asked.filter(({ path }) => path.startsWith("/balance-allowance/update")).length;
    const refuses = (): void => {
      venue.scripts.set("POST /order", () => answer(400, { error: "not enough balance / allowance" }));
    };
    refuses();
    for (let n = 0; n < 3; n++) expect(await place()).toMatchObject({ kind: "rejected", code: "BALANCE" });
    expect(updates()).toBe(0);
    for (let n = 0; n < 4; n++) await place();
    await pass(100);
    expect(updates()).toBe(1);
    venue.scripts.delete("POST /order");
    expect(await place()).toEqual({ kind: "live" });
    refuses();
    for (let n = 0; n < 4; n++) await place();
    await pass(100);
    expect(updates()).toBe(2);
  });

  it("does not cross its own orders, also those of the other outcome", async () => {
    const { gateway, venue, wait } = start();
    await wait(gateway.placeOrder(gateway.prepare(intent({ limit: 4_000 as Price }), 0)));
    const mirrored = gateway.prepare(intent({ outcome: 1, limit: 6_000 as Price }), 1);
    expect(await wait(gateway.placeOrder(mirrored))).toMatchObject({ kind: "rejected", code: "OTHER" });
    const beside = gateway.prepare(intent({ outcome: 1, limit: 5_900 as Price }), 2);
    expect(await wait(gateway.placeOrder(beside))).toEqual({ kind: "live" });
    expect(venue.count("POST", "/order")).toBe(2);
  });

  it("refuses a price that a change of the tick has taken off the grid", async () => {
    const { gateway, wait } = start({ markets: [market({ tick: 10 as Price })] });
    const order = gateway.prepare(intent({ limit: 5_010 as Price }), 0);
    gateway.observe({
      type: "tick_size_changed",
      marketId: market().marketId,
      tick: 100 as Price,
      at: at(1),
      receivedAt: 0 as never,
    });
    expect(await wait(gateway.placeOrder(order))).toMatchObject({ kind: "rejected", code: "TICK" });
  });

  it("makes orders in a market that is listed later, on its own grid", async () => {
    const { gateway, wait } = start({ markets: [] });
    expect(await wait(gateway.placeOrder(gateway.prepare(intent(), 0)))).toMatchObject({
      code: "MARKET_CLOSED",
    });
    gateway.observe({
      type: "market_listed",
      market: market({ tick: 10 as Price }),
      at: at(1),
      receivedAt: 0 as never,
    });
    expect(await wait(gateway.placeOrder(gateway.prepare(intent({ limit: 4_990 as Price }), 1)))).toEqual({
      kind: "live",
    });
    gateway.observe({ type: "market_trade" } as MarketTrade);
  });

  it("throws what is a mistake of the caller: an order of another adapter", async () => {
    const { gateway, wait } = start();
    const order = { orderId: "0x1" as OrderId, intent: intent() };
    const error = await wait(gateway.placeOrder(order).catch((caught: unknown) => caught));
    expect(isMatchpointError(error)).toBe(true);
  });
});

describe("rate limits", () => {
  it("refuses an order that finds no token, and lets cancels wait", async () => {
    const { gateway, venue, wait } = start();
    const orders = Array.from({ length: 61 }, (_, n) => gateway.prepare(intent({ limit: 100 as Price }), n));
    const outcomes = await wait(Promise.all(orders.map((order) => gateway.placeOrder(order))));
    expect(outcomes.filter(({ kind }) => kind === "live")).toHaveLength(60);
    expect(outcomes.at(-1)).toMatchObject({ kind: "rejected", code: "RATE_LIMITED" });
    expect(venue.count("POST", "/order")).toBe(60);
    const canceled = await wait(
      Promise.all(orders.slice(0, 60).map(({ orderId }) => gateway.cancelOrder(orderId))),
    );
    expect(canceled.every(({ kind }) => kind === "canceled")).toBe(true);
  });

  it("heeds 429 with Retry-After", async () => {
    const { gateway, venue, wait, pass } = start();
    venue.scripts.set("POST /order", () =>
      answer(429, { error: "Too Many Requests" }, { "Retry-After": "2" }),
    );
    expect(await wait(gateway.placeOrder(gateway.prepare(intent(), 0)))).toMatchObject({
      kind: "rejected",
      code: "RATE_LIMITED",
    });
    venue.scripts.clear();
    expect(await wait(gateway.placeOrder(gateway.prepare(intent(), 1)))).toMatchObject({
      code: "RATE_LIMITED",
    });
    expect(venue.count("POST", "/order")).toBe(1);
    await pass(2_100);
    expect(await wait(gateway.placeOrder(gateway.prepare(intent(), 2)))).toEqual({ kind: "live" });
  });

  it("takes over the tier and the remaining tokens that the venue states", async () => {
    const { gateway, venue, wait } = start();
    venue.scripts.set("POST /order", ({ body }) =>
      answer(200, venue.take(JSON.parse(body) as Posted), {
        "Poly-RateLimit-Remaining": "1",
        "Poly-RateLimit-Tier": "gold",
      }),
    );
    const kinds: string[] = [];
    for (let seq = 0; seq < 2; seq++)
      kinds.push((await wait(gateway.placeOrder(gateway.prepare(intent(), seq)))).kind);
    expect(kinds).toEqual(["live", "live"]);
  });

  it("tells of another tier's cancels once, as what the venue takes from then on", async () => {
    const { gateway, venue, wait, reports, pass } = start();
    expect(gateway.capabilities.cancelBurst).toBe(120);
    let tier = "standard";
    venue.scripts.set("POST /order", ({ body }) =>
      answer(200, venue.take(JSON.parse(body) as Posted), { "Poly-RateLimit-Tier": tier }),
    );
    for (const [seq, stated] of ["standard", "Gold", "gold", "unheard-of", "standard"].entries()) {
      tier = stated;
      await wait(gateway.placeOrder(gateway.prepare(intent(), seq)));
      await pass(10);
    }
    const told = reports.filter(({ type }) => type === "venue_limits");
    expect(told).toMatchObject([
      { cancelBurst: 1_200, detail: "the venue states the tier gold" },
      { cancelBurst: 120, detail: "the venue states the tier standard" },
    ]);
  });
});

describe("cancels", () => {
  it("cancels one, many and all, and tells the reasons", async () => {
    const { gateway, venue, wait, reports, pass } = start();
    const orders = [0, 1, 2, 3].map((seq) => gateway.prepare(intent(), seq));
    for (const order of orders) await wait(gateway.placeOrder(order));
    const [a, b] = orders.map(({ orderId }) => orderId) as [OrderId, OrderId];
    expect(await wait(gateway.cancelOrder(a))).toEqual({ kind: "canceled", orderId: a });
    expect(await wait(gateway.cancelOrder(a))).toMatchObject({ kind: "not_canceled" });
    expect(await wait(gateway.cancelOrders([a, b]))).toMatchObject([
      { kind: "not_canceled" },
      { kind: "canceled" },
    ]);
    const all = await wait(gateway.cancelAll(market().marketId));
    expect(all.map(({ kind }) => kind)).toEqual(["canceled", "canceled"]);
    expect(venue.asked.find(({ path }) => path === "/cancel-market-orders")!.body).toContain(
      market().marketId,
    );
    await wait(gateway.cancelAll());
    expect(venue.count("DELETE", "/cancel-all")).toBe(1);
    await pass(300);
    expect(statuses(reports, a)).toEqual(["sent", "live", "canceled"]);
  });

  it("takes a lost answer for unknown, and finds out", async () => {
    const { gateway, venue, wait, reports, pass } = start();
    const order = gateway.prepare(intent(), 0);
    await wait(gateway.placeOrder(order));
    venue.scripts.set("DELETE /order", (asked) => {
      venue.serve(asked);
      return new TypeError("reset");
    });
    expect(await wait(gateway.cancelOrder(order.orderId))).toMatchObject({ kind: "unknown" });
    await pass(500);
    expect(statuses(reports, order.orderId)).toEqual(["sent", "live", "canceled"]);
  });

  it("cancels an order that has stood for as long as it may", async () => {
    const { gateway, venue, wait, reports, pass } = start({ maxTimeInBookMs: () => 4_000 });
    const order = gateway.prepare(intent(), 0);
    await wait(gateway.placeOrder(order));
    await pass(3_900);
    expect(venue.count("DELETE", "/order")).toBe(0);
    await pass(300);
    expect(statuses(reports, order.orderId)).toEqual(["sent", "live", "canceled"]);
    await pass(10_000, 50);
    expect(venue.count("DELETE", "/order")).toBe(1);
  });
});
