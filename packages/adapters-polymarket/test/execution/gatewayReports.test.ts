import { type FrameQuarantined, type OrderId, type Price, type Shares } from "@matchpoint/sdk";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { OrderSigner } from "../../src/index.ts";
import { makerFrame } from "../account/frames.ts";
import {
  answer,
  API_KEY,
  fak,
  hashOf,
  intent,
  PASSPHRASE,
  realSigner,
  rig,
  SECRET,
  statuses,
  type Posted,
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
async function placed(owner: Rig, seq = 0, wanted = intent()): Promise<OrderId> {
  const order = owner.gateway.prepare(wanted, seq);
  await owner.wait(owner.gateway.placeOrder(order));
  return order.orderId;
}
const fills = ({ reports }: Rig): string[] =>
  reports.flatMap((report) => (report.type === "trade_report" ? [`${report.tradeId} ${report.status}`] : []));

describe("the user channel", () => {
  it("logs in, pings, and sweeps REST after each connect", async () => {
    const { venue, pass, gateway } = start();
    await pass(100);
    expect(JSON.parse(venue.sockets[0]!.sent[0]!)).toEqual({
      type: "user",
      auth: { apiKey: API_KEY, secret: SECRET, passphrase: PASSPHRASE },
    });
    expect(venue.count("GET", "/data/orders")).toBe(1);
    await pass(11_000, 50);
    expect(venue.sockets[0]!.sent).toContain("PING");
    const sweeps = gateway.stats.sweeps;
    venue.drop();
    await pass(500);
    expect(venue.sockets).toHaveLength(2);
    expect(gateway.stats).toMatchObject({ reconnects: 1 });
    expect(gateway.stats.sweeps).toBeGreaterThan(sweeps);
  });

  it("says since when it is not open, and why, until it is again", async () => {
    const { venue, pass, gateway } = start();
    expect(gateway.userChannelTrouble()).toBe("it is not open yet");
    await pass(50);
    expect(gateway.userChannelTrouble()).toBeUndefined();
    venue.refusesSockets = true;
    venue.drop();
    await pass(20_000, 100);
    // However often it was tried since.
    expect(gateway.userChannelTrouble()).toMatch(/^not open for (19|20) s: closed with \d+/);
    venue.refusesSockets = false;
    await pass(15_000, 100);
    expect(gateway.userChannelTrouble()).toBeUndefined();
  });

  it("says that it is lost after two seconds, once for however many tries, and when it is back", async () => {
    const { venue, pass, reports } = start();
    const told = (): unknown[] =>
      reports.flatMap((report) => (report.type === "own_channel" ? [[report.state, report.detail]] : []));
    await pass(5_000, 50);
    // One that is back at once is nothing to wait for.
    venue.drop();
    await pass(5_000, 50);
    expect(told()).toEqual([]);
    venue.refusesSockets = true;
    venue.drop();
    await pass(1_900, 50);
    expect(told()).toEqual([]);
    await pass(150, 50);
    expect(told()).toEqual([["lost", expect.stringMatching(/^not open for [12] s: closed with \d+/)]]);
    await pass(20_000, 100);
    expect(told()).toHaveLength(1);
    venue.refusesSockets = false;
    await pass(15_000, 100);
    expect(told().slice(1)).toEqual([["back", "it is open again"]]);
    venue.refusesSockets = true;
    venue.drop();
    await pass(2_100, 50);
    expect(told()).toHaveLength(3);
  });

  it("that never opens after a start is lost too", async () => {
    const { venue, pass, reports } = start();
    venue.refusesSockets = true;
    await pass(2_100, 50);
    expect(reports).toContainEqual(expect.objectContaining({ type: "own_channel", state: "lost" }));
  });

  it("backs off from a venue that refuses", async () => {
    const { venue, pass, gateway } = start();
    venue.refusesSockets = true;
    await pass(60_000, 250);
    expect(gateway.userChannelTrouble()).toMatch(/^never open for (59|60) s: /);
    expect(venue.sockets.length).toBeGreaterThan(4);
    expect(venue.sockets.length).toBeLessThan(15);
  });

  it("replaces a socket that answers no PING, and one that is silent while REST has news", async () => {
    const owner = start();
    const { venue, pass } = owner;
    await pass(50);
    venue.pongs = false;
    await pass(25_000, 100);
    expect(venue.sockets.length).toBeGreaterThan(1);
    venue.pongs = true;
    await pass(2_000, 50);
    const before = venue.sockets.length;
    await pass(70_000, 250);
    expect(venue.sockets).toHaveLength(before);
    const orderId = await placed(owner);
    venue.push(venue.frame(orderId, "PLACEMENT"));
    await pass(29_000, 100);
    // It matches just before the watchdog looks, and no frame says so.
    venue.trade("t-1", orderId, 5_000_000, "0.5");
    await pass(4_000, 50);
    expect(fills(owner)).toEqual(["t-1 MATCHED"]);
  });

  it("reports a trade once per status, whoever tells it first", async () => {
    const owner = start();
    const { venue, pass } = owner;
    await pass(50);
    const orderId = await placed(owner);
    const frame = venue.trade("t-1", orderId, 5_000_000, "0.5");
    venue.push([frame, frame]);
    venue.push(frame);
    await pass(4_000, 50);
    venue.trade("t-1", orderId, 5_000_000, "0.5", "CONFIRMED");
    await pass(20_000, 100);
    expect(fills(owner)).toEqual(["t-1 MATCHED", "t-1 CONFIRMED"]);
    expect(owner.gateway.stats.foundBySweeps).toBe(1);
  });

  it("takes its own entry where it was the maker", async () => {
    const owner = start();
    const { venue, pass, reports } = owner;
    await pass(50);
    const orderId = await placed(owner);
    venue.push(makerFrame({ order_id: orderId, side: "BUY", matched_amount: "7" }, { id: "t-9" }));
    await pass(50);
    expect(reports.find(({ type }) => type === "trade_report")).toMatchObject({
      orderId,
      side: "buy",
      size: 7_000_000,
      liquidity: "maker",
    });
  });

  it("counts and tells what it cannot read, and asks REST instead", async () => {
    const seen: FrameQuarantined[] = [];
    const { venue, pass, gateway } = start({ onQuarantined: (event) => seen.push(event) });
    await pass(200);
    const sweeps = gateway.stats.sweeps;
    venue.push("{");
    await pass(300);
    expect(gateway.stats.quarantined).toBe(1);
    expect(seen[0]).toMatchObject({ feed: "polymarket-user", reason: "not JSON" });
    expect(gateway.stats.sweeps).toBe(sweeps + 1);
  });

  it("finds out what an unknown token stands for, and loses no trade of it", async () => {
    const owner = start();
    const { venue, pass, reports, gateway } = owner;
    venue.scripts.set("GET /clob-markets/0xee", () =>
      answer(200, {
        c: "0xee",
        t: [
          { t: "77", o: "A" },
          { t: "78", o: "B" },
        ],
        mts: 0.01,
        mos: 5,
        ao: true,
      }),
    );
    await pass(50);
    venue.push(
      makerFrame(
        { order_id: `0x${"9".repeat(64)}`, asset_id: "78" },
        { id: "t-5", market: "0xee", asset_id: "78" },
      ),
    );
    await pass(500);
    expect(reports.find(({ type }) => type === "trade_report")).toMatchObject({
      tradeId: "t-5",
      marketId: "0xee",
      outcome: 1,
    });
    expect(gateway.stats.quarantined).toBe(0);
  });

  it("quarantines a trade whose market nobody can find, after looking for it", async () => {
    const { venue, pass, gateway } = start();
    await pass(50);
    venue.push(makerFrame({ asset_id: "79" }, { id: "t-6", market: "0xef", asset_id: "79" }));
    await pass(1_000);
    expect(gateway.stats.quarantined).toBe(0);
    await pass(90_000, 250);
    expect(gateway.stats.quarantined).toBe(1);
    expect(venue.count("GET", "/clob-markets/0xef")).toBe(5);
  });
});

describe("merged reports", () => {
  it("hold the word that an order is over until the fills are here that it states", async () => {
    const owner = start();
    const { venue, pass, reports } = owner;
    await pass(50);
    const orderId = await placed(owner);
    venue.scripts.set("GET /data/trades", () => answer(200, { data: [], next_cursor: "LTE=" }));
    const frame = venue.trade("t-1", orderId, 5_000_000, "0.5");
    venue.orders.get(orderId)!.status = "CANCELED";
    venue.push(venue.frame(orderId, "CANCELLATION"));
    await pass(2_000, 20);
    expect(statuses(reports, orderId)).toEqual(["sent", "live"]);
    venue.push(frame);
    await pass(20);
    const kinds = reports.map((report) => (report.type === "order_report" ? report.status : report.type));
    expect(kinds).toEqual(["sent", "live", "trade_report", "canceled"]);
  });

  it("tell it without them when they do not come", async () => {
    const owner = start({ holdMs: 5_000 });
    const { venue, pass, reports } = owner;
    await pass(50);
    const orderId = await placed(owner);
    venue.trade("t-1", orderId, 5_000_000, "0.5");
    venue.trades.clear();
    venue.orders.get(orderId)!.status = "CANCELED";
    venue.push(venue.frame(orderId, "CANCELLATION"));
    await pass(4_900, 50);
    expect(statuses(reports, orderId)).toEqual(["sent", "live"]);
    await pass(200);
    expect(statuses(reports, orderId)).toEqual(["sent", "live", "canceled"]);
  });

  it("end a FAK that matched in part once its fills are here", async () => {
    const owner = start();
    const { venue, pass, reports, gateway, wait } = owner;
    await pass(50);
    venue.scripts.set("POST /order", ({ body }) => {
      const posted = JSON.parse(body) as Posted;
      const reply = venue.take(posted);
      venue.trade("t-1", hashOf(posted.order), 6_000_000, "0.5");
      venue.orders.get(hashOf(posted.order))!.status = "MATCHED";
      return answer(200, {
        ...reply,
        status: "matched",
        makingAmount: "3",
        takingAmount: "6",
        tradeIDs: ["t-1"],
      });
    });
    const order = gateway.prepare(fak(10, 5_000), 0);
    expect(await wait(gateway.placeOrder(order))).toEqual({ kind: "matched" });
    await pass(500);
    const kinds = reports.map((report) => (report.type === "order_report" ? report.status : report.type));
    expect(kinds).toEqual(["sent", "matched", "trade_report", "canceled"]);
  });

  it("call an order live that matched in part and rests with the rest", async () => {
    const owner = start();
    const { venue, gateway, wait } = owner;
    venue.scripts.set("POST /order", ({ body }) => ({
      ...answer(200, {
        ...venue.take(JSON.parse(body) as Posted),
        status: "matched",
        makingAmount: "3",
        takingAmount: "6",
      }),
    }));
    expect(await wait(gateway.placeOrder(gateway.prepare(intent(), 0)))).toEqual({ kind: "live" });
  });

  it("notice another's order on our wallet, and cross it no more than our own", async () => {
    const owner = start();
    const { venue, gateway, pass, reports, wait } = owner;
    const other = rig({ silent: true, runId: "run-2" as never });
    const foreign = other.gateway.prepare(intent({ side: "sell", limit: 4_500 as Price }), 0);
    const posted: Posted[] = [];
    other.venue.scripts.set("POST /order", ({ body }) => {
      posted.push(JSON.parse(body) as Posted);
      return undefined;
    });
    await other.wait(other.gateway.placeOrder(foreign));
    other.stop();
    venue.take(posted[0]!);
    await pass(35_000, 250);
    expect(statuses(reports, foreign.orderId)).toEqual(["live"]);
    const outcome = await wait(gateway.placeOrder(gateway.prepare(intent({ limit: 4_500 as Price }), 1)));
    expect(outcome).toMatchObject({
      kind: "rejected",
      detail: expect.stringContaining("SELF_CROSS") as string,
    });
  });

  it("follow orders of an earlier run until their fate is known", async () => {
    const owner = start();
    const { venue, gateway, pass, wait } = owner;
    const order = gateway.prepare(intent(), 0);
    const { orderId } = order;
    await wait(gateway.placeOrder(order));
    venue.trade("t-1", orderId, 20_000_000, "0.5");
    venue.orders.get(orderId)!.status = "MATCHED";
    await pass(100);
    const next = rig();
    for (const [key, record] of venue.orders) next.venue.orders.set(key, record);
    for (const [key, record] of venue.trades) next.venue.trades.set(key, record);
    next.gateway.follow([order], "1789999990");
    await next.pass(1_000);
    next.stop();
    expect(
      next.reports.map((report) => (report.type === "order_report" ? report.status : report.type)),
    ).toEqual(["trade_report"]);
  });

  it.each(["FAILED", "CONFIRMED"] as const)(
    "tell what became of an earlier run's trade whose order was over, when it was %s before the first sweep",
    async (status) => {
      const owner = start();
      const { venue, gateway, pass, wait } = owner;
      const order = gateway.prepare(intent(), 0);
      await wait(gateway.placeOrder(order));
      venue.trade("t-1", order.orderId, 20_000_000, "0.5");
      venue.orders.delete(order.orderId);
      venue.trades.get("t-1")!.status = status;
      await pass(100);
      const next = rig();
      for (const [key, record] of venue.trades) next.venue.trades.set(key, record);
      next.gateway.follow([], "1789999990");
      await next.pass(1_000);
      next.stop();
      expect(next.reports).toMatchObject([{ type: "trade_report", orderId: order.orderId, status }]);
    },
  );
});

describe("reads", () => {
  it("list open orders, trades from a cursor on, positions and cash", async () => {
    const owner = start();
    const { venue, gateway, wait, pass } = owner;
    const orderId = await placed(owner);
    expect(await wait(gateway.fetchOpenOrders())).toEqual([
      {
        orderId,
        marketId: intent().marketId,
        outcome: 0,
        side: "buy",
        price: 5_000,
        size: 20_000_000,
        matched: 0,
      },
    ]);
    venue.trade("t-1", orderId, 5_000_000, "0.5");
    const { trades, cursor } = await wait(gateway.fetchTrades());
    expect(trades.map(({ tradeId, cost }) => [tradeId, cost])).toEqual([["t-1", 2_500_000]]);
    expect(Number(cursor)).toBeLessThan(1_790_000_001);
    expect((await wait(gateway.fetchTrades(cursor))).trades).toHaveLength(1);
    venue.push({ event_type: "trade", type: "TRADE", ...venue.trades.get("t-1") });
    await pass(50);
    // Matched and not mined: the chain knows nothing of it yet.
    expect(await wait(gateway.fetchPositions())).toEqual([
      { marketId: intent().marketId, outcome: 0, matched: 5_000_000, settled: 0 },
    ]);
    // Each outcome's balance is looked at anew once, until it may have moved again.
    expect(venue.count("GET", "/balance-allowance/update")).toBe(2);
    expect(await wait(gateway.fetchBalances())).toEqual({ collateral: 97_500_000 });
    expect(await wait(gateway.fetchOrder(orderId))).toEqual({
      kind: "found",
      status: "LIVE",
      matched: 5_000_000 as Shares,
    });
  });

  it("give no half answers: a page that fails or cannot be read fails the whole", async () => {
    const { venue, gateway, wait } = start({ silent: true });
    for (const reply of [
      answer(500, { error: "Internal server error" }),
      answer(200, "<html>"),
      answer(200, { data: [{ id: 1 }] }),
      answer(200, { data: [], next_cursor: "MA==" }),
    ]) {
      venue.scripts.set("GET /data/orders", () => reply);
      expect(await wait(gateway.fetchOpenOrders().catch(() => "failed"))).toBe("failed");
    }
    venue.scripts.set("GET /data/order/0xab", () => answer(500, { error: "x" }));
    expect(await wait(gateway.fetchOrder("0xab" as OrderId))).toMatchObject({ kind: "unknown" });
    venue.scripts.set("GET /data/order/0xab", () => answer(404, { error: "order not found" }));
    expect(await wait(gateway.fetchOrder("0xab" as OrderId))).toEqual({ kind: "absent" });
  });

  it("measures the venue's clock and signs by it", async () => {
    const { venue, gateway, wait, clock } = start({ silent: true });
    venue.scripts.set("GET /time", () => answer(200, String(Math.floor((clock.wall() + 5_000) / 1_000))));
    const { offsetMs } = await wait(gateway.warm());
    expect(Math.abs(offsetMs - 5_000)).toBeLessThan(600);
    await wait(gateway.fetchOpenOrders());
    const stamp = Number(venue.asked.at(-1)!.headers["POLY_TIMESTAMP"]);
    expect(Math.abs(stamp - (clock.wall() + 5_000) / 1_000)).toBeLessThan(2);
  });

  it("refuses to trade with a venue of another order version", async () => {
    const { venue, gateway, wait } = start({ silent: true });
    venue.scripts.set("GET /version", () => answer(200, { version: 3 }));
    const error = await wait(gateway.warm().catch((caught: unknown) => caught));
    expect(error).toMatchObject({ code: "CAPABILITY_UNSUPPORTED" });
  });
});

describe("secrets", () => {
  /** Everything of a value that may come into a log. */
  const shown = (value: unknown): string =>
    `${inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })} ${JSON.stringify(value)}`;

  it("are in no outcome, report, error or log line, whatever the venue and the network quote", async () => {
    const said: unknown[] = [];
    const log = (...args: unknown[]): void => {
      said.push(args);
    };
    const logger = { debug: log, info: log, warn: log, error: log };
    const owner = start({ logger, onQuarantined: (event) => said.push(event), heartbeats: true });
    const { venue, gateway, pass, reports, clock } = owner;
    const signer: OrderSigner = realSigner(clock);
    const real = rig({ signer, logger, onQuarantined: (event) => said.push(event) });
    const signatures = new Set<string>();
    const quoting = (asked: {
      readonly body: string;
      readonly headers: Readonly<Record<string, string>>;
    }) => {
      for (const text of [asked.headers["POLY_SIGNATURE"], /"signature":"(0x\w+)"/.exec(asked.body)?.[1]])
        if (text !== undefined) signatures.add(text);
      return `you sent ${asked.body} with ${JSON.stringify(asked.headers)}`;
    };
    const ways = [
      (text: string) => answer(400, { error: text.slice(0, 5_000) }),
      (text: string) => answer(500, { error: text }),
      (text: string) => answer(200, { success: true, errorMsg: text, orderID: "" }),
      (text: string) => new TypeError(text),
      (text: string) => answer(403, `<html>${text}</html>`),
    ];
    for (const [n, way] of ways.entries()) {
      for (const rigged of [owner, real]) {
        for (const path of ["POST /order", "DELETE /order", "GET /data/orders", "POST /v1/heartbeats"])
          rigged.venue.scripts.set(path, (asked) => way(quoting(asked)));
        const order = rigged.gateway.prepare(intent(), n);
        said.push(order, await rigged.wait(rigged.gateway.placeOrder(order)));
        said.push(await rigged.wait(rigged.gateway.cancelOrder(order.orderId)));
        said.push(await rigged.wait(rigged.gateway.fetchOpenOrders().catch((error: unknown) => error)));
      }
    }
    venue.push({ event_type: "order", auth: { secret: SECRET, passphrase: PASSPHRASE } });
    venue.push(`not json ${SECRET} ${PASSPHRASE}`);
    await pass(10_000, 50);
    real.stop();
    const everything = shown([said, reports, real.reports, gateway.stats]);
    expect(everything).toContain("[secret]");
    expect(signatures.size).toBeGreaterThan(3);
    for (const secret of [SECRET, PASSPHRASE, ...signatures]) expect(everything).not.toContain(secret);
    expect(shown(gateway)).not.toContain(PASSPHRASE);
  });
});
