import { id, type MarketId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STARTS_AT, testMarket } from "../runtime/tape.ts";
import { cents, RiskRun, request, shares } from "./scripted.ts";

const M1 = id<MarketId>("m1");
const FREE = { fee: { ratePpm: 0, exponent: 1, takerOnly: true } } as const;
const listed = (run: RiskRun): RiskRun => {
  run.tape.market(testMarket(FREE)).market(testMarket({ ...FREE, marketId: id("m2") }));
  return run;
};
const ROOM = { max_order_latency_ms: 0, max_slippage: 1, max_spread: 1, kill_cooldown_ms: 1_000 } as const;

/** Holds shares of outcome 0 of m1, bought at 50 cents. */
const holding = (run: RiskRun, amount: number, settled = true): RiskRun => {
  run.book(49, 51);
  for (let left = amount, i = 0; left > 0; left -= 100, i++) {
    const size = Math.min(100, left);
    const [orderId] = run.place({ size: shares(size), limit: cents(50) });
    run.trade(orderId!, `buy-${i}`, settled ? "CONFIRMED" : "MATCHED");
  }
  return run;
};
const tryEntry = (run: RiskRun, marketId = "m2", size = 5): readonly string[] => {
  const before = run.denials().length;
  run.act((ctx) => ctx.buy(request({ size: shares(size + (run.ms % 7)), limit: cents(5) })), marketId);
  return run.denials().slice(before);
};
/** Sells what is held of m1 at a price. */
const sell = (run: RiskRun, amount: number, at: number): RiskRun => {
  const before = run.venue.sent.length;
  run.act((ctx) =>
    ctx.sell({ outcome: 0, limit: cents(at), size: shares(amount), orderType: "GTC", purpose: "exit" }),
  );
  const sent = run.venue.sent.slice(before).find((command) => command.kind === "place");
  if (sent === undefined) throw new Error("nothing was sold");
  return run.trade(sent.order.orderId, `sell-${run.ms}`, "CONFIRMED");
};

describe("a day's loss", () => {
  const risk = { ...ROOM, max_daily_loss_usdc: 10 };

  it("counts what the bids of holdings have lost, at once at the gate, for the day after five seconds", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(41, 51);
    expect(tryEntry(run)).toEqual([]);
    run.book(40, 51);
    expect(run.core.risk.loss).toMatchObject({ unrealized: -10_000_000, stopped: undefined });
    run.script.act = (ctx) => ctx.buy(request({ size: shares(6), limit: cents(5) }));
    run.wait(1).tape.book([[40, 10]], [[51, 10]], "m2");
    run.script.act = undefined;
    expect(run.denials()).toEqual(["MAX_DAILY_LOSS"]);
    expect(run.core.risk.loss.stopped).toBeUndefined();
    run.wait(5_000).book(40, 51);
    expect(run.core.risk.loss.stopped).toBe("$10 lost in a day ($0 of it realized), the limit is $10");
    expect(run.alarms()).toEqual(["DAILY_LOSS"]);
    expect(run.core.system.status).toBe("READY");
    // The bids are back; the day is over all the same.
    run.book(60, 61);
    expect(tryEntry(run)).toEqual(["MAX_DAILY_LOSS"]);
  });

  it("takes back the entries that rest: a fill would be one more of the day", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    const [resting] = run.place({ size: shares(20), limit: cents(20) });
    run.report(resting!, "live").book(40, 51).wait(5_000).book(40, 51);
    expect(run.alarms()).toEqual(["DAILY_LOSS"]);
    expect(run.cancelled()).toHaveLength(1);
  });

  it("is no loss of the day when the bids are back within five seconds", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(30, 51).wait(4_900).book(45, 51);
    run.wait(60_000).book(45, 51);
    expect(run.core.risk.loss.stopped).toBeUndefined();
    expect(tryEntry(run)).toEqual([]);
  });

  it("ends the day at once when it is realized, whatever the bids of the rest promise", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    sell(run, 50, 30);
    expect(run.core.risk.loss).toMatchObject({
      realizedToday: -10_000_000,
      stopped: "$11.5 lost in a day ($10 of it realized), the limit is $10",
    });
    run.book(90, 95);
    expect(tryEntry(run)).toEqual(["MAX_DAILY_LOSS"]);
    // Exits go on.
    sell(run, 50, 90);
    expect(run.core.ledger.position(M1, 0).matched).toBe(0);
  });

  it("ends with the UTC day", () => {
    const run = listed(new RiskRun({ risk }));
    sell(holding(run, 100), 100, 30);
    expect(tryEntry(run)).toEqual(["MAX_DAILY_LOSS"]);
    const midnight = 86_400_000 - (STARTS_AT % 86_400_000);
    run.wait(midnight - run.ms - 10);
    expect(tryEntry(run)).toEqual(["MAX_DAILY_LOSS"]);
    run.wait(20);
    expect(tryEntry(run)).toEqual([]);
    expect(run.core.risk.loss).toMatchObject({ realizedToday: 0, stopped: undefined });
  });

  it("counts a whole pair as its dollar, bids or not", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    const [orderId] = run.place({ outcome: 1, size: shares(100), limit: cents(48) });
    run.trade(orderId!, "no", "CONFIRMED");
    run.book(1, 99);
    expect(run.core.risk.loss.unrealized).toBe(2_000_000);
  });

  it("keeps the last bid while there is none, and counts nothing for shares that nobody bids for", () => {
    const run = holding(listed(new RiskRun({ risk })), 10);
    run.wait(1).tape.book([], [[51, 100]]);
    expect(run.core.risk.loss.unrealized).toBe(-300_000);
    run.wait(30_000).tape.book([], [[52, 100]]);
    expect(run.core.risk.loss.unrealized).toBe(-5_000_000);
    run.book(50, 51);
    expect(run.core.risk.loss.unrealized).toBe(0);
  });

  it("does not believe a book that is not to be believed", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.wait(1).tape.offer({ type: "book_continuity", marketId: M1, state: "disconnected", reason: "test" });
    expect(run.core.risk.loss.unrealized).toBe(-3_000_000);
    run.wait(60_000).tape.book([[40, 10]], [[51, 10]], "m2");
    expect(run.core.risk.loss.unrealized).toBe(-3_000_000);
  });

  it("takes a voided fill out again", () => {
    const run = holding(listed(new RiskRun({ risk })), 100, false);
    run.book(45, 51);
    expect(run.core.risk.loss.unrealized).toBe(-5_000_000);
    run.trade(run.venue.intents.keys().next().value!, "buy-0", "FAILED");
    expect(run.core.risk.loss.unrealized).toBe(0);
  });

  it("is remembered by a restart for the day, and for no other", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(40, 51).wait(4_998).book(50, 51);
    expect(run.core.risk.loss.stopped).toBeUndefined();
    run
      .book(40, 51)
      .wait(5_000)
      .tape.book([[40, 10]], [[51, 10]], "m2");
    expect(run.core.risk.loss.stopped).toBeDefined();
    const next = run.restarted(1_000, { risk }, listed);
    expect(next.core.risk.loss.stopped).toBe(run.core.risk.loss.stopped);
    expect(tryEntry(next)).toEqual(["MAX_DAILY_LOSS"]);
    const later = run.restarted(86_400_000, { risk }, listed).book(50, 51);
    expect(tryEntry(later)).toEqual([]);
  });
});

describe("what is held over a restart", () => {
  const risk = { ...ROOM, max_daily_loss_usdc: 60 };

  it("counts as lost until its book has come, for ten seconds at most, and stops nothing by that", () => {
    const run = holding(listed(new RiskRun({ risk })), 130);
    const next = run.restarted(1_000, { risk }, listed);
    expect(next.core.risk.loss).toMatchObject({ unrealized: 0, stopped: undefined });
    expect(tryEntry(next)).toEqual(["MAX_DAILY_LOSS"]);
    next.book(49, 51);
    expect(tryEntry(next)).toEqual([]);
    const other = run.restarted(1_000, { risk, runId: "other" }, listed);
    expect(tryEntry(other)).toEqual(["MAX_DAILY_LOSS"]);
    other.wait(10_000);
    expect(tryEntry(other)).toEqual([]);
    expect(other.core.risk.loss.stopped).toBeUndefined();
    expect(other.core.system.status).toBe("READY");
  });

  it("shrinks sizes by as much, where a drawdown counts", () => {
    const curved = { ...ROOM, max_daily_loss_usdc: 1_000, drawdown: { curve: "grossman_zhou" } } as const;
    const run = holding(listed(new RiskRun({ risk: { ...curved, max_order_usdc: 100 } })), 100);
    const next = run.restarted(1_000, { risk: curved }, listed);
    expect(next.core.risk.loss.scale).toBeCloseTo((950 - 800) / (0.2 * 950), 9);
    next.book(50, 51);
    expect(next.core.risk.loss.scale).toBe(1);
  });
});

describe("a day's loss that kills", () => {
  const risk = { ...ROOM, max_daily_loss_usdc: 10, max_daily_loss_action: "kill" } as const;
  const lost = (): RiskRun => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    const [resting] = run.place({ size: shares(20), limit: cents(20) });
    run.report(resting!, "live");
    return run.book(40, 51).wait(5_000).book(40, 51);
  };

  it("cancels everything, is told, and never ends by itself", () => {
    const run = lost();
    expect(run.core.system.status).toBe("HALTED");
    expect(run.cancelled()).toHaveLength(1);
    expect(run.core.risk.killed).toMatchObject({
      by: "daily_loss",
      reason: "$10 lost in a day ($0 of it realized), the limit is $10",
    });
    expect(run.alarms()).toEqual(["DAILY_LOSS", "KILLED"]);
    run.wait(10 * 86_400_000).book(60, 61);
    expect(run.core.system.status).toBe("HALTED");
  });

  it("is ended by an operator with a reason; the day stays without entries, and kills no second time", () => {
    const run = lost();
    run.wait(1_000).operate({ kind: "resume" });
    expect(run.alarm()).toContain("needs a reason");
    run.operate({ kind: "resume", reason: "sold by hand" }).compared();
    expect(run.core.system.status).toBe("READY");
    run.book(20, 51).wait(60_000).book(20, 51);
    expect(run.core.system.status).toBe("READY");
    expect(tryEntry(run)).toEqual(["MAX_DAILY_LOSS"]);
  });

  it("is not ended by a word that comes at the very moment at which it is found out, however short the cool-down", () => {
    const soon = { ...risk, kill_cooldown_ms: 0 };
    const run = holding(listed(new RiskRun({ risk: soon })), 100).book(40, 51);
    run.wait(5_000).operate({ kind: "resume", reason: "for another reason" });
    expect(run.alarms()).toEqual(["DAILY_LOSS", "KILLED", "RESUME_REFUSED"]);
    expect(run.core.system.status).toBe("HALTED");
    expect(run.restarted(1_000, { risk: soon }, listed).core.system.status).toBe("HALTED");
    run.operate({ kind: "resume", reason: "sold by hand" }).compared();
    expect(run.core.system.status).toBe("READY");
  });

  it("stays over a restart, until an operator's word, not until the next day", () => {
    const next = lost().restarted(3 * 86_400_000, { risk }, listed);
    expect(next.core.system.status).toBe("HALTED");
    expect(next.causes()).toEqual(["kill"]);
    expect(next.core.risk.killed).toMatchObject({ by: "daily_loss" });
    next.operate({ kind: "resume" });
    expect(next.core.system.status).toBe("HALTED");
    next.operate({ kind: "resume", reason: "looked at" }).compared().book(50, 51);
    expect(next.core.system.status).toBe("READY");
    expect(tryEntry(next)).toEqual([]);
  });

  it("does not kill for a limit of nothing while nothing is lost", () => {
    const run = listed(new RiskRun({ risk: { ...risk, max_daily_loss_usdc: 0 } }));
    run.book();
    expect(run.core.system.status).toBe("READY");
    expect(tryEntry(run)).toEqual(["MAX_DAILY_LOSS"]);
  });
});

describe("a drawdown", () => {
  const risk = {
    ...ROOM,
    max_daily_loss_usdc: 1_000,
    drawdown: { curve: "grossman_zhou", alpha: 0.8, floor: 0.05 },
  } as const;
  const scaleOf = (run: RiskRun): number => run.core.risk.loss.scale;

  it("shrinks what kelly says and what the gate lets through, by the curve, from the account's highest value", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(50, 51);
    expect(scaleOf(run)).toBe(1);
    // The account is worth $1,030 at most.
    run.book(80, 81);
    expect(run.core.risk.loss).toMatchObject({ value: 1_030_000_000, peak: 1_030_000_000, scale: 1 });
    run.book(30, 31);
    expect(run.core.risk.loss).toMatchObject({ value: 980_000_000, peak: 1_030_000_000 });
    const scale = (980 - 0.8 * 1030) / (0.2 * 980);
    expect(scaleOf(run)).toBeCloseTo(scale, 12);
    let seen: { scale: number; kelly: number } | undefined;
    run.act((ctx) => {
      seen = { scale: ctx.riskScale, kelly: ctx.kelly({ p: 0.9, price: cents(51) }) };
    }, "m2");
    expect(seen!.scale).toBeCloseTo(scale, 12);
    // $50 is the most that an order may cost, at 51 cents.
    expect(seen!.kelly).toBe(Math.floor((50_000_000 * scaleOf(run)) / 5_100) * 10_000);
    run.act((ctx) => ctx.buy(request({ size: shares(90), limit: cents(49) })), "m2");
    expect(run.denials()).toEqual(["DRAWDOWN_SIZE"]);
    run.act((ctx) => ctx.buy(request({ size: shares(80), limit: cents(49) })), "m2");
    expect(run.denials()).toEqual(["DRAWDOWN_SIZE"]);
  });

  it("comes to the floor and no further", () => {
    const run = holding(
      listed(
        new RiskRun({ risk: { ...risk, max_order_usdc: 100, max_market_usdc: 600, max_match_usdc: 600 } }),
      ),
      700,
    );
    run.book(80, 81).book(10, 11);
    expect(scaleOf(run)).toBe(0.05);
  });

  it("does not touch exits, and hedges of what is held", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(99, 99.5).book(20, 21);
    expect(scaleOf(run)).toBeLessThan(0.9);
    run.act((ctx) =>
      ctx.buy(
        request({ outcome: 1, size: shares(60), limit: cents(79), purpose: "hedge", orderType: "GTC" }),
      ),
    );
    expect(run.denials()).toEqual([]);
  });

  it("counts from a maximum that a restart keeps", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(80, 81).book(30, 31);
    const next = run.restarted(1_000, { risk }, listed);
    expect(next.core.risk.loss.peak).toBe(1_030_000_000);
    next.book(30, 31);
    expect(scaleOf(next)).toBe(scaleOf(run));
    const third = next.restarted(1_000, { risk, runId: "third" }, listed);
    expect(third.core.risk.loss.peak).toBe(1_030_000_000);
  });

  it("counts from what was put in at least, also where a curve is asked for only after a loss", () => {
    const none = { ...risk, drawdown: { curve: "none" } } as const;
    const run = sell(holding(listed(new RiskRun({ risk: none })), 100), 100, 30);
    expect(run.core.risk.loss).toMatchObject({ value: 980_000_000, peak: undefined });
    const next = run.restarted(1_000, { risk }, listed);
    expect(next.core.risk.loss).toMatchObject({ value: 980_000_000, peak: 1_000_000_000 });
    expect(scaleOf(next)).toBeCloseTo((980 - 0.8 * 1_000) / (0.2 * 980), 12);
  });

  it("takes no maximum from a restart: what is held and was not priced yet may be worth less than it cost", () => {
    const wide = { ...risk, max_order_usdc: 100, max_market_usdc: 600, max_match_usdc: 600 };
    const run = sell(holding(listed(new RiskRun({ risk: wide })), 200), 100, 55).book(30, 31);
    expect(run.core.risk.loss).toMatchObject({ value: 985_000_000, peak: 1_002_000_000 });
    const next = run.restarted(1_000, { risk: wide }, listed);
    expect(next.core.risk.loss.peak).toBe(1_002_000_000);
    next.book(30, 31);
    expect(next.core.risk.loss).toMatchObject({ value: 985_000_000, peak: 1_002_000_000 });
    next.book(55, 56);
    expect(next.core.risk.loss).toMatchObject({ value: 1_010_000_000, peak: 1_010_000_000 });
  });

  it("moves its maximum by thousandths of the account, each told to the journal", () => {
    const run = holding(listed(new RiskRun({ risk })), 100);
    run.book(50, 51).book(50.5, 51).book(51, 52).book(51.9, 52.9).book(52, 53);
    expect(run.core.risk.loss.peak).toBe(1_002_000_000);
    const peaks = run.log.flatMap((event) =>
      event.type === "risk_noted" && event.note.kind === "peak" ? [event.note.profit] : [],
    );
    expect(peaks).toEqual([0, 1_000_000, 2_000_000]);
  });

  it("is nothing without a curve: no maximum, no note, the whole size", () => {
    const run = holding(listed(new RiskRun({ risk: { ...risk, drawdown: { curve: "none" } } })), 100);
    run.book(80, 81).book(10, 11);
    expect(run.core.risk.loss).toMatchObject({ peak: undefined, scale: 1 });
    expect(run.log.filter(({ type }) => type === "risk_noted")).toEqual([]);
  });
});
