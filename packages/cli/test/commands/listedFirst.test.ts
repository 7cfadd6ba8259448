import { id, NO_FEE, type CoreEvent, type MarketDescription, type Millis } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { listedFirst } from "../../src/commands/listedFirst.ts";

const market = (over: Partial<MarketDescription> = {}): MarketDescription => ({
  marketId: id("0xm"),
  title: "A vs B",
  outcomes: [
    { tokenId: id("1"), name: "A" },
    { tokenId: id("2"), name: "B" },
  ],
  tick: 100 as never,
  minSize: 5_000_000 as never,
  fee: NO_FEE,
  takerDelayMs: 1_000,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: false,
  rules: "the winner",
  ...over,
});

function told(now: MarketDescription, before?: MarketDescription): CoreEvent[] {
  const bus = listedFirst({ markets: [now], matches: [] }, 5 as Millis, before === undefined ? [] : [before]);
  const events: CoreEvent[] = [];
  for (let next = bus.take(); next !== undefined; next = bus.take()) events.push(next);
  return events;
}

it("lists a market as it is when nothing is known of it, or nothing changed that has to be read", () => {
  for (const before of [
    undefined,
    market(),
    market({ takerDelayMs: 3_000, tick: 10 as never }),
    market({ version: 2 }),
  ])
    expect(told(market(), before)).toMatchObject([{ type: "market_listed", market: market() }]);
  const unread = market();
  delete (unread as { rules?: string }).rules;
  expect(told(market(), unread)).toHaveLength(1);
  expect(told(unread, market())).toHaveLength(1);
});

it("tells what became of rules, exchange or neg-risk since the last run as the change that it is", () => {
  const now = market({ rules: "the winner, or 50-50", version: 3, negRisk: true, takerDelayMs: 3_000 });
  expect(told(now, market())).toMatchObject([
    {
      type: "market_listed",
      market: { rules: "the winner", version: 2, negRisk: false, takerDelayMs: 3_000 },
    },
    {
      type: "terms_changed",
      marketId: "0xm",
      terms: { rules: "the winner, or 50-50", version: 3, negRisk: true },
      source: "gamma",
    },
  ]);
  expect(told(market({ version: 3 }), market())[1]).toEqual({
    type: "terms_changed",
    at: 0,
    receivedAt: 5,
    marketId: "0xm",
    terms: { version: 3 },
    source: "gamma",
  });
});
