import type { RunSummary } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { paperLines } from "../../src/report/paperLines.ts";

const account = (name: "optimistic" | "base" | "pessimistic", model: string, pnl: number) =>
  ({ name, model, fills: 3, makerFills: 2, pnl }) as NonNullable<RunSummary["scenarios"]>["accounts"][number];
const ACCOUNTS = [
  account("optimistic", "touch", 5e6),
  account("base", "queue", 2e6),
  account("pessimistic", "worst_queue", -1e6),
];
const text = (summary: Partial<RunSummary>): string => paperLines(summary as RunSummary, 120, 120).join("\n");

describe("what a paper account rests on", () => {
  it("has the three cases side by side, and the verdict when the sign changes", () => {
    const shown = text({ scenarios: { accounts: ACCOUNTS, verdict: "no-deploy" } });
    expect(shown).toMatch(/optimistic: always first +touch +3 +2 +\+\$5\.00/);
    expect(shown).toMatch(/base: this run +queue +3 +2 +\+\$2\.00/);
    expect(shown).toMatch(/pessimistic: always last +worst_queue +3 +2 +-\$1\.00/);
    expect(shown).toContain("Verdict: NO-DEPLOY");
    expect(text({ scenarios: { accounts: ACCOUNTS, verdict: "same-sign" } })).not.toContain("NO-DEPLOY");
    expect(text({ scenarios: { accounts: ACCOUNTS, verdict: "no-fills" } })).toBe("");
  });

  it("names every part of the venue that was off, and says so when none was", () => {
    const part = (name: string, state: "on" | "off") => ({ part: name, state, detail: "" });
    expect(text({ realism: [part("queue", "on"), part("restarts", "on")] })).toBe("Realism: all 2 parts on");
    expect(text({ realism: [part("queue", "on"), part("restarts", "off"), part("latency", "off")] })).toBe(
      "Realism: 2 of 3 parts OFF: restarts, latency; what they cost is not in the P&L",
    );
    expect(text({})).toBe("");
  });
});
