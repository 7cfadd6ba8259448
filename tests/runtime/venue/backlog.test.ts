import { paperExecution, createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  Bus,
  checkEvent,
  createRuntime,
  createVenueLink,
  id,
  LADDER,
  parseConfig,
  runLive,
  Strategy,
  VirtualClock,
  type BookContext,
  type CoreEvent,
  type ExecutionAdapter,
  type MarketId,
  type Millis,
  type Nanos,
  type OperatorCommand,
  type RebuiltAccount,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { STARTS_AT, testMarket } from "../tape.ts";

const M1 = id<MarketId>("m1");

const shown: number[] = [];

/** Buys what is cheap, and notes what it was shown. */
class Bargain extends Strategy<typeof Bargain.params> {
  static readonly id = "bargain";
  static readonly posture = "directional";
  static readonly params = z.object({});
  override onBook(ctx: BookContext): void {
    shown.push(ctx.quote(0).ask);
    const { ask } = ctx.quote(0);
    if (ask <= 4_500) ctx.buy({ outcome: 0, limit: ask, size: 10_000_000 as Shares, edge: 0.05 });
  }
}

const CONFIG = parseConfig({ risk: { resolution_filter: "off", duplicate_window_ms: 0 } });

/** The account of a run that did nothing. */
function empty(): RebuiltAccount {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: CONFIG,
    strategies: [],
    execution: createPaperBroker({ runId: "before", seed: 1, realism: "off" }),
    runId: "before",
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt: STARTS_AT - 60_000,
    journal: { append: (event) => log.push(checkEvent(JSON.parse(JSON.stringify(event)))) },
  });
  const stamp = { at: 0 as Nanos, receivedAt: (STARTS_AT - 60_000) as Millis };
  runtime.offer({ type: "market_listed", market: testMarket(), ...stamp });
  const rebuilder = new AccountRebuilder();
  for (const event of log) rebuilder.take(event);
  return rebuilder.account(STARTS_AT);
}

/** A run that recovers while its feed, which follows the books already, fills up with what it tells at these asks. */
async function recovering(
  asks: readonly number[],
  typed: readonly OperatorCommand[] = [],
  next: readonly number[] = [],
) {
  shown.length = 0;
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const stamp = () => ({ at: clock.monotonic(), receivedAt: clock.wall() });
  const broker = createPaperBroker({
    runId: "backlog",
    seed: 1,
    realism: "off",
    collateral: 1_000_000_000 as Usdc,
  });
  const paper = paperExecution(broker, clock);
  const adapter: ExecutionAdapter = paper;
  const link = createVenueLink({ adapter, clock, durable: () => Promise.resolve() });
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: CONFIG,
    strategies: [{ use: Bargain }],
    execution: link,
    runId: "after",
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt: STARTS_AT,
    carried: empty(),
    journal: { append: (event) => log.push(event) },
  });
  const bus = new Bus();
  const listed = { type: "market_listed", market: testMarket(), ...stamp() } as const;
  paper.observe(listed);
  bus.offer(listed);
  const queued: CoreEvent[] = [];
  const book = (ask: number): CoreEvent => ({
    ...{ type: "book_snapshot", marketId: M1, outcome: 0, synthetic: false, ...stamp() },
    levels: [LADDER.BID_0, ask - 100, 100_000_000, LADDER.ASK_0, ask, 100_000_000],
  });
  const stop = new AbortController();
  let wake = (): void => undefined;
  const feed = async function* (): AsyncGenerator<CoreEvent> {
    while (!stop.signal.aborted) {
      while (queued.length > 0) yield queued.shift()!;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const operator = async function* (): AsyncGenerator<CoreEvent> {
    for (const command of typed) yield { type: "operator", operator: "test", command, ...stamp() };
    await new Promise<void>(() => undefined);
  };
  let recovered = false;
  const run = runLive(runtime, {
    clock,
    bus,
    sources: [feed(), operator()],
    signal: stop.signal,
    venue: {
      link,
      adapter,
      recovery: { adapter, onRecovered: () => (recovered = true) },
    },
  });
  const step = async (): Promise<void> => {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const ask of asks) {
    await step();
    expect(recovered).toBe(false);
    queued.push(book(ask));
  }
  for (let i = 0; i < 200; i++) await step();
  expect(recovered).toBe(true);
  for (const ask of next) {
    queued.push(book(ask));
    wake();
    await step();
  }
  const { status } = runtime.core.system;
  stop.abort();
  wake();
  for (let i = 0; i < 50; i++) await step();
  await run;
  const orders = log.filter(({ type }) => type === "order_prepared").length;
  return { orders, status };
}

it("does not trade on books that were told while it recovered and are past", async () => {
  expect(await recovering([4_000, 6_000])).toEqual({ orders: 0, status: "READY" });
});

it("trades on what is told from then on, and on nothing when it was killed meanwhile", async () => {
  const { orders, status } = await recovering([4_000, 6_000], [], [4_000]);
  expect({ status, traded: orders > 0 }).toEqual({ status: "READY", traded: true });
  // A strategy is shown nothing that it could do nothing about.
  expect(shown).not.toContain(6_000);
  const killed = await recovering([4_000, 6_000], [{ kind: "kill" }], [4_000]);
  expect(killed).toEqual({ orders: 0, status: "HALTED" });
});

it("does not take an operator's resume for books that agree", async () => {
  expect(await recovering([4_000, 6_000], [{ kind: "resume" }])).toEqual({ orders: 0, status: "READY" });
});
