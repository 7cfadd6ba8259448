import {
  decodeClobMarket,
  decodeGammaMarket,
  type ClobMarket,
  type GammaMarket,
} from "@matchpoint/adapters-polymarket";
import { configuredMatches, listedMarkets, parseConfig, type Nanos, type Price } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { WatchedMarket } from "../../src/feeds/watchedMarket.ts";
import { A, B, gammaListing, ID } from "./gammaListing.ts";

const at = (seconds: number) => (seconds * 1e9) as Nanos;

function gamma(changes: Record<string, unknown> = {}): GammaMarket {
  const answer = decodeGammaMarket(gammaListing({ version: "v1", ...changes }));
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer;
}

function clob(changes: Record<string, unknown> = {}): ClobMarket {
  const t = [
    { t: A, o: "T1" },
    { t: B, o: "Gen.G" },
  ];
  const answer = decodeClobMarket({
    c: ID,
    t,
    mts: 0.01,
    mos: 5,
    ao: true,
    sd: 1,
    fd: { r: 0.05 },
    ...changes,
  });
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer;
}

/** A market that both have told of, thirty seconds ago. */
function watched(): WatchedMarket {
  const config = parseConfig({
    matches: [{ id: "lck", title: "lol", teams: ["T1", "Gen.G"], starts_at: "2026-12-05T09:00:00Z" }],
    markets: [
      {
        id: ID,
        title: "M",
        fee: { rate: 0.01 },
        outcomes: [
          { token: A, name: "T1" },
          { token: B, name: "Gen.G" },
        ],
      },
    ],
  });
  const proof = { claim: undefined, registry: configuredMatches(config.matches) };
  return new WatchedMarket(listedMarkets(config)[0]!, proof, at(0));
}

function told(): WatchedMarket {
  const market = watched();
  market.gamma(gamma(), at(1), undefined);
  market.clob(clob(), at(1), undefined);
  return market;
}

describe("what the venue says of a market", () => {
  it("is part of the listing the first time, and nothing while it stays the same", () => {
    const market = watched();
    expect(market.clob(clob(), at(1), undefined)).toMatchObject([
      { type: "market_listed", market: { takerDelayMs: 1_000, fee: { ratePpm: 50_000 } } },
    ]);
    expect(market.gamma(gamma(), at(2), undefined)).toMatchObject([
      { type: "market_listed", market: { version: 2, subject: { matchId: "lck" }, takerDelayMs: 1_000 } },
    ]);
    expect(market.gamma(gamma(), at(3), undefined)).toEqual([]);
    expect(market.clob(clob(), at(3), undefined)).toEqual([]);
  });

  it("is a change of the terms later, with nothing but what changed", () => {
    expect(told().clob(clob({ sd: 3, fd: { r: 0.03 } }), at(31), undefined)).toEqual([
      {
        type: "terms_changed",
        marketId: ID,
        source: "clob",
        terms: { fee: { ratePpm: 30_000, exponent: 1, takerOnly: true }, takerDelayMs: 3_000 },
      },
    ]);
  });

  it("tells a dispute at the oracle, and its end", () => {
    const market = told();
    const disputes = ["proposed", "disputed", "disputed", "proposed"].flatMap((umaResolutionStatus, i) =>
      market.gamma(gamma({ umaResolutionStatus }), at(31 + i), undefined),
    );
    expect(disputes).toMatchObject([{ terms: { disputed: true } }, { terms: { disputed: false } }]);
  });

  it("does not slip a new text in with a proof that is lost", () => {
    const news = told().gamma(
      gamma({ description: "Other rules.", outcomes: '["T1", "DRX"]' }),
      at(31),
      undefined,
    );
    expect(news).toMatchObject([
      { type: "terms_changed", terms: { rules: "Other rules." } },
      { type: "market_listed", market: { unproven: expect.any(String) as string } },
    ]);
  });

  it("is a change from the first word on where its text was read before: it must not slip in with the listing", () => {
    const own = { ...watched().own, rules: "Pays the winner." };
    const proof = { claim: undefined, registry: configuredMatches([]) };
    const news = (read: boolean) =>
      new WatchedMarket(own, { ...proof, read }, at(0))
        .gamma(gamma({ description: "Pays the loser." }), at(900), undefined)
        .map((each) => (each.type === "terms_changed" ? each.terms : each.type));
    expect(news(true)).toEqual([{ rules: "Pays the loser." }, "market_listed"]);
    // What a configuration says of the rules may be said in other words.
    expect(news(false)).toEqual(["market_listed"]);
  });

  it("closes the market when its tokens are others, on whichever side", () => {
    const moved = gamma({ version: "v2", positionIds: ["11", "12"] });
    expect(told().gamma(moved, at(31), undefined)).toMatchObject([
      { type: "terms_changed", terms: { version: 3, acceptingOrders: false } },
      { type: "market_listed", market: { unproven: expect.stringMatching(/tokens/) as string } },
    ]);
    const other = [
      { t: "9", o: "T1" },
      { t: B, o: "Gen.G" },
    ];
    expect(told().clob(clob({ t: other }), at(31), undefined)).toMatchObject([
      { type: "terms_changed", terms: { acceptingOrders: false } },
    ]);
  });

  it("has the tick that the book told, whatever a listing says", () => {
    const market = told();
    expect(market.clob(clob({ mts: 0.001 }), at(31), 100 as Price)).toEqual([]);
    expect(market.clob(clob({ mts: 0.001 }), at(32), undefined)).toMatchObject([{ terms: { tick: 10 } }]);
  });

  it("is too old once, by whoever is silent, and read again only when both have spoken", () => {
    const market = told();
    const most = 60e9;
    market.failed("clob", "status 503");
    expect(market.age("clob", at(61), most)).toEqual([]);
    expect(market.age("clob", at(62), most)).toEqual([
      {
        type: "terms_continuity",
        marketId: ID,
        state: "stale",
        reason: "the CLOB has not told its terms for 61 s, at most 60 s: status 503",
      },
    ]);
    expect(market.age("clob", at(63), most)).toEqual([]);
    expect(market.age("gamma", at(63), most)).toEqual([]);
    expect(market.gamma(gamma(), at(64), undefined)).toEqual([]);
    expect(market.clob(clob({ sd: 2 }), at(65), undefined)).toMatchObject([
      { type: "terms_changed", terms: { takerDelayMs: 2_000 } },
      { type: "terms_continuity", state: "read", reason: "its terms are read again, after 64 s" },
    ]);
    expect(market.age("clob", at(66), most)).toEqual([]);
  });
});
