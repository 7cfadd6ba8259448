import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  checkEvent,
  createRuntime,
  id,
  isMatchpointError,
  ModelMaker,
  parseConfig,
  type CoreEvent,
  type MarketId,
  type OperatorCommand,
  type RebuiltAccount,
  type Runtime,
  type StrategyUse,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STARTS_AT, Tape, testMarket } from "./tape.ts";

const MAKER: StrategyUse = { use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } };
const CONFIG = parseConfig({ risk: { resolution_filter: "off" } });

interface Run {
  readonly runtime: Runtime;
  readonly tape: Tape;
  readonly log: CoreEvent[];
}

function start(runId: string, carried?: RebuiltAccount, strategies: readonly StrategyUse[] = [MAKER]): Run {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: CONFIG,
    strategies,
    execution: createPaperBroker({ runId, seed: 1, realism: "off" }),
    runId,
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt: STARTS_AT + (carried === undefined ? 0 : 3_600_000),
    ...(carried === undefined ? {} : { carried }),
    journal: { append: (event) => log.push(checkEvent(JSON.parse(JSON.stringify(event)))) },
  });
  return { runtime, tape: new Tape(runtime), log };
}

/** A run that holds shares and has orders open, told something by its operator. */
function first(...commands: OperatorCommand[]): Run {
  const run = start("first");
  run.tape.market(testMarket()).book([[47, 500]], [[53, 500]]);
  run.tape.wait(500).trade("sell", 47, 500);
  run.tape.wait(60_000).book([[46, 500]], [[54, 500]]);
  for (const command of commands) operate(run, command);
  return run;
}

function operate({ tape }: Run, command: OperatorCommand): void {
  tape.offer({ type: "operator", operator: "test", command });
}

function rebuilt({ log }: Run): RebuiltAccount {
  const rebuilder = new AccountRebuilder();
  for (const event of log) rebuilder.take(event);
  return rebuilder.account(STARTS_AT + 3_600_000);
}

function next(before: Run): Run {
  const run = start("second", rebuilt(before));
  run.tape.market(testMarket());
  return run;
}

function complete({ tape }: Run): void {
  tape.offer({ type: "adopted", reason: "restart", evidence: "test", what: { kind: "complete" } });
}

const M1 = id<MarketId>("m1");

describe("an account that is carried from run to run", () => {
  it("keeps its money, shares and trades to the micro-dollar, and needs no strategy for it", () => {
    const before = first();
    const { core } = before.runtime;
    expect(core.ledger.position(M1, 0).matched).toBeGreaterThan(0);
    const after = next(before).runtime.core;
    expect(after.ledger.cash).toBe(core.ledger.cash);
    expect(after.ledger.position(M1, 0)).toMatchObject({
      ...core.ledger.position(M1, 0),
      openedAt: expect.any(Number),
    });
    expect(after.ledger.realizedTotal).toBe(core.ledger.realizedTotal);
    after.ledger.audit();
  });

  it("trades nothing before it is said to be complete; its old orders are cancelled, and ids go on", () => {
    const before = first();
    const open = [...before.runtime.core.orders.allOpen()].map(({ orderId }) => orderId);
    expect(open.length).toBeGreaterThan(0);
    const after = next(before);
    const orders = after.runtime.core.orders;
    expect([...orders.allOpen()].map(({ orderId, status }) => [orderId, status])).toEqual(
      open.map((orderId) => [orderId, "UNKNOWN"]),
    );
    after.tape.book([[47, 500]], [[53, 500]]).wait(5_000);
    const prepared = (): CoreEvent[] => after.log.filter(({ type }) => type === "order_prepared");
    expect(prepared()).toEqual([]);
    expect(after.runtime.core.system.status).toBe("RECOVERING");
    for (const orderId of open)
      for (const ms of [1, 2_000])
        after.tape.wait(ms).offer({ type: "order_report", orderId: orderId!, status: "absent" });
    complete(after);
    expect(after.runtime.core.system.status).toBe("READY");
    expect(after.runtime.core.market(M1)!.trading.status).toBe("TEMPORAL_ACTIVE");
    after.tape.book([[46, 500]], [[54, 500]]).wait(5_000);
    expect(prepared().length).toBeGreaterThan(0);
    const made = new Set(
      before.log.flatMap((event) => (event.type === "order_prepared" ? [event.intentId] : [])),
    );
    for (const event of prepared())
      if (event.type === "order_prepared") expect(made.has(event.intentId)).toBe(false);
  });

  it("stays killed, stopped and halted until a person says otherwise", () => {
    const killed = next(first({ kind: "kill" }));
    complete(killed);
    expect(killed.runtime.core.system.status).toBe("HALTED");
    const stopped = next(first({ kind: "stop_entries" }));
    complete(stopped);
    expect(stopped.runtime.core.system.status).toBe("STOP_ENTRY");
    const halted = next(first({ kind: "halt", marketId: M1 }));
    complete(halted);
    expect([...halted.runtime.core.market(M1)!.trading.causes]).toEqual(["manual"]);
    operate(halted, { kind: "resume" });
    expect([...halted.runtime.core.market(M1)!.trading.causes]).toEqual([]);
  });

  it("can be carried again and again, and ends the same", () => {
    const before = first();
    const second = next(before);
    complete(second);
    const third = next(second);
    expect(third.runtime.core.ledger.cash).toBe(before.runtime.core.ledger.cash);
    expect(rebuilt(third).runs).toEqual(["first", "second", "second"]);
    expect(rebuilt(third).tradesFrom * 1_000).toBeGreaterThanOrEqual(STARTS_AT);
    third.runtime.core.ledger.audit();
  });

  it("takes over shares in kind and dollars without moving the other, and refuses an account too late", () => {
    const run = next(first());
    const { ledger } = run.runtime.core;
    const [cash, held] = [ledger.cash, ledger.position(M1, 1).matched];
    const adopt = (what: Extract<CoreEvent, { type: "adopted" }>["what"]): void => {
      run.tape.offer({ type: "adopted", reason: "operator", evidence: "test", what });
    };
    adopt({
      kind: "position",
      marketId: M1,
      outcome: 1,
      shares: 10_000_000 as never,
      cost: 4_000_000 as Usdc,
    });
    expect(ledger.cash).toBe(cash);
    expect(ledger.position(M1, 1)).toMatchObject({ matched: held + 10_000_000, cost: 4_000_000 });
    adopt({
      kind: "position",
      marketId: M1,
      outcome: 1,
      shares: -10_000_000 as never,
      cost: 4_000_000 as Usdc,
    });
    expect(ledger.cash).toBe(cash);
    expect(ledger.realizedTotal).toBe(0);
    adopt({ kind: "cash", amount: -5_000_000 as Usdc });
    expect(ledger.cash).toBe(cash - 5_000_000);
    adopt(rebuilt(first()).adoption);
    expect(ledger.cash).toBe(cash - 5_000_000);
    ledger.audit();
  });
});

it("refuses journals that hold no live run, or do not say what their orders were", () => {
  const codeOf = (events: readonly CoreEvent[]): string => {
    const rebuilder = new AccountRebuilder();
    try {
      for (const event of events) rebuilder.take(event);
      rebuilder.account(STARTS_AT);
    } catch (error) {
      if (isMatchpointError(error)) return error.code;
      throw error;
    }
    return "none";
  };
  const { log } = first();
  expect(codeOf([])).toBe("JOURNAL_CORRUPT");
  expect(codeOf(log.slice(1))).toBe("JOURNAL_CORRUPT");
  expect(
    codeOf(log.map((event) => (event.type === "run_started" ? { ...event, mode: "paper" } : event))),
  ).toBe("JOURNAL_CORRUPT");
  const older = log.map((event) => {
    if (event.type !== "order_prepared") return event;
    const { type, at, receivedAt, intentId, orderId } = event;
    return { type, at, receivedAt, intentId, orderId };
  });
  expect(codeOf(older)).toBe("ORDER_UNKNOWN");
  expect(codeOf(log)).toBe("none");
});
