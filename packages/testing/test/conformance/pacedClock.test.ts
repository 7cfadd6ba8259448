import { NANOS_PER_MS } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { PacedClock } from "../../src/index.ts";

const real = (ms: number) =>
  new Promise<void>((done) => {
    setTimeout(done, ms);
  });
const ms = (clock: PacedClock): number => clock.monotonic() / NANOS_PER_MS;

/** Keeps the process from doing anything else, as a busy machine does. */
function block(forMs: number): void {
  const end = performance.now() + forMs;
  while (performance.now() < end);
}

describe("the paced clock", () => {
  it("passes faster than real time, and calls in the order in which things come due", async () => {
    const clock = new PacedClock(1_000);
    const called: string[] = [];
    await new Promise<void>((done) => {
      clock.after(30_000, () => {
        called.push("late");
        done();
      });
      clock.after(10_000, () => called.push("first"));
      const cancel = clock.after(15_000, () => called.push("cancelled"));
      clock.after(10_000, () => {
        called.push("second");
        cancel();
        clock.after(5_000, () => called.push("set on the way"));
      });
    });
    expect(called).toEqual(["first", "second", "set on the way", "late"]);
    expect(ms(clock)).toBeGreaterThanOrEqual(30_000);
    expect(clock.wall()).toBeGreaterThan(Date.UTC(2031, 0, 1));
  });

  it("does not jump over what a stalled process could not do", async () => {
    const clock = new PacedClock(100);
    let expired = false;
    clock.after(20_000, () => (expired = true));
    await real(5);
    const before = ms(clock);
    block(500);
    expect(ms(clock) - before).toBeLessThan(5_000);
    await real(0);
    expect(expired).toBe(false);
  });

  it("lets time pass while nobody waits, and never runs back", async () => {
    const clock = new PacedClock(100);
    const before = ms(clock);
    await real(50);
    expect(ms(clock) - before).toBeGreaterThan(4_000);
    let last = ms(clock);
    clock.after(1_000, () => undefined);
    for (let i = 0; i < 1_000; i++) {
      const now = ms(clock);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });
});
