import { paperExecution, type PaperBroker } from "@matchpoint/paper-broker";
import {
  compare,
  coreOfRun,
  DEFAULT_STRATEGIES,
  EffectsHasher,
  expectedAccount,
  id,
  journaledRun,
  ModelMaker,
  Reconciler,
  runReconciler,
  Strategy,
  VirtualClock,
  type BookContext,
  type Comparison,
  type CoreEvent,
  type Dust,
  type ExecutionFold,
  type ExecutionReport,
  type Intent,
  type OperatorCommand,
  type Price,
  type Reconciled,
  type Runtime,
  type Shares,
  type StrategyUse,
  type Trade,
  type Usdc,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { leadModel, startRun, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

const MAKER: StrategyUse = { use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } };

/** Buys once and holds to the end. */
class Holder extends Strategy<typeof Holder.params, typeof Holder.state> {
  static readonly id = "holder";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ bought: z.boolean().default(false) });

  override onBook(ctx: BookContext<{ bought: boolean }>) {
    if (ctx.state.bought) return;
    ctx.state.bought = true;
    ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: 10_000_000 as Shares });
  }
}
const HOLDER: StrategyUse = { use: Holder };
const SERIES = testMarket({ subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } });
const OTHER = testMarket({
  marketId: id("m2"),
  outcomes: [
    { tokenId: id("3"), name: "C" },
    { tokenId: id("4"), name: "D" },
  ],
});
/** Paper agrees to the last micro-dollar. */
const EXACT: Dust = { shares: 0 as Shares, cash: 0 as Usdc };

/** Lets through what a filter allows of the venue's reports. */
function between(broker: PaperBroker, passes: (report: ExecutionReport) => boolean): ExecutionFold {
  return {
    capabilities: broker.capabilities,
    prepare: (intent, seq) => broker.prepare(intent, seq),
    observe: (event) => {
      broker.observe(event);
    },
    submit: (command, at) => {
      broker.submit(command, at);
    },
    nextDue: () => broker.nextDue(),
    advance: (to, emit) => {
      broker.advance(to, (report) => {
        if (passes(report)) emit(report);
      });
    },
  };
}

/** Compares at this very moment, with what has been in flight before. */
function compareNow({ runtime, broker }: TestRun, overdue?: ReadonlySet<string>): Comparison {
  const { view } = broker;
  const venue = {
    positions: view.positions(),
    balances: view.balances(),
    openOrders: view.openOrders(),
    trades: view.trades().trades,
  };
  return compare(expectedAccount(runtime.core, venue), venue, EXACT, overdue);
}

function reconcilerOf({ runtime, broker }: TestRun): Reconciler {
  return new Reconciler({
    adapter: paperExecution(broker, new VirtualClock()),
    core: runtime.core,
    dust: EXACT,
  });
}

/** Takes a look and tells the run. */
async function look(run: TestRun, reconciler: Reconciler): Promise<Comparison> {
  const seen = await reconciler.look();
  if (seen.kind === "missed") throw new Error(seen.reason);
  const { agrees, differences } = seen.comparison;
  run.tape.offer({ type: "reconciled", agrees, differences });
  return seen.comparison;
}

function operate(run: TestRun, command: OperatorCommand): void {
  run.tape.offer({ type: "operator", operator: "test", command });
}

function causesIn(runtime: Runtime, marketId = "m1"): readonly string[] {
  return [...runtime.core.market(id(marketId))!.trading.causes];
}

function alarms({ effects }: TestRun): readonly string[] {
  return effects.flatMap((effect) => (effect.type === "alarm" ? [effect.code] : []));
}

/** The journal, fed to a fresh core without any venue, leads to the same. */
function expectVerified(run: TestRun): void {
  const lines = run.log.map(({ event, effectsHash }) => ({
    event: JSON.parse(JSON.stringify(event)) as CoreEvent,
    effectsHash,
  }));
  const core = coreOfRun(
    journaledRun(lines[0]!.event, (use) => DEFAULT_STRATEGIES[use]),
    leadModel,
  );
  const hasher = new EffectsHasher();
  for (const { event, effectsHash } of lines) {
    const effects = core.step(event);
    expect(effects.length === 0 ? undefined : hasher.add(effects)).toBe(effectsHash);
  }
  expect(core.ledger.snapshot()).toEqual(run.runtime.core.ledger.snapshot());
}

/** Fills on both sides, pairs, news, a resolution. */
function trade({ tape }: TestRun): void {
  tape
    .match()
    .market(SERIES)
    .book(
      [
        [49, 100],
        [48, 300],
      ],
      [
        [51, 100],
        [52, 300],
      ],
    );
  tape.wait(500).trade("sell", 47, 500);
  tape.wait(200).trade("buy", 53, 500);
  tape.wait(15_000).claim("grid", { kind: "series_started" }, "A");
  tape.wait(5_000).book([[55, 100]], [[57, 400]]);
  tape.wait(5_000).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
  tape.wait(60_000).book([[70, 500]], [[72, 500]]);
  tape.wait(60_000).claim("grid", { kind: "game_won", game: 2, winner: 0 }, "A");
  tape.wait(30_000).resolve([1, 0]);
  tape.wait(30_000);
}

describe("a healthy paper run", () => {
  it.each([
    ["that makes markets and merges pairs", MAKER],
    ["that holds to the end and redeems", HOLDER],
  ])("%s agrees to the micro-dollar at every single event", (_what, use) => {
    const run = startRun([use]);
    const inFlight = new Set<string>();
    let moments = 0;
    run.runtime.on("step", () => {
      moments += 1;
      const { differences, ...comparison } = compareNow(run);
      expect(differences).toEqual([]);
      for (const key of comparison.inFlight) inFlight.add(key.split(" ")[0]!);
    });
    trade(run);
    const summary = run.runtime.finish("end of the tape");
    expect(compareNow(run)).toEqual({ agrees: true, differences: [], inFlight: new Set(), rounding: [] });
    expect(summary.fills).toBeGreaterThan(0);
    expect(summary.markets[0]!.status).toBe("RESOLVED");
    if (use === MAKER) expect(summary.merges).toBeGreaterThan(0);
    expect(moments).toBeGreaterThan(20);
    expect([...inFlight]).toContain("trade");
  });

  it("agrees whatever happens, at every event, and nothing stays in flight for longer than a report takes", () => {
    const move = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant("book" as const), mid: fc.integer({ min: 6, max: 94 }) }),
      },
      {
        weight: 5,
        arbitrary: fc.record({
          do: fc.constant("trade" as const),
          side: fc.constantFrom("buy" as const, "sell" as const),
          size: fc.integer({ min: 1, max: 900 }),
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("operator" as const),
          kind: fc.constantFrom("halt" as const, "resume" as const),
        }),
      },
    );
    let fills = 0;
    let flights = 0;
    fc.assert(
      fc.property(
        fc.array(move, { minLength: 10, maxLength: 60 }),
        fc.nat(1_000),
        fc.boolean(),
        (moves, seed, resolve) => {
          const faults = { trade_fail: 0.15, trade_retry: 0.2, chain_revert: 0.2, duplicate_report: 0.2 };
          const run = startRun([MAKER], { broker: { seed, faults }, config: { risk: { max_spread: 0.2 } } });
          run.runtime.on("step", () => {
            const { differences, inFlight } = compareNow(run);
            expect(differences).toEqual([]);
            flights += inFlight.size;
          });
          const { tape } = run;
          tape.market(testMarket());
          let mid = 50;
          for (const step of moves) {
            tape.wait(10);
            if (step.do === "book") {
              mid = step.mid;
              tape.book(
                [
                  [mid - 1, 60],
                  [mid - 2, 300],
                ],
                [
                  [mid + 1, 60],
                  [mid + 2, 300],
                ],
              );
            } else if (step.do === "trade")
              tape.trade(step.side, step.side === "buy" ? mid + 3 : mid - 3, step.size);
            else if (step.do === "wait") tape.wait(step.ms);
            else operate(run, { kind: step.kind });
            const { inFlight } = compareNow(run);
            tape.wait(5_000);
            expect(compareNow(run, inFlight).differences).toEqual([]);
          }
          if (resolve) tape.resolve([0.5, 0.5]);
          fills += run.runtime.finish("end").fills;
          expect(compareNow(run)).toEqual({
            agrees: true,
            differences: [],
            inFlight: new Set(),
            rounding: [],
          });
        },
      ),
      { numRuns: Number(process.env["FC_NUM_RUNS"] ?? 40) },
    );
    expect(fills).toBeGreaterThan(20);
    expect(flights).toBeGreaterThan(50);
  }, 120_000);

  it("agrees through the adapter's own questions, in a loop on the clock", async () => {
    const run = startRun([MAKER]);
    const { tape, runtime } = run;
    const clock = new VirtualClock();
    const stop = new AbortController();
    const events: Reconciled[] = [];
    const done = runReconciler({
      adapter: paperExecution(run.broker, clock),
      core: runtime.core,
      clock,
      everyMs: 1_000,
      dust: EXACT,
      signal: stop.signal,
      emit: (event) => {
        if (event.type === "reconciled") events.push(event);
      },
    });
    tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    for (const side of ["sell", "buy", "sell", "buy"] as const) {
      await settled();
      tape.trade(side, side === "sell" ? 47 : 53, 500).wait(1_000);
      clock.advance(1_000);
    }
    await settled();
    stop.abort();
    await done;
    expect(events.length).toBeGreaterThanOrEqual(5);
    expect(events.map(({ at }) => at)).toEqual(events.map((_, i) => i * 1_000_000_000));
    expect(events.flatMap(({ differences }) => differences)).toEqual([]);
    expect(events.every(({ agrees }) => agrees)).toBe(true);
    expect(runtime.core.counts.fills).toBeGreaterThan(0);
  });
});

/** Lets everything go on that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

describe("a trade report that never came", () => {
  /** Our bid is filled, and the first words about it are lost; only its confirmation comes through. */
  function swallowing(): TestRun {
    const run = startRun([MAKER], {
      between: (broker) =>
        between(broker, (report) => report.type !== "trade_report" || report.status === "CONFIRMED"),
    });
    run.tape
      .market(testMarket())
      .market(OTHER)
      .book([[49, 100]], [[51, 100]])
      .book([[49, 100]], [[51, 100]], "m2");
    run.tape.wait(500).trade("sell", 47, 500).wait(200);
    return run;
  }

  it("is found at the second look, halts its market, and is over with two agreements and a resume", async () => {
    const run = swallowing();
    const { runtime, tape } = run;
    const reconciler = reconcilerOf(run);
    const first = await look(run, reconciler);
    expect(first.agrees).toBe(true);
    expect(first.inFlight.size).toBeGreaterThan(0);
    expect(causesIn(runtime)).toEqual([]);

    const [lost] = run.broker.view.trades().trades;
    tape.wait(200);
    const second = await look(run, reconciler);
    expect(second.differences[0]).toEqual({
      kind: "missed_trade",
      marketId: "m1",
      outcome: lost!.outcome,
      orderId: lost!.orderId,
      tradeId: lost!.tradeId,
      expected: 0,
      actual: lost!.size,
    });
    expect(runtime.core.market(id("m1"))!.trading.status).toBe("HALT");
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    expect(causesIn(runtime, "m2")).toEqual([]);
    expect(alarms(run)).toContain("RECONCILE_MISMATCH");

    tape.wait(60_000); // the confirmation
    expect(runtime.core.ledger.cash).toBe(run.broker.view.balances().collateral);
    expect((await look(run, reconciler)).agrees).toBe(true);
    operate(run, { kind: "resume", marketId: id("m1") });
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    tape.wait(200);
    expect((await look(run, reconciler)).agrees).toBe(true);
    expect(causesIn(runtime)).toEqual([]);
    expect(runtime.core.market(id("m1"))!.trading.status).not.toBe("HALT");
    expectVerified(run);
  });

  it("may be resumed after the agreements as well, but not with one of them", async () => {
    const run = swallowing();
    const { runtime, tape } = run;
    const reconciler = reconcilerOf(run);
    await look(run, reconciler);
    tape.wait(200);
    await look(run, reconciler);
    tape.wait(60_000);
    await look(run, reconciler);
    tape.wait(200);
    await look(run, reconciler);
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual([]);
  });

  it("does not count agreements from before the mismatch, nor around another one", () => {
    const run = startRun([MAKER]);
    const { tape, runtime } = run;
    tape.market(testMarket());
    const say = (agrees: boolean): void => {
      const differences = agrees ? [] : [{ kind: "cash", expected: 1, actual: 2 } as const];
      tape.wait(1).offer({ type: "reconciled", agrees, differences });
    };
    for (const agrees of [true, true, false, true, false, true]) say(agrees);
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    say(true);
    expect(causesIn(runtime)).toEqual([]);
  });

  it("can be adopted, and is then its strategy's own", async () => {
    const run = swallowing();
    const { runtime, tape, broker } = run;
    const trades = broker.view.trades().trades.filter(({ marketId }) => marketId === "m1");
    operate(run, { kind: "adopt", trades });
    operate(run, { kind: "adopt", trades }); // once is enough
    expect(runtime.core.ledger.cash).toBe(broker.view.balances().collateral);
    expect(runtime.core.ledger.byStrategy().map(({ strategyId }) => strategyId)).toEqual(["model-maker"]);
    const reconciler = reconcilerOf(run);
    await look(run, reconciler);
    tape.wait(200);
    expect((await look(run, reconciler)).agrees).toBe(true);
    runtime.core.ledger.audit();
  });
});

describe("an unexplained difference of cash", () => {
  it("halts every market, until the collateral is adopted", () => {
    const run = startRun([MAKER]);
    const { tape, runtime } = run;
    tape.market(testMarket()).market(OTHER);
    tape.offer({
      type: "reconciled",
      agrees: false,
      differences: [{ kind: "cash", expected: 1_000_000_000, actual: 1_005_000_000 }],
    });
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    expect(causesIn(runtime, "m2")).toEqual(["reconcile"]);
    operate(run, { kind: "adopt", trades: [], collateral: 5_000_000 as Usdc });
    expect(runtime.core.ledger.cash).toBe(1_005_000_000);
    expect(runtime.core.ledger.deposits).toBe(1_005_000_000);
    runtime.core.ledger.audit();
  });

  it("is found when something takes a dollar out, beyond what any trade explains", () => {
    const run = startRun([MAKER]);
    run.tape.market(testMarket());
    operate(run, { kind: "adopt", trades: [], collateral: -1_000_000 as Usdc });
    expect(compareNow(run).differences).toEqual([
      { kind: "cash", expected: 999_000_000, actual: 1_000_000_000 },
    ]);
  });
});

describe("an order that somebody else made with our account", () => {
  const foreign: Intent = {
    intentId: id("theirs"),
    strategyId: id("nobody"),
    marketId: id("m1"),
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: 4_000 as Price,
    size: 20_000_000 as Shares,
    purpose: "entry",
    reason: "by hand",
  };

  /** A second writer rests a bid; nobody tells us (`heard` false), or its trades are told once `heard` is true. */
  function withForeign(strategies: readonly StrategyUse[] = [MAKER]): {
    run: TestRun;
    channel: { heard: boolean };
  } {
    const channel = { heard: false };
    const theirs = new Set<string>();
    const run = startRun(strategies, {
      between: (broker) =>
        between(broker, (report) => channel.heard || !("orderId" in report) || !theirs.has(report.orderId)),
    });
    const { tape, runtime, broker } = run;
    tape
      .market(testMarket())
      .market(OTHER)
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    const order = broker.prepare(foreign, 999);
    theirs.add(order.orderId);
    broker.submit({ kind: "place", order }, runtime.at);
    tape.wait(500);
    return { run, channel };
  }

  it("halts every market at once, for as long as it is there: it is the same money", async () => {
    const { run } = withForeign();
    const { runtime, tape, broker } = run;
    const reconciler = reconcilerOf(run);
    const found = await look(run, reconciler);
    expect(found.differences).toEqual([
      {
        kind: "foreign_order",
        marketId: "m1",
        outcome: 0,
        orderId: expect.any(String) as string,
        expected: 0,
        actual: 20_000_000,
      },
    ]);
    expect(causesIn(runtime)).toEqual(["foreign_order"]);
    expect(causesIn(runtime, "m2")).toEqual(["foreign_order"]);
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual(["foreign_order"]);

    broker.submit(
      { kind: "cancel", intentId: foreign.intentId, orderId: found.differences[0]!.orderId! },
      runtime.at,
    );
    for (let i = 0; i < 2; i++) {
      tape.wait(1_000);
      expect((await look(run, reconciler)).agrees).toBe(true);
    }
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual([]);
  });

  it("is adopted as EXTERNAL once it has traded: the books balance and the halt can end", async () => {
    const { run, channel } = withForeign();
    const { runtime, tape, broker } = run;
    const { ledger } = runtime.core;
    const reconciler = reconcilerOf(run);
    await look(run, reconciler);
    tape
      .book([[30, 100]], [[35, 500]])
      .trade("sell", 35, 500)
      .wait(200);
    const theirs = (): Trade[] =>
      broker.view.trades().trades.filter((each) => runtime.core.orders.ownership(each.orderId) === "foreign");
    expect(theirs().length).toBeGreaterThan(0);
    const found = await look(run, reconciler);
    expect(found.differences.map(({ kind }) => kind)).toEqual(theirs().map(() => "foreign_trade"));
    expect(ledger.cash).not.toBe(broker.view.balances().collateral);

    operate(run, { kind: "adopt", trades: theirs() });
    operate(run, { kind: "adopt", trades: theirs() });
    expect(ledger.cash).toBe(broker.view.balances().collateral);
    expect(ledger.byStrategy().map(({ strategyId, trades }) => [strategyId, trades])).toContainEqual([
      "external",
      theirs().length,
    ]);
    ledger.audit();
    expect(runtime.core.orders.hasOpen(id("m1"))).toBe(true);

    // From now on their reports are heard, and are those of any trade.
    channel.heard = true;
    tape.wait(60_000);
    expect(alarms(run).filter((code) => code === "FOREIGN_TRADE")).toHaveLength(theirs().length);
    for (let i = 0; i < 2; i++) {
      tape.wait(1_000);
      expect((await look(run, reconciler)).differences).toEqual([]);
    }
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual([]);
    tape.resolve([1, 0]).wait(60_000);
    runtime.finish("end");
    expect(runtime.core.market(id("m1"))!.trading.status).toBe("RESOLVED");
    expect(compareNow(run)).toEqual({ agrees: true, differences: [], inFlight: new Set(), rounding: [] });
    ledger.audit();
    expectVerified(run);
  });

  it("in a market that no strategy has claimed can only be reduced once it is adopted", () => {
    const { run } = withForeign([]);
    const { runtime, tape, broker } = run;
    tape.trade("sell", 35, 500).wait(60_000);
    operate(run, { kind: "adopt", trades: broker.view.trades().trades });
    const entry = runtime.core.market(id("m1"))!;
    expect(causesIn(runtime)).toEqual(["reconcile"]); // holdings that no intent explains
    for (let i = 0; i < 2; i++) {
      const { agrees, differences } = compareNow(run);
      tape.offer({ type: "reconciled", agrees, differences });
    }
    operate(run, { kind: "resume" });
    expect(entry.trading.status).toBe("TEMPORAL_ACTIVE");
    expect(entry.trading.owner).toBeUndefined();
    expect(runtime.core.ledger.byStrategy().map(({ strategyId }) => strategyId)).toEqual(["external"]);
  });

  it("that was adopted in a wrong amount is refused, and nothing is booked", () => {
    const { run } = withForeign();
    const { runtime } = run;
    const wrong: Trade = {
      tradeId: id("t"),
      orderId: id("o"),
      marketId: id("m1"),
      outcome: 0,
      side: "buy",
      price: 4_000 as Price,
      size: -5 as Shares,
      cost: 1 as Usdc,
      fee: 0 as Usdc,
      liquidity: "maker",
      status: "CONFIRMED",
    };
    operate(run, {
      kind: "adopt",
      trades: [wrong, { ...wrong, size: 1.5 as Shares }],
      collateral: NaN as Usdc,
    });
    expect(alarms(run).filter((code) => code === "ADOPT_REFUSED")).toHaveLength(3);
    expect(runtime.core.ledger.cash).toBe(1_000_000_000);
    runtime.core.ledger.audit();
  });
});
