import type { Core } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { proveNone } from "../../src/control/killProof.ts";

/** A core of which only the count of open orders and the kill are looked at. */
function fake(openCount: number, latched = true): { core: Core; set: (open: number) => void } {
  const state = { openCount };
  const core = { orders: state, system: { latched, status: latched ? "HALTED" : "READY" } };
  return {
    core: core as unknown as Core,
    set: (open) => {
      state.openCount = open;
    },
  };
}

describe("the proof of a kill", () => {
  // Not a measure of speed.
  const fast = { apartMs: 5, withinMs: 20_000, cancelAll: () => Promise.resolve() };

  it("takes two looks in a row that find nothing, here and there", async () => {
    const answers = [2, 0, 1, 0, 0];
    const { core } = fake(0);
    const look = (): Promise<number> => Promise.resolve(answers.shift() ?? 0);
    const report = await proveNone({ ...fast, core, look });
    expect(report).toMatchObject({ proven: true, open: 0 });
    expect(answers).toEqual([]);
  });

  it("is none while an order is on its way here, though the venue lists none", async () => {
    const { core, set } = fake(1);
    setTimeout(() => {
      set(0);
    }, 120);
    const report = await proveNone({ ...fast, core, look: () => Promise.resolve(0) });
    expect(report).toMatchObject({ proven: true, openBefore: 1 });
    expect(report.ms).toBeGreaterThanOrEqual(100);
  });

  it("is none when the venue does not answer, and says so in time", async () => {
    const { core } = fake(0);
    const silent = await proveNone({
      ...fast,
      withinMs: 200,
      core,
      look: () => new Promise<number>(() => undefined),
    });
    expect(silent).toMatchObject({ proven: false, open: undefined, trouble: "the venue does not answer" });
    expect(silent.ms).toBeLessThan(5_000);
    const broken = await proveNone({
      ...fast,
      withinMs: 200,
      core,
      look: () => Promise.reject(new TypeError("no route")),
    });
    expect(broken).toMatchObject({ proven: false, trouble: "no route" });
  });

  it("is none for a run that was not killed, and asks the venue to cancel what its own cancels left", async () => {
    let asked = 0;
    const report = await proveNone({
      core: fake(0, false).core,
      look: () => Promise.resolve(4),
      cancelAll: async () => (asked += 1),
      apartMs: 5,
      withinMs: 600,
    });
    expect(report).toMatchObject({ proven: false, open: 4 });
    expect(asked).toBe(1);
  });
});
