import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  id,
  isOutside,
  LADDER,
  LoopWatch,
  Mailbox,
  parseConfig,
  runLive,
  Strategy,
  VirtualClock,
  type BookContext,
  type CancelTimer,
  type Clock,
  type CoreEvent,
  type DeniedEffect,
  type MarketId,
  type Millis,
  type Nanos,
  type Shares,
  type TimerContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { STARTS_AT, testMarket } from "./tape.ts";

const M1 = id<MarketId>("m1");

/** The clock of a process that can stand still: its time goes on, and nothing that is due happens. */
class HostClock implements Clock {
  readonly time = new VirtualClock({ startsAt: STARTS_AT });
  #skipped = 0;
  stall(ms: number): void {
    this.#skipped += ms;
  }
  wall(): Millis {
    return (this.time.wall() + this.#skipped) as Millis;
  }
  monotonic(): Nanos {
    return (this.time.monotonic() + this.#skipped * 1e6) as Nanos;
  }
  after(ms: number, callback: () => void): CancelTimer {
    return this.time.after(ms, callback);
  }
}

let inHook: (() => void) | undefined;
/** Asks once more a while after each book. */
let twice = false;

/** Buys at each book that it is shown, and sells what it holds when the book is dear. */
class Eager extends Strategy<typeof Eager.params> {
  static readonly id = "eager";
  static readonly posture = "directional";
  static readonly params = z.object({});
  override onBook(ctx: BookContext): void {
    const { ask, bid } = ctx.quote(0);
    const size = 5_000_000 as Shares;
    if (ask > 8_000) ctx.sell({ outcome: 0, limit: bid, size });
    else ctx.buy({ outcome: 0, limit: ask, size, edge: 0.05 });
    inHook?.();
    if (twice) ctx.after(300, "once more");
  }
  override onTimer(ctx: TimerContext): void {
    ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: 5_000_000 as Shares, edge: 0.05 });
  }
}

function book(clock: Clock, ask = 5_000): CoreEvent {
  return {
    ...{ type: "book_snapshot", marketId: M1, outcome: 0, synthetic: false },
    ...{ at: clock.monotonic(), receivedAt: clock.wall() },
    levels: [LADDER.BID_0, ask - 100, 100_000_000, LADDER.ASK_0, ask, 100_000_000],
  };
}

function running(risk: object = {}) {
  const clock = new HostClock();
  const log: CoreEvent[] = [];
  const denied: DeniedEffect[] = [];
  const make = (journal: (event: CoreEvent) => void) =>
    createRuntime({
      config: parseConfig({
        risk: {
          resolution_filter: "off",
          duplicate_window_ms: 0,
          max_market_usdc: 500,
          max_match_usdc: 500,
          ...risk,
        },
      }),
      strategies: [{ use: Eager }],
      execution: createPaperBroker({ runId: "stall", seed: 1, realism: "off" }),
      runId: "stall",
      startsAt: STARTS_AT,
      journal: { append: journal },
    });
  const runtime = make((event) => log.push(event));
  runtime.on("denied", (effect) => denied.push(effect));
  const feed = new Mailbox<CoreEvent>();
  feed.push({
    type: "market_listed",
    market: testMarket(),
    at: clock.monotonic(),
    receivedAt: clock.wall(),
  });
  const stop = new AbortController();
  const { signal } = stop;
  const over = runLive(runtime, { clock, sources: [feed.read(signal)], signal });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** So long the loop turns as it should. */
  const turn = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 10) {
      clock.time.advance(10);
      await settled();
    }
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await settled();
    await over;
  };
  const orders = (): number => log.filter(({ type }) => type === "order_prepared").length;
  return { clock, log, denied, runtime, make, feed, settled, turn, end, orders };
}

describe("a process that does nothing for a while", () => {
  it("enters nothing by what it reads then, until it has gone on for as long again", async () => {
    const { clock, log, denied, feed, settled, turn, end, orders } = running();
    await turn(20);
    feed.push(book(clock));
    await turn(20);
    expect(orders()).toBe(1);
    clock.stall(700);
    // It is heard before any timer has run.
    feed.push(book(clock));
    await settled();
    expect(orders()).toBe(1);
    expect(denied.map(({ code }) => code)).toEqual(["LOOP_STALLED"]);
    expect(denied[0]!.detail).toMatch(/did nothing for 7\d\d ms/);
    expect(log.slice(-2).map(({ type }) => type)).toEqual(["loop_stalled", "book_snapshot"]);
    await turn(600);
    feed.push(book(clock, 5_100));
    await settled();
    expect(orders()).toBe(1);
    await turn(150);
    feed.push(book(clock, 5_200));
    await settled();
    expect(orders()).toBe(2);
    expect(log.filter(({ type }) => type === "loop_stalled")).toHaveLength(1);
    await end();
  });

  it("enters nothing by a timer that came due meanwhile", async () => {
    const { clock, log, denied, feed, settled, turn, end, orders } = running();
    twice = true;
    await turn(20);
    feed.push(book(clock));
    await turn(20);
    twice = false;
    expect(orders()).toBe(1);
    clock.stall(700);
    feed.push(book(clock));
    await settled();
    expect(orders()).toBe(1);
    expect(denied.map(({ code }) => code)).toEqual(["LOOP_STALLED", "LOOP_STALLED"]);
    const [stalled, timer, heard] = log.slice(-3);
    expect([stalled, timer, heard].map((event) => event?.type)).toEqual([
      "loop_stalled",
      "timer",
      "book_snapshot",
    ]);
    expect(timer!.at).toBe(stalled!.at);
    await end();
  });

  it("says so by itself when nothing is heard, lets exits through, and tells the same when replayed", async () => {
    const { clock, log, denied, runtime, make, feed, turn, end, orders } = running();
    await turn(20);
    feed.push(book(clock));
    await turn(200);
    expect(orders()).toBe(1);
    clock.stall(30_000);
    await turn(100);
    expect(log.at(-1)).toMatchObject({ type: "loop_stalled", stalledMs: 30_050 });
    feed.push(book(clock, 9_000));
    await turn(100);
    expect(denied).toEqual([]);
    expect(orders()).toBe(2);
    // A sleep of half a minute holds entries back for ten seconds.
    feed.push(book(clock, 5_000));
    await turn(20);
    expect(denied.map(({ code }) => code)).toEqual(["LOOP_STALLED"]);
    await turn(10_000);
    feed.push(book(clock, 5_100));
    await turn(20);
    expect(orders()).toBe(3);
    await end();
    const again: CoreEvent[] = [];
    const replay = make((event) => again.push(event));
    for (const event of log) if (isOutside(event)) replay.offer(event);
    replay.advanceTo(runtime.at);
    expect(replay.effectsHash).toBe(runtime.effectsHash);
    expect(again.map(({ type }) => type)).toEqual(log.map(({ type }) => type));
  });

  it("is replayed with what had come due before it, though nothing was heard in between", async () => {
    const { clock, log, runtime, make, feed, turn, end, orders } = running();
    await turn(20);
    twice = true;
    feed.push(book(clock));
    await turn(350);
    // The timer has run: its order is no decision after the stall.
    expect(orders()).toBe(2);
    clock.stall(30_000);
    await turn(100);
    await end();
    const types = (events: readonly CoreEvent[]): readonly string[] => events.map(({ type }) => type);
    expect(types(log).indexOf("timer")).toBeLessThan(types(log).indexOf("loop_stalled"));
    const again: CoreEvent[] = [];
    const replay = make((event) => again.push(event));
    for (const event of log) if (isOutside(event)) replay.offer(event);
    replay.advanceTo(runtime.at);
    twice = false;
    expect(types(again)).toEqual(types(log));
    expect(replay.effectsHash).toBe(runtime.effectsHash);
  });

  it("looks between two events too: a hook that took long makes what waited behind it old", async () => {
    const { clock, denied, feed, turn, end, orders } = running();
    await turn(20);
    feed.push(book(clock));
    feed.push(book(clock, 5_100));
    inHook = () => {
      inHook = undefined;
      clock.stall(400);
    };
    await turn(20);
    expect({ orders: orders(), denied: denied.map(({ code }) => code) }).toEqual({
      orders: 1,
      denied: ["LOOP_STALLED"],
    });
    await end();
  });

  it("is nothing below the limit, nor without one", async () => {
    for (const [risk, ms] of [
      [{}, 180],
      [{ max_loop_stall_ms: 0 }, 5_000],
      [{ max_loop_stall_ms: 1_000 }, 700],
    ] as const) {
      const { clock, log, feed, turn, end, orders } = running(risk);
      await turn(100);
      clock.stall(ms);
      feed.push(book(clock));
      await turn(20);
      expect(orders()).toBe(1);
      expect(log.some(({ type }) => type === "loop_stalled")).toBe(false);
      await end();
    }
  });
});

it("tells of a stall once, of the longest since it was asked last, and of none when the loop turns", () => {
  const clock = new HostClock();
  let told = 0;
  const watch = new LoopWatch(clock, 250, () => (told += 1));
  watch.start();
  clock.time.advance(10_000);
  expect(watch.take()).toBe(0);
  clock.stall(300);
  clock.time.advance(50);
  clock.stall(900);
  clock.time.advance(50);
  clock.stall(400);
  expect(told).toBe(2);
  expect(Math.round(watch.take())).toBeGreaterThanOrEqual(900);
  expect(watch.take()).toBe(0);
  watch.stop();
  clock.time.advance(10_000);
  expect(told).toBe(2);
});
