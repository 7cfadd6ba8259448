import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALLOWED_ACTIONS,
  MarketTrading,
  SYSTEM_PERMISSIONS,
  systemAllows,
  TRADING_ACTIONS,
  VENUE_MODES,
  venueAllows,
  type SystemStatus,
  type TradingAction,
  type VenueMode,
} from "../../src/trading/index.ts";
import type { TradingStatus } from "../../src/state/index.ts";
import type { Nanos } from "../../src/units/index.ts";
import {
  after,
  ALICE,
  anyInput,
  BOB,
  exposure,
  halt,
  intent,
  LENIENT,
  MARKET,
  STRICT,
  truth,
} from "./support.ts";

// The table of the design, by hand: + allowed, o the owner, ? by configuration, - not allowed.
// prettier-ignore
const DESIGN: Record<TradingStatus, string> = {
  //                entry hedge exit cancel merge redeem
  IDLE:            "o     o     o    +      +     -",
  BUILDING_PAIR:   "o     o     o    +      +     -",
  TEMPORAL_ACTIVE: "o     o     o    +      +     -",
  LOCKED_PAIR:     "-     -     -    +      +     -",
  FINALIZING:      "-     -     ?    +      +     +",
  HALT:            "-     -     ?    +      +     +",
  RESOLVED:        "-     -     -    -      -     +",
};

describe("the allowed actions of a market", () => {
  it("are those of the design", () => {
    for (const [status, row] of Object.entries(DESIGN) as [TradingStatus, string][]) {
      const cells = row.split(/\s+/);
      TRADING_ACTIONS.forEach((action, i) => {
        const cell = ALLOWED_ACTIONS[status][action];
        const sign = cell === "yes" ? "+" : cell === "no" ? "-" : cell === "owner" ? "o" : "?";
        expect(`${status} ${action} ${sign}`).toBe(`${status} ${action} ${cells[i]!}`);
      });
    }
  });

  it("are what `allows` answers, after any sequence of inputs", () => {
    fc.assert(
      fc.property(
        fc.array(anyInput, { maxLength: 60 }),
        fc.constantFrom(ALICE, BOB, undefined),
        fc.constantFrom(STRICT, LENIENT),
        (inputs, by, options) => {
          const trading = new MarketTrading(MARKET);
          for (const [at, input] of inputs.entries()) {
            trading.apply(input, at as Nanos);
            const cells = DESIGN[trading.status].split(/\s+/);
            const mine =
              by !== undefined && trading.owner === by.strategyId && trading.posture === by.posture;
            TRADING_ACTIONS.forEach((action, i) => {
              const granted = trading.allows(action, by, options) === true;
              const free = by !== undefined && trading.owner === undefined;
              const unowned = free && (trading.status === "IDLE" || action === "exit");
              const cell = cells[i];
              const expected =
                cell === "+" ||
                (cell === "o" && (mine || unowned)) ||
                (cell === "?" && options === LENIENT && (mine || unowned));
              expect(`${trading.status} ${action} ${granted}`).toBe(
                `${trading.status} ${action} ${expected}`,
              );
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("let a position be reduced in FINALIZING and HALT only where configuration says so", () => {
    const finalizing = after(intent(BOB), exposure(5, 0), truth("final"));
    expect(finalizing.allows("exit", BOB, STRICT)).toEqual({ denied: "MARKET_FINALIZING" });
    expect(finalizing.allows("exit", BOB, { finalizingAllowReduce: true, haltAllowReduce: false })).toBe(
      true,
    );
    expect(finalizing.allows("exit", ALICE, LENIENT)).toEqual({ denied: "MARKET_BUSY" });
    expect(finalizing.allows("entry", BOB, LENIENT)).toEqual({ denied: "MARKET_FINALIZING" });
    const halted = after(intent(BOB), exposure(5, 0), halt("manual"));
    expect(halted.allows("exit", BOB, { finalizingAllowReduce: true, haltAllowReduce: false })).toEqual({
      denied: "MARKET_HALTED",
    });
    expect(halted.allows("exit", BOB, { finalizingAllowReduce: false, haltAllowReduce: true })).toBe(true);
    expect(halted.allows("hedge", BOB, LENIENT)).toEqual({ denied: "MARKET_HALTED" });
  });

  it("keep redemption for decided markets, also for the engine", () => {
    expect(after(truth("live")).allows("redeem", undefined, STRICT)).toEqual({ denied: "MARKET_NOT_FINAL" });
    expect(after(truth("final")).allows("redeem", undefined, STRICT)).toBe(true);
  });

  it("have nothing for an entry that nobody asks for", () => {
    expect(new MarketTrading(MARKET).allows("entry", undefined, STRICT)).toEqual({ denied: "MARKET_BUSY" });
  });
});

// prettier-ignore
const SYSTEM: Record<SystemStatus, string> = {
  //            entry hedge exit cancel merge redeem
  BOOT:        "-     -     -    -      -     -",
  CHECKLIST:   "-     -     -    -      -     -",
  RECOVERING:  "-     -     -    +      -     -",
  READY:       "+     +     +    +      +     +",
  STOP_ENTRY:  "-     +     +    +      +     +",
  REDUCE_ONLY: "-     -     +    +      +     +",
  HALTED:      "-     -     -    +      -     -",
  DRAINING:    "-     -     -    +      +     +",
  STOPPED:     "-     -     -    -      -     -",
};

// p: post-only orders.
// prettier-ignore
const VENUE: Record<VenueMode, string> = {
  //            entry hedge exit cancel merge redeem
  OPEN:        "+     +     +    +      +     +",
  POST_ONLY:   "p     p     p    +      +     +",
  CANCEL_ONLY: "-     -     -    +      +     +",
  RESTARTING:  "-     -     -    +      +     +",
  DOWN:        "-     -     -    +      +     +",
};

describe("the allowed actions of the system", () => {
  it("are those of the design", () => {
    expect(Object.keys(SYSTEM_PERMISSIONS).sort()).toEqual(Object.keys(SYSTEM).sort());
    for (const [status, row] of Object.entries(SYSTEM) as [SystemStatus, string][]) {
      const cells = row.split(/\s+/);
      TRADING_ACTIONS.forEach((action, i) => {
        expect(`${status} ${action} ${systemAllows(status, action) === true ? "+" : "-"}`).toBe(
          `${status} ${action} ${cells[i]!}`,
        );
      });
    }
  });

  it("say why not", () => {
    const code = (status: SystemStatus) => systemAllows(status, "entry");
    expect(code("RECOVERING")).toEqual({ denied: "SYSTEM_NOT_READY" });
    expect(code("STOP_ENTRY")).toEqual({ denied: "SYSTEM_STOP_ENTRY" });
    expect(code("REDUCE_ONLY")).toEqual({ denied: "SYSTEM_REDUCE_ONLY" });
    expect(code("HALTED")).toEqual({ denied: "SYSTEM_HALTED" });
    expect(code("STOPPED")).toEqual({ denied: "SYSTEM_STOPPING" });
  });
});

describe("the allowed actions of the venue's modes", () => {
  it("are those of the design", () => {
    expect([...VENUE_MODES].sort()).toEqual(Object.keys(VENUE).sort());
    for (const mode of VENUE_MODES) {
      const cells = VENUE[mode].split(/\s+/);
      TRADING_ACTIONS.forEach((action: TradingAction, i) => {
        const plain = venueAllows(mode, action, false) === true;
        const postOnly = venueAllows(mode, action, true) === true;
        expect(`${mode} ${action} ${plain ? "+" : postOnly ? "p" : "-"}`).toBe(
          `${mode} ${action} ${cells[i]!}`,
        );
      });
    }
  });

  it("say why not", () => {
    expect(venueAllows("POST_ONLY", "entry", false)).toEqual({ denied: "VENUE_POST_ONLY" });
    expect(venueAllows("CANCEL_ONLY", "exit", true)).toEqual({ denied: "VENUE_CANCEL_ONLY" });
    expect(venueAllows("RESTARTING", "exit", true)).toEqual({ denied: "VENUE_RESTARTING" });
    expect(venueAllows("DOWN", "exit", true)).toEqual({ denied: "VENUE_DOWN" });
  });
});
