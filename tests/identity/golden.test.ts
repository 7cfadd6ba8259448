/**
 * Real listings joined to results that come from elsewhere. The tables that the runs print are the coverage; the assertions are what a
 * change may not make worse: no joined match may name the wrong team.
 */
import { listingFacts, matchOfListing, type ListingFacts } from "@matchpoint/adapters-polymarket";
import {
  MatchRegistry,
  normaliseName,
  TEAM_ALIASES,
  type JoinProof,
  type MatchDescription,
  type ProviderMatch,
  type Team,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  cs2Results,
  dota2Results,
  listings,
  recorded,
  usListings,
  type Listing,
  type PlayedMatch,
} from "./realSchedules.ts";

const HOUR = 3_600_000;

function counted(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const codeOf = (proof: JoinProof): string => (proof.proven ? "joined" : proof.code);

/** The winner of an ended event by its score, in the order of its teams: `000-000|2-1|Bo3`. */
function winnerByScore({ ended, score }: Listing): Team | undefined {
  const maps = /\|(\d+)-(\d+)\|Bo(\d)$/.exec(score ?? "");
  if (!ended || maps === null) return undefined;
  const [a, b, bestOf] = maps.slice(1).map(Number) as [number, number, number];
  if (Math.max(a, b) * 2 <= bestOf) return undefined;
  return a > b ? 0 : 1;
}

interface ListedMatch {
  readonly match: MatchDescription;
  readonly facts: ListingFacts;
  readonly listing: Listing;
}

/** A match per event that has a winner market among the listings. */
function listedMatches(all: readonly Listing[]): readonly ListedMatch[] {
  const found = new Map<string, ListedMatch>();
  for (const listing of all) {
    const facts = listingFacts(listing.market);
    const match = facts.kind === "facts" ? matchOfListing(facts) : undefined;
    if (match !== undefined && facts.kind === "facts" && !found.has(match.matchId))
      found.set(match.matchId, { match, facts, listing });
  }
  return [...found.values()];
}

const startsAlike = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

/** By eye's rule, apart from the registry's: within a day, each team shares a telling word, or is written the same without spaces. */
function looksLike(one: readonly string[], other: readonly string[]): boolean {
  const words = (name: string): string[] =>
    normaliseName(name)
      .split(" ")
      .filter((word) => !["team", "esports", "esport", "gaming", "clan", "academy", "the"].includes(word));
  const like = (a: string, b: string): boolean =>
    words(a).some((word) => words(b).includes(word)) ||
    startsAlike(normaliseName(a).replaceAll(" ", ""), normaliseName(b).replaceAll(" ", "")) ||
    [a, b].map(normaliseName).sort().join() === "ninjas in pyjamas,nip";
  return (
    (like(one[0]!, other[0]!) && like(one[1]!, other[1]!)) ||
    (like(one[0]!, other[1]!) && like(one[1]!, other[0]!))
  );
}

const namesOf = ({ teams }: ProviderMatch | MatchDescription): readonly string[] =>
  teams.map(({ name }) => name);

describe.skipIf(!recorded)("996 listings of 2026-03-11", () => {
  const all = recorded ? listings() : [];
  const listed = listedMatches(all);
  const results: readonly PlayedMatch[] = recorded ? [...cs2Results(), ...dota2Results()] : [];
  const followed = listed.filter(({ match }) => match.title === "cs2" || match.title === "dota2");

  it("give winner markets by type, title and outcomes, and refuse every other", () => {
    const read = all.map(({ market }) => listingFacts(market));
    expect(counted(read.map((facts) => (facts.kind === "facts" ? "facts" : facts.code)))).toEqual({
      facts: 226,
      NOT_A_WINNER_MARKET: 770,
    });
    expect(read.filter((facts) => facts.kind === "facts" && facts.game !== undefined)).toHaveLength(134);
    expect(counted(listed.map(({ match }) => match.title))).toEqual({
      cs2: 61,
      lol: 9,
      valorant: 17,
      dota2: 9,
    });
  });

  it("are joined to CS2 and Dota 2 results, and to nothing else", () => {
    const registry = new MatchRegistry({ aliases: TEAM_ALIASES });
    for (const { match } of listed) registry.add(match);
    const near = results.filter(({ match }) =>
      listed.some((each) => Math.abs(each.match.startsAt! - match.startsAt!) <= 24 * HOUR),
    );
    const proofs = registry.join(near.map(({ match }) => match));
    const counterparts = followed.filter(({ match }) =>
      near.some(
        (each) =>
          each.match.title === match.title &&
          Math.abs(each.match.startsAt! - match.startsAt!) <= 24 * HOUR &&
          looksLike(namesOf(each.match), namesOf(match)),
      ),
    );
    const joined = proofs.filter((proof) => proof.proven);
    const refused = proofs.flatMap((proof, index) =>
      proof.proven || proof.code.endsWith("UNKNOWN") ? [] : [{ proof, match: near[index]!.match }],
    );
    console.log("results near a listing, by answer", near.length, counted(proofs.map(codeOf)));
    console.log(
      `listed CS2 and Dota 2 matches ${followed.length}, with a counterpart by eye ${counterparts.length}, joined ${joined.length}`,
    );
    for (const { proof, match } of refused)
      console.log(`  ${namesOf(match).join(" - ")}: ${proof.code}, ${proof.reason}`);
    const missed = counterparts.filter(
      ({ match }) => !joined.some((proof) => proof.match.matchId === match.matchId),
    );
    for (const { match } of missed)
      console.log(`  without a join: ${namesOf(match).join(" - ")} (${match.league})`);

    expect(joined).toHaveLength(38);
    // Both teams, by words that the registry does not go by, and no match twice.
    proofs.forEach((proof, index) => {
      if (proof.proven) expect(looksLike(namesOf(proof.match), namesOf(near[index]!.match))).toBe(true);
    });
    expect(new Set(joined.map((proof) => proof.match.matchId)).size).toBe(joined.length);
    expect(joined.every(({ facts }) => facts.includes("start"))).toBe(true);
    console.log("  facts", counted(joined.map(({ facts }) => facts.join("+"))));
    // What is missed starts at another time.
    expect(missed.map(({ match }) => namesOf(match))).toEqual([["HOTU", "Favbet"]]);
  });

  it("prove each winner market's tokens by name, whatever their order", () => {
    const registry = new MatchRegistry({ aliases: TEAM_ALIASES });
    for (const { match } of listed) registry.add(match);
    let proven = 0;
    for (const { market } of all) {
      const facts = listingFacts(market);
      if (facts.kind === "refused") continue;
      const [first, second] = market.description.outcomes;
      for (const outcomes of [[first, second] as const, [second, first] as const]) {
        const proof = registry.prove({ ...market.description, outcomes }, facts.claim);
        // An event without a series market among the listings has no match here.
        if (!proof.proven) {
          expect(proof.code).toMatch(/MATCH_UNKNOWN|NAME_UNKNOWN|START_DIFFERS/);
          continue;
        }
        proven += 1;
        const { teams } = registry.get(proof.subject.matchId)!;
        outcomes.forEach(({ name }, outcome) => {
          expect(normaliseName(teams[proof.subject.teamOf[outcome as 0 | 1]].name)).toBe(normaliseName(name));
        });
        expect(proof.subject.kind === "game" ? proof.subject.game : undefined).toBe(facts.game);
      }
    }
    console.log(`winner markets proven against the listed matches, in both orders: ${proven} of ${2 * 226}`);
    expect(proven).toBe(2 * 226);
  });

  it("agree with the results on who won, where the event has ended", () => {
    // The other way round: our matches are the results, and each listed event, by its title alone, is what is joined to them.
    const registry = new MatchRegistry({ aliases: TEAM_ALIASES });
    const own = new Map<string, PlayedMatch>();
    for (const played of results) {
      const { match } = played;
      const matchId = `${match.source}-${match.id}` as MatchDescription["matchId"];
      own.set(matchId, played);
      const [a, b] = match.teams;
      registry.add({
        matchId,
        title: match.title,
        bestOf: match.bestOf ?? 3,
        startsAt: match.startsAt!,
        league: match.league!,
        teams: [{ name: a.name }, { name: b.name }],
      });
    }
    const seen = new Set<string>();
    const events = all.flatMap((listing): { provided: ProviderMatch; listing: Listing }[] => {
      const parts = /^(Counter-Strike|Dota 2): (.+?) vs (.+?) \(BO(\d)\) - (.+)$/.exec(listing.eventTitle);
      const gameId = listing.market.details.event?.gameId;
      if (parts === null || gameId === undefined || seen.has(gameId)) return [];
      seen.add(gameId);
      const [, game, a, b, bestOf, league] = parts as unknown as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const provided: ProviderMatch = {
        source: "polymarket_sports",
        id: gameId,
        title: game === "Dota 2" ? "dota2" : "cs2",
        startsAt: listing.market.description.startsAt!,
        bestOf: Number(bestOf),
        league,
        teams: [
          { name: a, id: a },
          { name: b, id: b },
        ],
      };
      return [{ provided, listing }];
    });
    const proofs = registry.join(events.map(({ provided }) => provided));
    let compared = 0;
    proofs.forEach((proof, index) => {
      const { listing } = events[index]!;
      const scored = winnerByScore(listing);
      const won = proof.proven ? own.get(proof.match.matchId)!.winner : undefined;
      if (!proof.proven || scored === undefined || won === undefined) return;
      compared += 1;
      expect(proof.teamOf[scored], `${listing.eventTitle} ${listing.score}`).toBe(won);
    });
    const ended = events.filter(({ listing }) => winnerByScore(listing) !== undefined).length;
    console.log(
      `events ${events.length}, joined ${proofs.filter(({ proven }) => proven).length}; ended with a score ${ended}, winner compared ${compared}, contradictions 0`,
    );
    console.log("  by answer", counted(proofs.map(codeOf)));
    for (const proof of proofs)
      if (!proof.proven && !proof.code.endsWith("UNKNOWN")) console.log(`  ${proof.code}: ${proof.reason}`);
    expect(compared).toBeGreaterThanOrEqual(14);
  });

  it("show a clock that is three hours off", () => {
    const registry = new MatchRegistry({ aliases: TEAM_ALIASES, startToleranceMs: 6 * HOUR });
    for (const { match } of listed) registry.add(match);
    const misread = cs2Results("Z")
      .map(({ match }) => match)
      .filter(({ startsAt }) =>
        listed.some(({ match }) => Math.abs(match.startsAt! - startsAt!) <= 24 * HOUR),
      );
    const apart = registry
      .join(misread)
      .flatMap((proof, index) => (proof.proven ? [misread[index]!.startsAt! - proof.match.startsAt!] : []));
    const counts = counted(apart.map((ms) => String(ms / HOUR)));
    const exact = counts["3"] ?? 0;
    console.log(
      `read as UTC: ${exact} of ${apart.length} joined series start exactly 3 h after their market says`,
    );
    expect(exact).toBe(Math.max(...Object.values(counts)));
    expect(exact).toBeGreaterThanOrEqual(10);
    const strict = new MatchRegistry({ aliases: TEAM_ALIASES });
    for (const { match } of listed) strict.add(match);
    expect(strict.join(misread).filter(({ proven }) => proven).length).toBeLessThan(apart.length / 4);
  });
});

describe.skipIf(!recorded)("Dota 2 listings of the US venue, which give a day and no hour", () => {
  it("never name a winner other than OpenDota's, with the tolerance that a day needs", () => {
    const own = usListings();
    const registry = new MatchRegistry({ aliases: TEAM_ALIASES, startToleranceMs: 18 * HOUR });
    const played = new Map<string, PlayedMatch>();
    for (const result of dota2Results()) {
      const { match } = result;
      const matchId = match.id as MatchDescription["matchId"];
      played.set(matchId, result);
      registry.add({
        matchId,
        title: "dota2",
        bestOf: 3,
        startsAt: match.startsAt!,
        teams: [{ name: match.teams[0].name }, { name: match.teams[1].name }],
      });
    }
    const proofs = registry.join(
      own.map(({ id, names, noon }) => ({
        source: "polymarket_us",
        id,
        title: "dota2",
        startsAt: noon,
        teams: [
          { name: names[0], id: names[0] },
          { name: names[1], id: names[1] },
        ],
      })),
    );
    const wrong: string[] = [];
    let compared = 0;
    proofs.forEach((proof, index) => {
      const { paid, id } = own[index]!;
      const winner = proof.proven ? played.get(proof.match.matchId)!.winner : undefined;
      if (!proof.proven || winner === undefined || paid === undefined) return;
      compared += 1;
      if (proof.teamOf[paid] !== winner) wrong.push(id);
    });
    console.log(
      "US Dota 2 listings",
      own.length,
      counted(proofs.map(codeOf)),
      `winner compared ${compared}, contradictions`,
      wrong,
    );
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(10);
  });
});
