import {
  feeSchedule,
  id,
  type MarketDescription,
  type Millis,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import { conditionIdOf, questionIdOf, tokenIdsOf } from "../chain/ids.ts";
import { luck } from "../derive.ts";
import type { MatchFacts, Tag, VenueListing } from "./listing.ts";
import { rulesText } from "./rules.ts";

/** What the default world is made of. */
export interface WorldOptions {
  readonly seed: number;
  /** Wall clock at monotonic time 0, Unix ms. */
  readonly wallStart: number;
  /** Taker delay of every market in seconds. Default 1, as on most esports markets. */
  readonly secondsDelay?: number;
  /** When the matches begin, in ms from the start. Default 30 minutes. */
  readonly startsInMs?: number;
}

const ESPORTS: Tag = { id: "64", slug: "esports", label: "Esports" };

const GAMES = [
  {
    league: "lol",
    prefix: "LoL",
    unit: "Game",
    suffix: "game",
    bestOf: 5,
    seriesSlug: "league-of-legends",
    tournament: "LCK Playoffs",
    teams: ["T1", "Gen.G"],
    codes: ["t1", "gen"],
    tag: { id: "65", slug: "league-of-legends", label: "League of Legends" },
    rules: "https://gol.gg/esports/home",
  },
  {
    league: "cs2",
    prefix: "Counter-Strike",
    unit: "Map",
    suffix: "game",
    bestOf: 3,
    seriesSlug: "counter-strike",
    tournament: "IEM Katowice",
    teams: ["FaZe", "Spirit"],
    codes: ["faze", "ts7"],
    tag: { id: "100780", slug: "counter-strike-2", label: "Counter-Strike 2" },
    rules: "https://hltv.org",
  },
] as const;

/**
 * A small world: one LoL and one CS2 match, each with its winner and the winners of its games, named and worded as Polymarket
 * lists them.
 *
 * @example
 * ```ts
 * import { defaultWorld } from "@matchpoint/paper-venue";
 *
 * const listings = defaultWorld({ seed: 1, wallStart: 1_790_000_000_000, secondsDelay: 0 });
 * listings[0]?.description.title; // "LoL: T1 vs Gen.G (BO5) - LCK Playoffs"
 * ```
 */
export function defaultWorld(options: WorldOptions): readonly VenueListing[] {
  const startsAt = (Math.floor((options.wallStart + (options.startsInMs ?? 1_800_000)) / 1_000) *
    1_000) as Millis;
  const day = new Date(startsAt).toISOString().slice(0, 10);
  const listings: VenueListing[] = [];
  GAMES.forEach((game, index) => {
    const slug = `${game.league}-${game.codes.join("-")}-${day}`;
    const gameId = 1_590_000 + Math.floor(luck(options.seed, slug) * 9_000);
    const match: MatchFacts = {
      id: String(90_000 + index),
      slug,
      title: `${game.prefix}: ${game.teams.join(" vs ")} (BO${game.bestOf}) - ${game.tournament}`,
      gameId,
      league: game.league,
      seriesSlug: game.seriesSlug,
      tournament: game.tournament,
      tags: [ESPORTS, game.tag],
      teams: game.teams,
      bestOf: game.bestOf,
      startsAt,
    };
    const fair = (4_000 + 100 * Math.floor(luck(options.seed, `fair|${slug}`) * 20)) as Price;
    listings.push({
      description: describe(options, match, match.title, slug, rulesText(game, match, 0)),
      questionId: questionOf(options, slug),
      slug,
      match,
      sportsMarketType: "moneyline",
      groupItemTitle: "Match Winner",
      fair,
    });
    for (let n = 1; n <= game.bestOf; n++) {
      const own = `${slug}-${game.suffix}${n}`;
      const title = `${game.prefix}: ${game.teams.join(" vs ")} - ${game.unit} ${n} Winner`;
      listings.push({
        description: describe(options, match, title, own, rulesText(game, match, n)),
        questionId: questionOf(options, own),
        slug: own,
        match,
        sportsMarketType: "child_moneyline",
        groupItemTitle: `${game.unit} ${n} Winner`,
        gameId: String(gameId * 10 + n),
        fair: (5_000 + Math.floor((fair - 5_000) / 200) * 100) as Price,
      });
    }
  });
  return listings;
}

function questionOf({ seed }: WorldOptions, slug: string): string {
  return questionIdOf(`${seed}|${slug}`);
}

function describe(
  options: WorldOptions,
  match: MatchFacts,
  title: string,
  slug: string,
  rules: string,
): MarketDescription {
  const [a, b] = match.teams;
  const marketId = conditionIdOf(questionOf(options, slug));
  const [first, second] = tokenIdsOf(marketId);
  return {
    marketId: id(marketId),
    title,
    outcomes: [
      { tokenId: id(first), name: a },
      { tokenId: id(second), name: b },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    fee: feeSchedule(50_000, 1, true),
    takerDelayMs: (options.secondsDelay ?? 1) * 1_000,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    startsAt: match.startsAt,
    clearBookOnStart: true,
    rules,
  };
}
