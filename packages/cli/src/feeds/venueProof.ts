import { listingFacts, type GammaMarket } from "@matchpoint/adapters-polymarket";
import type {
  MarketDescription,
  MarketSubject,
  MatchId,
  MatchRegistry,
  SubjectClaim,
  Team,
} from "@matchpoint/sdk";

/** Sources whose ids of matches the venue's events have. */
const OF_LISTINGS = ["polymarket_sports", "pandascore"];

/** What a market is proven to be about, or why nothing is. */
type Answer = { readonly subject: MarketSubject } | { readonly unproven: string };

/**
 * A configured market as it may be traded once Polymarket has listed it: about its match only when the listing proves it too, by the names
 * that the venue gives to the very tokens. Rules text, start, disputes and exchange are the venue's own. What is not proven, such as a handicap, is
 * related to the match of its event, so that its risk counts with that match.
 *
 * @param claim what the configuration says that it is about; `undefined` leaves it to the listing alone
 */
export function withVenueProof(
  own: MarketDescription,
  claim: SubjectClaim | undefined,
  listing: GammaMarket,
  registry: MatchRegistry,
): MarketDescription {
  const { description } = listing;
  const market: { -readonly [Key in keyof MarketDescription]: MarketDescription[Key] } = {
    ...own,
    ...(description.rules === undefined ? {} : { rules: description.rules }),
    ...(description.startsAt === undefined ? {} : { startsAt: description.startsAt }),
    ...(description.disputed === undefined ? {} : { disputed: description.disputed }),
    ...(description.version === undefined ? {} : { version: description.version }),
  };
  delete market.subject;
  delete market.unproven;
  // What is only related to a match is traded on no fact, whatever the listing proves.
  if (claim === undefined && own.related !== undefined) return market;
  const answer = proofOf(own, claim, listing, registry);
  const related = "subject" in answer ? undefined : (claim?.matchId ?? listedMatch(own, listing, registry));
  delete market.related;
  return { ...market, ...answer, ...(related === undefined ? {} : { related }) };
}

function proofOf(
  own: MarketDescription,
  claim: SubjectClaim | undefined,
  listing: GammaMarket,
  registry: MatchRegistry,
): Answer {
  const order = outcomeOrder(own, listing.description);
  if (order === undefined)
    return { unproven: "its tokens are not those that Polymarket lists under this condition id" };
  const facts = listingFacts(listing);
  if (facts.kind === "refused") return { unproven: `Polymarket's listing: ${facts.reason}` };
  const { matchId } = claim ?? {};
  const proof = registry.prove(listing.description, {
    ...facts.claim,
    ...(matchId === undefined ? {} : { matchId }),
  });
  if (!proof.proven) return { unproven: `Polymarket's listing: ${proof.reason}` };
  const subject = { ...proof.subject, teamOf: ordered(proof.subject.teamOf, order) };
  if (claim !== undefined && gameOf(claim) !== gameOf(subject))
    return {
      unproven: `it is configured as ${called(claim)}, and Polymarket lists it as ${called(subject)}`,
    };
  if (own.subject !== undefined && own.subject.teamOf[0] !== subject.teamOf[0])
    return {
      unproven: `Polymarket lists token ${own.outcomes[0].tokenId} as ${JSON.stringify(listing.description.outcomes[order].name)}, the configuration as ${JSON.stringify(own.outcomes[0].name)}`,
    };
  return { subject };
}

/** The known match whose event the market is listed under, by the venue's id of that match. */
function listedMatch(
  own: MarketDescription,
  { description, details }: GammaMarket,
  registry: MatchRegistry,
): MatchId | undefined {
  const gameId = details.event?.gameId;
  if (gameId === undefined || outcomeOrder(own, description) === undefined) return undefined;
  const known = registry
    .matches()
    .filter(({ refs }) => OF_LISTINGS.some((each) => refs?.[each]?.match === gameId));
  return known.length === 1 ? known[0]!.matchId : undefined;
}

/** Which of the listing's outcomes is our first; `undefined` when the tokens differ. */
export function outcomeOrder(own: MarketDescription, listed: MarketDescription): 0 | 1 | undefined {
  const [a, b] = own.outcomes.map(({ tokenId }) => tokenId);
  const [c, d] = listed.outcomes.map(({ tokenId }) => tokenId);
  if (a === c && b === d) return 0;
  return a === d && b === c ? 1 : undefined;
}

function ordered(teams: readonly [Team, Team], order: 0 | 1): readonly [Team, Team] {
  return order === 0 ? teams : [teams[1], teams[0]];
}

type About = SubjectClaim | MarketSubject;

function gameOf(about: About): number | undefined {
  return about.kind === "game" ? about.game : undefined;
}

function called(about: About): string {
  return about.kind === "game" ? `game ${about.game}` : "the series";
}
