import { describe, expect, it } from "vitest";
import type { HistoryEntry } from "../../src/torture/history.ts";
import type { FaultKind } from "../../src/torture/kernel/faults.ts";
import { drawPlan } from "../../src/torture/kernel/swarm.ts";
import { tortureSeed } from "../../src/torture/run.ts";

/** The entries of the first run with nothing but one fault in which it takes effect. */
async function firstWith(kind: FaultKind): Promise<readonly HistoryEntry[]> {
  for (let seed = 1; seed < 1_000; seed++) {
    if (drawPlan(seed)[kind] === undefined) continue;
    const entries: HistoryEntry[] = [];
    const onEntry = (entry: HistoryEntry): void => void entries.push(entry);
    const { faults, violations } = await tortureSeed(seed, { only: [kind], onEntry });
    expect(violations).toEqual([]);
    if (faults[kind] !== undefined) return entries;
  }
  throw new RangeError(`no run shows ${kind}`);
}

/** What strategies that run apart have answered, with what the core did on it. */
function replies(entries: readonly HistoryEntry[]): {
  readonly failed: string[];
  readonly placed: number;
  readonly halted: number;
  readonly released: number;
} {
  const failed: string[] = [];
  let [placed, halted, released] = [0, 0, 0];
  for (const entry of entries) {
    if (entry.kind !== "step") continue;
    for (const effect of entry.effects)
      if (effect.type === "transition" && effect.to === "STRATEGY_RUNNING") released += 1;
    if (entry.event.type !== "strategy_reply") continue;
    if (entry.event.failed !== undefined) failed.push(entry.event.failed);
    for (const effect of entry.effects) {
      if (effect.type === "place") placed += 1;
      if (effect.type === "alarm" && effect.code === "STRATEGY_HALTED") halted += 1;
    }
  }
  return { failed, placed, halted, released };
}

describe("a strategy that runs apart", () => {
  it.each([
    ["worker_late", /^on\w+ did not end within 100 ms$/],
    ["worker_dies", /^its worker ended by itself with code 1$/],
  ] as const)(
    "trades by its replies until %s halts it, and again when a person lets it",
    async (kind, why) => {
      const { failed, placed, halted, released } = replies(await firstWith(kind));
      expect(placed).toBeGreaterThan(0);
      expect(failed[0]).toMatch(why);
      expect(halted).toBeGreaterThan(0);
      expect(released).toBeGreaterThan(0);
    },
  );
});

describe("what is seen of a fault", () => {
  it("is orders in a market that was not there when the run began", async () => {
    const entries = await firstWith("late_market");
    const listed = entries.filter((entry) => entry.kind === "market" && entry.at > 0);
    const late = entries.filter(
      (entry) =>
        entry.kind === "post" &&
        listed.some((each) => each.kind === "market" && each.market.marketId === entry.intent.marketId),
    );
    expect(listed.length).toBeGreaterThan(0);
    expect(late.length).toBeGreaterThan(0);
    expect(late[0]!.at).toBeGreaterThan(listed[0]!.at);
  });

  it("is a market that is halted by a dispute, and let go by a person after it", async () => {
    const entries = await firstWith("oracle_dispute");
    const moves = entries.flatMap((entry) =>
      entry.kind === "step"
        ? entry.effects.flatMap((effect) =>
            effect.type === "transition" &&
            effect.machine === "trading" &&
            entry.event.type === "terms_changed"
              ? [`${effect.to}: ${effect.reason}`]
              : [],
          )
        : [],
    );
    expect(moves.join()).toContain("HALT");
    expect(moves.join()).toContain("disputed at the venue's oracle");
  });
});
