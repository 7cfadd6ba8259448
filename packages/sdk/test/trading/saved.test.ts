import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketTrading, SYSTEM_INPUTS, SystemMachine, TRADING_ACTIONS } from "../../src/trading/index.ts";
import type { Nanos } from "../../src/units/index.ts";
import {
  after,
  ALICE,
  anyInput,
  BOB,
  clear,
  exposure,
  halt,
  intent,
  LENIENT,
  MARKET,
  RESUME,
  run,
  truth,
} from "./support.ts";

/** As a file would hold it. */
function filed<T>(plain: T): T {
  expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  return JSON.parse(JSON.stringify(plain)) as T;
}
function reborn(trading: MarketTrading): MarketTrading {
  const again = new MarketTrading(MARKET);
  again.load(filed(trading.save()));
  expect(again.save()).toEqual(trading.save());
  expect(Object.keys(again.save())).toEqual(Object.keys(trading.save()));
  return again;
}

describe("a market's machine that goes on from what was saved", () => {
  it("does what the one before would have done, wherever it was cut", () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), fc.nat(40), (inputs, cut) => {
        const trading = new MarketTrading(MARKET);
        const at = Math.min(cut, inputs.length);
        inputs.slice(0, at).forEach((input, i) => trading.apply(input, i as Nanos));
        const again = reborn(trading);
        const look = ({ status, since, owner, posture, claimant, halts }: MarketTrading): unknown => [
          [status, since, owner, posture, claimant, halts],
        ];
        expect(look(again)).toEqual(look(trading));
        inputs.slice(at).forEach((input, i) => {
          expect(again.apply(input, (at + i) as Nanos)).toEqual(trading.apply(input, (at + i) as Nanos));
          expect(look(again)).toEqual(look(trading));
          for (const action of TRADING_ACTIONS)
            expect(again.allows(action, BOB, LENIENT)).toEqual(trading.allows(action, BOB, LENIENT));
        });
      }),
    );
  });

  it("holds nothing that there is not, and all that there is", () => {
    expect(Object.keys(new MarketTrading(MARKET).save()).sort()).toEqual(
      ["causes", "explained", "facts", "resolution", "since", "status"].sort(),
    );
    const trading = after(intent(ALICE), exposure(5, 0), truth("live"));
    trading.apply({ kind: "halt", cause: "breaker", reason: "3 rejects", until: 65 as Nanos }, 5 as Nanos);
    trading.apply(halt("reconcile"), 6 as Nanos);
    trading.apply(clear("reconcile"), 7 as Nanos);
    const saved = trading.save();
    expect(saved).toMatchObject({ status: "HALT", owner: ALICE, lastOwner: ALICE, truth: "live" });
    expect(saved.causes).toStrictEqual([
      { cause: "breaker", evidence: false, operator: false, since: 5, reason: "3 rejects", until: 65 },
      {
        cause: "reconcile",
        evidence: true,
        operator: false,
        since: 6,
        reason: "Our books and the venue's or the chain's do not agree.",
      },
    ]);
    // Half of what reconcile needs was seen before; a resume is the other half.
    expect(run(reborn(trading), RESUME).to).toBe("BUILDING_PAIR");
  });

  it("forgets what it held before", () => {
    const trading = after(intent(BOB), halt("manual"));
    trading.load(new MarketTrading(MARKET).save());
    expect([trading.status, trading.owner, trading.claimant, trading.causes.size]).toEqual([
      "IDLE",
      undefined,
      undefined,
      0,
    ]);
  });
});

describe("the system's machine that goes on from what was saved", () => {
  it("does what the one before would have done", () => {
    const inputs = fc.array(fc.constantFrom(...SYSTEM_INPUTS), { maxLength: 20 });
    fc.assert(
      fc.property(inputs, inputs, (before, then) => {
        const machine = new SystemMachine();
        for (const input of before) machine.apply(input);
        const again = new SystemMachine();
        again.load(filed(machine.save()));
        expect(again.save()).toStrictEqual({
          status: machine.status,
          latched: machine.latched,
          restriction: machine.restriction,
        });
        for (const input of then) expect(again.apply(input)).toEqual(machine.apply(input));
      }),
    );
  });
});
