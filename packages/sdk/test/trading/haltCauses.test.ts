import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HALT_CAUSES, MarketTrading, type TradingInput } from "../../src/trading/index.ts";
import type { HaltCause } from "../../src/state/index.ts";
import type { Nanos } from "../../src/units/index.ts";
import { after, anyInput, CAUSES, clear, halt, MARKET, RESUME, run } from "./support.ts";

// The table of the design, by hand.
const EXPECTED: Record<HaltCause, "evidence" | "either" | "both" | "operator"> = {
  connectivity: "evidence",
  stale_book: "evidence",
  gapped_book: "evidence",
  queue_mark: "evidence",
  breaker: "either",
  strategy_fault: "either",
  truth_disputed: "evidence",
  reconcile: "both",
  foreign_order: "both",
  terms_changed: "operator",
  illegal_transition: "operator",
  kill: "operator",
  manual: "operator",
};

const ends = (cause: HaltCause, ...inputs: TradingInput[]) => after(halt(cause), ...inputs).status === "IDLE";

describe.each(Object.entries(EXPECTED) as [HaltCause, (typeof EXPECTED)[HaltCause]][])(
  "%s",
  (cause, rule) => {
    it(`is cleared by ${rule}`, () => {
      expect(ends(cause, clear(cause))).toBe(rule === "evidence" || rule === "either");
      expect(ends(cause, RESUME)).toBe(rule === "operator" || rule === "either");
      expect(ends(cause, clear(cause), RESUME)).toBe(true);
      expect(ends(cause, RESUME, clear(cause))).toBe(true);
    });

    it("starts anew when it is raised again", () => {
      if (rule !== "both") return;
      expect(ends(cause, clear(cause), halt(cause), RESUME)).toBe(false);
      expect(ends(cause, RESUME, halt(cause), clear(cause))).toBe(false);
      expect(ends(cause, clear(cause), halt(cause), RESUME, clear(cause))).toBe(true);
    });
  },
);

it("can be configured so that a breaker or a fault waits for the operator", () => {
  const trading = new MarketTrading(MARKET, { operatorOnly: ["breaker", "connectivity"] });
  run(trading, halt("breaker"), halt("strategy_fault"), halt("connectivity"));
  run(trading, clear("breaker"), clear("strategy_fault"), clear("connectivity"));
  expect([...trading.causes]).toEqual(["breaker"]);
  run(trading, RESUME);
  expect(trading.status).toBe("IDLE");
});

it("says what a resume leaves in force", () => {
  const trading = after(halt("manual"), halt("stale_book"), halt("reconcile"));
  const change = run(trading, RESUME);
  expect(change).toMatchObject({ from: "HALT", to: "HALT", applied: true });
  expect(change.reason).toContain("stale_book until the book is resynced");
  expect(change.reason).toContain("reconcile until two comparisons");
  expect(run(trading, clear("manual")).reason).not.toContain("operator");
  expect(run(after(halt("manual")), clear("manual")).reason).toContain("operator's resume only");
  expect(run(after(halt("reconcile")), clear("reconcile")).reason).toContain("waits for an operator");
});

it("documents every cause", () => {
  expect(Object.keys(HALT_CAUSES).sort()).toEqual(Object.keys(EXPECTED).sort());
  for (const info of Object.values(HALT_CAUSES)) {
    expect(info.summary).toMatch(/\.$/);
    expect(info.evidence.length).toBeGreaterThan(10);
  }
});

describe("over any sequence of inputs", () => {
  it("HALT is left only with an empty set of causes or by RESOLVED, and a cause goes only by its rule", () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (inputs) => {
        const trading = new MarketTrading(MARKET);
        for (const [at, input] of inputs.entries()) {
          const before = new Set(trading.causes);
          const change = trading.apply(input, at as Nanos);
          expect(trading.causes.size > 0).toBe(trading.status === "HALT");
          if (change.to === "RESOLVED") continue;
          for (const cause of before) {
            if (trading.causes.has(cause)) continue;
            const rule = EXPECTED[cause];
            if (rule === "operator" || rule === "both") {
              const resumed = inputs.slice(0, at + 1).some((one) => one.kind === "operator_resume");
              expect(resumed).toBe(true);
              if (rule === "operator") expect(input.kind).toBe("operator_resume");
            }
            if (rule === "evidence") expect(["clear", "own_truth"]).toContain(input.kind);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(CAUSES.filter((cause) => EXPECTED[cause] === "operator" || EXPECTED[cause] === "both"))(
    "%s stays as long as no operator resumes",
    (cause) => {
      fc.assert(
        fc.property(fc.array(anyInput, { maxLength: 40 }), (inputs) => {
          const trading = after(halt(cause));
          for (const [at, input] of inputs.entries()) {
            if (input.kind === "operator_resume") continue;
            trading.apply(input, at as Nanos);
            expect(trading.status === "RESOLVED" || trading.causes.has(cause)).toBe(true);
          }
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe("what is told of a halt", () => {
  const at = (ns: number): Nanos => ns as Nanos;

  it.each(CAUSES)("%s: since when, why, and what clears it", (cause) => {
    const machine = new MarketTrading(MARKET);
    machine.apply({ kind: "halt", cause }, at(5));
    const { summary, evidence, clearedBy } = HALT_CAUSES[cause];
    const clears = {
      evidence,
      evidence_or_operator: `${evidence}, or an operator's resume`,
      evidence_and_operator: `${evidence}, and an operator's resume`,
      operator: "an operator's resume",
    }[clearedBy];
    expect(machine.halts).toEqual([{ cause, since: 5, reason: summary, clearedBy, clears }]);
  });

  it("has the reason that was given, also in the transition, and the first time and reason of many", () => {
    const machine = new MarketTrading(MARKET);
    const change = machine.apply(
      { kind: "halt", cause: "breaker", reason: "3 rejects", until: at(65) },
      at(5),
    );
    expect(change.reason).toBe("a halt cause was raised (breaker: 3 rejects)");
    machine.apply({ kind: "halt", cause: "manual" }, at(6));
    machine.apply({ kind: "halt", cause: "breaker" }, at(7));
    expect(machine.halts).toMatchObject([
      { cause: "breaker", since: 5, reason: "3 rejects", until: 65 },
      { cause: "manual", since: 6 },
    ]);
    machine.apply({ kind: "halt", cause: "breaker", reason: "4 rejects", until: at(70) }, at(8));
    expect(machine.halts[0]).toMatchObject({ since: 5, reason: "4 rejects", until: 70 });
    expect("until" in machine.halts[1]!).toBe(false);
  });

  it("is told with an earlier beginning, where a halt is an earlier run's", () => {
    const machine = new MarketTrading(MARKET);
    machine.apply(
      { kind: "halt", cause: "breaker", reason: "before", since: at(-100), until: at(50) },
      at(5),
    );
    expect(machine.halts).toMatchObject([{ since: -100, until: 50, reason: "before" }]);
  });

  it("begins anew once it was cleared, and is nothing when there is none", () => {
    const machine = new MarketTrading(MARKET);
    machine.apply({ kind: "halt", cause: "breaker", reason: "first" }, at(5));
    machine.apply({ kind: "clear", cause: "breaker" }, at(6));
    expect(machine.halts).toEqual([]);
    machine.apply({ kind: "halt", cause: "breaker" }, at(9));
    expect(machine.halts).toMatchObject([{ since: 9, reason: HALT_CAUSES.breaker.summary }]);
  });

  it("says which rule is in force where an operator has to end what a cool-down would", () => {
    const machine = new MarketTrading(MARKET, { operatorOnly: ["breaker"] });
    machine.apply({ kind: "halt", cause: "breaker" }, at(5));
    machine.apply({ kind: "halt", cause: "strategy_fault" }, at(5));
    expect(machine.halts).toMatchObject([
      { clearedBy: "operator", clears: "an operator's resume" },
      { clearedBy: "evidence_or_operator" },
    ]);
  });
});
