import { createPaperBroker, paperExecution } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  createRuntime,
  createVenueLink,
  id,
  isOutside,
  JournalWriter,
  LADDER,
  MemoryStorage,
  parseConfig,
  pause,
  readJournal,
  runLive,
  Strategy,
  VirtualClock,
  type BookContext,
  type CoreEvent,
  type ExecutionAdapter,
  type LiveVenue,
  type MarketId,
  type OpenOrder,
  type OrderId,
  type Shares,
  type Storage,
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

/** Asks for nothing, and fails on its last book. */
class FailsOnBook extends Rester {
  static override readonly id = "rester";
  override onBook(ctx: BookContext<{ n: number }>): void {
    if (ctx.state.n++ === BOOKS - 1) throw new RangeError("no such thing");
  }
}

/** Asks for nothing, and fails some time after its last book. */
class FailsOnTimer extends Rester {
  static override readonly id = "rester";
  override onBook(ctx: BookContext<{ n: number }>): void {
    if (ctx.state.n++ === BOOKS - 1) ctx.after(100, "late");
  }
  override onTimer(): void {
    throw new RangeError("no such thing");
  }
}

const MARKET = id<MarketId>("m0");
const BOOKS = 3;
const FAST = { place_ms: 5, cancel_ms: 5, ack_ms: 5, fill_report_ms: 5 };

/** A disk on which only what was synced is certain; each sync takes a while. */
class SlowDisk extends MemoryStorage implements Storage {
  /** What would be read after a power loss. */
  durable: Uint8Array = new Uint8Array();
  broken: string | undefined;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    super();
    this.#clock = clock;
  }

  override async sync(): Promise<void> {
    const upTo = this.bytes();
    await pause(this.#clock, 30);
    if (this.broken !== undefined) throw Object.assign(new RangeError(this.broken), { code: "EIO" });
    if (upTo.length > this.durable.length) this.durable = upTo;
  }

  /** The events that would be read after a power loss. */
  get kept(): readonly CoreEvent[] {
    return [...readJournal(this.durable)].map(({ event }) => event);
  }
}

interface Ran {
  readonly error: unknown;
  readonly log: readonly CoreEvent[];
  readonly left: readonly string[] | undefined;
  readonly disk: SlowDisk;
  readonly open: () => readonly unknown[];
  /** Milliseconds of virtual time from the end being asked for to the end. */
  readonly tookMs: number;
  readonly clock: VirtualClock;
}

/** Plays a live run of three books whose end is asked for after two seconds. */
async function ran(options: {
  readonly wrap?: (
    adapter: ExecutionAdapter,
    disk: SlowDisk,
    clock: VirtualClock,
  ) => Partial<ExecutionAdapter>;
  readonly use?: typeof Rester;
  readonly atEnd?: (disk: SlowDisk, stop: AbortController) => void;
  readonly venue?: (adapter: ExecutionAdapter) => Partial<LiveVenue>;
}): Promise<Ran> {
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const broker = createPaperBroker({ runId: "ahead", seed: 1, collateral: 1e12 as Usdc, latency: FAST });
  const paper = paperExecution(broker, clock);
  const disk = new SlowDisk(clock);
  const journal = new JournalWriter({ storage: disk, runId: id("ahead"), bootId: "b" });
  const adapter = wrapped(paper, options.wrap?.(paper, disk, clock) ?? {});
  const link = createVenueLink({ adapter, clock, durable: () => journal.sync() });
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: parseConfig({}),
    strategies: [{ use: options.use ?? Rester }],
    execution: link,
    runId: "ahead",
    mode: "live",
    collateral: 1e12 as Usdc,
    startsAt: STARTS_AT,
    journal: {
      append: (event, hash) => {
        journal.append(event, hash);
        log.push(event);
      },
    },
  });
  const stop = new AbortController();
  let asked = 0;
  async function* world(): AsyncGenerator<CoreEvent> {
    const stamp = () => ({ at: clock.monotonic(), receivedAt: clock.wall() });
    const outcomes = [1, 2].map((k) => ({ tokenId: id(`${k}`), name: `t${k}` }));
    const market = testMarket({ marketId: MARKET, outcomes: outcomes as never });
    const events: CoreEvent[] = [{ type: "market_listed", market, ...stamp() }];
    for (let n = 0; n < BOOKS; n++) {
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
    asked = clock.monotonic();
    if (options.atEnd === undefined) stop.abort();
    else options.atEnd(disk, stop);
    await new Promise((resolve) => {
      stop.signal.addEventListener("abort", resolve);
    });
  }
  let left: readonly string[] | undefined;
  const state = { over: false };
  const run = runLive(runtime, {
    clock,
    sources: [world()],
    signal: stop.signal,
    venue: {
      link,
      adapter,
      drainMs: 5_000,
      onLeft: (orderIds) => (left = orderIds),
      ...options.venue?.(adapter),
    },
  });
  const settled = run.then(
    () => undefined,
    (error: unknown) => error,
  );
  void settled.then(() => (state.over = true));
  for (let turns = 0; !state.over && turns < 4_000; turns++) {
    clock.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(state.over).toBe(true);
  const tookMs = (clock.monotonic() - asked) / 1e6;
  return { error: await settled, log, left, disk, open: () => broker.view.openOrders(), tookMs, clock };
}

/** An adapter, some of it replaced. */
function wrapped(adapter: ExecutionAdapter, over: Partial<ExecutionAdapter>): ExecutionAdapter {
  return {
    capabilities: adapter.capabilities,
    prepare: (intent, seq) => adapter.prepare(intent, seq),
    placeOrder: (order) => adapter.placeOrder(order),
    cancelOrder: (orderId) => adapter.cancelOrder(orderId),
    cancelAll: (scope) => adapter.cancelAll(scope),
    fetchOrder: (orderId) => adapter.fetchOrder(orderId),
    fetchOpenOrders: () => adapter.fetchOpenOrders(),
    fetchTrades: (since) => adapter.fetchTrades(since),
    fetchPositions: () => adapter.fetchPositions(),
    fetchBalances: () => adapter.fetchBalances(),
    reports: (signal) => adapter.reports(signal),
    ...over,
  };
}

const hashes = (events: readonly CoreEvent[]): readonly OrderId[] =>
  events.flatMap((event) => (event.type === "order_prepared" ? [event.orderId] : []));

describe("a live run's journal", () => {
  it("has every order on the disk before it is posted, and what came of it at once after", async () => {
    const posted: OrderId[] = [];
    const { error, disk, log } = await ran({
      wrap: (paper, slow) => ({
        placeOrder: (order) => {
          // What a power loss at this moment would leave names the order.
          expect(hashes(slow.kept)).toContain(order.orderId);
          posted.push(order.orderId);
          return paper.placeOrder(order);
        },
      }),
      atEnd: (slow, stop) => {
        // Half a second after the last book nobody has asked for anything to be made durable but the run itself.
        const told = slow.kept.flatMap((event) =>
          event.type === "order_report" && event.status === "live" ? [event.orderId] : [],
        );
        expect([...new Set(told)]).toEqual(posted);
        stop.abort();
      },
    });
    expect(error).toBeUndefined();
    expect(posted).toEqual(hashes(log));
    expect(posted).toHaveLength(BOOKS);
    expect(disk.kept.at(-1)).toMatchObject({ type: "run_stopped", clean: true, openOrders: 0 });
  });

  it.each([
    ["a book", FailsOnBook],
    ["a timer", FailsOnTimer],
  ])("has what latched on %s on the disk at once: a power loss does not undo it", async (_what, use) => {
    let kept: readonly CoreEvent[] = [];
    const { error, log } = await ran({
      use,
      atEnd: (slow, stop) => {
        ({ kept } = slow);
        stop.abort();
      },
    });
    expect(error).toBeUndefined();
    // The run has no order: nothing else asks for the disk.
    expect(kept.slice(-2)).toMatchObject([
      { type: "risk_noted", note: { kind: "hold", cause: "strategy_fault" } },
      { type: "risk_noted", note: { kind: "misstep", what: "failed_hook" } },
    ]);
    expect(log.findIndex(({ type }) => type === "risk_noted")).toBe(kept.length - 2);
    const rebuilder = new AccountRebuilder();
    for (const event of kept) rebuilder.take(event);
    const { state } = rebuilder.account(STARTS_AT + 10_000).adoption;
    expect(state).toMatchObject({
      markets: [{ marketId: MARKET, holds: [{ cause: "strategy_fault", until: expect.any(Number) }] }],
    });
  });

  it("that fails to sync lets no order out, and the run takes back what rests", async () => {
    const posted: OrderId[] = [];
    const { error, open, log } = await ran({
      wrap: (paper, slow) => ({
        placeOrder: (order) => {
          posted.push(order.orderId);
          // From the second order's acknowledgement on nothing is durable any more.
          if (posted.length === 2) slow.broken = "the disk is gone";
          return paper.placeOrder(order);
        },
      }),
      atEnd: () => {
        expect.unreachable("it goes on without its journal");
      },
    });
    expect(error).toMatchObject({
      code: "JOURNAL_WRITE_FAILED",
      message: expect.stringContaining("the disk is gone"),
    });
    expect(posted).toHaveLength(2);
    expect(open()).toEqual([]);
    expect(log.some(({ type }) => type === "run_stopped")).toBe(false);
  });
});

describe("the end of a live run", () => {
  const foreign = { orderId: "0xforeign", marketId: MARKET } as unknown as OpenOrder;

  it("is proven by two empty looks in a row, and its record is the journal's last", async () => {
    const looks: number[] = [];
    const { error, log } = await ran({
      wrap: (paper, _disk, clock) => ({
        fetchOpenOrders: async () => {
          const all = await paper.fetchOpenOrders();
          looks.push(clock.monotonic() / 1e6);
          // One look in between has no answer: it shows nothing. Another's order is not ours to cancel.
          if (looks.length === 2) throw new RangeError("no route");
          return [...all, foreign];
        },
        cancelOrder: (orderId) => {
          expect(orderId).not.toBe("0xforeign");
          return paper.cancelOrder(orderId);
        },
      }),
    });
    expect(error).toBeUndefined();
    expect(looks).toHaveLength(4);
    for (const [i, at] of looks.slice(1).entries()) expect(at - looks[i]!).toBeGreaterThanOrEqual(1_000);
    expect(log.at(-1)).toMatchObject({ type: "run_stopped", clean: true, openOrders: 0 });
    expect(log.filter(({ type }) => type === "run_stopped")).toHaveLength(1);
  });

  it("cancels once more what the venue still lists, and is clean only when it is gone", async () => {
    let ghost: OrderId | undefined;
    let cancels = 0;
    const { log } = await ran({
      wrap: (paper) => ({
        placeOrder: (order) => {
          ghost ??= order.orderId;
          return paper.placeOrder(order);
        },
        // It says that the order is cancelled, and lists it all the same until it is asked again.
        fetchOpenOrders: async () =>
          cancels < 2
            ? [{ orderId: ghost!, marketId: MARKET } as unknown as OpenOrder]
            : paper.fetchOpenOrders(),
        cancelOrder: (orderId) => {
          if (orderId === ghost) cancels += 1;
          return paper.cancelOrder(orderId);
        },
      }),
    });
    expect(cancels).toBeGreaterThan(1);
    expect(log.at(-1)).toMatchObject({ type: "run_stopped", clean: true });
  });

  it.each([
    ["does not answer", () => new Promise<never>(() => undefined), 0],
    ["lists an order of ours for ever", undefined, 1],
  ])(
    "is not called clean when the venue %s, and does not wait for ever",
    async (_how, answer, openOrders) => {
      let ghost: OrderId | undefined;
      const { error, log, tookMs } = await ran({
        wrap: (paper) => ({
          placeOrder: (order) => {
            ghost ??= order.orderId;
            return paper.placeOrder(order);
          },
          fetchOpenOrders:
            answer ?? (async () => [{ orderId: ghost!, marketId: MARKET } as unknown as OpenOrder]),
        }),
      });
      expect(error).toBeUndefined();
      expect(log.at(-1)).toMatchObject({ type: "run_stopped", clean: false, openOrders });
      expect(tookMs).toBeLessThan(7_000);
    },
  );
});

it("stops recovering when the run breaks: nothing asks the venue any more, and nothing keeps the process", async () => {
  let looks = 0;
  const { error, clock } = await ran({
    wrap: (_paper, _disk, virtual) => ({
      fetchOpenOrders: () => {
        looks += 1;
        return Promise.reject(new RangeError("no route"));
      },

      reports: async function* () {
        await pause(virtual, 4_000);
        throw new RangeError("the channel is gone");
      },
    }),
    venue: (adapter) => ({ recovery: { adapter } }),
  });
  expect(error).toMatchObject({ message: "the channel is gone" });
  expect(looks).toBeGreaterThan(1);
  const before = looks;
  await new Promise((resolve) => setImmediate(resolve));
  expect(clock.next()).toBeUndefined();
  clock.advance(120_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks).toBe(before);
});
