import { listingFacts, type GammaMarket } from "@matchpoint/adapters-polymarket";
import type { MarketDescription, MarketSubject, MatchRegistry, SubjectClaim, Team } from "@matchpoint/sdk";

/** What a market is proven to be about, or why nothing is. */
type Answer = { readonly subject: MarketSubject } | { readonly unproven: string };

/**
 * A configured market as it may be traded once Polymarket has listed it: about its match only when the listing proves it too, by the names
 * that the venue gives to the very tokens. Rules text, start and exchange are the venue's own.
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
    ...(description.version === undefined ? {} : { version: description.version }),
  };
  delete market.subject;
  delete market.unproven;
  return { ...market, ...proofOf(own, claim, listing, registry) };
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
