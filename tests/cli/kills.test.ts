// A sample; `npm run kills -- 2000 4` kills two thousand of them.
import { expect, it } from "vitest";
import { MortalWorld } from "../../scripts/kills/mortal.ts";

it("loses and doubles nothing when its process is killed at any moment", { timeout: 120_000 }, async () => {
  const world = await MortalWorld.open(1);
  try {
    for (const moment of [0.7, 0.99]) await world.kill(() => moment);
    const { wrong, orders } = await world.end();
    expect(wrong).toEqual([]);
    expect(orders).toBeGreaterThan(3);
  } finally {
    await world.close(false);
  }
});
