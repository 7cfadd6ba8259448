import { describe, expect, test } from "vitest";
import { type Nanos } from "../../src/index.ts";
import { Ledger } from "../../src/portfolio/index.ts";
import { emptyPool, transfer } from "../../src/portfolio/pool.ts";
import { buy, MARKET, S, say, sell, USD } from "./support.ts";
import { funded, reborn } from "./ledgers.ts";

const at = (n: number): Nanos => n as Nanos;

describe("what sales that are being retried would bring back", () => {
  const cost = (ledger: Ledger): number[] =>
    ([0, 1] as const).map((outcome) => ledger.retryingCost(MARKET, outcome));
  const held = (): Ledger => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4) }, "CONFIRMED");
    buy(ledger, { name: "n", outcome: 1, size: S(10), cost: USD(5) }, "CONFIRMED");
    return ledger;
  };

  test("is the part of the cost that they released, of their outcome, while they are", () => {
    const ledger = held();
    sell(ledger, { name: "s", size: S(5), cost: USD(3) });
    expect(cost(ledger)).toEqual([0, 0]);
    say(ledger, "s", "RETRYING");
    expect(cost(ledger)).toEqual([USD(2), 0]);
    expect(cost(reborn(ledger))).toEqual([USD(2), 0]);
    sell(ledger, { name: "t", outcome: 1, size: S(10), cost: USD(6) }, "RETRYING");
    expect(cost(ledger)).toEqual([USD(2), USD(5)]);
    say(ledger, "s", "MINED");
    expect(cost(ledger)).toEqual([0, USD(5)]);
    say(ledger, "t", "FAILED");
    expect(cost(ledger)).toEqual([0, 0]);
    expect(ledger.position(MARKET, 1).cost).toBe(USD(5));
  });

  test("is of all of them together, and exactly what their failure books", () => {
    const ledger = held();
    for (const name of ["s", "t"]) sell(ledger, { name, size: S(3), cost: USD(2) }, "RETRYING");
    const [back] = cost(ledger);
    const before = ledger.position(MARKET, 0).cost;
    for (const name of ["s", "t"]) say(ledger, name, "FAILED");
    expect(ledger.position(MARKET, 0).cost - before).toBe(back);
  });

  test("is nothing of buys, nor of sales of what was never held, nor of a market without bookings", () => {
    const ledger = held();
    buy(ledger, { name: "b", size: S(5), cost: USD(2) }, "RETRYING");
    expect(cost(ledger)).toEqual([0, 0]);
    const short = funded();
    sell(short, { name: "s", size: S(5), cost: USD(3) }, "RETRYING");
    expect([short.position(MARKET, 0).cost, ...cost(short)]).toEqual([USD(-3), 0, 0]);
    expect(cost(new Ledger())).toEqual([0, 0]);
  });

  test("is not less for a buy that is being retried beside them", () => {
    const ledger = held();
    sell(ledger, { name: "s", size: S(5), cost: USD(3) }, "RETRYING");
    buy(ledger, { name: "b", size: S(5), cost: USD(3) }, "RETRYING");
    expect(cost(ledger)).toEqual([USD(2), 0]);
  });

  test("counts what was collapsed into the base as held", () => {
    const ledger = held();
    ledger.prune([{ orderId: "0xo", trades: ["a", "n"] }]);
    sell(ledger, { name: "s", size: S(5), cost: USD(3) }, "RETRYING");
    expect(cost(ledger)).toEqual([USD(2), 0]);
  });
});

describe("what shares can cost that left and had never come", () => {
  test("is a dollar each, then what is paid for them, rounded up", () => {
    const ledger = funded();
    expect(ledger.owed(MARKET)).toBe(0);
    buy(ledger, { name: "a", size: S(10), cost: USD(4) });
    sell(ledger, { name: "b", size: S(10), cost: USD(5) });
    expect(ledger.owed(MARKET)).toBe(0);
    say(ledger, "a", "FAILED");
    expect(ledger.owed(MARKET)).toBe(USD(10));
    sell(ledger, { name: "c", outcome: 1, size: 3, cost: 1 });
    expect(ledger.owed(MARKET)).toBe(USD(10) + 3);
    expect(reborn(ledger).owed(MARKET)).toBe(USD(10) + 3);
    ledger.resolution(MARKET, [USD(0.25), USD(0.75)]);
    expect(ledger.owed(MARKET)).toBe(USD(2.5) + 3);
    buy(ledger, { name: "d", size: S(10), cost: USD(3) });
    expect(ledger.owed(MARKET)).toBe(3);
    ledger.resolution(MARKET, [USD(1), USD(0)]);
    expect(ledger.owed(MARKET)).toBe(0);
  });
});

describe("since when shares are held", () => {
  test.each<[string, [number, number][], (number | undefined)[]]>([
    [
      "from the first to the last",
      [
        [5, 1],
        [5, 2],
        [-4, 3],
        [-6, 4],
      ],
      [1, 1, 1, undefined],
    ],
    [
      "anew after nothing was held",
      [
        [5, 1],
        [-5, 2],
        [5, 3],
      ],
      [1, undefined, 3],
    ],
    [
      "anew when the position turns, either way",
      [
        [5, 1],
        [-8, 2],
        [-1, 3],
        [9, 4],
      ],
      [1, 2, 2, 4],
    ],
    [
      "a short one too",
      [
        [-5, 1],
        [2, 2],
        [3, 3],
      ],
      [1, 1, undefined],
    ],
    [
      "nothing moved is no change",
      [
        [5, 1],
        [0, 2],
      ],
      [1, 1],
    ],
  ])("%s", (_, moves, expected) => {
    const pool = emptyPool();
    expect(
      moves.map(([size, when]) => {
        transfer(pool, size, size * 3, at(when));
        return pool.openedAt;
      }),
    ).toEqual(expected);
  });

  test("nothing moved realizes nothing, whatever it is said to be worth", () => {
    const pool = emptyPool();
    expect(transfer(pool, 0, 7, at(1))).toBe(0);
    expect(pool).toEqual(emptyPool());
  });
});

describe("shares between a match and its confirmation", () => {
  test("are unconfirmed once bought, also where they were sold again", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4) });
    sell(ledger, { name: "b", size: S(7), cost: USD(4) });
    expect([ledger.unconfirmed(MARKET, 0), ledger.position(MARKET, 0).settled]).toEqual([S(10), 0]);
    say(ledger, "a", "CONFIRMED");
    expect([ledger.unconfirmed(MARKET, 0), ledger.position(MARKET, 0).settled]).toEqual([0, S(3)]);
    expect(ledger.unconfirmed(MARKET, 1)).toBe(0);
  });

  test("count once in their state, back and forth", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4) });
    for (const to of ["MINED", "RETRYING", "MINED", "RETRYING"] as const) {
      say(ledger, "a", to);
      expect(ledger.unconfirmed(MARKET, 0)).toBe(S(10));
      expect(ledger.sellable(MARKET, 0, "mined")).toBe(to === "MINED" ? S(10) : 0);
      ledger.audit();
    }
  });

  test("make either outcome short", () => {
    for (const outcome of [0, 1] as const) {
      const ledger = funded();
      sell(ledger, { name: "s", outcome, size: S(1), cost: USD(0.5) });
      expect(ledger.isShort(MARKET)).toBe(true);
      buy(ledger, { name: "b", outcome, size: S(1), cost: USD(0.5) });
      expect(ledger.isShort(MARKET)).toBe(false);
    }
  });
});
