import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  defaultConfig,
  id,
  isOutside,
  LADDER,
  ModelMaker,
  runLive,
  SystemClock,
  VirtualClock,
  type Clock,
  type CoreEvent,
  type EventSink,
  type MarketId,
  type Runtime,
} from "@matchpoint/sdk";
import { describe, expect, it, vi } from "vitest";
import { testMarket } from "./tape.ts";

const FAST = {
  place_ms: 5,
  cancel_ms: 5,
  ack_ms: 5,
  fill_report_ms: 5,
  mined_ms: 20,
  confirmed_ms: 40,
  chain_ms: 20,
};

function start(clock: Clock, journal: EventSink): Runtime {
  return createRuntime({
    config: defaultConfig(),
    strategies: [{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }],
    execution: createPaperBroker({ runId: "live", seed: 1, realism: "off", latency: FAST }),
    runId: "live",
    startsAt: clock.wall(),
    journal,
  });
}

/** A feed on real time: lists a market, moves its book, and prints trades through both quotes. */
async function* feed(clock: Clock, pause: (ms: number) => Promise<void>): AsyncGenerator<CoreEvent> {
  const marketId = id<MarketId>("m1");
  const stamp = () => ({ at: clock.monotonic(), receivedAt: clock.wall() });
  yield { type: "market_listed", market: testMarket(), ...stamp() };
  const levels = [LADDER.BID_0, 4_900, 100_000_000, LADDER.ASK_0, 5_100, 100_000_000];
  yield { type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false, ...stamp() };
  await pause(60);
  const print = { type: "market_trade", marketId, outcome: 0, size: 500_000_000 } as const;
  yield { ...print, side: "sell", price: 4_700, ...stamp() } as CoreEvent;
  await pause(30);
  yield { ...print, side: "buy", price: 5_300, ...stamp() } as CoreEvent;
  await pause(150);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a run on live sources", () => {
  it("trades in real time, ends with its sources, and its journal's outside world replays to the same", async () => {
    const clock = new SystemClock();
    const log: CoreEvent[] = [];
    const runtime = start(clock, { append: (event) => log.push(event) });
    await runLive(runtime, { clock, sources: [feed(clock, pause)], signal: new AbortController().signal });
    const summary = runtime.finish("the feed has ended");
    expect(summary.fills).toBeGreaterThanOrEqual(2);
    expect(summary.merges).toBeGreaterThanOrEqual(1);

    const again: CoreEvent[] = [];
    const replay = start(clock, { append: (event) => again.push(event) });
    for (const event of log) if (isOutside(event)) replay.offer(event);
    replay.finish("never used");
    expect(replay.effectsHash).toBe(runtime.effectsHash);
    expect(again.map(({ type, at }) => [type, at])).toEqual(log.map(({ type, at }) => [type, at]));
  });

  it("ends when it is told to, also while a source is silent", async () => {
    const clock = new SystemClock();
    const runtime = start(clock, { append: () => undefined });
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 30);
    async function* silent(): AsyncGenerator<CoreEvent> {
      await new Promise(() => undefined);
      yield* feed(clock, pause);
    }
    await runLive(runtime, { clock, sources: [silent()], signal: stop.signal });
    expect(runtime.finish("stopped").orders).toBe(0);
  });

  it("has a book fetched anew that stays gapped, and rejects with what that throws", async () => {
    const clock = new VirtualClock();
    const runtime = start(clock, { append: () => undefined });
    const marketId = id<MarketId>("m1");
    async function* gapped(): AsyncGenerator<CoreEvent> {
      const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
      yield { type: "market_listed", market: testMarket(), ...stamp };
      yield { type: "book_continuity", marketId, state: "gap", reason: "r", ...stamp };
      await new Promise(() => undefined);
    }
    const asked: string[] = [];
    const run = runLive(runtime, {
      clock,
      sources: [gapped()],
      signal: new AbortController().signal,
      resync: (market) => {
        asked.push(market);
        if (asked.length === 2) throw new RangeError("nothing follows this market");
      },
    });
    await vi.waitFor(() => {
      expect(runtime.core.market(marketId)?.book.status).toBe("gapped");
    });
    clock.advance(10_000);
    await expect(run).rejects.toThrow("nothing follows this market");
    expect(asked).toEqual(["m1", "m1"]);
  });

  it("does not go on without its journal", async () => {
    const clock = new SystemClock();
    let lines = 0;
    const runtime = start(clock, {
      append: () => {
        lines += 1;
        if (lines > 3) throw new RangeError("disk full");
      },
    });
    const run = runLive(runtime, {
      clock,
      sources: [feed(clock, pause)],
      signal: new AbortController().signal,
    });
    await expect(run).rejects.toThrow("disk full");
  });
});
