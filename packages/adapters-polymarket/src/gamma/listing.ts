import {
  isUndecided,
  type MatchDescription,
  type MatchRegistry,
  type Millis,
  type SubjectClaim,
  type SubjectProof,
  type Title,
  id,
} from "@matchpoint/sdk";
import type { GammaMarket, SubjectOf } from "./market.ts";
import { show } from "./values.ts";

/** The winner market of a match, or of one of its games, as its listing states it; proven of nothing yet. */
export interface ListingFacts {
  readonly kind: "facts";
  readonly title: Title;
  /** As the listing orders them, which is not to be relied on. */
  readonly teams: readonly [string, string];
  /** League, series and stage in one text. */
  readonly league: string | undefined;
  readonly bestOf: number | undefined;
  /** The game that it is about; `undefined`: the series. */
  readonly game: number | undefined;
  readonly startsAt: Millis | undefined;
  /** The event's game id: PandaScore's id of the match, and the sports channel's. */
  readonly gameId: string | undefined;
  /** The same for a `MatchRegistry`. */
  readonly claim: SubjectClaim;
}

/** Why a listing is not taken for a winner market. */
export interface ListingRefusal {
  readonly kind: "refused";
  readonly code:
    | "NOT_A_WINNER_MARKET"
    | "TITLE_UNREAD"
    | "TEAMS_CONTRADICT"
    | "TEAM_UNDECIDED"
    | "GAME_CONTRADICTS"
    | "ID_CONTRADICTS";
  readonly reason: string;
}

/** How Polymarket's titles begin, and the games that they mean. */
const TITLES: ReadonlyMap<string, Title> = new Map([
  ["LoL", "lol"],
  ["League of Legends", "lol"],
  ["Counter-Strike", "cs2"],
  ["CS2", "cs2"],
  ["Dota 2", "dota2"],
  ["Valorant", "valorant"],
]);

/** `Counter-Strike: A vs B (BO3) - League Stage`. The teams are taken out before: their names hold anything. */
const SERIES = /^\u0000(?: \(BO([1-9])\))?(?: - (.+))?$/;
/** `Counter-Strike: A vs B - Map 2 Winner` */
const GAME = /^\u0000(?: \(BO([1-9])\))? - (?:Map|Game) ([1-9]) Winner$/;
const GAME_GROUP = /^(?:Map|Game) ([1-9])(?: Winner)?$/;

function refuse(code: ListingRefusal["code"], reason: string): ListingRefusal {
  return { kind: "refused", code, reason };
}

function spaced(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

/**
 * Reads what a Gamma listing says that it is about: only markets on the winner of a match or of one of its games, by the venue's own type,
 * title grammar and outcomes together. Handicaps, totals and props are refused, and so is a listing whose parts contradict each other.
 *
 * @example
 * ```ts
 * import { decodeGammaMarket, listingFacts } from "@matchpoint/adapters-polymarket";
 * function about(record: unknown): string {
 *   const market = decodeGammaMarket(record);
 *   if (market.kind === "refused") return market.reason;
 *   const facts = listingFacts(market);
 *   return facts.kind === "refused" ? facts.reason : facts.teams.join(" against ");
 * }
 * ```
 */
export function listingFacts(market: GammaMarket): ListingFacts | ListingRefusal {
  const { description, details } = market;
  const type = details.sportsMarketType;
  if (type !== "moneyline" && type !== "child_moneyline")
    return refuse("NOT_A_WINNER_MARKET", `its type is ${show(type)}, not the winner of a match or game`);
  const teams = [spaced(description.outcomes[0].name), spaced(description.outcomes[1].name)] as const;
  const undecided = teams.find(isUndecided);
  if (undecided !== undefined)
    return refuse("TEAM_UNDECIDED", `outcome ${show(undecided)} names no team yet`);
  const read = readTitle(description.title, teams);
  if (read === undefined)
    return refuse(
      "TEAMS_CONTRADICT",
      `title ${show(description.title)} is not about outcomes ${teams.map(show).join(" and ")}`,
    );
  const { title, rest } = read;
  if (title === undefined)
    return refuse("TITLE_UNREAD", `title ${show(description.title)} names no game that is known`);
  const event = details.event === undefined ? undefined : readTitle(details.event.title, teams);
  if (details.event !== undefined && (event === undefined || event.title !== title))
    return refuse(
      "TEAMS_CONTRADICT",
      `its event ${show(details.event.title)} is about something else than ${show(description.title)}`,
    );
  const ofSeries = SERIES.exec(event?.rest ?? rest);
  const gameId = details.event?.gameId ?? (type === "moneyline" ? details.gameId : undefined);
  const common = {
    kind: "facts" as const,
    title,
    teams,
    league: details.event?.league ?? ofSeries?.[2],
    bestOf: ofSeries?.[1] === undefined ? undefined : Number(ofSeries[1]),
    startsAt: description.startsAt,
    gameId,
  };
  const game = type === "moneyline" ? undefined : readGame(rest, details.groupItemTitle);
  if (typeof game === "string") return refuse("GAME_CONTRADICTS", game);
  if (type === "moneyline" && (!SERIES.test(rest) || GAME.test(rest)))
    return refuse(
      "TITLE_UNREAD",
      `title ${show(description.title)} of a match's market is not of the known form`,
    );
  if (type === "moneyline" && details.groupItemTitle !== undefined && GAME_GROUP.test(details.groupItemTitle))
    return refuse("GAME_CONTRADICTS", `a match's market is listed as ${show(details.groupItemTitle)}`);
  if (game !== undefined && common.bestOf !== undefined && game > common.bestOf)
    return refuse("GAME_CONTRADICTS", `game ${game} of a best of ${common.bestOf}`);
  if (type === "moneyline" && details.gameId !== undefined && gameId !== details.gameId)
    return refuse("ID_CONTRADICTS", `its game id is ${details.gameId}, its event's ${String(gameId)}`);
  return { ...common, game, claim: claimOf(common, game) };
}

/** The game that a title of Polymarket begins with, such as `LoL: T1 vs Gen.G (BO5)`; `undefined` when it names none that is known. */
export function titleOfListing(text: string): Title | undefined {
  const whole = spaced(text);
  const colon = whole.indexOf(": ");
  return colon < 0 ? undefined : TITLES.get(whole.slice(0, colon));
}

/** The title's game and what stands around the teams, which become one mark; `undefined` when it is not about these teams. */
function readTitle(
  text: string,
  [a, b]: readonly [string, string],
): { title: Title | undefined; rest: string } | undefined {
  const whole = spaced(text);
  const colon = whole.indexOf(": ");
  const body = whole.slice(colon + 2);
  for (const pair of [`${a} vs ${b}`, `${b} vs ${a}`, `${a} vs. ${b}`, `${b} vs. ${a}`]) {
    const next = body[pair.length];
    if (!body.startsWith(pair) || (next !== undefined && next !== " ")) continue;
    return {
      title: colon < 0 ? undefined : TITLES.get(whole.slice(0, colon)),
      rest: `\u0000${body.slice(pair.length)}`,
    };
  }
  return undefined;
}

/** The game's number, by title and group title both; a text says what is wrong. */
function readGame(rest: string, group: string | undefined): number | string {
  const named = GAME.exec(rest)?.[2];
  if (named === undefined) return "the title of a game's market names no game";
  const grouped = group === undefined ? undefined : GAME_GROUP.exec(group)?.[1];
  if (group !== undefined && grouped !== named)
    return `the title names game ${named}, the group ${show(group)}`;
  return Number(named);
}

function claimOf(facts: Omit<ListingFacts, "claim" | "game">, game: number | undefined): SubjectClaim {
  const claim = {
    title: facts.title,
    ...(facts.league === undefined ? {} : { league: facts.league }),
    ...(facts.bestOf === undefined ? {} : { bestOf: facts.bestOf }),
    ...(facts.gameId === undefined
      ? {}
      : { ids: { pandascore: facts.gameId, polymarket_sports: facts.gameId } }),
  };
  return game === undefined ? { kind: "series", ...claim } : { kind: "game", game, ...claim };
}

/**
 * Our match made from a listing, to which providers' matches are then joined: for bots that begin at the markets. Needs a best-of, a start
 * and the venue's game id, which makes the match's id.
 */
export function matchOfListing(facts: ListingFacts): MatchDescription | undefined {
  const { title, teams, league, bestOf, startsAt, gameId } = facts;
  if (bestOf === undefined || startsAt === undefined || gameId === undefined) return undefined;
  return {
    matchId: id(`polymarket-${gameId}`),
    title,
    teams: [{ name: teams[0] }, { name: teams[1] }],
    bestOf,
    startsAt,
    // The sports channel names teams as the listing does and has no ids of them.
    refs: { polymarket_sports: { match: gameId, teams } },
    ...(league === undefined ? {} : { league }),
  };
}

/**
 * What a catalog's `subjectOf` wants: each listing is read, then proven against a registry's matches.
 *
 * @param onUnproven told of every market without a proof, with the reason
 */
export function provenSubjects(
  registry: MatchRegistry,
  onUnproven?: (
    market: GammaMarket,
    problem: ListingRefusal | Extract<SubjectProof, { proven: false }>,
  ) => void,
): SubjectOf {
  return (market) => {
    const facts = listingFacts(market);
    if (facts.kind === "refused") {
      onUnproven?.(market, facts);
      return undefined;
    }
    const proof = registry.prove(market.description, facts.claim);
    if (proof.proven) return proof.subject;
    onUnproven?.(market, proof);
    return undefined;
  };
}
