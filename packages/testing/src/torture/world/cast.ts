import {
  feeSchedule,
  id,
  parsePrice,
  parseShares,
  type MarketDescription,
  type MarketId,
  type MatchDescription,
  type MatchId,
} from "@matchpoint/sdk";
import type { Prng } from "../../simulator/prng.ts";

/** A match of a world, with the markets about it. */
export interface CastMatch {
  readonly match: MatchDescription;
  readonly markets: readonly MarketDescription[];
}

const NAMES = ["Ashfall", "Kestrel", "Borealis", "Quarry", "Tideline", "Ember"] as const;
const TAKER_DELAYS = [0, 0, 0, 500, 1_000, 3_000] as const;

/** How many matches have a market beside them that is decided by them, and is about neither the series nor a game. */
const RELATED = 0.15;

/**
 * Draws who plays, and what can be traded on it.
 * @param beside draws by itself which matches have a handicap, so that the others are what they are without
 */
export function drawCast(draw: Prng, beside: Prng): readonly CastMatch[] {
  const matches = draw.chance(0.3) ? 2 : 1;
  return Array.from({ length: matches }, (_, n) => {
    const cast = castMatch(draw, n);
    return beside.chance(RELATED) ? { ...cast, markets: [...cast.markets, handicapOf(cast, n)] } : cast;
  });
}

/** Pays outcome 0 when the first team wins by two games: its risk counts with the match, and no truth is told of it. */
function handicapOf({ match, markets }: CastMatch, n: number): MarketDescription {
  const token = 1_000 * (n + 1) + 900;
  const [first, second] = match.teams;
  const handicap: { -readonly [K in keyof MarketDescription]: MarketDescription[K] } = {
    ...markets[0]!,
    marketId: id<MarketId>(`m${n}-handicap`),
    title: `Handicap: ${first.name} (-1.5) vs ${second.name} (+1.5)`,
    outcomes: [
      { tokenId: id(`${token}`), name: `${first.name} -1.5` },
      { tokenId: id(`${token + 1}`), name: `${second.name} +1.5` },
    ],
    related: match.matchId,
  };
  delete handicap.subject;
  return handicap;
}

function castMatch(draw: Prng, n: number): CastMatch {
  const matchId = id<MatchId>(`match${n}`);
  const teams = [{ name: NAMES[2 * n]! }, { name: NAMES[2 * n + 1]! }] as const;
  const bestOf = draw.pick([1, 3, 3]);
  const match: MatchDescription = {
    matchId,
    title: draw.pick(["lol", "cs2"]),
    teams,
    bestOf,
    ...(draw.chance(0.5) ? { league: draw.pick(["Cup", "League"]) } : {}),
    refs: Object.fromEntries(
      ["official", "grid", "pandascore"].map((source) => [source, { match: `${n}`, teams: ["1", "2"] }]),
    ),
  };
  const takerDelayMs = draw.pick(TAKER_DELAYS);
  const games = draw.int(0, Math.min(2, bestOf));
  const tick = parsePrice(draw.pick(["0.01", "0.01", "0.005", "0.001"]));
  const markets = Array.from({ length: games + 1 }, (_, game): MarketDescription => {
    const flipped = draw.chance(0.3);
    const teamOf = flipped ? ([1, 0] as const) : ([0, 1] as const);
    const token = 1_000 * (n + 1) + 10 * game;
    return {
      marketId: id<MarketId>(`m${n}-${game === 0 ? "series" : `game${game}`}`),
      title: `${teams[0].name} vs ${teams[1].name}${game === 0 ? "" : ` game ${game}`}`,
      outcomes: [
        { tokenId: id(`${token}`), name: teams[teamOf[0]].name },
        { tokenId: id(`${token + 1}`), name: teams[teamOf[1]].name },
      ],
      subject: game === 0 ? { kind: "series", matchId, teamOf } : { kind: "game", matchId, game, teamOf },
      tick,
      minSize: parseShares("5"),
      fee: feeSchedule(draw.pick([0, 50_000, 50_000]), 1, true),
      takerDelayMs,
      mirrored: true,
      negRisk: false,
      acceptingOrders: true,
      clearBookOnStart: false,
    };
  });
  return { match, markets };
}
