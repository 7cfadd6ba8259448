import type { z } from "zod";
import type { MarketDescription, Team } from "../events/index.ts";
import { id, type MatchId } from "../ids.ts";
import { MatchRegistry, TEAM_ALIASES, type SubjectClaim, type SubjectProof } from "../truth/index.ts";
import { marketDescription, matchDescription, type MARKET_CONFIG, type MATCH_CONFIG } from "./listings.ts";

type MatchConfig = z.output<typeof MATCH_CONFIG>;
type MarketConfig = z.output<typeof MARKET_CONFIG>;

/** What of a configuration says which markets there are, and what they are about. */
export interface ListingsConfig {
  readonly matches: readonly MatchConfig[];
  readonly markets: readonly MarketConfig[];
}

/** A registry of the configured matches, with the names that teams are known by. */
export function configuredMatches(matches: readonly MatchConfig[]): MatchRegistry {
  const registry = new MatchRegistry({ aliases: TEAM_ALIASES });
  for (const match of matches) registry.add(matchDescription(match));
  return registry;
}

/** What the configuration says that a market is about; `undefined` when it says nothing, or only that a match decides it. */
export function subjectClaim({ subject }: MarketConfig): SubjectClaim | undefined {
  if (subject === undefined || subject.kind === "related") return undefined;
  const matchId = id<MatchId>(subject.match);
  return subject.game === undefined
    ? { kind: "series", matchId }
    : { kind: "game", matchId, game: subject.game };
}

/**
 * The configured markets as the vocabulary has them. A market is about its match when its outcomes' names are names of the match's teams;
 * otherwise it is listed without a subject and with the reason, and no truth-driven strategy trades it; its risk counts with that match.
 *
 * @throws `MatchpointError` `UNIT_INVALID` for a fee that is out of range
 *
 * @example
 * ```ts
 * import { listedMarkets, parseConfig } from "@matchpoint/sdk";
 * const config = parseConfig({
 *   matches: [{ id: "m", title: "lol", teams: ["T1", { name: "Gen.G", aliases: ["GEN"] }] }],
 *   markets: [
 *     { id: "0x1", title: "T1 vs GEN", outcomes: [{ token: "7", name: "GEN" }, { token: "8", name: "T1" }], subject: { match: "m" } },
 *   ],
 * });
 * const subject = listedMarkets(config)[0]!.subject; // { kind: "series", matchId: "m", teamOf: [1, 0] }
 * ```
 */
export function listedMarkets(config: ListingsConfig): readonly MarketDescription[] {
  const registry = configuredMatches(config.matches);
  return config.markets.map((market) => {
    const description = marketDescription(market);
    const claim = subjectClaim(market);
    if (claim === undefined) return description;
    const proof = registry.prove(description, claim);
    return proof.proven
      ? { ...description, subject: proof.subject }
      : { ...description, ...relatedTo(claim), unproven: proof.reason };
  });
}

/** What is said to be about a match, and not proven to be, is still risk of that match. */
function relatedTo({ matchId }: SubjectClaim): Pick<MarketDescription, "related"> {
  return matchId === undefined ? {} : { related: matchId };
}

/** Names that nobody has told us, which an alias mends: the market stays unproven. Everything else contradicts the file itself. */
const UNKNOWN: ReadonlySet<string> = new Set(["NAME_UNKNOWN", "TEAM_UNDECIDED"]);

const NO_FEES = { rate: 0, exponent: 1, taker_only: true };

/** What a market says of itself that its match contradicts: the way from the market to it, and what is wrong. */
export function subjectProblem(
  market: MarketConfig,
  registry: MatchRegistry,
): { readonly path: readonly string[]; readonly message: string } | undefined {
  const claim = subjectClaim(market);
  if (market.subject?.kind === "related") return relatedProblem(market.subject);
  if (claim === undefined || market.subject === undefined) return undefined;
  // Fees say nothing of a match; what is wrong with them the schema says.
  const proof: SubjectProof = registry.prove(marketDescription({ ...market, fee: NO_FEES }), claim);
  if (!proof.proven) {
    if (UNKNOWN.has(proof.code) || proof.code === "MATCH_UNKNOWN") return undefined;
    const path = proof.code === "GAME_UNKNOWN" ? ["subject", "game"] : ["subject"];
    return { path, message: proof.reason };
  }
  const { team_of: given } = market.subject;
  const { teamOf } = proof.subject;
  // That both outcomes cannot be one team's is said already.
  if (given === undefined || given[0] === given[1] || given[0] === teamOf[0]) return undefined;
  const teams = registry.get(proof.subject.matchId)!.teams;
  const name = (team: Team): string => JSON.stringify(teams[team].name);
  const [first] = market.outcomes;
  return {
    path: ["subject", "team_of"],
    message: `outcome ${JSON.stringify(first.name)} is ${name(teamOf[0])}, which is team ${teamOf[0]}: leave team_of out, the names say it`,
  };
}

function relatedProblem(
  subject: NonNullable<MarketConfig["subject"]>,
): { readonly path: readonly string[]; readonly message: string } | undefined {
  const field = (["game", "team_of"] as const).find((each) => subject[each] !== undefined);
  if (field === undefined) return undefined;
  return {
    path: ["subject", field],
    message: `a related market is about no ${field === "game" ? "game" : "team"}: leave it out, or leave \`kind\` out`,
  };
}
