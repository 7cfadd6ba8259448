import {
  id,
  isMatchpointError,
  MatchpointError,
  SystemClock,
  VirtualClock,
  type MarketEvent,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  createGammaCatalog,
  fetchClobMarket,
  type GammaCatalogOptions,
  type Refused,
} from "../../src/index.ts";
import { clobMarket, FakeRest, gammaMarket } from "../support/gamma.ts";
import { NO, YES } from "../support/markets.ts";

const SLUG = "cs2-faze-ill-2026-04-05";
const event = (markets: unknown[], changes = {}) => ({
  id: "9",
  slug: SLUG,
  title: "t",
  markets,
  ...changes,
});

function setUp(options: Partial<GammaCatalogOptions> = {}) {
  const rest = new FakeRest();
  const clock = new VirtualClock();
  const refused: Refused[] = [];
  const controller = new AbortController();
  const catalog = createGammaCatalog({
    transport: rest,
    clock,
    query: { eventSlugs: [SLUG] },
    retryMs: 0,
    onRefused: (each) => refused.push(each),
    ...options,
  });
  return { rest, clock, refused, controller, catalog };
}
async function all(set: ReturnType<typeof setUp>): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const each of set.catalog.markets({ signal: set.controller.signal })) events.push(each);
  return events;
}
async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return isMatchpointError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

describe("a catalog", () => {
  it("lists an event's markets as the CLOB has them", async () => {
    const set = setUp({ subjectOf: () => ({ kind: "series", matchId: id("m1"), teamOf: [0, 1] }) });
    set.rest.answers.set(
      `/events/slug/${SLUG}`,
      event([gammaMarket(), gammaMarket({ id: "2", clobTokenIds: null })]),
    );
    set.rest.answers.set("/clob-markets/0x202a", clobMarket());
    expect(await all(set)).toMatchObject([
      {
        type: "market_listed",
        market: {
          marketId: "0x202a",
          tick: 100,
          takerDelayMs: 1_000,
          subject: { kind: "series", matchId: "m1" },
        },
      },
    ]);
    expect(set.refused).toEqual([{ kind: "refused", id: "2", reason: "it has no clobTokenIds yet" }]);
  });

  it("goes by Gamma where the CLOB does not know a market yet, and trades none whose tokens are disputed", async () => {
    const set = setUp();
    set.rest.answers.set(`/events/slug/${SLUG}`, event([gammaMarket()]));
    expect(await all(set)).toMatchObject([{ market: { tick: 10, acceptingOrders: true } }]);
    expect(set.refused[0]?.reason).toBe("the CLOB does not know it (yet)");
    const other = setUp();
    other.rest.answers.set(`/events/slug/${SLUG}`, event([gammaMarket()]));
    other.rest.answers.set(
      "/clob-markets/0x202a",
      clobMarket({
        t: [
          { t: YES, o: "a" },
          { t: "7", o: "b" },
        ],
      }),
    );
    expect(await all(other)).toMatchObject([{ market: { acceptingOrders: false } }]);
    expect(other.refused[0]?.reason).toContain("do not name the same market and tokens");
  });

  it("goes on by the CLOB's last word when it does not know a market for once", async () => {
    const set = setUp({ pollMs: 1_000 });
    const listed = (changes = {}) =>
      set.rest.answers.set(`/events/slug/${SLUG}`, event([gammaMarket(changes)]));
    const events: MarketEvent[] = [];
    const done = (async () => {
      for await (const each of set.catalog.markets({ signal: set.controller.signal })) events.push(each);
    })();
    const poll = async () => {
      for (let i = 0; i < 60; i++) await Promise.resolve();
      set.clock.advance(1_000);
      for (let i = 0; i < 60; i++) await Promise.resolve();
    };
    listed();
    set.rest.answers.set("/clob-markets/0x202a", clobMarket());
    await poll();
    listed({ question: "FaZe vs illwill" });
    set.rest.answers.delete("/clob-markets/0x202a");
    await poll();
    listed({ question: "FaZe vs illwill", acceptingOrders: false });
    await poll();
    set.rest.answers.set("/clob-markets/0x202a", clobMarket({ mts: 0.001 }));
    await poll();
    set.controller.abort();
    await done;
    const told = events.map((each) =>
      each.type === "market_listed"
        ? [each.market.title, each.market.tick, each.market.fee?.ratePpm, each.market.acceptingOrders]
        : each.type === "terms_changed" && each.terms,
    );
    expect(told).toEqual([
      [expect.stringContaining("FaZe"), 100, 50_000, true],
      ["FaZe vs illwill", 100, 50_000, true],
      { acceptingOrders: false },
      { acceptingOrders: true, tick: 10 },
    ]);
  });

  it("reads single markets, and a tag page by page", async () => {
    const set = setUp({
      refine: false,
      query: {
        marketSlugs: ["one", "none"],
        tagId: 64,
        startsFrom: "2026-04-05T00:00:00Z",
        startsTo: "2026-04-06T00:00:00Z",
      },
      filter: (market) => market.details.sportsMarketType === "moneyline",
    });
    const market = (n: number, changes = {}) =>
      gammaMarket({ id: String(n), conditionId: `0x${n}`, clobTokenIds: `["${n}1","${n}2"]`, ...changes });
    set.rest.answers.set("/markets/slug/one", market(1));
    const base =
      "/events/keyset?tag_id=64&closed=false&start_time_min=2026-04-05T00:00:00Z&start_time_max=2026-04-06T00:00:00Z&limit=100";
    set.rest.answers.set(base, {
      events: [event([market(2), market(3, { sportsMarketType: "totals" })])],
      next_cursor: "c2",
    });
    set.rest.answers.set(`${base}&after_cursor=c2`, { events: [{ id: 5 }, event([market(4)])] });
    const events = await all(set);
    expect(events.map((each) => (each.type === "market_listed" ? each.market.marketId : each.type))).toEqual([
      "0x1",
      "0x2",
      "0x4",
    ]);
    expect(set.refused.map((each) => each.reason)).toEqual([
      "Gamma knows no such slug among its markets",
      "id: Invalid input: expected string, received number",
    ]);
  });

  it("tells a resolution after the listing, once, and never an unclear one", async () => {
    const set = setUp();
    const closed = { closed: true, umaResolutionStatus: "resolved" };
    set.rest.answers.set(
      `/events/slug/${SLUG}`,
      event([
        gammaMarket({ ...closed, outcomePrices: '["0.5","0.5"]' }),
        gammaMarket({
          ...closed,
          id: "2",
          conditionId: "0x2",
          clobTokenIds: '["1","2"]',
          outcomePrices: '["0","0"]',
        }),
      ]),
    );
    expect(await all(set)).toMatchObject([
      { type: "market_listed", market: { marketId: "0x202a", acceptingOrders: false } },
      { type: "market_resolution", marketId: "0x202a", payouts: [500_000, 500_000], source: "gamma" },
      { type: "market_listed", market: { marketId: "0x2" } },
    ]);
    expect(set.refused).toEqual([
      { kind: "refused", id: "0x2", reason: 'outcomePrices "0, 0" are no payout' },
    ]);
    expect(set.rest.calls).toEqual([`/events/slug/${SLUG}`]);
  });

  it("asks for markets by condition id, open and closed, and no more for one that is resolved", async () => {
    const set = setUp({ query: { conditionIds: [id("0x202a")] }, refine: false, pollMs: 1_000 });
    const [open, closed] = [false, true].map(
      (each) => `/markets/keyset?condition_ids=0x202a&closed=${each}&limit=100`,
    ) as [string, string];
    set.rest.answers.set(open, { markets: [] });
    set.rest.answers.set(closed, {
      markets: [gammaMarket({ closed: true, umaResolutionStatus: "resolved", outcomePrices: '["1","0"]' })],
    });
    const events: MarketEvent[] = [];
    const done = (async () => {
      for await (const event of set.catalog.markets({ signal: set.controller.signal })) events.push(event);
    })();
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 60; j++) await Promise.resolve();
      set.clock.advance(1_000);
    }
    set.controller.abort();
    await done;
    expect(events).toMatchObject([
      { type: "market_listed" },
      { type: "market_resolution", payouts: [1_000_000, 0] },
    ]);
    expect(set.rest.calls).toEqual([open, closed]);
  });

  it("polls, tells only what changed, follows markets that left the listing, and ends on abort", async () => {
    const set = setUp({ query: { tagId: 64 }, pollMs: 1_000 });
    const page = "/events/keyset?tag_id=64&closed=false&limit=100";
    set.rest.answers.set(page, { events: [event([gammaMarket()])] });
    set.rest.answers.set("/clob-markets/0x202a", clobMarket());
    const events = set.catalog.markets({ signal: set.controller.signal })[Symbol.asyncIterator]();
    const next = async () => {
      const pending = events.next();
      for (let i = 0; i < 200; i++) {
        await Promise.resolve();
        if (i % 20 === 19) set.clock.advance(1_000);
      }
      return (await pending).value as MarketEvent;
    };
    expect(await next()).toMatchObject({ type: "market_listed", market: { takerDelayMs: 1_000 } });
    const before = set.rest.calls.length;
    const waiting = events.next();
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 30; j++) await Promise.resolve();
      set.clock.advance(1_000);
    }
    expect(set.rest.calls.slice(before).every((call) => call === page)).toBe(true);
    set.rest.answers.set(page, { events: [] });
    const asked = "/markets/keyset?condition_ids=0x202a&closed=true&limit=100";
    set.rest.answers.set(asked, {
      markets: [gammaMarket({ closed: true, umaResolutionStatus: "resolved", outcomePrices: '["0","1"]' })],
    });
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 30; j++) await Promise.resolve();
      set.clock.advance(1_000);
    }
    expect((await waiting).value).toMatchObject({
      type: "terms_changed",
      terms: { acceptingOrders: false },
    });
    expect(await next()).toMatchObject({ type: "market_resolution", payouts: [0, 1_000_000] });
    const last = events.next();
    for (let i = 0; i < 60; i++) await Promise.resolve();
    set.controller.abort();
    expect((await last).done).toBe(true);
  });

  it("tries again what may pass, and ends with what does not", async () => {
    const set = setUp({ refine: false, clock: new SystemClock() });
    set.rest.answers.set(`/events/slug/${SLUG}`, event([gammaMarket()]));
    set.rest.once.push(new MatchpointError("HTTP_FAILED", "reset"), 503);
    expect(await all(set)).toHaveLength(1);
    set.rest.once.push(429, 500, 502);
    expect(await failure(all(set))).toContain("HTTP_FAILED: ");
    set.rest.once.push(422);
    expect(await failure(all(set))).toContain("HTTP_RESPONSE_INVALID: ");
    set.rest.once.push("<html>");
    expect(await failure(all(set))).toContain("the answer is not JSON");
  });

  it("does not go round in circles", async () => {
    const set = setUp({ query: { tagId: 64 }, refine: false });
    const page = { events: [], next_cursor: "same" };
    set.rest.answers.set("/events/keyset?tag_id=64&closed=false&limit=100", page);
    set.rest.answers.set("/events/keyset?tag_id=64&closed=false&limit=100&after_cursor=same", page);
    expect(await failure(all(set))).toContain("already read");
    set.rest.answers.set("/events/keyset?tag_id=64&closed=false&limit=100", { markets: [] });
    expect(await failure(all(set))).toContain("the page has no events");
    set.rest.answers.set("/events/keyset?tag_id=64&closed=false&limit=100", {
      events: [],
      next_cursor: "LTE=",
    });
    expect(await failure(all(set))).toBe("none");
  });

  it("keeps polling after a listing that failed, but for the first", async () => {
    const warnings: string[] = [];
    const logger = {
      debug: () => 0,
      info: () => 0,
      error: () => 0,
      warn: (message: string) => warnings.push(message),
    };
    const set = setUp({ refine: false, pollMs: 5, clock: new SystemClock(), logger });
    set.rest.answers.set(`/events/slug/${SLUG}`, event([gammaMarket()]));
    const events = set.catalog.markets({ signal: set.controller.signal })[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: "market_listed" });
    set.rest.once.push(422);
    set.rest.answers.set(`/events/slug/${SLUG}`, event([gammaMarket({ secondsDelay: 1 })]));
    expect((await events.next()).value).toMatchObject({
      type: "terms_changed",
      terms: { takerDelayMs: 1_000 },
    });
    expect(warnings).toEqual(["the list of markets could not be had"]);
    await events.return?.();
  });
});

describe("fetchClobMarket", () => {
  it("answers or says why not", async () => {
    const rest = new FakeRest();
    const ports = { transport: rest, clock: new VirtualClock(), restUrl: "http://x" };
    const { signal } = new AbortController();
    rest.answers.set("/clob-markets/0x202a", clobMarket());
    expect(await fetchClobMarket(ports, id("0x202a"), signal)).toMatchObject({
      tick: 100,
      outcomes: [{ tokenId: NO }, { tokenId: YES }],
    });
    expect(await failure(fetchClobMarket(ports, id("0xno"), signal))).toContain("MARKET_UNKNOWN");
    rest.answers.set("/clob-markets/0x202a", clobMarket({ mts: 0 }));
    expect(await failure(fetchClobMarket(ports, id("0x202a"), signal))).toContain("mts 0 is no tick");
  });
});
