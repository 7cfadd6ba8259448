import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TradeStatus } from "@matchpoint/sdk";
import { cents, FREE, market, MARKET, sh, SPORTS, usd } from "../harness.ts";
import { Floor } from "./floor.ts";

const GATES = ["matched", "mined", "confirmed"] as const;

/** Ann sold to bob, and cat made new pairs with him. */
function traded(sell_gate: (typeof GATES)[number], fee = FREE): Floor {
  const floor = new Floor({ settlement: "told", sell_gate }, market({ fee })).open(
    ["ann", "bob", "cat"],
    100,
  );
  floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
  floor.place("cat", { outcome: 1, limit: cents(50), size: sh(10) });
  floor.place("bob", { limit: cents(50), size: sh(20) });
  return floor;
}

const tell = (floor: Floor, status: TradeStatus): boolean => {
  const told = floor.exchange.settleTrade(floor.trades()[0]!.tradeId, status, floor.at);
  floor.to(floor.now);
  return told;
};

/** All that an account has, and can use. */
const state = (floor: Floor): unknown[] =>
  ["ann", "bob", "cat"].map((each) => {
    const view = floor.exchange.view(each);
    return [view.balances(), view.free(), view.positions()];
  });

describe("matches that another chain settles", () => {
  it("wait until they are told, and tell everyone in them", () => {
    const floor = traded("mined").wait(600_000);
    expect(floor.trades("MINED")).toEqual([]);
    expect(floor.exchange.view("ann").free()).toBe(usd(1_000));
    expect(tell(floor, "RETRYING")).toBe(true);
    expect(tell(floor, "MINED")).toBe(true);
    expect(floor.exchange.view("ann").free()).toBe(usd(1_005));
    expect(tell(floor, "CONFIRMED")).toBe(true);
    for (const each of ["ann", "bob", "cat"]) {
      for (const status of ["RETRYING", "MINED", "CONFIRMED"] as const)
        expect(floor.fills(each, status)).toHaveLength(1);
    }
    expect(floor.exchange.view("bob").positions()).toMatchObject([
      { outcome: 0, settled: sh(120) },
      { settled: sh(100) },
    ]);
    expect(tell(floor, "FAILED")).toBe(false);
  });

  it("take no other step than a match can take, and none where time settles", () => {
    const floor = traded("mined");
    expect([tell(floor, "MATCHED"), tell(floor, "CONFIRMED")]).toEqual([false, false]);
    expect(floor.exchange.failTrade(floor.trades()[0]!.tradeId)).toBe(false);
    tell(floor, "MINED");
    expect([tell(floor, "MINED"), tell(floor, "RETRYING"), tell(floor, "MATCHED")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(floor.exchange.settleTrade("floor-t7" as never, "MINED", floor.at)).toBe(false);
    const timed = new Floor().open(["ann", "bob"]);
    timed.place("ann", { outcome: 1, limit: cents(50), size: sh(10) });
    timed.place("bob", { limit: cents(50), size: sh(10) });
    expect(tell(timed, "MINED")).toBe(false);
    expect(timed.wait(20_000).trades("CONFIRMED")).toHaveLength(1);
  });

  it("leave nothing behind when they fail, mined or not", () => {
    const step = fc.constantFrom<TradeStatus>("RETRYING", "MINED");
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 4 }),
        fc.constantFrom(...GATES),
        fc.constantFrom(FREE, SPORTS),
        (steps, gate, fee) => {
          const untouched = new Floor({ settlement: "told", sell_gate: gate }, market({ fee })).open(
            ["ann", "bob", "cat"],
            100,
          );
          const floor = traded(gate, fee);
          for (const each of steps) tell(floor, each);
          expect(tell(floor, "FAILED")).toBe(true);
          expect(state(floor)).toEqual(state(untouched));
        },
      ),
    );
  });

  it("take the orders with them that what they brought in had backed", () => {
    const floor = traded("mined");
    tell(floor, "MINED");
    const sale = floor.place("bob", { side: "sell", limit: cents(60), size: sh(120) });
    expect(floor.statuses("bob", sale)).toEqual(["sent", "live"]);
    const bid = floor.place("ann", { limit: cents(40), size: sh(2_510) });
    expect(floor.statuses("ann", bid)).toEqual(["sent", "live"]);
    tell(floor, "FAILED");
    expect(floor.statuses("bob", sale).at(-1)).toBe("invalid:BALANCE");
    expect(floor.statuses("ann", bid).at(-1)).toBe("invalid:BALANCE");
    expect(floor.exchange.view("ann").free()).toBe(usd(1_000));
  });
});

describe("what the chain moves beside the trades", () => {
  const quiet = (): Floor =>
    new Floor({ settlement: "told" }, market({ fee: FREE })).open(["ann", "bob"], 100);
  const move = (floor: Floor, outcome: 0 | 1 | undefined, amount: number): void => {
    const asset = outcome === undefined ? "collateral" : ({ marketId: MARKET, outcome } as const);
    floor.exchange.transfer("ann", asset, amount, floor.at);
    floor.to(floor.now);
  };

  it("can be used at once, and is gone at once, with the orders that it backed", () => {
    const floor = quiet();
    move(floor, undefined, usd(100));
    move(floor, 0, sh(50));
    const bid = floor.place("ann", { limit: cents(50), size: sh(2_200) });
    const ask = floor.place("ann", { outcome: 0, side: "sell", limit: cents(60), size: sh(150) });
    expect(floor.statuses("ann", bid)).toEqual(["sent", "live"]);
    expect(floor.statuses("ann", ask)).toEqual(["sent", "live"]);
    move(floor, undefined, -1);
    move(floor, 0, -1);
    expect(floor.statuses("ann", bid).at(-1)).toBe("invalid:BALANCE");
    expect(floor.statuses("ann", ask).at(-1)).toBe("invalid:BALANCE");
    expect(floor.exchange.view("ann").free()).toBe(usd(1_100) - 1);
    expect(floor.exchange.view("ann").positions()).toMatchObject([
      { outcome: 0, matched: sh(150) - 1, settled: sh(150) - 1 },
      { outcome: 1, matched: sh(100) },
    ]);
  });

  it("leaves a match owed that then fails, and the account with what the chain has", () => {
    const floor = quiet();
    floor.place("ann", { outcome: 1, limit: cents(50), size: sh(10) });
    floor.place("bob", { limit: cents(50), size: sh(10) });
    move(floor, undefined, 0 - usd(1_000));
    expect(floor.exchange.view("ann").free()).toBe(0 - usd(5));
    tell(floor, "FAILED");
    expect(floor.exchange.view("ann").balances()).toEqual({ collateral: 0 });
  });

  it("reverts a chain action whose shares or dollars have gone while it was under way", () => {
    const floor = quiet();
    const merged = floor.chain("ann", "merge", [60, 60]);
    const split = floor.chain("ann", "split", [900, 900]);
    move(floor, 1, 0 - sh(50));
    move(floor, undefined, 0 - usd(200));
    floor.wait(5_000);
    expect(
      floor
        .reports("ann")
        .filter(({ type }) => type === "chain_report")
        .slice(-2),
    ).toMatchObject([
      { actionId: merged, status: "REVERTED", detail: "outcome 1: 50000000 confirmed, 60000000 needed" },
      { actionId: split, status: "REVERTED", detail: "balance 800000000 is less than 900000000" },
    ]);
    expect(floor.exchange.view("ann").positions()).toMatchObject([
      { outcome: 0, matched: sh(100), settled: sh(100) },
      { outcome: 1, matched: sh(50), settled: sh(50) },
    ]);
    expect(floor.exchange.view("ann").free()).toBe(usd(800));
  });

  it("is refused by an exchange that settles by itself, and when it is no amount", () => {
    const at = new Floor().at;
    expect(() => new Floor().exchange.transfer("ann", "collateral", 1, at)).toThrow(/settles by itself/);
    for (const amount of [0.5, NaN, 2 ** 60])
      expect(() => quiet().exchange.transfer("ann", "collateral", amount, 1e12 as never)).toThrow(
        /whole number/,
      );
  });
});
