import { describe, expect, it } from "vitest";
import { DEFAULT_CHECKS, DENIAL_CODES } from "../../src/risk/index.ts";
import { MarketTrading } from "../../src/trading/index.ts";
import type { Case } from "./denials/cases.ts";
import { FORM_CASES } from "./denials/form.ts";
import { LIMIT_CASES } from "./denials/limit.ts";
import { STATE_CASES } from "./denials/state.ts";
import { gate, intent, MARKET, view } from "./support.ts";

const CASES: Readonly<Record<string, readonly Case[]>> = { ...FORM_CASES, ...STATE_CASES, ...LIMIT_CASES };

describe.each(Object.entries(CASES))("%s", (code, cases) => {
  it.each(cases.map((one) => [one.name ?? one.detail, one] as const))("%s", (_name, one) => {
    const verdict = gate(one.config).check(one.intent ?? intent(), view(one.world));
    expect(verdict).toMatchObject({ allow: false, code });
    expect(!verdict.allow && verdict.detail).toContain(one.detail);
  });
});

describe("the registry of denial codes", () => {
  it("has a check for every code, but for those that are no check's", () => {
    const checked = new Set(DEFAULT_CHECKS.map((check) => check.code));
    expect(checked.size).toBe(DEFAULT_CHECKS.length);
    const others = Object.keys(DENIAL_CODES).filter((code) => !checked.has(code));
    expect(others).toEqual(["STRATEGY_FAULT", "NO_ORDER_TYPE", "MARKET_NOT_FINAL", "ORDER_RATE", "RUNAWAY"]);
  });

  it("explains every code in full sentences", () => {
    for (const info of Object.values(DENIAL_CODES)) {
      expect(info.summary).toMatch(/^[A-Z].*\.$/s);
      expect(info.clears).toMatch(/^[A-Z].*\.$/s);
    }
  });

  it("reaches MARKET_NOT_FINAL by a redemption that comes too early", () => {
    const denied = new MarketTrading(MARKET).allows("redeem", undefined, {
      finalizingAllowReduce: true,
      haltAllowReduce: true,
    });
    expect(denied).toEqual({ denied: "MARKET_NOT_FINAL" });
  });
});
