import {
  feeSchedule,
  id,
  parsePrice,
  parseShares,
  type MarketDescription,
  type MarketId,
  type MatchDescription,
  type MatchId,
  type TokenId,
} from "@matchpoint/sdk";

const MATCH_ID = id<MatchId>("test-match");

/** A League of Legends best of three between two invented teams, with what a test wants otherwise. */
export function testMatch(changes: Partial<MatchDescription> = {}): MatchDescription {
  return {
    matchId: MATCH_ID,
    title: "lol",
    teams: [{ name: "Ashfall" }, { name: "Kestrel Club" }],
    bestOf: 3,
    refs: {
      grid: { match: "1", teams: ["11", "12"] },
      pandascore: { match: "2", teams: ["21", "22"] },
    },
    ...changes,
  };
}

/**
 * A market on Polymarket's terms (cents, five shares at least, the sports fee, one second of taker delay, both outcomes one
 * book) about who wins the match, with what a test wants otherwise. Without a match it is about nothing that anybody knows.
 */
export function testMarket(
  changes: Partial<MarketDescription> = {},
  match: MatchDescription | false = testMatch(),
): MarketDescription {
  const teams = match === false ? [{ name: "Yes" }, { name: "No" }] : match.teams;
  const subject =
    match === false ? undefined : ({ kind: "series", matchId: match.matchId, teamOf: [0, 1] } as const);
  return {
    marketId: id<MarketId>("test-market"),
    title: `${teams[0].name} vs ${teams[1].name}`,
    outcomes: [
      { tokenId: id<TokenId>("1001"), name: teams[0].name },
      { tokenId: id<TokenId>("1002"), name: teams[1].name },
    ],
    ...(subject === undefined ? {} : { subject }),
    tick: parsePrice("0.01"),
    minSize: parseShares("5"),
    fee: feeSchedule(50_000, 1, true),
    takerDelayMs: 1_000,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    ...changes,
  };
}
