import { decodeGammaMarket, type GammaMarket } from "@matchpoint/adapters-polymarket";
import {
  configuredMatches,
  listedMarkets,
  parseConfig,
  subjectClaim,
  type BotConfigInput,
  type MarketDescription,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { A, B, gammaListing, ID } from "./gammaListing.ts";
import { withVenueProof } from "../../src/feeds/venueProof.ts";

/** The market as Gamma lists it. */
function listing(changes: Record<string, unknown> = {}): GammaMarket {
  const answer = decodeGammaMarket(gammaListing(changes));
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer;
}

/** The market as it is configured and, where Gamma lists it so, traded. */
function proven(
  listed: GammaMarket,
  subject: object | null = { match: "lck" },
  names: readonly [string, string] = ["T1", "Gen.G"],
): MarketDescription {
  const market = {
    id: ID,
    title: "M",
    outcomes: [
      { token: A, name: names[0] },
      { token: B, name: names[1] },
    ],
    ...(subject === null ? {} : { subject }),
  };
  const config = parseConfig({
    matches: [
      {
        id: "lck",
        title: "lol",
        teams: ["T1", "Gen.G"],
        starts_at: "2026-12-05T09:00:00Z",
        refs: { pandascore: { match: "77", teams: ["1", "2"] } },
      },
    ],
    markets: [market],
  } as unknown as BotConfigInput);
  const claim = subjectClaim(config.markets[0]!);
  return withVenueProof(listedMarkets(config)[0]!, claim, listed, configuredMatches(config.matches));
}

const swapped = { outcomes: '["Gen.G", "T1"]', clobTokenIds: JSON.stringify([B, A]) };

describe("a configured market that Polymarket lists", () => {
  it("is about what both say, token by token, with the venue's rules and start", () => {
    for (const changes of [{}, swapped]) {
      const market = proven(listing(changes));
      expect(market).toMatchObject({
        subject: { kind: "series", matchId: "lck", teamOf: [0, 1] },
        rules: "A text that no template knows.",
        startsAt: Date.UTC(2026, 11, 5, 9),
        outcomes: [{ tokenId: A }, { tokenId: B }],
      });
      expect(market).not.toHaveProperty("unproven");
    }
    const game = listing({
      sportsMarketType: "child_moneyline",
      question: "LoL: T1 vs Gen.G - Game 2 Winner",
      groupItemTitle: "Game 2 Winner",
    });
    expect(proven(game, { match: "lck", game: 2 }, ["T1", "Gen.G"]).subject).toMatchObject({ game: 2 });
  });

  it("is read from the listing where the configuration says nothing, or says it in names that nobody knows", () => {
    expect(proven(listing(), null, ["Yes", "No"]).subject?.teamOf).toEqual([0, 1]);
    expect(proven(listing(swapped), { match: "lck" }, ["Home", "Away"]).subject?.teamOf).toEqual([0, 1]);
    expect(
      proven(listing({ clobTokenIds: swapped.clobTokenIds }), null, ["Yes", "No"]).subject?.teamOf,
    ).toEqual([1, 0]);
  });

  it.each([
    [
      "whose tokens the venue gives to the other team",
      listing({ clobTokenIds: JSON.stringify([B, A]) }),
      { match: "lck" },
      `Polymarket lists token ${A} as "Gen.G", the configuration as "T1"`,
    ],
    [
      "whose listing is of the series, not of a game",
      listing(),
      { match: "lck", game: 1 },
      "it is configured as game 1, and Polymarket lists it as the series",
    ],
    [
      "whose listing is of another day",
      listing({ gameStartTime: "2026-12-07 09:00:00+00" }),
      { match: "lck" },
      /Polymarket's listing: .* starts .* from match lck/,
    ],
    [
      "whose tokens are others",
      listing({ clobTokenIds: '["1", "2"]' }),
      { match: "lck" },
      "its tokens are not those that Polymarket lists under this condition id",
    ],
    [
      "that is a handicap",
      listing({ sportsMarketType: "map_handicap" }),
      { match: "lck" },
      /not the winner of a match or game/,
    ],
    [
      "of another pair of teams",
      listing({ outcomes: '["T1", "KT"]', question: "LoL: T1 vs KT (BO3) - LCK" }),
      { match: "lck" },
      /Polymarket's listing: outcome "KT" is no name/,
    ],
  ])("%s is about nothing that is proven, and says why", (_what, listed, subject, reason) => {
    const market = proven(listed, subject);
    expect(market).not.toHaveProperty("subject");
    expect(market.unproven).toMatch(reason);
  });

  it("is related to its event's match where it is about no winner, or where its proof fails, and to none otherwise", () => {
    const events = [{ id: "9", title: "LoL: T1 vs Gen.G (BO3) - LCK Playoffs", gameId: 77 }];
    const about = { sportsMarketType: "map_handicap", question: "Handicap: T1 (-1.5)" };
    const handicap = listing({ ...about, events });
    expect(proven(handicap, null)).toMatchObject({ related: "lck", unproven: expect.any(String) as string });
    expect(proven(handicap)).toMatchObject({ related: "lck" });
    expect(proven(handicap, { kind: "related", match: "lck" })).toMatchObject({ related: "lck" });
    // What is configured as related is traded on no fact, even where the listing would prove one.
    const own = proven(listing(), { kind: "related", match: "lck" });
    expect([own.related, own.subject, own.unproven]).toEqual(["lck", undefined, undefined]);
    expect(proven(listing())).not.toHaveProperty("related");
    for (const other of [[], [{ ...events[0], gameId: 78 }]])
      expect(proven(listing({ ...about, events: other }), null)).not.toHaveProperty("related");
  });
});
