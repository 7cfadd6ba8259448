// Processes that are killed at any moment and started again. A thousand kills, or one world alone:
//   MATCHPOINT_KILLS=1000 npx vitest run tests/runtime/venue/mortal.test.ts
//   MATCHPOINT_SEED=76 npx vitest run tests/runtime/venue/mortal.test.ts
// Processes that are stopped while they merge, a hundred of them:
//   MATCHPOINT_CAUGHT=100 npx vitest run tests/runtime/venue/mortal.test.ts -t "ends only"
import { compare, expectedAccount, type Dust, type Shares, type Usdc } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { carriedBy, Life, MortalWorld } from "./mortalRun.ts";

const WANTED = Number(process.env["MATCHPOINT_KILLS"] ?? "40");
const FIRST = Number(process.env["MATCHPOINT_SEED"] ?? "1");
const CAUGHT = Number(process.env["MATCHPOINT_CAUGHT"] ?? "3");
const KILLS = 10;
const EXACT: Dust = { shares: 0 as Shares, cash: 0 as Usdc };
const HOW = {
  lostAnswer: 0.15,
  lostCancel: 0.1,
  lostLook: 0.1,
  repeated: 0.2,
  lateMs: 800,
  comesLateMs: 1_000,
};

/** A world's processes are killed one after the other; the last one ends in good order. */
async function judge(seed: number): Promise<{ fills: number; orders: number }> {
  const world = new MortalWorld(seed, HOW);
  const found = { fills: 0, orders: 0 };
  let life = new Life(world, undefined);
  for (let kill = 0; kill < KILLS; kill++) {
    const until = world.clock.monotonic() + (100 + world.draw() * 14_000) * 1e6;
    while (world.clock.monotonic() < until && !life.ended) await world.step();
    expect({ seed, kill, error: life.error }).toEqual({ seed, kill, error: undefined });
    // An earlier run's trades are never a stranger's, whenever they are confirmed.
    expect({ seed, kill, foreign: life.foreign }).toEqual({ seed, kill, foreign: [] });
    found.fills += life.recovered?.fills ?? 0;
    found.orders += life.recovered?.orders ?? 0;
    const journal = life.kill();
    const down = Math.floor(world.draw() * 100);
    for (let i = 0; i < down; i++) await world.step();
    life = new Life(world, carriedBy(journal, world));
  }
  while (life.recovered === undefined && !life.ended) await world.step();
  for (let i = 0; i < 100; i++) await world.step();
  life.stop();
  while (!life.ended) await world.step();
  expect({ seed, error: life.error }).toEqual({ seed, error: undefined });
  // What is on its way to the chain comes to its end.
  const { core } = life.runtime;
  const { view } = world.broker;
  expect({ seed, open: core.orders.openCount, there: view.openOrders() }).toEqual({
    seed,
    open: 0,
    there: [],
  });
  const venue = {
    positions: view.positions(),
    balances: view.balances(),
    openOrders: view.openOrders(),
    trades: view.trades().trades,
  };
  const { differences, rounding } = compare(expectedAccount(core, venue), venue, EXACT);
  expect({ seed, differences, rounding }).toEqual({ seed, differences: [], rounding: [] });
  expect({ seed, doubled: world.adapter.counts.doubled }).toEqual({ seed, doubled: 0 });
  core.ledger.check();
  return found;
}

it(
  "ends with the venue's account to the micro-dollar, whenever its processes are killed",
  { timeout: 3_600_000 },
  async () => {
    let [fills, orders] = [0, 0];
    for (let seed = FIRST; (seed - FIRST) * KILLS < WANTED; seed++) {
      const found = await judge(seed);
      fills += found.fills;
      orders += found.orders;
    }
    if (WANTED < 40) return;
    // Kills that cost nothing would prove nothing.
    expect(fills).toBeGreaterThan(0);
    expect(orders).toBeGreaterThan(0);
    if (WANTED > 40) console.log(`${WANTED} kills: ${orders} orders taken back, ${fills} fills found`);
  },
);

/** Stops a world's process while a merge is under way and no order is open; `false` when it never came to that. */
async function stoppedWhileMerging(seed: number): Promise<boolean> {
  const none = { lostAnswer: 0, lostCancel: 0, lostLook: 0, repeated: 0, lateMs: 0, comesLateMs: 0 };
  const world = new MortalWorld(seed, none);
  const life = new Life(world, undefined);
  const { core } = life.runtime;
  const merging = (): boolean => core.markets().some(({ chain }) => chain !== undefined);
  const isCaught = (): boolean => merging() && core.orders.openCount === 0;
  for (let i = 0; i < 400 && !isCaught(); i++) await world.step();
  const caught = isCaught();
  life.stop();
  while (!life.ended) await world.step();
  expect({ seed, error: life.error, merging: merging() }).toEqual({ seed, error: undefined, merging: false });
  const { cash } = core.ledger;
  expect({ seed, cash }).toEqual({ seed, cash: world.broker.view.balances().collateral });
  return caught;
}

it("ends only when the merges are over that are under way", { timeout: 3_600_000 }, async () => {
  // Whether a process is ever caught at that moment is its world's chance: none of them is counted on.
  let caught = 0;
  for (let seed = FIRST; caught < CAUGHT && seed < FIRST + 10 * CAUGHT; seed++)
    if (await stoppedWhileMerging(seed)) caught += 1;
  expect(caught).toBe(CAUGHT);
});
