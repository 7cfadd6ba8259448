import type { ChainAction, CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import type { AskEntry, NewEntry } from "../../src/torture/history.ts";
import { Account } from "../../src/torture/judge/account.ts";
import { Life } from "../../src/torture/judge/life.ts";
import { Comparison } from "../../src/torture/judge/resumeChecks.ts";
import { TruthOfVenue } from "../../src/torture/judge/truthOfVenue.ts";
import { START } from "./start.ts";

const FUNDS = 100_000_000;
const APART = "since it was resumed its cash has not been what the wallet holds";
const MERGE = {
  actionId: "merge-1",
  kind: "merge",
  marketId: "m",
  amounts: [4_000_000, 4_000_000],
} as unknown as ChainAction;
const TRADE = {
  tradeId: "t",
  orderId: "o",
  marketId: "m",
  outcome: 0,
  side: "buy",
  size: 10_000_000,
  cost: 5_000_000,
  fee: 10_000,
} as const;

/** A bot that was killed and resumed, and has asked the venue for all that a comparison needs. */
class Resumed {
  readonly truth = new TruthOfVenue(FUNDS);
  readonly life = new Life(START, 0, new Account());
  readonly comparison = new Comparison();

  constructor() {
    this.life.account.fund(FUNDS);
    this.hear({ type: "order_prepared", intentId: "i", orderId: "o", intent: { ...TRADE, intentId: "i" } });
    this.there({ kind: "post", life: 0, orderId: "o", intent: TRADE });
    for (const what of ["open_orders", "trades", "positions", "balances"] as const)
      this.comparison.asked({ what, answered: true } as AskEntry);
  }

  hear(event: Record<string, unknown>): void {
    this.life.account.take({ at: 1, receivedAt: 1, ...event } as unknown as CoreEvent);
  }

  there(entry: Record<string, unknown>): void {
    this.truth.take({ seq: 0, at: 0, ...entry } as unknown as NewEntry & { seq: 0; at: 0 }, () => 0);
  }

  /** Why it may not trade yet. */
  get lacks(): string | undefined {
    this.comparison.look(this.life, this.truth);
    return this.comparison.lacks;
  }
}

describe("a bot that goes on after a kill", () => {
  it("has its comparison when its cash is the wallet's, and not while somebody else has taken some", () => {
    const bot = new Resumed();
    bot.there({ kind: "transfer", amount: -1_000_000, why: "taken" });
    expect(bot.lacks).toBe(APART);
    bot.hear({ type: "adopted", what: { kind: "cash", amount: -1_000_000 } });
    expect(bot.lacks).toBeUndefined();
  });

  it("may have not heard yet that a merge of its own is final: a comparison allows for it once, by its name", () => {
    const merged = (asked: boolean): Resumed => {
      const bot = new Resumed();
      if (asked) bot.hear({ type: "chain_requested", action: MERGE });
      bot.there({ kind: "chain", life: 0, action: MERGE, status: "FINAL", proceeds: 4_000_000 });
      return bot;
    };
    expect(merged(true).lacks).toBeUndefined();
    // One that it does not know of is somebody else's.
    expect(merged(false).lacks).toBe(APART);
    const less = merged(true);
    less.there({ kind: "transfer", amount: -1, why: "taken" });
    expect(less.lacks).toBe(APART);
    // What it has heard explains nothing any more.
    const heard = merged(true);
    heard.hear({ type: "chain_report", actionId: MERGE.actionId, status: "FINAL", proceeds: 3_000_000 });
    expect(heard.lacks).toBe(APART);
  });

  it("has heard of its trades before: one that is not settled excuses neither itself nor what somebody else has taken", () => {
    const trade = { ...TRADE, status: "MATCHED" };
    const bot = new Resumed();
    bot.there({ kind: "venue_trade", ...trade });
    expect(bot.lacks).toBe(APART);
    const robbed = new Resumed();
    robbed.hear({ type: "trade_report", ...trade });
    robbed.there({ kind: "venue_trade", ...trade });
    robbed.there({ kind: "transfer", amount: -1_000_000, why: "taken" });
    expect(robbed.lacks).toBe(APART);
    bot.hear({ type: "trade_report", ...trade });
    expect(bot.lacks).toBeUndefined();
  });
});
