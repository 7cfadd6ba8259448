import {
  listingFacts,
  matchOfListing,
  titleOfListing,
  type GammaEvent,
  type GammaMarket,
  type Refused,
} from "@matchpoint/adapters-polymarket";
import {
  assessResolution,
  type DiscoverConfig,
  type MarketDescription,
  type MarketId,
  type MatchRegistry,
  type RiskConfig,
} from "@matchpoint/sdk";

/** Kinds of markets that can be asked for; `other` are totals, props and whatever else is listed. */
export type MarketKind = "match" | "map" | "handicap" | "other";

/** A market that may be traded. */
export interface Found {
  readonly kind: "found";
  readonly of: MarketKind;
  readonly market: MarketDescription;
}

/** A market, or a record that is none, that is not traded. */
export interface PassedOver {
  readonly kind: "passed_over";
  readonly title: string;
  readonly marketId: MarketId | undefined;
  /** Stable: for scripts. */
  readonly code: string;
  readonly reason: string;
}

/** What is judged by. */
export interface JudgedBy {
  readonly discover: DiscoverConfig;
  readonly resolutionFilter: RiskConfig["resolution_filter"];
  /** The matches that are known; those of listings that can be made one are added. */
  readonly registry: MatchRegistry;
  /** Markets that the configuration names itself, in lower case. */
  readonly configured: ReadonlySet<string>;
}

const KINDS: ReadonlyMap<string, MarketKind> = new Map([
  ["moneyline", "match"],
  ["child_moneyline", "map"],
  ["map_handicap", "handicap"],
]);

/** What kind of market a listing is, by the venue's own type of it. */
export function kindOf({ details }: GammaMarket): MarketKind {
  return KINDS.get(details.sportsMarketType ?? "") ?? "other";
}

/**
 * Makes matches of the listings of series that no known match fits: sources are joined to those before anything is judged.
 * Games of events that are not asked for make none.
 */
export function addMatches(events: readonly (GammaEvent | Refused)[], by: JudgedBy): void {
  for (const event of events) {
    if (event.kind === "refused" || notAskedFor(event, by.discover) !== undefined) continue;
    for (const listing of event.markets) {
      if (listing.kind === "refused") continue;
      const facts = listingFacts(listing);
      if (facts.kind === "refused" || facts.game !== undefined) continue;
      if (by.registry.prove(listing.description, facts.claim).proven) continue;
      const match = matchOfListing(facts);
      if (match !== undefined && by.registry.get(match.matchId) === undefined) by.registry.add(match);
    }
  }
}

/** Says of every market of the events whether it may be traded, or why not. Pure, but for what `by` holds. */
export function judge(
  events: readonly (GammaEvent | Refused)[],
  by: JudgedBy,
): readonly (Found | PassedOver)[] {
  return events.flatMap((event): readonly (Found | PassedOver)[] => {
    if (event.kind === "refused") return [passed(event.id ?? "?", undefined, "UNUSABLE", event.reason)];
    const against = notAskedFor(event, by.discover);
    return event.markets.map((listing) => {
      if (listing.kind === "refused")
        return passed(`${event.title}: ${listing.id ?? "?"}`, undefined, "UNUSABLE", listing.reason);
      const problem = against ?? problemOf(listing, event, by);
      const { title, marketId } = listing.description;
      return problem === undefined ? proven(listing, by) : passed(title, marketId, ...problem);
    });
  });
}

type Problem = readonly [code: string, reason: string];

function notAskedFor({ title, markets }: GammaEvent, discover: DiscoverConfig): Problem | undefined {
  const game = titleOfListing(title);
  if (game === undefined) return ["GAME", `${JSON.stringify(title)} names no game that is known`];
  if (!(discover.games as readonly string[]).includes(game))
    return ["GAME", `it is ${game}, which is not asked for`];
  const { tournaments } = discover;
  if (tournaments === undefined) return undefined;
  const listed = markets.flatMap((each) =>
    each.kind === "market" ? (each.details.event?.league ?? []) : [],
  );
  const league = `${listed[0] ?? ""} ${title}`.toLowerCase();
  if (tournaments.some((words) => league.includes(words.toLowerCase()))) return undefined;
  return ["TOURNAMENT", `${listed[0] ?? "its tournament"} is none of ${tournaments.join(", ")}`];
}

function problemOf(listing: GammaMarket, event: GammaEvent, by: JudgedBy): Problem | undefined {
  const { description, details } = listing;
  const of = kindOf(listing);
  if (by.configured.has(description.marketId.toLowerCase()))
    return ["CONFIGURED", "the configuration names it itself"];
  if (of === "other" || !by.discover.kinds.includes(of))
    return ["KIND", `its type is ${details.sportsMarketType ?? "not stated"}, which is not asked for`];
  if (event.ended || event.closed || details.closed) return ["ENDED", "its match is over"];
  if (!description.acceptingOrders) return ["CLOSED", "it takes no orders"];
  if (description.negRisk) return ["NEG_RISK", "it is one of many outcomes of a neg-risk event"];
  return undefined;
}

/** A market that is asked for: about its match, or not to be traded. */
function proven(listing: GammaMarket, by: JudgedBy): Found | PassedOver {
  const { description } = listing;
  const { title, marketId, outcomes, rules, startsAt } = description;
  const facts = listingFacts(listing);
  if (facts.kind === "refused") return passed(title, marketId, facts.code, facts.reason);
  const proof = by.registry.prove(description, facts.claim);
  if (!proof.proven) return passed(title, marketId, proof.code, proof.reason);
  const { subject } = proof;
  if (by.resolutionFilter === "refuse" && rules !== undefined && rules.trim() !== "") {
    const names = [outcomes[0].name, outcomes[1].name] as const;
    const assessment = assessResolution({ rules, outcomes: names, subject, startsAt });
    if (!assessment.ok) {
      const [finding] = assessment.findings;
      return passed(title, marketId, "RESOLUTION_UNCLEAR", `${finding!.why}: "${finding!.sentence}"`);
    }
  }
  return { kind: "found", of: kindOf(listing), market: { ...description, subject } };
}

function passed(title: string, marketId: MarketId | undefined, code: string, reason: string): PassedOver {
  return { kind: "passed_over", title, marketId, code, reason };
}
