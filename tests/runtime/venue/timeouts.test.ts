// POSTs whose answers get lost, by the thousand. 100,000 of them:
//   MATCHPOINT_TIMEOUTS=100000 npx vitest run tests/runtime/venue/timeouts.test.ts
// Orders that come up to 43 seconds after they were sent, seed by seed:
//   MATCHPOINT_LATE_SEEDS=200 npx vitest run tests/runtime/venue/timeouts.test.ts -t "long after"
import { compare, expectedAccount, type Dust, type Shares, type Usdc } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { ordersByIntent, venueRun, type VenueRun } from "./venueRun.ts";

const WANTED = Number(process.env["MATCHPOINT_TIMEOUTS"] ?? "400");
const LATE = Number(process.env["MATCHPOINT_LATE_SEEDS"] ?? "3");
const FIRST = Number(process.env["MATCHPOINT_SEED"] ?? "1");
const EXACT: Dust = { shares: 0 as Shares, cash: 0 as Usdc };
const HOW = {
  lostAnswer: 0.5,
  lostCancel: 0.2,
  lostLook: 0.2,
  repeated: 0.2,
  lateMs: 1_500,
  comesLateMs: 1_500,
};

function differences({ runtime, broker }: VenueRun): unknown {
  const { view } = broker;
  const venue = {
    positions: view.positions(),
    balances: view.balances(),
    openOrders: view.openOrders(),
    trades: view.trades().trades,
  };
  return compare(expectedAccount(runtime.core, venue), venue, EXACT).differences;
}

/** Plays one run and holds what it believes against what the venue did. */
async function judge(
  seed: number,
  how: typeof HOW,
  resume: boolean,
): Promise<{ lost: number; halts: number }> {
  const run = venueRun({ seed, how, forMs: 60_000, everyMs: 800, resume, quietMs: how.comesLateMs + 10_000 });
  let halts = 0;
  run.runtime.on("halt", () => {
    halts += 1;
  });
  await run.play();
  const { runtime, adapter, broker, log } = run;
  const { lost, doubled } = adapter.counts;
  expect({ seed, doubled }).toEqual({ seed, doubled: 0 });
  expect([...ordersByIntent(log).values()].filter((count) => count > 1)).toEqual([]);
  expect({ seed, open: runtime.core.orders.openCount }).toEqual({ seed, open: 0 });
  // Every trade of the venue is counted here, in the state that it has there; every share and micro-dollar agrees.
  expect({ seed, differences: differences(run) }).toEqual({ seed, differences: [] });
  expect(broker.view.openOrders()).toEqual([]);
  runtime.core.ledger.check();
  return { lost: Object.values(lost).reduce((sum, each) => sum + each, 0), halts };
}

it(
  `loses no fill and doubles no order when the answers to POSTs get lost`,
  { timeout: 3_600_000 },
  async () => {
    let seen = 0;
    for (let seed = 1; seen < WANTED; seed++) {
      const { lost, halts } = await judge(seed, HOW, false);
      expect({ seed, halts }).toEqual({ seed, halts: 0 });
      seen += lost;
    }
    if (WANTED > 400) console.log(`${seen} lost answers: 0 double intents, 0 lost fills`);
  },
);

it(
  "counts the fills of orders that come to the venue long after they were given up",
  { timeout: 3_600_000 },
  async () => {
    let halts = 0;
    for (let seed = FIRST; seed < FIRST + LATE; seed++) {
      const found = await judge(seed, { ...HOW, comesLateMs: 40_000 }, true);
      halts += found.halts;
    }
    // Orders that were given up and come after all would show nothing if none of them did.
    expect(halts).toBeGreaterThan(0);
  },
);
