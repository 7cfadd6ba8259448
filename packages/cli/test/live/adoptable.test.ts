import type { PolymarketGateway } from "@matchpoint/adapters-polymarket";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  checkEvent,
  parseConfig,
  SystemClock,
  type CarriedAccount,
  type MarketDescription,
  type OpenOrder,
  type RebuiltAccount,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { adoptable, type Adoptable } from "../../src/live/adoptable.ts";

const MARKET = {
  marketId: "m1",
  title: "A vs B",
  outcomes: [
    { tokenId: "1001", name: "A" },
    { tokenId: "1002", name: "B" },
  ],
  tick: 100,
  minSize: 5_000_000,
  takerDelayMs: 0,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: false,
} as unknown as MarketDescription;

it("takes over a resting order that was filled in part before", async () => {
  const order = {
    ...{ orderId: "0xabc", marketId: "m1", outcome: 0, side: "buy", price: 4_000 },
    ...{ size: 20_000_000, matched: 5_000_000 },
  } as unknown as OpenOrder;
  const position = { marketId: "m1", outcome: 0, matched: 5_000_000, settled: 5_000_000 };
  const gateway = {
    capabilities: createPaperBroker({ runId: "adopt", seed: 1 }).capabilities,
    tradesFromNow: () => "1",
    fetchBalances: () => Promise.resolve({ collateral: 100_000_000 }),
    fetchTrades: () => Promise.resolve({ trades: [], cursor: "1" }),
    fetchPositions: () => Promise.resolve([position]),
    fetchOpenOrders: () => Promise.resolve([order]),
  } as unknown as PolymarketGateway;
  const nowhere = { clob_url: "http://127.0.0.1:9", user_url: "ws://127.0.0.1:9" };
  const { items, journal } = await adoptable({
    config: parseConfig({ execution: nowhere }),
    markets: [MARKET],
    gateway,
    carried: undefined,
    account: "test",
    runId: "adopt",
    clock: new SystemClock(),
  });
  expect(items.map(({ adoption }) => adoption.kind)).toEqual(["order", "position"]);
  const rebuilder = new AccountRebuilder();
  for (const [event] of journal) rebuilder.take(checkEvent(JSON.parse(JSON.stringify(event))));
  const { open, held } = rebuilder.account(Date.now());
  expect(open.map(({ orderId }) => orderId)).toEqual(["0xabc"]);
  expect(held).toEqual(["m1"]);
});

it.each([
  [true, 500_000, "rebate", [100_000_000, 500_000]],
  [false, 500_000, "cash", [100_500_000, 0]],
  [true, -500_000, "cash", [99_500_000, 0]],
] as const)("with rebates %s books %d micro-dollars as %s", async (rebates, more, kind, expected) => {
  let collateral = 100_000_000;
  const gateway = {
    capabilities: createPaperBroker({ runId: "adopt", seed: 1 }).capabilities,
    tradesFromNow: () => "1",
    fetchBalances: () => Promise.resolve({ collateral }),
    fetchTrades: () => Promise.resolve({ trades: [], cursor: "1" }),
    fetchPositions: () => Promise.resolve([]),
    fetchOpenOrders: () => Promise.resolve([]),
  } as unknown as PolymarketGateway;
  const common = {
    config: parseConfig({}),
    markets: [MARKET],
    gateway,
    account: "test",
    clock: new SystemClock(),
  };
  const account = ({ journal }: Adoptable): RebuiltAccount => {
    const rebuilder = new AccountRebuilder();
    for (const [event] of journal) rebuilder.take(checkEvent(JSON.parse(JSON.stringify(event))));
    return rebuilder.account(Date.now());
  };
  const carried = account(await adoptable({ ...common, carried: undefined, runId: "first" }));
  collateral += more;
  const found = await adoptable({ ...common, carried, runId: "second", rebates });
  expect(found.items.map(({ adoption }) => adoption)).toEqual([{ kind, amount: more }]);
  expect(found.items[0]!.what.endsWith("; makers' rebates")).toBe(kind === "rebate");
  const { adoption, cash } = account(found);
  const { ledger } = adoption.state as CarriedAccount;
  expect(cash).toBe(collateral);
  expect([ledger.deposits, ledger.rebatesReceived ?? 0]).toEqual(expected);
});
