import { expect, it } from "vitest";
import { Dice } from "../../src/torture/kernel/dice.ts";
import { Ground } from "../../src/torture/kernel/ground.ts";
import { SimTime } from "../../src/torture/kernel/simTime.ts";
import { Host, Life } from "../../src/torture/program/life.ts";

/** A program on a host that can do nothing, in a world without faults of its own. */
function onHost() {
  const time = new SimTime();
  const host = new Host();
  const life = new Life(new Ground(time, new Dice(1, {}), 0), host, 1, "a", 1);
  const until = (ms: number): void => {
    time.at(ms * 1e6, () => undefined);
    while (time.now < ms * 1e6 && time.step());
  };
  return { time, host, life, until };
}

it("tells of the longest time that it did nothing since it was asked last, however often it did nothing", () => {
  const { time, host, life, until } = onHost();
  until(1_000);
  host.stall(time.now, 5_000);
  until(7_000);
  // The program waits for an answer all the while, as one that recovers does, and asks only after the second.
  host.stall(time.now, 1_700);
  until(9_000);
  expect(life.stalls.take()).toBe(5_000);
  expect(life.stalls.take()).toBe(0);
  host.stall(time.now, 300);
  until(10_000);
  expect(life.stalls.take()).toBe(300);
});

it("takes a stall in the middle of one for the same, and tells of none before its end", () => {
  const { time, host, life, until } = onHost();
  host.stall(time.now, 2_000);
  until(1_500);
  host.stall(time.now, 1_000);
  expect(life.stalls.take()).toBe(0);
  until(2_500);
  expect(life.stalls.take()).toBe(2_500);
  host.stall(time.now, 4_000);
  until(3_000);
  host.calm(time.now);
  expect(life.stalls.take()).toBe(500);
  expect(life.stalls.take()).toBe(0);
});
