import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  SYSTEM_INPUTS,
  SYSTEM_STATUSES,
  SYSTEM_SYMBOLS,
  SYSTEM_TABLE,
  systemDiagram,
  SystemMachine,
  type SystemInput,
} from "../../src/trading/index.ts";

const UP: readonly SystemInput[] = ["booted", "checklist_passed", "recovered"];

function system(inputs: readonly SystemInput[], latched = false): SystemMachine {
  const machine = new SystemMachine({ latched });
  for (const input of inputs) expect(machine.apply(input).illegal).toBeUndefined();
  return machine;
}

describe("the system's machine", () => {
  it("boots, checks, recovers and is ready", () => {
    const machine = new SystemMachine();
    expect(machine.status).toBe("BOOT");
    expect(UP.map((input) => machine.apply(input).to)).toEqual(["CHECKLIST", "RECOVERING", "READY"]);
    expect(new SystemMachine().start()).toMatchObject({ from: "BOOT", to: "READY", applied: true });
  });

  it("does not start twice", () => {
    const machine = new SystemMachine();
    machine.start();
    expect(machine.start().illegal).toContain("booted in READY");
    expect(machine.status).toBe("READY");
  });

  it("stops entries, goes on to reductions only, and resumes by an operator", () => {
    const machine = system(UP);
    expect(machine.stopEntries().to).toBe("STOP_ENTRY");
    expect(machine.stopEntries().applied).toBe(false);
    expect(machine.reduceOnly().to).toBe("REDUCE_ONLY");
    expect(machine.stopEntries()).toMatchObject({ to: "REDUCE_ONLY", applied: false });
    expect(machine.resume().to).toBe("READY");
    expect(machine.restriction).toBe("none");
    expect(machine.resume().applied).toBe(false);
  });

  it("is halted by a kill from every state before stopping, and only an operator leads out, through recovery", () => {
    for (const inputs of [
      [],
      UP.slice(0, 1),
      UP.slice(0, 2),
      UP,
      [...UP, "stop_entries"],
      [...UP, "reduce_only"],
    ]) {
      const machine = system(inputs as SystemInput[]);
      expect(machine.kill()).toMatchObject({ to: "HALTED", applied: true });
      expect(machine.latched).toBe(true);
      expect(machine.kill().applied).toBe(false);
      expect(machine.recovered().illegal).toBeDefined();
      expect(machine.resume().to).toBe("RECOVERING");
      expect(machine.latched).toBe(false);
    }
  });

  it("goes to HALTED after a restart when the kill is latched on disk", () => {
    const machine = new SystemMachine({ latched: true });
    expect(machine.start()).toMatchObject({ from: "BOOT", to: "HALTED" });
    expect(machine.resume().to).toBe("RECOVERING");
    expect(machine.recovered().to).toBe("READY");
  });

  it("does not let a resume during recovery lift a latched kill unseen", () => {
    const machine = system(["booted", "checklist_passed"], true);
    const change = machine.resume();
    expect([change.applied, change.illegal]).toEqual([false, undefined]);
    expect(machine.recovered().to).toBe("HALTED");
  });

  it("keeps what was stopped before it was ready, and through a kill", () => {
    expect(system(["stop_entries", ...UP]).status).toBe("STOP_ENTRY");
    expect(system(["booted", "reduce_only", "checklist_passed", "recovered"]).status).toBe("REDUCE_ONLY");
    const machine = system([...UP, "reduce_only", "kill", "operator_resume", "recovered"]);
    expect(machine.status).toBe("REDUCE_ONLY");
    machine.resume();
    expect(machine.status).toBe("READY");
  });

  it("drains from everywhere, stops, and latches a kill that comes meanwhile", () => {
    for (const status of SYSTEM_STATUSES) {
      const row = SYSTEM_TABLE[status].drain;
      if (status === "DRAINING" || status === "STOPPED") expect(row.kind).toBe("stay");
      else expect(row).toMatchObject({ kind: "move", to: "DRAINING" });
    }
    const machine = system([...UP, "drain"]);
    expect(machine.kill()).toMatchObject({ to: "DRAINING", applied: true });
    expect(machine.resume().to).toBe("DRAINING");
    expect(machine.drained().to).toBe("STOPPED");
    expect(machine.drained().illegal).toBeUndefined();
    expect(machine.latched).toBe(true);
    expect(machine.drain().to).toBe("STOPPED");
    expect(system(UP).drained().illegal).toContain("drained in READY");
  });
});

describe("the system's table", () => {
  it("is complete", () => {
    for (const status of SYSTEM_STATUSES) {
      expect(Object.keys(SYSTEM_TABLE[status]).sort()).toEqual([...SYSTEM_SYMBOLS].sort());
    }
  });

  it("is what the machine does; HALTED is left only by an operator or by stopping", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.constantFrom(...SYSTEM_INPUTS), { maxLength: 40 }),
        (latched, inputs) => {
          const machine = new SystemMachine({ latched });
          const latch = () => machine.latched;
          for (const input of inputs) {
            const before = latch();
            const { from, to, illegal } = machine.apply(input);
            const rows = SYSTEM_SYMBOLS.filter((symbol) => symbol.startsWith(input)).map(
              (symbol) => SYSTEM_TABLE[from][symbol],
            );
            expect(rows.some((row) => (row.kind === "move" ? row.to === to : from === to))).toBe(true);
            if (illegal !== undefined) expect(to).toBe(from);
            if (from === "HALTED" && to !== "HALTED") expect(["operator_resume", "drain"]).toContain(input);
            const lifted = before && !latch();
            if (lifted) expect(input).toBe("operator_resume");
            if (latch()) expect(["READY", "STOP_ENTRY", "REDUCE_ONLY"]).not.toContain(to);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("has its diagram", () => {
    const text = systemDiagram();
    expect(text).toContain("[*] --> BOOT");
    expect(text).toContain("RECOVERING --> HALTED: kill, recovered_latched");
    expect(text).toContain("HALTED --> RECOVERING: operator_resume");
    expect(text).toContain("DRAINING --> STOPPED: drained");
  });
});
