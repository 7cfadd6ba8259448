import type { CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { Account } from "../../src/torture/judge/account.ts";
import { judgeBreakers } from "../../src/torture/judge/breakerChecks.ts";
import { Life } from "../../src/torture/judge/life.ts";
import type { Seen } from "../../src/torture/judge/seen.ts";
import { Verdicts } from "../../src/torture/judge/verdicts.ts";
import { START } from "./start.ts";

const config = { risk: { max_consecutive_rejects_per_market: 2, breaker_cooldown_ms: 1_000 } };

/** A program whose breaker never trips: what is said of it when it hears these, each as `ORDER WORD`. */
function heard(...words: readonly string[]): readonly string[] {
  const verdicts = new Verdicts();
  const account = new Account();
  const life = new Life(START, 0, account);
  for (const orderId of ["a", "b", "c"]) {
    const intent = { intentId: `i-${orderId}`, marketId: "m", outcome: 0, side: "buy" };
    account.orders.set(orderId, { orderId, intentId: `i-${orderId}`, intent, trades: new Map() } as never);
  }
  for (const [at, word] of words.entries()) {
    const [orderId, status] = word.split(" ");
    const type = status === status!.toLowerCase() ? "order_report" : "trade_report";
    const event = { type, orderId, status, marketId: "m", at, receivedAt: at } as unknown as CoreEvent;
    judgeBreakers({
      history: { world: { config } },
      core: { orders: { byOrderId: () => ({ status: "REJECTED" }) } },
      step: { kind: "step", seq: at, at, life: 0, event, effects: [] },
      ...{ verdicts, life, truth: undefined, effect: "none" },
    } as unknown as Seen);
  }
  return (verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
}

const UNTRIPPED = [expect.stringMatching(/^I12 2 orders of m were rejected in a row, at most 2/)];

describe("a breaker of rejects in a row", () => {
  it("has to trip, and need not when an order was taken between them: by an answer, or by a trade that comes first", () => {
    expect(heard("a rejected", "a rejected", "b rejected")).toEqual(UNTRIPPED);
    for (const word of ["c live", "c matched", "c delayed", "c MATCHED", "c FAILED"])
      expect(heard("a rejected", word, "b rejected")).toEqual([]);
  });

  it("has to trip when all that was heard between them is of an order that was taken before", () => {
    for (const word of ["c live", "c matched", "c MATCHED", "c CONFIRMED"])
      expect(heard("c live", "a rejected", "c unknown", word, "b rejected")).toEqual(UNTRIPPED);
    expect(heard("c MATCHED", "a rejected", "c matched", "b rejected")).toEqual(UNTRIPPED);
  });
});
