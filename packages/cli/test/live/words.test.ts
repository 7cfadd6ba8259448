import type { Core, Nanos, Order } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { endDoubt } from "../../src/live/words.ts";

/** The end of a run at 100 s, with so many orders open and orders gone unseen that were made at these seconds. */
function end(
  status: string,
  openCount: number,
  ...goneAt: readonly number[]
): Pick<Core, "orders" | "system" | "now"> {
  const goneUnseen = (since: Nanos): readonly Order[] =>
    goneAt.filter((at) => at * 1e9 >= since).map((at) => ({ createdAt: at * 1e9 }) as Order);
  return { now: 100e9, system: { status }, orders: { openCount, goneUnseen } } as never;
}

describe("the doubt at the end of a live run", () => {
  it("is none when it stopped clean", () => {
    expect(endDoubt(end("STOPPED", 0, 90))).toBeUndefined();
  });

  it("is about orders that are open, about those that may still come, or about the venue's silence", () => {
    expect(endDoubt(end("DRAINING", 2, 90))).toMatch(/^2 orders may still be open at the venue/);
    expect(endDoubt(end("DRAINING", 0, 24, 26, 90))).toBe(
      "2 orders never had an answer and may still come to the venue until 75 s after being made.",
    );
    expect(endDoubt(end("DRAINING", 0, 24))).toMatch(/did not say, twice in a row, that no order is open/);
  });
});
