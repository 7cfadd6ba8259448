import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FeeSchedule, OrderId, Outcome, Price, TradeReport } from "@matchpoint/sdk";
import type { ExchangeTrade, TradeLeg } from "@matchpoint/paper-broker";
import { cents, FREE, market, MARKET, sh, SPORTS, usd } from "../harness.ts";
import { act, alone, inWorld, PEOPLE } from "./crowd.ts";
import { Floor, INSTANT } from "./floor.ts";

const EVERYBODY: FeeSchedule = { ...SPORTS, takerOnly: false };
const FAULTS = { trade_fail: 0.15, trade_retry: 0.2, chain_revert: 0.2, duplicate_report: 0.2 };

/** What the accounts gave to the outside world and the fees that they paid, by all trades that did not fail. */
function flows(floor: Floor): { fees: number; dollars: number; shares: [number, number] } {
  const last = new Map<string, ExchangeTrade>();
  for (const each of floor.news) if (each.kind === "trade") last.set(each.trade.tradeId, each.trade);
  const sum = { fees: 0, dollars: 0, shares: [0, 0] as [number, number] };
  for (const { taker, makers, status } of last.values()) {
    if (status === "FAILED") continue;
    for (const { account, outcome, side, size, cost, fee } of [taker, ...makers]) {
      sum.fees += fee;
      if (account !== undefined) continue;
      const sign = side === "sell" ? 1 : -1; // of the outside world: what it sells the accounts get
      sum.dollars += sign * cost;
      sum.shares[outcome] += sign * size;
    }
  }
  return sum;
}

/** Dollars, and a dollar for every pair of shares, are what was paid in, less fees and what the outside world has. */
function checkBalance(floor: Floor): void {
  const { fees, dollars, shares } = flows(floor);
  let cash = 0;
  const held = [0, 0];
  for (const account of PEOPLE) {
    cash += floor.cash(account);
    for (const outcome of [0, 1] as const) held[outcome]! += floor.held(account, outcome);
  }
  const pairs = held[0]! - shares[0];
  expect(held[1]! - shares[1]).toBe(pairs);
  expect(cash + pairs + fees + dollars).toBe(floor.paid);
}

/** Both sides of a match, to the micro-dollar. */
function checkTrade({ taker, makers }: ExchangeTrade): void {
  const sum = (legs: readonly TradeLeg[], what: "size" | "cost"): number =>
    legs.reduce((all, leg) => all + leg[what], 0);
  expect(sum(makers, "size")).toBe(taker.size);
  const same = makers.filter(({ outcome }) => outcome === taker.outcome);
  const other = makers.filter(({ outcome }) => outcome !== taker.outcome);
  for (const { side, price } of same)
    expect([side, price]).toEqual([taker.side === "buy" ? "sell" : "buy", taker.price]);
  for (const { side, price } of other) expect([side, price]).toEqual([taker.side, 10_000 - taker.price]);
  expect(taker.cost).toBe(sum(same, "cost") + sum(other, "size") - sum(other, "cost"));
  // Nobody's price is off by more than a micro-dollar, the taker's by no more than one per maker.
  for (const { size, price, cost } of makers)
    expect(Math.abs(cost - (size * price) / 10_000)).toBeLessThan(1);
  expect(Math.abs(taker.cost - (taker.size * taker.price) / 10_000)).toBeLessThan(makers.length);
}

describe("money", () => {
  const situation = fc.record({
    seed: fc.integer(),
    sell_gate: fc.constantFrom<"matched" | "mined" | "confirmed">("matched", "mined", "confirmed"),
    fill_model: fc.constantFrom<"queue" | "touch">("queue", "touch"),
    selfCross: fc.constantFrom<"refuse" | "allow">("refuse", "allow"),
    jitter_ms: fc.constantFrom(0, 40),
    takerDelayMs: fc.constantFrom(0, 700),
    fee: fc.constantFrom(FREE, SPORTS, EVERYBODY),
    mirrored: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  });

  it.each([
    ["among themselves", alone, 200],
    ["in a world of its own", inWorld, 150],
  ] as const)("is neither made nor lost when accounts trade %s, whatever fails", (_name, script, numRuns) => {
    const seen = { trades: 0, mints: 0, merges: 0, failed: 0, several: 0, outside: 0 };
    fc.assert(
      fc.property(script, situation, (steps, { jitter_ms, takerDelayMs, fee, mirrored, ...options }) => {
        const floor = new Floor(
          { ...options, faults: FAULTS, gtd_min_lead_ms: 0, latency: { ...INSTANT, place_ms: 5, jitter_ms } },
          market({ tick: 10 as Price, takerDelayMs, fee, mirrored }),
        ).open(PEOPLE, 200);
        const orders: [string, OrderId][] = [];
        for (const step of steps) {
          act(floor, step, orders);
          checkBalance(floor);
          if (options.sell_gate === "matched") continue;
          for (const each of PEOPLE) expect(floor.exchange.view(each).free()).toBeGreaterThanOrEqual(0);
        }
        floor.wait(1_000);
        for (let i = 0; i < 2; i++) {
          for (const each of PEOPLE) floor.expire(each);
          floor.wait(60_000);
        }
        checkBalance(floor);
        for (const each of PEOPLE) checkAccount(floor, each);
        for (const trade of floor.trades()) {
          checkTrade(trade);
          const { taker, makers } = trade;
          seen.trades++;
          if (makers.length > 1) seen.several++;
          if ([taker, ...makers].some(({ account }) => account === undefined)) seen.outside++;
          if (makers.some(({ outcome }) => outcome !== taker.outcome))
            seen[taker.side === "buy" ? "mints" : "merges"]++;
        }
        seen.failed += floor.trades("FAILED").length;
      }),
      { numRuns },
    );
    const { outside, ...kinds } = seen;
    for (const [kind, times] of Object.entries(kinds)) expect(times, kind).toBeGreaterThan(5);
    if (script === inWorld) expect(outside).toBeGreaterThan(50);
    else expect(outside).toBe(0);
  });

  it.each([
    ["one side", [1, 0]],
    ["the other", [0, 1]],
    ["50-50", [0.5, 0.5]],
  ] as const)("comes back in full when the market is resolved for %s", (_name, [yes, no]) => {
    const floor = new Floor({}, market({ fee: FREE })).open(["ann", "bob"]);
    floor.place("ann", { outcome: 1, limit: cents(60), size: sh(10) });
    floor.place("bob", { outcome: 0, limit: cents(40), size: sh(10) });
    const resting = floor.place("ann", { limit: cents(30), size: sh(5) });
    floor.wait(20_000);
    floor.event({ type: "market_resolution", marketId: MARKET, payouts: [usd(yes), usd(no)], source: "x" });
    expect(
      floor.reports("ann").findLast((each) => each.type === "order_report" && each.orderId === resting),
    ).toMatchObject({ status: "canceled", detail: "the market is resolved" });
    floor.chain("ann", "redeem", [0, 10]);
    floor.chain("bob", "redeem", [10, 0]);
    floor.wait(5_000);
    expect(floor.cash("ann")).toBe(usd(1_000 - 6 + 10 * no));
    expect(floor.cash("bob")).toBe(usd(1_000 - 4 + 10 * yes));
    expect(floor.exchange.view("ann").positions()).toEqual([]);
  });

  it("is paid out only as far as it is free", () => {
    const floor = new Floor().open(["ann"]);
    floor.place("ann", { limit: cents(50), size: sh(1_000) });
    expect(floor.pay("ann", usd(-800))).toBe(usd(-500));
    expect(floor.pay("ann", usd(-1))).toBe(0);
    expect(floor.exchange.view("ann").free()).toBe(0);
    expect(() => floor.exchange.deposit("ann", Number.NaN as never)).toThrow(
      expect.objectContaining({ code: "UNIT_INVALID" }),
    );
    expect(() => floor.exchange.deposit("ann", Number.MAX_SAFE_INTEGER as never)).toThrow(
      expect.objectContaining({ code: "UNIT_OVERFLOW" }),
    );
  });
});

/** When nothing is under way any more: what the reports add up to is what is there, and all of it can be used. */
function checkAccount(floor: Floor, account: string): void {
  const last = new Map<string, TradeReport>();
  for (const report of floor.reports(account)) {
    if (report.type === "trade_report") last.set(`${report.tradeId} ${report.orderId}`, report);
  }
  const held: [number, number] = [0, 0];
  for (const { status, outcome, side, size } of last.values()) {
    expect(["CONFIRMED", "FAILED"]).toContain(status);
    if (status === "CONFIRMED") held[outcome] += (side === "buy" ? 1 : -1) * size;
  }
  for (const report of floor.reports(account)) {
    if (report.type !== "chain_report" || report.status !== "FINAL") continue;
    for (const outcome of [0, 1] as const) held[outcome] -= report.proceeds!; // a pair is a dollar
  }
  const view = floor.exchange.view(account);
  expect([0, 1].map((outcome) => floor.held(account, outcome as Outcome))).toEqual(held);
  expect(view.free()).toBe(view.balances().collateral);
  for (const each of view.positions()) expect(each.settled).toBe(Math.max(0, each.matched));
  expect(view.openOrders()).toEqual([]);
}
