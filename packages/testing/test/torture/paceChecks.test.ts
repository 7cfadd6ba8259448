import type { CoreEvent, Intent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { Account } from "../../src/torture/judge/account.ts";
import { Life } from "../../src/torture/judge/life.ts";
import { judgePace, ToldPace } from "../../src/torture/judge/paceChecks.ts";
import type { Seen } from "../../src/torture/judge/seen.ts";
import { Verdicts } from "../../src/torture/judge/verdicts.ts";

const START = {
  kind: "start",
  seq: 0,
  at: 0,
  life: 1,
  bot: "a",
  runId: "r",
  epoch: 0,
  journal: "j",
  recovers: 0,
} as const;
const runaway = { strategy_usdc_per_minute: 10, strategy_cancels_per_fill: 2 };
const config = { risk: { runaway, max_open_orders: 100, max_order_usdc: 100 } };

/** A journal's events of orders for 6 dollars, each as `SECOND ORDER WORD`; and the account that it makes. */
function told(...lines: readonly string[]): ToldPace {
  const account = new Account();
  const pace = new ToldPace();
  for (const line of lines) {
    const [second, orderId, word] = line.split(" ") as [string, string, string];
    const stamp = { at: Number(second) * 1e9, receivedAt: Number(second) * 1e3 };
    const intent = intentOf(orderId);
    const trade = {
      tradeId: `t-${orderId}`,
      outcome: 0,
      side: "buy",
      size: 1_000_000,
      cost: 600_000,
      fee: 0,
    };
    const event = {
      prepared: { type: "order_prepared", orderId, intentId: intent.intentId, intent },
      filled: { type: "trade_report", orderId, marketId: "m", status: "MATCHED", ...trade },
      confirmed: { type: "trade_report", orderId, marketId: "m", status: "CONFIRMED", ...trade },
      resumed: { type: "operator", operator: "o", command: { kind: "resume" } },
    }[word] ?? { type: "order_report", orderId, status: word };
    const whole = { ...event, ...stamp } as unknown as CoreEvent;
    account.take(whole);
    pace.take(whole, account);
  }
  return pace;
}

function intentOf(name: string): Intent {
  const intent = { intentId: `i-${name}`, strategyId: "s", marketId: "m", outcome: 0, side: "buy" };
  return { ...intent, size: 10_000_000, limit: 6_000, orderType: "GTC" } as unknown as Intent;
}

/** What is said of the start after it, which does this at that second of the wall clock. */
function judged(pace: ToldPace, second: number, does: readonly ("place" | "cancel")[], clockSet = false) {
  const verdicts = new Verdicts();
  const life = new Life(START, 0, new Account());
  life.pace.told = new ToldPace(pace);
  life.pace.clockSet = clockSet;
  const intent = intentOf("next");
  const effects = does.map((type) =>
    type === "place" ? { type, intent } : { type, intentId: intent.intentId, reason: "strategy" },
  );
  judgePace({
    history: { world: { config } },
    core: { orders: { get: () => ({ intent }) } },
    step: { event: { type: "book_delta", at: 1, receivedAt: second * 1e3 }, effects },
    ...{ verdicts, life, truth: undefined, effect: "nothing" },
  } as unknown as Seen);
  return (verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
}

const DOLLARS = ["I13 with i-next orders of strategy s are worth 12 dollars within a minute, at most 10"];
const CANCELS = [
  "I13 strategy s cancels for the 4th time within a minute, beside 0 fills; at most 2 for each",
];

describe("the pace of a start that goes on from another one", () => {
  it("counts the orders of the last minute that its journal tells of", () => {
    expect(judged(told("100 a prepared"), 130, ["place"])).toEqual(DOLLARS);
    expect(judged(told("100 a prepared"), 161, ["place"])).toEqual([]);
    expect(judged(told("100 a live"), 130, ["place"])).toEqual([]);
  });

  it("counts none from before a person's resume, and none when nobody knows how long ago they are", () => {
    expect(judged(told("100 a prepared", "101 - resumed"), 130, ["place"])).toEqual([]);
    expect(judged(told("100 - resumed", "101 a prepared"), 130, ["place"])).toEqual(DOLLARS);
    expect(judged(told("100 a prepared"), 130, ["place"], true)).toEqual([]);
  });

  it("counts what was canceled, and lets the first cancel show that it is too much", () => {
    const both = told("100 a prepared", "100 b prepared", "101 a live", "102 a canceled", "102 b canceled");
    expect(judged(both, 130, ["cancel"])).toEqual([]);
    expect(judged(both, 130, ["cancel", "cancel"])).toEqual(CANCELS);
    expect(judged(both, 170, ["cancel", "cancel"])).toEqual([]);
    expect(judged(told("100 a prepared", "101 a rejected"), 130, ["cancel", "cancel", "cancel"])).toEqual([]);
  });

  it("lets a fill excuse cancels within its minute, and not when it is confirmed later", () => {
    const filled = told("1 a prepared", "2 a filled", "1 b prepared", "2 b filled", "95 b confirmed");
    const four = ["cancel", "cancel", "cancel", "cancel"] as const;
    expect(judged(filled, 30, four)).toEqual([]);
    expect(judged(filled, 100, four)).toEqual(CANCELS);
  });
});
