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
import { rulesText, type RuledGame } from "./rules.ts";

/** A match whose winner markets a venue is to list. */
export interface ListedMatch {
  /** Which condition ids and tokens it gets follows from this and the slug. */
  readonly seed: number;
  readonly title: "lol" | "cs2";
  readonly teams: readonly [string, string];
  readonly bestOf: number;
  readonly tournament: string;
  /** Unix ms, whole seconds. */
  readonly startsAt: number;
  /** `lol-t1-gen-2026-11-23` */
  readonly slug: string;
  /** Gamma's event id. Default 90000. */
  readonly eventId?: string;
  /** What the sports channel calls the match. Default drawn from the seed. */
  readonly gameId?: number;
  /** Taker delay of every market in seconds. Default 1, as on most esports markets. */
  readonly secondsDelay?: number;
  /** Where the makers' fair price of the first team begins. Default 0.5. */
  readonly fair?: Price;
  /** Games whose market lists the second team first; 0 is the match itself. Default none. */
  readonly reversed?: readonly number[];
}

interface ListedTitle extends RuledGame {
  readonly league: string;
  readonly seriesSlug: string;
  readonly tag: Tag;
}

const ESPORTS: Tag = { id: "64", slug: "esports", label: "Esports" };

const TITLES: Readonly<Record<ListedMatch["title"], ListedTitle>> = {
  lol: {
    league: "lol",
    prefix: "LoL",
    unit: "Game",
    seriesSlug: "league-of-legends",
    tag: { id: "65", slug: "league-of-legends", label: "League of Legends" },
    rules: "https://gol.gg/esports/home",
  },
  cs2: {
    league: "cs2",
    prefix: "Counter-Strike",
    unit: "Map",
    seriesSlug: "counter-strike",
    tag: { id: "100780", slug: "counter-strike-2", label: "Counter-Strike 2" },
    rules: "https://hltv.org",
  },
};

/**
 * The markets of one match: its winner first, then the winner of each of its games, named and worded as Polymarket lists them. The same
 * seed and slug give the same ids, whenever the match begins.
 *
 * @example
 * ```ts
 * import { matchListings } from "@matchpoint/paper-venue";
 *
 * const markets = matchListings({
 *   seed: 7,
 *   title: "cs2",
 *   teams: ["FaZe", "Spirit"],
 *   bestOf: 3,
 *   tournament: "IEM Katowice",
 *   startsAt: 1_790_000_000_000,
 *   slug: "cs2-faze-ts7",
 * });
 * markets[2]?.description.title; // "Counter-Strike: FaZe vs Spirit - Map 2 Winner"
 * ```
 */
export function matchListings(listed: ListedMatch): readonly VenueListing[] {
  const { seed, slug, teams, bestOf, tournament, fair = 5_000, reversed = [] } = listed;
  const game = TITLES[listed.title];
  const match: MatchFacts = {
    id: listed.eventId ?? "90000",
    slug,
    title: `${game.prefix}: ${teams.join(" vs ")} (BO${bestOf}) - ${tournament}`,
    gameId: listed.gameId ?? 1_590_000 + Math.floor(luck(seed, slug) * 9_000),
    league: game.league,
    seriesSlug: game.seriesSlug,
    tournament,
    tags: [ESPORTS, game.tag],
    teams,
    bestOf,
    startsAt: listed.startsAt as Millis,
  };
  const market = (n: number): VenueListing => {
    const own = n === 0 ? slug : `${slug}-game${n}`;
    const title = n === 0 ? match.title : `${game.prefix}: ${teams.join(" vs ")} - ${game.unit} ${n} Winner`;
    const questionId = questionIdOf(`${seed}|${own}`);
    const first = n === 0 ? fair : 5_000 + Math.floor((fair - 5_000) / 200) * 100;
    const swapped = reversed.includes(n);
    return {
      description: describe(listed, title, questionId, rulesText(game, match, n), swapped),
      questionId,
      slug: own,
      match,
      sportsMarketType: n === 0 ? "moneyline" : "child_moneyline",
      groupItemTitle: n === 0 ? "Match Winner" : `${game.unit} ${n} Winner`,
      ...(n === 0 ? {} : { gameId: String(match.gameId * 10 + n) }),
      fair: (swapped ? 10_000 - first : first) as Price,
    };
  };
  return Array.from({ length: bestOf + 1 }, (_, n) => market(n));
}

function describe(
  { teams, startsAt, secondsDelay = 1 }: ListedMatch,
  title: string,
  questionId: string,
  rules: string,
  swapped: boolean,
): MarketDescription {
  const [a, b] = swapped ? ([teams[1], teams[0]] as const) : teams;
  const marketId = conditionIdOf(questionId);
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
    takerDelayMs: secondsDelay * 1_000,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    startsAt: startsAt as Millis,
    clearBookOnStart: true,
    rules,
  };
}
