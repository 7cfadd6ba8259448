import { createPaperBroker, paperExecution, type PaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  createVenueLink,
  id,
  isOutside,
  LADDER,
  MatchpointError,
  parseConfig,
  pause,
  runLive,
  Strategy,
  VirtualClock,
  type BookContext,
  type CoreEvent,
  type ExecutionAdapter,
  type MarketId,
  type Shares,
  type Trade,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { STARTS_AT, testMarket } from "../tape.ts";

/** Rests one order with every book, below the best bid. */
class Rester extends Strategy<typeof Rester.params, typeof Rester.state> {
  static readonly id = "rester";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ n: z.number().default(0) });

  override onBook(ctx: BookContext<{ n: number }>): void {
    const limit = (3_000 - 100 * ctx.state.n++) as never;
    ctx.buy({ outcome: 0, limit, size: 10_000_000 as Shares, orderType: "GTC" });
  }
}

const MARKET = id<MarketId>("m0");
const FAST = { place_ms: 5, cancel_ms: 5, ack_ms: 5, fill_report_ms: 5 };

/** What ends a run, and how its venue and journal behave. */
interface Ending {
  /** After the books, 2 s into the run. */
  readonly end: (stop: AbortController) => void;
  /** So many ms more go by before it. */
  readonly endsMs?: number;
  readonly append?: (event: CoreEvent) => void;
  readonly durable?: () => Promise<void>;
  readonly wrap?: (adapter: ExecutionAdapter, broker: PaperBroker) => ExecutionAdapter;
}

interface Ended {
  readonly error: unknown;
  readonly broker: PaperBroker;
  readonly runtime: ReturnType<typeof createRuntime>;
  readonly left: readonly string[] | undefined;
}

async function ended({ end, endsMs = 0, append, durable, wrap }: Ending): Promise<Ended> {
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const broker = createPaperBroker({
    runId: "end",
    seed: 1,
    realism: "off",
    collateral: 1e12 as Usdc,
    latency: FAST,
  });
  const paper = paperExecution(broker, clock);
  const adapter = wrap?.(paper, broker) ?? paper;
  const link = createVenueLink({ adapter, clock, durable: durable ?? (() => Promise.resolve()) });
  const runtime = createRuntime({
    config: parseConfig({}),
    strategies: [{ use: Rester }],
    execution: link,
    runId: "end",
    mode: "live",
    collateral: 1e12 as Usdc,
    startsAt: STARTS_AT,
    journal: { append: (event) => append?.(event) },
  });
  const stop = new AbortController();
  async function* world(): AsyncGenerator<CoreEvent> {
    const stamp = () => ({ at: clock.monotonic(), receivedAt: clock.wall() });
    const outcomes = [1, 2].map((k) => ({ tokenId: id(`${k}`), name: `t${k}` }));
    const events: CoreEvent[] = [
      {
        type: "market_listed",
        market: testMarket({ marketId: MARKET, outcomes: outcomes as never }),
        ...stamp(),
      },
    ];
    for (let n = 0; n < 3; n++) {
      const levels = [LADDER.BID_0, 4_000, 50_000_000 + n, LADDER.ASK_0, 4_100, 50_000_000];
      events.push({
        type: "book_snapshot",
        marketId: MARKET,
        outcome: 0,
        levels,
        synthetic: false,
        ...stamp(),
      });
    }
    for (const event of events) {
      if (isOutside(event)) paper.observe(event);
      yield { ...event, ...stamp() };
      await pause(clock, 500);
    }
    await pause(clock, endsMs);
    end(stop);
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  }
  const state = { over: false };
  let left: readonly string[] | undefined;
  const run = runLive(runtime, {
    clock,
    sources: [world()],
    signal: stop.signal,
    venue: { link, adapter, drainMs: 5_000, onLeft: (orderIds) => (left = orderIds) },
  });
  const settled = run.then(
    () => undefined,
    (error: unknown) => error,
  );
  void settled.then(() => (state.over = true));
  for (let turns = 0; !state.over && turns < 6_000; turns++) {
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(state.over).toBe(true);
  return { error: await settled, broker, runtime, left };
}

describe("a live run that cannot go on leaves nothing behind", () => {
  it("when a source breaks", async () => {
    const { error, broker, runtime, left } = await ended({
      end: () => {
        throw new RangeError("the feed is gone");
      },
    });
    expect(error).toMatchObject({ message: "the feed is gone" });
    expect(runtime.core.counts.orders).toBeGreaterThan(1);
    expect(broker.view.openOrders()).toEqual([]);
    expect(left).toBeUndefined();
  });

  it("when its journal cannot be written any more", async () => {
    let broken = false;
    const { error, broker, runtime } = await ended({
      end: (stop) => {
        broken = true;
        stop.abort();
      },
      append: () => {
        if (broken) throw new MatchpointError("JOURNAL_WRITE_FAILED", "disk full");
      },
      durable: () => (broken ? Promise.reject(new RangeError("disk full")) : Promise.resolve()),
    });
    expect(error).toMatchObject({ code: "JOURNAL_WRITE_FAILED" });
    expect(runtime.core.counts.orders).toBeGreaterThan(1);
    expect(broker.view.openOrders()).toEqual([]);
  });

  it("and says which orders the venue did not let go of", async () => {
    const { left, broker } = await ended({
      end: () => {
        throw new RangeError("the feed is gone");
      },
      wrap: (adapter) => wrapped(adapter, { cancelOrder: () => Promise.reject(new RangeError("no route")) }),
    });
    expect(left).toHaveLength(broker.view.openOrders().length);
    expect(left!.length).toBeGreaterThan(1);
  });

  it("and names an order that never had an answer, and comes to the venue only afterwards", async () => {
    let sent: string | undefined;
    let arrive = (): void => undefined;
    const { left, broker } = await ended({
      end: () => {
        throw new RangeError("the feed is gone");
      },
      wrap: (adapter) =>
        wrapped(adapter, {
          placeOrder: async (order) => {
            if (sent !== undefined) return adapter.placeOrder(order);
            sent = order.orderId;
            arrive = () => void adapter.placeOrder(order);
            return { kind: "unknown", cause: new RangeError("no answer") };
          },
        }),
    });
    // The others are gone; of this one the venue knows nothing yet.
    expect(broker.view.openOrders()).toEqual([]);
    expect(left).toEqual([sent]);
    arrive();
    await new Promise((resolve) => setImmediate(resolve));
    broker.advance(3_600_000_000_000 as never, () => undefined);
    expect(broker.view.openOrders()).toMatchObject([{ orderId: sent }]);
  });

  it("nor sends an order that was waiting for the journal", async () => {
    let slow = false;
    let go = (): void => undefined;
    const posted: string[] = [];
    const { broker } = await ended({
      end: () => {
        throw new RangeError("the feed is gone");
      },
      append: (event) => {
        // The last book's order waits for a disk that takes its time.
        if (event.type === "book_snapshot" && event.levels[2] === 50_000_002) slow = true;
      },
      durable: () => (slow ? new Promise((resolve) => (go = resolve)) : Promise.resolve()),
      wrap: (adapter) =>
        wrapped(adapter, {
          placeOrder: (order) => {
            posted.push(order.orderId);
            return adapter.placeOrder(order);
          },
        }),
    });
    expect(posted).toHaveLength(2);
    go();
    await new Promise((resolve) => setImmediate(resolve));
    expect(posted).toHaveLength(2);
    expect(broker.view.openOrders()).toEqual([]);
  });
});

it("counts a fill that the channel had not told when the last order was cancelled", async () => {
  let fill: Trade | undefined;
  const { error, runtime } = await ended({
    end: (stop) => {
      stop.abort();
    },
    wrap: (adapter) =>
      wrapped(adapter, {
        cancelOrder: (orderId) => {
          // Part of it was matched the moment before; what tells of it is still on its way.
          const share = { marketId: MARKET, outcome: 0, side: "buy", price: 3_000, size: 1_000_000 } as const;
          const paid = { cost: 300_000, fee: 0, liquidity: "maker", status: "MATCHED" } as const;
          fill ??= { orderId, tradeId: id("t-1"), ...share, ...paid } as unknown as Trade;
          return adapter.cancelOrder(orderId);
        },
        fetchTrades: async () => ({ trades: fill === undefined ? [] : [fill], cursor: "0" }),
      }),
  });
  expect(error).toBeUndefined();
  expect(runtime.core.counts.fills).toBe(1);
  expect(runtime.core.ledger.position(MARKET, 0).matched).toBe(1_000_000);
});

it("counts a fill that has failed while the channel was silent", async () => {
  const share = { marketId: MARKET, outcome: 0, side: "buy", price: 3_000, size: 1_000_000 } as const;
  const paid = { cost: 300_000, fee: 0, liquidity: "maker" } as const;
  let fill: Trade | undefined;
  let failed = false;
  const { runtime } = await ended({
    end: (stop) => {
      failed = true;
      stop.abort();
    },
    wrap: (adapter, broker) =>
      wrapped(adapter, {
        async *reports(signal) {
          for await (const report of adapter.reports(signal)) {
            yield report;
            const { orderId } = broker.view.openOrders()[0] ?? {};
            if (fill !== undefined || orderId === undefined) continue;
            fill = { orderId, tradeId: id("t-1"), ...share, ...paid, status: "MATCHED" } as unknown as Trade;
            yield { ...fill, type: "trade_report", at: report.at, receivedAt: report.receivedAt };
          }
        },
        fetchTrades: async () => ({
          trades: fill === undefined ? [] : [{ ...fill, status: failed ? "FAILED" : "MATCHED" }],
          cursor: "0",
        }),
      }),
  });
  expect(runtime.core.counts).toMatchObject({ fills: 1, fillsVoided: 1 });
  expect(runtime.core.ledger.position(MARKET, 0).matched).toBe(0);
});

describe("the end of a run with an order that never had an answer", () => {
  /** The first order's POST is not answered; it comes to the venue after the run's end, or never. The run ends so many ms later than others. */
  async function unanswered(arrives: boolean, endsMs: number) {
    const log: CoreEvent[] = [];
    let arrive = (): void => undefined;
    const { broker, runtime } = await ended({
      end: (stop) => {
        stop.abort();
      },
      endsMs,
      append: (event) => void log.push(event),
      wrap: (adapter) => {
        let lost = false;
        return wrapped(adapter, {
          placeOrder: async (order) => {
            if (lost) return adapter.placeOrder(order);
            lost = true;
            arrive = () => void adapter.placeOrder(order);
            return { kind: "unknown", cause: new RangeError("no answer") };
          },
        });
      },
    });
    const stopped = log.findLast(({ type }) => type === "run_stopped");
    if (arrives) arrive();
    await new Promise((resolve) => setImmediate(resolve));
    broker.advance((log.at(-1)!.at + 100_000_000) as never, () => undefined);
    return { stopped, resting: broker.view.openOrders().length, core: runtime.core };
  }

  it("is not clean while it may still come to the venue, and a person is told", async () => {
    const { stopped, resting, core } = await unanswered(true, 0);
    expect(resting).toBe(1);
    expect(stopped).toMatchObject({ clean: false, openOrders: 1 });
    expect(core.system.status).toBe("DRAINING");
  });

  it("is clean when it is older than any request that the venue takes", async () => {
    const { stopped } = await unanswered(false, 80_000);
    expect(stopped).toMatchObject({ clean: true, openOrders: 0 });
  });
});

/** An adapter, some of it replaced. */
function wrapped(adapter: ExecutionAdapter, over: Partial<ExecutionAdapter>): ExecutionAdapter {
  return { ...bound(adapter), ...over };
}

function bound(adapter: ExecutionAdapter): ExecutionAdapter {
  return {
    capabilities: adapter.capabilities,
    prepare: (...given) => adapter.prepare(...given),
    placeOrder: (...given) => adapter.placeOrder(...given),
    cancelOrder: (...given) => adapter.cancelOrder(...given),
    cancelAll: (...given) => adapter.cancelAll(...given),
    fetchOrder: (...given) => adapter.fetchOrder(...given),
    fetchOpenOrders: () => adapter.fetchOpenOrders(),
    fetchTrades: (...given) => adapter.fetchTrades(...given),
    fetchPositions: () => adapter.fetchPositions(),
    fetchBalances: () => adapter.fetchBalances(),
    reports: (signal) => adapter.reports(signal),
  };
}
