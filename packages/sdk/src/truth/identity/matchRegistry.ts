import type { MarketDescription, MarketSubject, MatchDescription, Team } from "../../events/index.ts";
import type { MatchId } from "../../ids.ts";
import { namesTeam } from "./names.ts";

/** What the lister of a market says that it is about: taken from the venue's own fields, never guessed from its title. */
export type SubjectClaim =
  | { readonly kind: "series"; readonly matchId?: MatchId }
  | { readonly kind: "game"; readonly game: number; readonly matchId?: MatchId };

/** A market's subject with its proof, or why there is none. */
export type SubjectProof =
  | { readonly proven: true; readonly subject: MarketSubject }
  | {
      readonly proven: false;
      readonly code:
        | "MATCH_UNKNOWN"
        | "NAME_UNKNOWN"
        | "NAME_AMBIGUOUS"
        | "MATCH_AMBIGUOUS"
        | "GAME_UNKNOWN"
        | "START_DIFFERS";
      readonly reason: string;
    };

/** How far the market's start may lie from the match's. */
export interface MatchRegistryOptions {
  /** In ms; default 12 hours, so that the same two teams a day later are another match. */
  readonly startToleranceMs?: number;
}

const TWELVE_HOURS_MS = 43_200_000;

type Unproven = Extract<SubjectProof, { proven: false }>;

function unproven(code: Unproven["code"], reason: string): Unproven {
  return { proven: false, code, reason };
}

/** Which teams a name fits. */
function teamsNamed(name: string, match: MatchDescription): readonly Team[] {
  return ([0, 1] as const).filter((team) => namesTeam(name, match.teams[team]));
}

/**
 * Joins markets to matches. Fails closed: an outcome belongs to a team because its name is one of the team's names or
 * aliases, never because of its position; whatever is not proven stays without a subject, and no truth-driven strategy
 * trades it.
 */
export class MatchRegistry {
  readonly #matches = new Map<MatchId, MatchDescription>();
  readonly #startToleranceMs: number;

  constructor(options: MatchRegistryOptions = {}) {
    this.#startToleranceMs = options.startToleranceMs ?? TWELVE_HOURS_MS;
  }

  /** Adds a match, or replaces its description. */
  add(match: MatchDescription): void {
    this.#matches.set(match.matchId, match);
  }

  get(matchId: MatchId): MatchDescription | undefined {
    return this.#matches.get(matchId);
  }

  /**
   * Proves which team each outcome of a market stands for. Without a `matchId` in the claim, exactly one known match must
   * fit by names and start.
   */
  prove(market: MarketDescription, claim: SubjectClaim): SubjectProof {
    if (claim.matchId !== undefined) {
      const match = this.#matches.get(claim.matchId);
      if (match === undefined) return unproven("MATCH_UNKNOWN", `match ${claim.matchId} is not listed`);
      return this.#join(market, claim, match);
    }
    const proofs = [...this.#matches.values()].map((match) => this.#join(market, claim, match));
    const found = proofs.filter((proof) => proof.proven);
    if (found.length > 1) {
      return unproven("MATCH_AMBIGUOUS", `${found.length} listed matches fit the outcomes and the start`);
    }
    if (found.length === 1) return found[0]!;
    const near = proofs.find((proof) => !proof.proven && proof.code !== "NAME_UNKNOWN");
    const names = market.outcomes.map((outcome) => JSON.stringify(outcome.name)).join(" and ");
    return near ?? unproven("NAME_UNKNOWN", `no listed match has teams called ${names}`);
  }

  #join(market: MarketDescription, claim: SubjectClaim, match: MatchDescription): SubjectProof {
    const found: Team[] = [];
    for (const { name } of market.outcomes) {
      const teams = teamsNamed(name, match);
      if (teams.length === 0) {
        return unproven(
          "NAME_UNKNOWN",
          `outcome ${JSON.stringify(name)} is no name or alias of a team of ${match.matchId}`,
        );
      }
      if (teams.length === 2) {
        return unproven(
          "NAME_AMBIGUOUS",
          `outcome ${JSON.stringify(name)} names both teams of ${match.matchId}`,
        );
      }
      found.push(teams[0]!);
    }
    if (found[0] === found[1]) {
      return unproven("NAME_AMBIGUOUS", `both outcomes name ${JSON.stringify(match.teams[found[0]!].name)}`);
    }
    const teamOf = [found[0]!, found[1]!] as const;
    const apart = startsApart(market, match);
    if (apart !== undefined && apart > this.#startToleranceMs) {
      return unproven(
        "START_DIFFERS",
        `market and match ${match.matchId} start ${Math.round(apart / 60_000)} minutes apart`,
      );
    }
    if (claim.kind === "series")
      return { proven: true, subject: { kind: "series", matchId: match.matchId, teamOf } };
    if (!Number.isInteger(claim.game) || claim.game < 1 || claim.game > match.bestOf) {
      return unproven("GAME_UNKNOWN", `match ${match.matchId} has no game ${claim.game}`);
    }
    return { proven: true, subject: { kind: "game", matchId: match.matchId, game: claim.game, teamOf } };
  }
}

function startsApart(market: MarketDescription, match: MatchDescription): number | undefined {
  if (market.startsAt === undefined || match.startsAt === undefined) return undefined;
  return Math.abs(market.startsAt - match.startsAt);
}
