import { expect, it } from "vitest";
import type { HistoryEntry } from "../../src/torture/history.ts";
import { Dice } from "../../src/torture/kernel/dice.ts";
import { Ground } from "../../src/torture/kernel/ground.ts";
import { SimTime } from "../../src/torture/kernel/simTime.ts";
import { Host, Life } from "../../src/torture/program/life.ts";
import type { History } from "../../src/torture/record.ts";

const entry = (kind: string): HistoryEntry => ({ kind, seq: 0, at: 0 }) as unknown as HistoryEntry;

function calmGround(): Ground {
  const ground = new Ground(new SimTime(), new Dice(1, {}), 0);
  ground.history = { add: () => undefined } as unknown as History;
  return ground;
}

it("counts what was injected when its effect is seen, and each once", () => {
  const ground = calmGround();
  for (let n = 0; n < 2; n++) ground.injected("clock_step", ({ kind }) => kind === "clock");
  ground.injected("second_bot", ({ kind }) => kind === "venue_order");
  expect([...ground.effects]).toEqual([]);
  ground.look(entry("clock"));
  ground.look(entry("clock"));
  expect([...ground.effects]).toEqual([["clock_step", 2]]);
});

it("counts a host that does nothing when something has to wait for it", () => {
  const ground = calmGround();
  const host = new Host();
  const life = new Life(ground, host, 1, "a", 1);
  host.stall(ground.time.now, 1_000);
  expect(ground.effects.has("loop_stall")).toBe(false);
  let heard = 0;
  for (let n = 0; n < 2; n++) life.gate(() => (heard += 1));
  expect([heard, ground.effects.get("loop_stall")]).toEqual([0, 1]);
  while (ground.time.step());
  expect([heard, ground.effects.get("loop_stall")]).toEqual([2, 1]);
});
