import { describe, expect, it } from "vitest";
import {
  VirtualClock,
  type ChainAction,
  type CoreEvent,
  type ExecutionReport,
  type PlaceOutcome,
} from "@matchpoint/sdk";
import {
  createPaperBroker,
  paperExecution,
  type PaperBrokerOptions,
  type PaperExecution,
} from "@matchpoint/paper-broker";
import { cents, id, intent, levels, market, MARKET, sh, usd, WALL, type Side0 } from "../harness.ts";

class Desk {
  readonly clock = new VirtualClock({ startsAt: WALL });
  readonly venue: PaperExecution;
  #seq = 0;

  constructor(options: Partial<PaperBrokerOptions> = {}, over: Parameters<typeof market>[0] = {}) {
    this.venue = paperExecution(
      createPaperBroker({ runId: "run", seed: 1, realism: "off", fill_model: "worst_queue", ...options }),
      this.clock,
    );
    this.tell({ type: "market_listed", market: market(over) });
  }

  tell(event: Record<string, unknown> & { type: string }): void {
    this.venue.observe({
      ...event,
      at: this.clock.monotonic(),
      receivedAt: this.clock.wall(),
    } as unknown as CoreEvent);
  }

  book(bids: Side0, asks: Side0): void {
    this.tell({
      type: "book_snapshot",
      marketId: MARKET,
      outcome: 0,
      levels: levels(bids, asks),
      synthetic: false,
    });
  }

  prepare(over: Parameters<typeof intent>[1] = {}): ReturnType<PaperExecution["prepare"]> {
    return this.venue.prepare(intent(this.#seq, over), this.#seq++);
  }
}

/** Reads a stream until it ends. */
async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}

/** Whether a promise has an answer yet. */
async function answered(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol("open");
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

describe("the paper venue behind the asynchronous contracts", () => {
  it("PB-120 answers an order when the clock says so", async () => {
    const desk = new Desk();
    desk.book([], [[50, 100]]);
    const order = desk.prepare();
    const outcome = desk.venue.placeOrder(order);
    desk.clock.advance(115);
    expect(await answered(outcome)).toBe(false);
    desk.clock.advance(1);
    expect(await outcome).toEqual({ kind: "matched" } satisfies PlaceOutcome);
    expect(await desk.venue.fetchOrder(order.orderId)).toEqual({
      kind: "found",
      status: "FILLED",
      matched: sh(10),
    });
    expect(await desk.venue.fetchBalances()).toEqual({ collateral: usd(995) });
    expect(await desk.venue.fetchPositions()).toEqual([
      { marketId: MARKET, outcome: 0, matched: sh(10), settled: 0 },
    ]);
  });

  it.each([
    ["a resting order", {}, { kind: "live" }, {}],
    ["an order that is held", { limit: cents(60) }, { kind: "delayed" }, { takerDelayMs: 1_000 }],
    ["an order that is refused", { size: sh(1) }, { kind: "rejected", code: "MIN_SIZE" }, {}],
  ] as const)("PB-121 answers %s", async (_name, over, expected, listed) => {
    const desk = new Desk({}, listed);
    desk.book([], [[60, 100]]);
    const outcome = desk.venue.placeOrder(desk.prepare(over));
    desk.clock.advance(200);
    expect(await outcome).toMatchObject(expected);
  });

  it("PB-122 cancels one, and all of a market", async () => {
    const desk = new Desk();
    desk.book([], [[60, 100]]);
    const orders = [desk.prepare(), desk.prepare(), desk.prepare()];
    for (const order of orders) void desk.venue.placeOrder(order);
    desk.clock.advance(200);
    expect(await desk.venue.fetchOpenOrders()).toHaveLength(3);
    const one = desk.venue.cancelOrder(orders[0]!.orderId);
    desk.clock.advance(200);
    expect(await one).toEqual({ kind: "canceled", orderId: orders[0]!.orderId });
    const again = desk.venue.cancelOrder(orders[0]!.orderId);
    const none = desk.venue.cancelAll(id("0xother"));
    const rest = desk.venue.cancelAll(MARKET);
    desk.clock.advance(200);
    expect(await again).toMatchObject({ kind: "not_canceled", reason: "already canceled or matched" });
    expect(await none).toEqual([]);
    expect((await rest).map((each) => each.kind)).toEqual(["canceled", "canceled"]);
    expect(await desk.venue.fetchOpenOrders()).toEqual([]);
  });

  it("PB-123 streams every report to every reader, the first from the beginning, until it aborts", async () => {
    const desk = new Desk();
    desk.book([], [[50, 100]]);
    const outcome = desk.venue.placeOrder(desk.prepare());
    desk.clock.advance(200);
    await outcome;
    const first = new AbortController();
    const second = new AbortController();
    const early = readAll(desk.venue.reports(first.signal));
    const late = readAll(desk.venue.reports(second.signal));
    desk.clock.advance(3_000);
    first.abort();
    desk.clock.advance(20_000);
    second.abort();
    const names = (all: ExecutionReport[]): string[] =>
      all.map((each) => (each as { status?: string }).status ?? each.type);
    expect(names(await early)).toEqual(["sent", "matched", "MATCHED", "MINED"]);
    expect(names(await late)).toEqual(["MINED", "CONFIRMED"]);
    expect(await readAll(desk.venue.reports(AbortSignal.abort()))).toEqual([]);
  });

  it("PB-124 wakes up for fills that the market brings", async () => {
    const desk = new Desk();
    desk.book([], [[60, 100]]);
    void desk.venue.placeOrder(desk.prepare());
    desk.clock.advance(200);
    desk.tell({
      type: "market_trade",
      marketId: MARKET,
      outcome: 0,
      side: "sell",
      price: cents(49),
      size: sh(4),
    });
    desk.clock.advance(58);
    const { trades, cursor } = await desk.venue.fetchTrades();
    expect(trades).toMatchObject([{ size: sh(4), liquidity: "maker", status: "MATCHED" }]);
    expect(await desk.venue.fetchTrades(cursor)).toEqual({ trades: [], cursor });
    expect((await desk.venue.fetchTrades("rubbish")).trades).toHaveLength(1);
  });

  it("PB-125 settles on the chain side, whose stream has nothing else", async () => {
    const desk = new Desk();
    const action: ChainAction = {
      actionId: id("chain-1"),
      kind: "split",
      marketId: MARKET,
      amounts: [sh(5), sh(5)],
    };
    expect(await desk.venue.settlement.submit(action)).toEqual({ kind: "sent" });
    expect(await desk.venue.settlement.submit(action)).toMatchObject({ kind: "refused" });
    const stop = new AbortController();
    const reports = readAll(desk.venue.settlement.reports(stop.signal));
    void desk.venue.placeOrder(desk.prepare());
    desk.clock.advance(5_000);
    stop.abort();
    expect((await reports).map((each) => each.status)).toEqual(["SENT", "MINED", "FINAL"]);
  });

  it("PB-126 takes events whose stamps are a moment old", async () => {
    const desk = new Desk();
    desk.book([], [[50, 100]]);
    const stamp = { at: desk.clock.monotonic(), receivedAt: desk.clock.wall() };
    const outcome = desk.venue.placeOrder(desk.prepare());
    desk.clock.advance(500);
    await outcome;
    desk.venue.observe({
      type: "book_delta",
      marketId: MARKET,
      levels: levels([], [[50, 200]]),
      bestBid: -1,
      bestAsk: -1,
      ...stamp,
    });
    const next = desk.venue.placeOrder(desk.prepare());
    desk.clock.advance(500);
    expect(await next).toEqual({ kind: "matched" });
  });

  it("PB-127 sleeps when nothing is due, and for good when closed", () => {
    const desk = new Desk();
    expect(desk.clock.next()).toBeUndefined();
    void desk.venue.placeOrder(desk.prepare());
    expect(desk.clock.next()).toBe(0);
    desk.venue.close();
    expect(desk.clock.next()).toBeUndefined();
  });
});
