import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { longTimer } from "../../packages/cli/src/longTimer.ts";

const DAY_MS = 86_400_000;

describe("a long timer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([1, 24 * DAY_MS, 2_147_483_647, 2_147_483_648, 30 * DAY_MS, 365 * DAY_MS])(
    "rings after %d ms, once",
    (ms) => {
      let rings = 0;
      longTimer(ms, () => (rings += 1));
      vi.advanceTimersByTime(ms - 1);
      expect(rings).toBe(0);
      vi.advanceTimersByTime(1);
      expect(rings).toBe(1);
      vi.advanceTimersByTime(60 * DAY_MS);
      expect(rings).toBe(1);
    },
  );

  it("does not ring once it is cancelled, whenever that is", () => {
    let rings = 0;
    const cancels = [longTimer(30 * DAY_MS, () => (rings += 1)), longTimer(30 * DAY_MS, () => (rings += 1))];
    cancels[0]!();
    vi.advanceTimersByTime(29 * DAY_MS);
    cancels[1]!();
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(rings).toBe(0);
  });
});
