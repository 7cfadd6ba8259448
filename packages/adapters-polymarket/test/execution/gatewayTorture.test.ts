/** Longer: `MATCHPOINT_TORTURE=5000 npx vitest run packages/adapters-polymarket/test/execution/gatewayTorture.test.ts` */
import {
  OrderStore,
  type ExecutionReport,
  type HttpResponse,
  type OrderId,
  type PreparedOrder,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answer, fak, hashOf, intent, rig, type Posted, type Rig } from "./fakeClob.ts";

const RUNS = Number(process.env["MATCHPOINT_TORTURE"] ?? 60);
/** Orders whose answer never came, whether the venue had them or not. */
let unanswered = 0;

/** How often a frame comes, and how late each time, in ms: lost, once, twice. */
const delivery = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 2 });
const fill = fc.record({
  atMs: fc.integer({ min: 1, max: 6_000 }),
  cents: fc.integer({ min: 100, max: 1_500 }),
  fails: fc.boolean(),
  frames: fc.array(delivery, { minLength: 5, maxLength: 5 }),
});
const fate = fc.record({
  kind: fc.constantFrom("GTC", "GTC", "FAK"),
  http: fc.constantFrom("ok", "ok", "late", "lost", "hang", "never"),
  atMs: fc.integer({ min: 0, max: 3_000 }),
  placement: delivery,
  fills: fc.array(fill, { maxLength: 3 }),
  cancelMs: fc.option(fc.integer({ min: 100, max: 7_000 }), { nil: undefined }),
  cancelFrame: delivery,
});
const world = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 3 }),
  drops: fc.array(fc.integer({ min: 100, max: 8_000 }), { maxLength: 2 }),
  restBlindMs: fc.constantFrom(0, 0, 1_500),
});
type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never;
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** What the venue did, for comparison: it is not asked of anything that the gateway reads. */
interface Truth {
  gross: number;
  standing: number;
  trades: Map<string, string>;
}

/** A core in small: it keeps the orders, and cancels by hash what nobody knows. */
class Core {
  readonly store = new OrderStore();
  readonly illegal: string[] = [];
  readonly #rig: Rig;

  constructor(owner: Rig) {
    this.#rig = owner;
  }

  fold(report: ExecutionReport): void {
    if (report.type === "trade_report") {
      const change = this.store.trade(report);
      if (change.illegal !== undefined) this.illegal.push(change.illegal);
      if (change.kind === "foreign") this.illegal.push(`foreign trade ${report.tradeId}`);
      return;
    }
    if (report.type !== "order_report") return;
    const change = this.store.report(report);
    if (change.illegal !== undefined) this.illegal.push(change.illegal);
    if (change.applied && change.to === "UNKNOWN" && change.from !== "UNKNOWN") this.cancel(report.orderId);
    if (change.applied && change.to === "LIVE" && change.order.cancelRequested) this.cancel(report.orderId);
  }

  cancel(orderId: OrderId): void {
    const { gateway, clock } = this.#rig;
    const order = this.store.byOrderId(orderId)!;
    if (!this.store.requestCancel(order.intent.intentId, clock.monotonic()).applied) return;
    void gateway.cancelOrder(orderId).then((outcome) => {
      const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
      const status =
        outcome.kind === "canceled" ? "canceled" : outcome.kind === "unknown" ? "unknown" : "cancel_refused";
      this.fold({ type: "order_report", orderId, status, ...stamp });
    });
  }
}

async function live({ fates, drops, restBlindMs }: World): Promise<void> {
  const owner = rig();
  const { venue, gateway, clock, reports, pass, stop } = owner;
  const core = new Core(owner);
  const truths = new Map<OrderId, Truth>();
  await pass(50);
  const push = (frame: unknown, plan: readonly number[]): void => {
    for (const ms of plan) clock.after(ms, () => venue.push(frame));
  };
  const settleTrade = (
    tradeId: string,
    orderId: OrderId,
    shares: number,
    price: string,
    each: Fate["fills"][number],
  ) => {
    const truth = truths.get(orderId)!;
    truth.gross += shares;
    truth.standing += each.fails ? 0 : shares;
    truth.trades.set(tradeId, each.fails ? "FAILED" : "CONFIRMED");
    push(venue.trade(tradeId, orderId, shares, price), each.frames[0]!);
    for (const [at, status] of [
      [400, "MINED"],
      [700, "RETRYING"],
      [1_100, "MINED"],
      [1_900, each.fails ? "FAILED" : "CONFIRMED"],
    ] as const)
      clock.after(at, () => push(venue.trade(tradeId, orderId, shares, price, status), each.frames[at % 4]!));
  };

  /** What the venue does with an order, and says over HTTP if it says anything. */
  const taken = (n: number, each: Fate, posted: Posted): HttpResponse => {
    const orderId = hashOf(posted.order);
    const reply = venue.take(posted);
    const record = venue.orders.get(orderId)!;
    if (each.kind === "FAK") {
      let left = Number(posted.order.takerAmount);
      let spent = 0;
      each.fills.forEach((one, at) => {
        const shares = Math.min(one.cents * 10_000, left - (left % 10_000));
        if (shares <= 0) return;
        left -= shares;
        spent += shares / 2;
        settleTrade(`t-${n}-${at}`, orderId, shares, "0.5", one);
      });
      const matched = record.matched;
      if (matched === 0) {
        venue.orders.delete(orderId);
        const error =
          "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";
        return answer(400, { error, orderID: orderId });
      }
      record.status = "MATCHED";
      push(venue.frame(orderId, "UPDATE"), each.placement);
      return answer(200, {
        ...reply,
        status: "matched",
        makingAmount: String(spent / 1e6),
        takingAmount: String(matched / 1e6),
      });
    }
    push(venue.frame(orderId, "PLACEMENT"), each.placement);
    each.fills.forEach((one, at) => {
      clock.after(one.atMs, () => {
        if (record.status !== "LIVE") return;
        const total = Number(posted.order.takerAmount);
        const shares = Math.min(one.cents * 10_000, total - record.matched);
        settleTrade(`t-${n}-${at}`, orderId, shares, "0.5", one);
        if (record.matched >= total) record.status = "MATCHED";
        push(venue.frame(orderId, "UPDATE"), one.frames[4]!);
      });
    });
    return answer(200, reply);
  };

  let blind = false;
  for (const path of ["/data/orders", "/data/trades"])
    venue.scripts.set(`GET ${path}`, () =>
      blind ? answer(500, { error: "Internal server error" }) : undefined,
    );
  const placed: { readonly n: number; readonly each: Fate; readonly order: PreparedOrder }[] = [];
  fates.forEach((each, n) => {
    clock.after(each.atMs, () => {
      const wanted =
        each.kind === "FAK" ? fak(10, 5_000) : intent({ size: 20_000_000 as Shares, limit: 5_000 as Price });
      const order = gateway.prepare(wanted, n);
      placed.push({ n, each, order });
      truths.set(order.orderId, { gross: 0, standing: 0, trades: new Map() });
      core.store.create(wanted, clock.monotonic());
      const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
      core.store.prepared({
        type: "order_prepared",
        intentId: wanted.intentId,
        orderId: order.orderId,
        ...stamp,
      });
      // A run tells its core the answer too, beside the reports.
      void gateway.placeOrder(order).then((outcome) => {
        const stamps = { at: clock.monotonic(), receivedAt: clock.wall() };
        const code = outcome.kind === "rejected" ? { code: outcome.code } : {};
        core.fold({ type: "order_report", orderId: order.orderId, status: outcome.kind, ...code, ...stamps });
      });
      if (each.cancelMs !== undefined) clock.after(each.cancelMs, () => core.cancel(order.orderId));
    });
  });
  venue.scripts.set("POST /order", ({ body }) => {
    const posted = JSON.parse(body) as Posted;
    const { n, each } = placed.find(({ order }) => order.orderId === hashOf(posted.order))!;
    if (["never", "lost", "hang"].includes(each.http)) unanswered += 1;
    if (each.http === "never") return new TypeError("connection refused");
    const reply = taken(n, each, posted);
    if (each.http === "lost") return new TypeError("socket hang up");
    if (each.http === "late") return { late: reply, ms: 1_200 };
    return each.http === "hang" ? "hang" : reply;
  });
  venue.scripts.set("DELETE /order", (asked) => {
    const { orderID } = JSON.parse(asked.body) as { orderID: OrderId };
    const before = venue.orders.get(orderID)?.status;
    const reply = venue.serve(asked);
    const one = placed.find(({ order }) => order.orderId === orderID);
    if (before === "LIVE") push(venue.frame(orderID, "CANCELLATION"), one?.each.cancelFrame ?? []);
    return reply;
  });
  for (const ms of drops) clock.after(ms, () => venue.drop());
  clock.after(1_000, () => (blind = restBlindMs > 0));
  clock.after(1_000 + restBlindMs, () => (blind = false));

  let read = 0;
  for (let ms = 0; ms < 45_000; ms += ms < 12_000 ? 20 : 250) {
    await pass(ms < 12_000 ? 20 : 250, ms < 12_000 ? 20 : 125);
    while (read < reports.length) core.fold(reports[read++]!);
    if (ms % 2_000 === 0)
      for (const order of core.store.allOpen()) if (order.status === "UNKNOWN") core.cancel(order.orderId!);
  }
  stop();

  expect(core.illegal).toEqual([]);
  for (const { each, order } of placed) {
    const kept = core.store.byOrderId(order.orderId)!;
    const truth = truths.get(order.orderId)!;
    const record = venue.orders.get(order.orderId);
    const posts = venue.asked.filter(({ path, body }) => path === "/order" && body.includes(`"salt"`));
    expect(posts.length).toBe(placed.length);
    expect({ gross: kept.grossMatched, standing: kept.matched }).toEqual({
      gross: truth.gross,
      standing: truth.standing,
    });
    const trades = new Map(
      kept.trades.map((tradeId) => [tradeId, core.store.tradeStatus(order.orderId, tradeId)]),
    );
    expect(trades).toEqual(truth.trades);
    const expected =
      record === undefined
        ? each.http === "never" || each.http === "lost" || each.http === "hang"
          ? ["CANCELED"]
          : ["REJECTED"]
        : record.status === "LIVE"
          ? ["LIVE"]
          : record.status === "CANCELED"
            ? ["CANCELED"]
            : each.kind === "FAK" && 20_000_000 - truth.gross >= 10_000
              ? ["CANCELED"]
              : ["FILLED"];
    expect(expected).toContain(kept.status);
  }
}

test(
  "whatever is lost, doubled, late or out of order, the reports end in the venue's truth",
  { timeout: Math.max(600_000, RUNS * 200) },
  async () => {
    await fc.assert(fc.asyncProperty(world, live), { numRuns: RUNS });
    expect(unanswered).toBeGreaterThan(RUNS / 2);
    if (RUNS > 60) console.log(`${unanswered} orders without an answer in ${RUNS} worlds`);
  },
);
