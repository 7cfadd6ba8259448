import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../src/clock/index.ts";
import type { Trade } from "../../src/contracts/index.ts";
import type { OrderPrepared, Reconciled, TradeReport } from "../../src/events/index.ts";
import { id, type OrderId } from "../../src/ids.ts";
import { OrderStore } from "../../src/orders/index.ts";
import { Ledger } from "../../src/portfolio/index.ts";
import {
  Reconciler,
  runReconciler,
  type Look,
  type ReconciledCore,
  type ReconciledVenue,
} from "../../src/reconcile/index.ts";
import type { Millis, Nanos, Price, Shares, Usdc } from "../../src/units/index.ts";
import { M1, ONE, stated, tradeOf } from "./support.ts";

const STAMP = { at: 1 as Nanos, receivedAt: 0 as Millis };

/** A core with $1,000 and our order `o1`. */
class FakeCore implements ReconciledCore {
  readonly orders = new OrderStore();
  readonly ledger = new Ledger();
  awaitsComparison = false;
  ownChannel: { state: "LOST" | "COMPARING"; detail: string; agreements: number } | undefined;

  constructor() {
    this.ledger.deposit((1_000 * ONE) as Usdc, 0 as Nanos);
    this.orders.create(
      {
        intentId: id("i1"),
        strategyId: id("s"),
        marketId: M1,
        outcome: 0,
        side: "buy",
        orderType: "FAK",
        postOnly: false,
        limit: 4_000 as Price,
        size: (100 * ONE) as Shares,
        purpose: "entry",
        reason: "",
      },
      0 as Nanos,
    );
    this.orders.prepared({
      ...STAMP,
      type: "order_prepared",
      intentId: id("i1"),
      orderId: id("o1"),
    } satisfies OrderPrepared);
  }

  markets(): readonly [] {
    return [];
  }

  hear(trade: Trade): void {
    const report: TradeReport = { ...trade, ...STAMP, type: "trade_report" };
    this.ledger.trade(this.orders.trade(report), STAMP.at);
  }
}

/** A venue that lists what it is told, and counts how it is asked. */
class FakeVenue implements ReconciledVenue {
  trades: Trade[] = [];
  readonly asked: (string | undefined)[] = [];
  /** Called at each question about positions. */
  meanwhile: () => void = () => undefined;
  down = false;

  fetchTrades(since?: string): Promise<{ trades: Trade[]; cursor: string }> {
    this.asked.push(since);
    if (this.down) return Promise.reject(new Error("503"));
    return Promise.resolve({
      trades: this.trades.slice(Number(since ?? 0)),
      cursor: String(this.trades.length),
    });
  }
  fetchOpenOrders(): Promise<[]> {
    return Promise.resolve([]);
  }
  fetchPositions(): ReturnType<ReconciledVenue["fetchPositions"]> {
    this.meanwhile();
    const standing = this.trades.filter(({ status }) => status !== "FAILED");
    const sum = (trades: readonly Trade[]): number => trades.reduce((all, { size }) => all + size, 0);
    const settled = sum(standing.filter(({ status }) => status === "CONFIRMED"));
    return Promise.resolve(standing.length === 0 ? [] : [stated(sum(standing), settled)]);
  }
  fetchBalances(): ReturnType<ReconciledVenue["fetchBalances"]> {
    const spent = this.trades.reduce(
      (all, { cost, fee, status }) => (status === "FAILED" ? all : all + cost + fee),
      0,
    );
    return Promise.resolve({ collateral: (1_000 * ONE - spent) as Usdc });
  }
}

/** A run that tells of its system's moves. */
class FakeMoves {
  readonly heard = new Set<() => void>();
  on(_: "system", listener: () => void): void {
    this.heard.add(listener);
  }
  off(_: "system", listener: () => void): void {
    this.heard.delete(listener);
  }
  tell(): void {
    for (const listener of this.heard) listener();
  }
}

function kinds(look: Look): readonly string[] | string {
  return look.kind === "missed" ? look.reason : look.comparison.differences.map(({ kind }) => kind);
}

describe("a reconciler", () => {
  it("allows for a report for one look, and misses it at the next", async () => {
    const [core, venue] = [new FakeCore(), new FakeVenue()];
    const reconciler = new Reconciler({ adapter: venue, core });
    venue.trades = [tradeOf()];
    expect(kinds(await reconciler.look())).toEqual([]);
    expect(kinds(await reconciler.look())).toEqual(["missed_trade"]);
    core.hear(tradeOf());
    expect(kinds(await reconciler.look())).toEqual([]);
  });

  it("asks for trades again from where the oldest is that may still change, and no further back", async () => {
    const [core, venue] = [new FakeCore(), new FakeVenue()];
    const reconciler = new Reconciler({ adapter: venue, core });
    core.orders.report({ ...STAMP, type: "order_report", orderId: id("o1"), status: "canceled" });
    const say = (n: number, status: Trade["status"]): void => {
      venue.trades[n] = tradeOf({ tradeId: id(`t${n}`), size: ONE as Shares, cost: 400_000 as Usdc, status });
      core.hear(venue.trades[n]);
    };
    const from = async (): Promise<string | undefined> => {
      venue.asked.length = 0;
      expect(kinds(await reconciler.look())).toEqual([]);
      return venue.asked[0];
    };
    say(0, "CONFIRMED");
    expect(await from()).toBeUndefined();
    say(1, "MATCHED");
    expect(await from()).toBe("1");
    say(2, "CONFIRMED");
    expect(await from()).toBe("1");
    say(1, "MINED");
    expect(await from()).toBe("1");
    say(1, "CONFIRMED");
    expect(await from()).toBe("1");
    expect(await from()).toBe("3");
  });

  it("leaves out trades from before the run", async () => {
    const [core, venue] = [new FakeCore(), new FakeVenue()];
    venue.trades = [tradeOf({ orderId: id("before"), status: "FAILED" })];
    expect(kinds(await new Reconciler({ adapter: venue, core, since: "1" }).look())).toEqual([]);
    expect(kinds(await new Reconciler({ adapter: venue, core }).look())).toEqual(["foreign_trade"]);
  });

  it("looks again when the venue or the core moved meanwhile, and says so when they never rest", async () => {
    const [core, venue] = [new FakeCore(), new FakeVenue()];
    const reconciler = new Reconciler({ adapter: venue, core });
    let moves = 1;
    let n = 0;
    venue.meanwhile = () => {
      if (n >= moves) return;
      n += 1;
      venue.trades.push(tradeOf({ tradeId: id(`t${n}`), size: ONE as Shares }));
    };
    expect(kinds(await reconciler.look())).toEqual([]);
    expect(n).toBe(1);
    venue.meanwhile = () => {
      if (n < 2) core.hear(venue.trades[0]!);
      n = 2;
    };
    expect(kinds(await reconciler.look())).toEqual([]);
    moves = Infinity;
    venue.meanwhile = () => {
      n += 1;
      venue.trades.push(tradeOf({ tradeId: id(`t${n}`), size: ONE as Shares }));
    };
    expect(kinds(await reconciler.look())).toBe("the account moved during each of 3 looks");
  });
});

it("looks again when an order came and went meanwhile: the venue listed it, and the account is as it was", async () => {
  const [core, venue] = [new FakeCore(), new FakeVenue()];
  let looks = 0;
  const orderId: OrderId = id("o2");
  const brief = { orderId, marketId: M1, outcome: 0, side: "buy", price: 4_000, size: 5 * ONE, matched: 0 };
  Object.assign(venue, {
    fetchOpenOrders: () => {
      looks += 1;
      if (looks > 1) return Promise.resolve([]);
      const listed = [brief];
      core.orders.create({ ...core.orders.byOrderId(id("o1"))!.intent, intentId: id("i2") }, 0 as Nanos);
      core.orders.prepared({ ...STAMP, type: "order_prepared", intentId: id("i2"), orderId });
      for (const status of ["live", "canceled"] as const)
        core.orders.report({ ...STAMP, type: "order_report", orderId, status });
      return Promise.resolve(listed);
    },
  });
  expect(kinds(await new Reconciler({ adapter: venue, core }).look())).toEqual([]);
  expect(looks).toBe(2);
});

describe("the loop", () => {
  it("says nothing of a venue that does not answer, until that has gone on for too long", async () => {
    const [core, venue, clock] = [new FakeCore(), new FakeVenue(), new VirtualClock({ startsAt: 1_000 })];
    const stop = new AbortController();
    const events: Reconciled[] = [];
    const emit = (event: Reconciled | TradeReport): void => {
      if (event.type === "reconciled") events.push(event);
    };
    const options = { adapter: venue, core, clock, everyMs: 1_000, signal: stop.signal, maxMisses: 3 };
    const done = runReconciler({ ...options, emit });
    await turns();
    venue.down = true;
    for (let i = 0; i < 4; i++) {
      clock.advance(1_000);
      await turns();
    }
    venue.down = false;
    clock.advance(1_000);
    await turns();
    expect(events.map(({ at, agrees, differences }) => [at / 1e9, agrees, differences])).toEqual([
      [0, true, []],
      [3, false, [{ kind: "unanswered", expected: 0, actual: 3 }]],
      [4, false, [{ kind: "unanswered", expected: 0, actual: 4 }]],
      [5, true, []],
    ]);
    expect(events[0]!.receivedAt).toBe(1_000);
    stop.abort();
    await done;
    expect(clock.next()).toBeUndefined();
  });

  it("looks every ten seconds while entries wait for two that agree, and counts a silent venue as ever", async () => {
    const [core, venue, clock] = [new FakeCore(), new FakeVenue(), new VirtualClock()];
    const stop = new AbortController();
    const said: unknown[] = [];
    const emit = (event: Reconciled | TradeReport): void => {
      if (event.type === "reconciled") said.push([event.at / 1e9, event.agrees]);
    };
    const options = { adapter: venue, core, clock, everyMs: 30_000, signal: stop.signal };
    const done = runReconciler({ ...options, emit });
    const pass = async (s: number): Promise<void> => {
      said.length = 0;
      for (let i = 0; i < s; i++) {
        clock.advance(1_000);
        await turns();
      }
    };
    await turns();
    core.ownChannel = { state: "COMPARING", detail: "", agreements: 0 };
    await pass(51);
    expect(said).toEqual([
      [30, true],
      [40, true],
      [50, true],
    ]);
    venue.down = true;
    await pass(130);
    expect(said).toEqual([
      [120, false],
      [150, false],
      [180, false],
    ]);
    venue.down = false;
    core.ownChannel = undefined;
    await pass(60);
    expect(said).toEqual([
      [210, true],
      [240, true],
    ]);
    stop.abort();
    await done;
  });

  it("tells a resumed run of trades that it has not heard of, and agrees only when its books have them", async () => {
    const [core, venue, clock] = [new FakeCore(), new FakeVenue(), new VirtualClock()];
    const stop = new AbortController();
    const said: unknown[] = [];
    const moves = new FakeMoves();
    const options = { adapter: venue, core, clock, everyMs: 30_000, signal: stop.signal, moves };
    let hears = true;
    const emit = (event: Reconciled | TradeReport): void => {
      if (event.type === "trade_report") {
        said.push([event.at / 1e9, event.tradeId, event.status]);
        if (hears) core.hear(event);
        return;
      }
      said.push([event.at / 1e9, event.agrees, ...event.differences.map(({ kind }) => kind)]);
      if (event.agrees) core.awaitsComparison = false;
    };
    const done = runReconciler({ ...options, emit });
    const resume = async (): Promise<void> => {
      said.length = 0;
      core.awaitsComparison = true;
      moves.tell();
      await turns();
    };
    venue.trades = [tradeOf({ status: "MINED" })];
    core.hear(venue.trades[0]!);
    await turns();
    // It has failed, and the report of that is lost: what is held is not there.
    venue.trades = [tradeOf({ status: "FAILED" })];
    clock.advance(1_000);
    await resume();
    expect(said).toEqual([[1, "t1", "FAILED"]]);
    clock.advance(2_000);
    await turns();
    expect(said).toEqual([
      [1, "t1", "FAILED"],
      [3, true],
    ]);
    // What moves nothing is not waited for.
    venue.trades.push(tradeOf({ tradeId: id("t2"), status: "MATCHED" }));
    core.hear(venue.trades[1]!);
    venue.trades[1] = tradeOf({ tradeId: id("t2"), status: "MINED" });
    await resume();
    expect(said).toEqual([[3, true]]);
    // Told once; a run that does not take it in does not agree.
    hears = false;
    venue.trades.push(tradeOf({ tradeId: id("t3"), status: "MATCHED" }));
    await resume();
    clock.advance(2_000);
    await turns();
    expect(said).toEqual([
      [3, "t3", "MATCHED"],
      [5, false, "missed_trade"],
    ]);
    stop.abort();
    await done;
  });

  it("looks at once when a resumed run waits for it, at what is there from then on, and misses no news the sooner for it", async () => {
    const [core, venue, clock] = [new FakeCore(), new FakeVenue(), new VirtualClock()];
    const stop = new AbortController();
    const events: Reconciled[] = [];
    const emit = (event: Reconciled | TradeReport): void => {
      if (event.type === "reconciled") events.push(event);
    };
    const moves = new FakeMoves();
    const options = { adapter: venue, core, clock, everyMs: 30_000, signal: stop.signal, moves };
    const done = runReconciler({
      ...options,
      emit: (event) => {
        emit(event);
        if (event.type === "reconciled" && event.agrees) core.awaitsComparison = false;
      },
    });
    const told = (): unknown => events.map(({ at, agrees }) => [at / 1e9, agrees]);
    await turns();
    clock.advance(1_000);
    moves.tell();
    await turns();
    expect(told()).toEqual([[0, true]]);
    // The report of its end is on its way at both looks, which are no full pause apart.
    core.orders.report({ ...STAMP, type: "order_report", orderId: id("o1"), status: "live" });
    clock.advance(29_000);
    await turns();
    clock.advance(1_000);
    core.awaitsComparison = true;
    moves.tell();
    await turns();
    expect(told()).toEqual([
      [0, true],
      [30, true],
      [31, true],
    ]);
    core.orders.report({ ...STAMP, type: "order_report", orderId: id("o1"), status: "canceled" });
    clock.advance(29_999);
    await turns();
    expect(events).toHaveLength(3);
    // Asked for while a look is under way: what was fetched before counts for nothing.
    let looks = 0;
    venue.meanwhile = () => {
      looks += 1;
      if (looks > 1) return;
      core.awaitsComparison = true;
      moves.tell();
    };
    clock.advance(1);
    await turns();
    expect(looks).toBe(2);
    expect(told()).toHaveLength(4);
    stop.abort();
    await done;
    expect(moves.heard.size).toBe(0);
    expect(clock.next()).toBeUndefined();
  });

  it("tries soon again when a look that is waited for came to nothing, and calls no venue silent for that", async () => {
    const [core, venue, clock] = [new FakeCore(), new FakeVenue(), new VirtualClock()];
    const stop = new AbortController();
    const events: Reconciled[] = [];
    const emit = (event: Reconciled | TradeReport): void => {
      if (event.type === "reconciled") events.push(event);
    };
    const moves = new FakeMoves();
    const options = { adapter: venue, core, clock, everyMs: 3_600_000, signal: stop.signal, moves };
    const done = runReconciler({ ...options, emit });
    await turns();
    venue.down = true;
    core.awaitsComparison = true;
    const asked = venue.asked.length;
    moves.tell();
    await turns();
    for (let look = 1; look < 6; look++) {
      expect(venue.asked.length).toBe(asked + look);
      clock.advance(1_999);
      await turns();
      expect(venue.asked.length).toBe(asked + look);
      clock.advance(1);
      await turns();
    }
    venue.down = false;
    clock.advance(2_000);
    await turns();
    expect(events.map(({ at, agrees }) => [at / 1e9, agrees])).toEqual([
      [0, true],
      [12, true],
    ]);
    stop.abort();
    await done;
  });

  it("takes no look once it is told to stop, and refuses to look without pause", async () => {
    const [core, venue, clock] = [new FakeCore(), new FakeVenue(), new VirtualClock()];
    const emit = (): never => expect.fail("it was stopped");
    await runReconciler({ adapter: venue, core, clock, everyMs: 1, signal: AbortSignal.abort(), emit });
    expect(venue.asked).toEqual([]);
    for (const everyMs of [0, -1, NaN]) {
      const run = runReconciler({ adapter: venue, core, clock, everyMs, signal: AbortSignal.abort(), emit });
      await expect(run).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    }
  });
});

async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
