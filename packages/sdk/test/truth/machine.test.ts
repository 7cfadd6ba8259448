import { describe, expect, it } from "vitest";
import type { TruthStatus } from "../../src/state/index.ts";
import { generateTruthDiagram, isTruthRow, TRUTH_MACHINE, type TruthInput } from "../../src/truth/index.ts";
import { truthTarget } from "../../src/truth/machine.ts";

const inputs = Object.keys(TRUTH_MACHINE.inputs) as TruthInput[];

describe("the truth machine", () => {
  it("says something of every state and input", () => {
    expect(Object.keys(TRUTH_MACHINE.table).sort()).toEqual([...TRUTH_MACHINE.states].sort());
    for (const state of TRUTH_MACHINE.states) {
      expect(Object.keys(TRUTH_MACHINE.table[state]).sort(), state).toEqual([...inputs].sort());
      for (const input of inputs) {
        const cell = TRUTH_MACHINE.table[state][input];
        if ("to" in cell) expect(["last", ...TRUTH_MACHINE.states]).toContain(cell.to);
        else expect(Object.values(cell)[0]!.length, `${state} ${input}`).toBeGreaterThan(10);
      }
    }
  });

  it("leaves final by a retraction or a contradiction only", () => {
    const ways = inputs.filter((input) => {
      const cell = TRUTH_MACHINE.table.final[input];
      return "to" in cell && cell.to !== "final";
    });
    expect(ways.sort()).toEqual(["contradiction", "correction", "remake", "rollback"]);
  });

  it("makes final by the final input only, which no time-out is", () => {
    for (const state of TRUTH_MACHINE.states) {
      for (const input of inputs) {
        const cell = TRUTH_MACHINE.table[state][input];
        if ("to" in cell && cell.to === "final" && state !== "final") expect(input).toBe("final");
      }
    }
    expect(TRUTH_MACHINE.table.effectively_final.wait_expired).toEqual({ to: "effectively_final" });
  });

  it("leaves retracted by restore only", () => {
    expect(inputs.filter((input) => "to" in TRUTH_MACHINE.table.retracted[input])).toEqual(["restore"]);
  });

  it("reaches every state from scheduled", () => {
    const reached = new Set<TruthStatus>(["scheduled"]);
    for (let grew = true; grew;) {
      const before = reached.size;
      for (const state of [...reached]) {
        for (const input of inputs) {
          const cell = TRUTH_MACHINE.table[state][input];
          if ("to" in cell && cell.to !== "last") reached.add(cell.to);
        }
      }
      grew = reached.size > before;
    }
    expect([...reached].sort()).toEqual([...TRUTH_MACHINE.states].sort());
  });

  it("throws for what cannot be, and ignores what may", () => {
    expect(() => truthTarget("final", "void", "live")).toThrow(
      expect.objectContaining({ code: "TRANSITION_ILLEGAL" }),
    );
    expect(truthTarget("final", "progress", "live")).toBeUndefined();
    expect(truthTarget("retracted", "restore", "paused")).toBe("paused");
    expect(isTruthRow("retracted", "restore", "paused")).toBe(true);
    expect(isTruthRow("retracted", "restore", "final")).toBe(false);
    expect(isTruthRow("final", "void", "void")).toBe(false);
  });

  it("draws itself", () => {
    const diagram = generateTruthDiagram();
    expect(diagram.startsWith("stateDiagram-v2\n  [*] --> scheduled\n")).toBe(true);
    expect(diagram).toContain("  live --> paused: pause, end, postpone\n");
    expect(diagram).toContain("  final --> retracted: rollback, remake, correction\n");
    expect(diagram).toContain("  not_played --> scheduled: reopen\n");
    expect(diagram).not.toContain("final --> void");
  });
});
