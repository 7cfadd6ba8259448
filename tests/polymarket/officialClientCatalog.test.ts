import {
  createGammaCatalog,
  createMarketFeed,
  listingFacts,
  decodeGammaEvent,
  type Refused,
} from "@matchpoint/adapters-polymarket";
import { createVenue, venueAdmin, venueTransport } from "@matchpoint/paper-venue";
import {
  MarketBook,
  VirtualClock,
  type BookEvent,
  type MarketDescription,
  type MarketEvent,
  type Millis,
} from "@matchpoint/sdk";
import { expect, test } from "vitest";

const START = 1_790_000_000_000 as Millis;

function setUp(liquidity: "agents" | "none" = "agents") {
  const clock = new VirtualClock({ startsAt: START });
  const venue = createVenue({ seed: 4, wallStart: START, liquidity });
  const transport = venueTransport(venue, clock, { latencyMs: 20 });
  return { clock, venue, transport };
}

/** Lets virtual time pass while promises settle. */
async function pass(clock: VirtualClock, ms: number, step = 20): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(step);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

async function catalogOf(query: Parameters<typeof createGammaCatalog>[0]["query"], set = setUp()) {
  const refused: Refused[] = [];
  const events: MarketEvent[] = [];
  const catalog = createGammaCatalog({
    transport: set.transport,
    clock: set.clock,
    query,
    onRefused: (each) => refused.push(each),
  });
  const state = { over: false };
  const reading = (async () => {
    for await (const event of catalog.markets({ signal: new AbortController().signal })) events.push(event);
    state.over = true;
  })();
  while (!state.over) await pass(set.clock, 100);
  await reading;
  return { ...set, refused, events };
}

test("the catalog lists the venue's world by tag, at production's own addresses", async () => {
  const { venue, events, refused } = await catalogOf({ tagId: 64 });
  expect(refused).toEqual([]);
  const listed = events.flatMap((each) => (each.type === "market_listed" ? [each.market] : []));
  expect(listed).toHaveLength(venue.markets().length);
  for (const market of listed) {
    expect(market).toEqual({ ...venue.market(market.marketId), version: 2, makerRebatePpm: 150_000 });
  }
});

test("the event's facts are read as a match with its games", async () => {
  const { venue } = setUp();
  let body = "";
  venue.request(
    { id: "1", method: "GET", path: "/gamma/events/keyset", query: "tag_id=65", headers: {}, body: "" },
    0 as never,
  );
  venue.advance(0 as never, (effect) => {
    if (effect.kind === "response") body = effect.body;
  });
  const [record] = (JSON.parse(body) as { events: unknown[] }).events;
  const event = decodeGammaEvent(record);
  if (event.kind === "refused") throw new Error(event.reason);
  const facts = event.markets.map((market) => (market.kind === "refused" ? market : listingFacts(market)));
  expect(facts.map((each) => each.kind)).toEqual(Array.from({ length: 6 }, () => "facts"));
  expect(facts[0]).toMatchObject({ title: "lol", teams: ["T1", "Gen.G"], bestOf: 5, game: undefined });
  expect(facts[3]).toMatchObject({ game: 3 });
});

test("a resolution is seen as one", async () => {
  const set = setUp("none");
  const { conditionId } = set.venue.markets()[0]!;
  venueAdmin(set.venue, set.clock, { do: "resolve", market: conditionId, outcome: "50-50" });
  const { events } = await catalogOf({ conditionIds: [conditionId as never] }, set);
  expect(events.find((each) => each.type === "market_resolution")).toMatchObject({
    payouts: [500_000, 500_000],
  });
});

test("the market feed follows a quoted market for minutes, through a freeze and a lost socket, and has its book", async () => {
  const { clock, venue, transport } = setUp();
  const description = venue.market(venue.markets()[0]!.conditionId as never) as MarketDescription;
  const feed = createMarketFeed({ transport, clock, markets: [description], random: () => 0.5 });
  const book = new MarketBook(description);
  const controller = new AbortController();
  const seen = new Map<string, number>();
  const reading = (async () => {
    for await (const event of feed.events({
      tokens: description.outcomes.map(({ tokenId }) => tokenId),
      signal: controller.signal,
    })) {
      seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
      if ("marketId" in event && event.type !== "market_resolved_hint") book.apply(event as BookEvent);
    }
  })();
  const check = () => {
    const truth = venue.exchange.book(description.marketId, 0);
    expect(book.status).toBe("live");
    expect([book.bid(0), book.ask(0)]).toEqual([truth.bids[0]?.price ?? 0, truth.asks[0]?.price ?? 10_000]);
  };
  // A little after each round of quotes everything has arrived.
  const settled = async () => {
    for (;;) {
      const due = venue.nextDue()!;
      if (due - clock.monotonic() > 400e6) return;
      await pass(clock, 20);
    }
  };
  await pass(clock, 20_000);
  await settled();
  check();
  venueAdmin(venue, clock, { do: "fault", kind: "market_freeze", durationMs: 5_000 });
  await pass(clock, 6_000);
  venueAdmin(venue, clock, { do: "disconnect", channel: "market" });
  await pass(clock, 20_000);
  await settled();
  check();
  expect(feed.stats.quarantined).toBe(0);
  expect(feed.stats.reconnects).toBeGreaterThan(0);
  expect(seen.get("book_delta")).toBeGreaterThan(20);
  expect(seen.get("market_trade") ?? 0).toBeGreaterThan(0);
  controller.abort();
  await pass(clock, 2_000);
  await reading;
});
