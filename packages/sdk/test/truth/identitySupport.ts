import type { MarketDescription, MatchDescription } from "../../src/events/index.ts";
import { id, type MarketId, type MatchId, type TokenId } from "../../src/ids.ts";
import {
  MatchRegistry,
  readInstant,
  TEAM_ALIASES,
  TeamTable,
  type ProviderMatch,
  type TeamAliases,
} from "../../src/truth/index.ts";
import type { Millis, Price, Shares } from "../../src/units/index.ts";

export const START = readInstant("2026-03-12T10:00:00Z");
/** The table that ships, checked once. */
const TABLE = new TeamTable(TEAM_ALIASES);
export const PAIR = ["Natus Vincere", "Ninjas in Pyjamas"] as const;
export const HOUR = 3_600_000;

export function market(names: readonly [string, string], startsAt: number = START): MarketDescription {
  return {
    marketId: id<MarketId>("m"),
    title: names.join(" vs "),
    outcomes: [
      { tokenId: id<TokenId>("1"), name: names[0] },
      { tokenId: id<TokenId>("2"), name: names[1] },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    startsAt: startsAt as Millis,
  };
}

export function match(
  matchId: string,
  names: readonly [string, string],
  extra: Partial<MatchDescription> = {},
): MatchDescription {
  return {
    matchId: id<MatchId>(matchId),
    title: "cs2",
    teams: [{ name: names[0] }, { name: names[1] }],
    bestOf: 3,
    startsAt: START,
    ...extra,
  };
}

export function provided(
  matchId: string,
  names: readonly [string, string],
  extra: Partial<ProviderMatch> = {},
): ProviderMatch {
  return {
    source: "grid",
    id: matchId,
    title: "cs2",
    startsAt: START,
    teams: [
      { name: names[0], id: `${matchId}-1` },
      { name: names[1], id: `${matchId}-2` },
    ],
    ...extra,
  };
}

export function registry(
  matches: readonly MatchDescription[],
  aliases: TeamAliases | TeamTable = TABLE,
): MatchRegistry {
  const made = new MatchRegistry({ aliases });
  for (const each of matches) made.add(each);
  return made;
}
