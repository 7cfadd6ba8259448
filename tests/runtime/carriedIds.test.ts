import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  checkEvent,
  createRuntime,
  id,
  parseConfig,
  Strategy,
  type BookContext,
  type CoreEvent,
  type MarketId,
  type RebuiltAccount,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { STARTS_AT, Tape, testMarket } from "./tape.ts";

const M1 = id<MarketId>("m1");

/** Asks at each book for one order that is denied, and for one that rests. */
class Asker extends Strategy<typeof Asker.params> {
  static readonly id = "asker";
  static readonly posture = "directional";
  static readonly params = z.object({});
  override onBook(ctx: BookContext): void {
    const size = 10_000_000 as Shares;
    ctx.buy({ outcome: 0, limit: 4_050 as never, size, orderType: "GTC", edge: 0.05 });
    ctx.buy({ outcome: 0, limit: 4_000 as never, size, orderType: "GTC", edge: 0.05 });
  }
}

function start(runId: string, carried?: RebuiltAccount) {
  const log: CoreEvent[] = [];
  const alarms: string[] = [];
  const runtime = createRuntime({
    config: parseConfig({ risk: { resolution_filter: "off", duplicate_window_ms: 0 } }),
    strategies: [{ use: Asker }],
    execution: createPaperBroker({ runId, seed: 1, realism: "off" }),
    runId,
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt: STARTS_AT + (carried === undefined ? 0 : 60_000),
    ...(carried === undefined ? {} : { carried }),
    journal: { append: (event) => log.push(checkEvent(JSON.parse(JSON.stringify(event)))) },
  });
  runtime.on("alarm", ({ code, message }) => alarms.push(`${code}: ${message}`));
  const tape = new Tape(runtime);
  tape.market(testMarket());
  return { runtime, tape, log, alarms };
}

const made = (log: readonly CoreEvent[]): string[] =>
  log.flatMap((event) => (event.type === "order_prepared" ? [event.intentId] : []));

it("an order's id is given once in an account's life, although intents that were denied took ids too", () => {
  const before = start("first");
  before.tape.book([[47, 500]], [[53, 500]]).wait(500);
  expect(made(before.log)).toEqual(["asker-2"]);
  const rebuilder = new AccountRebuilder();
  for (const event of before.log) rebuilder.take(event);
  const after = start("second", rebuilder.account(STARTS_AT + 60_000));
  for (const { orderId } of [...after.runtime.core.orders.allOpen()])
    for (const ms of [1, 2_000])
      after.tape.wait(ms).offer({ type: "order_report", orderId: orderId!, status: "absent" });
  after.tape.offer({ type: "adopted", reason: "restart", evidence: "test", what: { kind: "complete" } });
  after.tape.book([[47, 500]], [[53, 500]]).wait(500);
  expect(after.alarms).toEqual([]);
  expect([...after.runtime.core.market(M1)!.trading.causes]).toEqual([]);
  expect(made(after.log)).toEqual(["asker-4"]);
});
