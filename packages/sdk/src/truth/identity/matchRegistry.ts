import type { MarketDescription, MatchDescription } from "../../events/index.ts";
import type { MatchId } from "../../ids.ts";
import {
  unproven,
  type Claimed,
  type JoinProof,
  type ProviderMatch,
  type SubjectClaim,
  type SubjectProof,
  type Unproven,
} from "./claimed.ts";
import { fit, ownNames, teamsNamed, unknownName, type Fit, type Tolerances } from "./fit.ts";
import { MatchIndex } from "./matchIndex.ts";
import { isUndecided } from "./names.ts";
import { TeamTable, type TeamAliases } from "./teamAliases.ts";
import { inWords } from "./times.ts";

/** What a {@link MatchRegistry} goes by. */
export interface MatchRegistryOptions {
  /**
   * How far two starts may lie apart and still be one, in ms; default 2 hours. Matches begin late: of 38 CS2 and Dota 2 series of March
   * 2026 the latest began 1 h 45 min after the time that its market named.
   */
  readonly startToleranceMs?: number;
  /** The same where an id of the match agrees too, since matches are moved; default 7 days. */
  readonly startToleranceWithIdMs?: number;
  /** Names of teams as sources differ in them, as data or checked; default none. `TEAM_ALIASES` is a table to start from. */
  readonly aliases?: TeamAliases | TeamTable;
}

const HOUR_MS = 3_600_000;
/** No team's name is near it; a bound on what a hostile listing can cost. */
const LONGEST_NAME = 120;
/** Where one pair meets twice so near, the start has to fit one exactly and the other not at all. */
const RIVAL_MS = 12 * HOUR_MS;
const EXACT_MS = HOUR_MS / 2;
const CLEAR_MS = 3 * HOUR_MS;

/**
 * Joins markets and providers' matches to our matches. Fails closed: a join rests on both teams by name *and* on a start or an id that
 * agrees, and on nothing that speaks against it; an outcome belongs to a team because its name is one of the team's names, never because of
 * its position. What is not proven stays without a subject, with a reason that names what differs, and no truth-driven strategy trades it.
 *
 * @example
 * ```ts
 * import { MatchRegistry, readInstant, TEAM_ALIASES, type MarketDescription, type MatchDescription } from "@matchpoint/sdk";
 * function subjectOf(market: MarketDescription, match: MatchDescription) {
 *   const registry = new MatchRegistry({ aliases: TEAM_ALIASES });
 *   registry.add(match);
 *   registry.join([
 *     {
 *       source: "opendota",
 *       id: "8701",
 *       title: "dota2",
 *       startsAt: readInstant("2026-03-12T08:01:53Z"),
 *       teams: [{ name: "BetBoom Team", id: "8255888" }, { name: "HEROIC", id: "9303484" }],
 *     },
 *   ]);
 *   const proof = registry.prove(market, { kind: "series", title: "dota2" });
 *   return proof.proven ? proof.subject : proof.reason;
 * }
 * ```
 */
export class MatchRegistry {
  readonly #matches: MatchIndex;
  readonly #within: Tolerances;
  readonly #table: TeamTable;

  /** @throws `MatchpointError` `CONFIG_INVALID` when the table of names contradicts itself */
  constructor(options: MatchRegistryOptions = {}) {
    const { startToleranceMs = 2 * HOUR_MS, startToleranceWithIdMs = 168 * HOUR_MS } = options;
    this.#within = {
      startMs: startToleranceMs,
      startWithIdMs: Math.max(startToleranceMs, startToleranceWithIdMs),
    };
    const { aliases = { teams: [] } } = options;
    this.#table = aliases instanceof TeamTable ? aliases : new TeamTable(aliases);
    this.#matches = new MatchIndex(this.#table);
  }

  /** Adds a match, or replaces its description. */
  add(match: MatchDescription): void {
    this.#matches.set(match);
  }

  get(matchId: MatchId): MatchDescription | undefined {
    return this.#matches.get(matchId);
  }

  /** Every match, with the ids of all providers that were joined to it. */
  matches(): readonly MatchDescription[] {
    return this.#matches.all();
  }

  /**
   * Proves which team each outcome of a market stands for. Without a `matchId` in the claim, exactly one known match must
   * fit.
   */
  prove(market: MarketDescription, claim: SubjectClaim): SubjectProof {
    const names = [market.outcomes[0].name, market.outcomes[1].name] as const;
    const found = this.#find({
      ...claim,
      what: `market ${market.marketId}`,
      noun: "outcome",
      names,
      startsAt: market.startsAt,
    });
    if (!("match" in found)) return found;
    const { match, teamOf, facts } = found;
    const { matchId } = match;
    if (claim.kind === "series") return { proven: true, subject: { kind: "series", matchId, teamOf }, facts };
    if (!Number.isInteger(claim.game) || claim.game < 1 || claim.game > match.bestOf)
      return unproven("GAME_UNKNOWN", `match ${matchId} has no game ${claim.game}`);
    return { proven: true, subject: { kind: "game", matchId, game: claim.game, teamOf }, facts };
  }

  /**
   * Joins matches of a provider to ours and notes its ids in their `refs`, so that its feed can follow them. Give the provider's whole
   * schedule at once: two of its matches that both fit one of ours are told apart only when both are known.
   *
   * @returns per match, in the order given
   */
  join(provided: readonly ProviderMatch[]): readonly JoinProof[] {
    const found = provided.map((match) => this.#find(claimedOf(match)));
    const joined = provided.map((match, index): JoinProof => {
      const own = found[index]!;
      if (!("match" in own)) return own;
      const rivals = provided.flatMap((other) => {
        if (other.source !== match.source || other.id === match.id || !isNear(other, own.match)) return [];
        const fits = fit(claimedOf(other), own.match, this.#table, this.#within);
        return fits !== undefined && "match" in fits && isRival(fits) && (fits.apart ?? 0) <= RIVAL_MS
          ? [fits]
          : [];
      });
      const against =
        rivals.length === 0 || own.sameId
          ? undefined
          : nearestOf(own, rivals, `${rivals.length + 1} matches of ${match.source}`);
      return against ?? { proven: true, match: withRef(own, match), teamOf: own.teamOf, facts: own.facts };
    });
    return joined.map((proof) => {
      if (!proof.proven) return proof;
      // Several providers of one call may have joined it: keep all of their ids.
      const now = this.#matches.get(proof.match.matchId)!;
      const match = { ...now, refs: { ...now.refs, ...proof.match.refs } };
      this.#matches.set(match);
      return { ...proof, match };
    });
  }

  /** The one match that a claim fits. */
  #find(claimed: Claimed): Fit | Unproven {
    const endless = claimed.names.find((name) => name.length > LONGEST_NAME);
    if (endless !== undefined)
      return unproven(
        "NAME_UNKNOWN",
        `${claimed.noun} ${JSON.stringify(endless.slice(0, 40))}… is too long for a name`,
      );
    const undecided = claimed.names.find((name) => isUndecided(name));
    if (undecided !== undefined)
      return unproven(
        "TEAM_UNDECIDED",
        `${claimed.noun} ${JSON.stringify(undecided)} of ${claimed.what} names no team yet`,
      );
    const named = claimed.matchId === undefined ? undefined : this.#matches.get(claimed.matchId);
    if (claimed.matchId !== undefined && named === undefined)
      return unproven("MATCH_UNKNOWN", `match ${claimed.matchId} is not listed`);
    const matches = named === undefined ? this.#candidates(claimed, true) : [named];
    const answers = matches.map((match) => fit(claimed, match, this.#table, this.#within));
    const fits = answers.filter((answer) => answer !== undefined && "match" in answer);
    const open = fits.filter(({ against }) => against === undefined);
    if (open.length === 0) return this.#refusal(claimed, named, answers);
    const byId = open.filter(({ sameId }) => sameId);
    if (byId.length > 1)
      return unproven("MATCH_AMBIGUOUS", `${byId.length} listed matches have the id of ${claimed.what}`);
    if (byId.length === 1) return byId[0]!;
    const nearest = open.reduce((best, each) => ((each.apart ?? 0) < (best.apart ?? 0) ? each : best));
    const rivals = fits.filter(
      (each) => each !== nearest && each.apart !== undefined && each.apart <= RIVAL_MS && isRival(each),
    );
    return (
      (rivals.length === 0 ? undefined : nearestOf(nearest, rivals, `${rivals.length + 1} listed matches`)) ??
      nearest
    );
  }

  /** Listed matches that may have both teams, or either. */
  #candidates({ names }: Claimed, both: boolean): readonly MatchDescription[] {
    const [first, second] = [this.#matches.with(names[0]), this.#matches.with(names[1])];
    const ids = both
      ? [...first].filter((matchId) => second.has(matchId))
      : [...new Set([...first, ...second])];
    return ids.map((matchId) => this.#matches.get(matchId)!);
  }

  /** Says what differs: of the nearest match of both teams, or which of the two names is unknown. */
  #refusal(
    claimed: Claimed,
    named: MatchDescription | undefined,
    answers: readonly (Fit | Unproven | undefined)[],
  ): Unproven {
    const ambiguous = answers.find((answer) => answer !== undefined && !("match" in answer));
    if (ambiguous !== undefined && !("match" in ambiguous)) return ambiguous;
    const near = answers
      .filter((answer): answer is Fit => answer !== undefined && "match" in answer)
      .sort((a, b) => (a.apart ?? Infinity) - (b.apart ?? Infinity))[0];
    if (near?.against !== undefined) return near.against;
    const known = (name: string, match: MatchDescription): boolean =>
      teamsNamed(name, claimed, match, this.#table).length > 0;
    // The match that has one of the two teams, nearest in time, says most about the other.
    const half = (named === undefined ? this.#candidates(claimed, false) : [named])
      .filter((match) => this.#distance(claimed, match) <= RIVAL_MS || match === named)
      .filter((match) => claimed.names.some((name) => known(name, match)))
      .sort((a, b) => this.#distance(claimed, a) - this.#distance(claimed, b))[0];
    if (half !== undefined || named !== undefined) {
      const match = half ?? named!;
      const name = claimed.names.find((each) => !known(each, match))!;
      return unknownName(
        name,
        claimed,
        `a team of match ${match.matchId}`,
        match.teams.flatMap(ownNames),
        this.#table,
      );
    }
    const name = claimed.names.find((each) => this.#matches.with(each).size === 0);
    if (name !== undefined)
      return unknownName(name, claimed, "a team of any listed match", this.#matches.names(), this.#table);
    return unproven(
      "MATCH_UNKNOWN",
      `no listed match near ${claimed.what} is between ${claimed.names.join(" and ")}`,
    );
  }

  #distance(claimed: Claimed, match: MatchDescription): number {
    return claimed.startsAt === undefined || match.startsAt === undefined
      ? RIVAL_MS
      : Math.abs(claimed.startsAt - match.startsAt);
  }
}

/** Another match of the pair counts unless something but its start tells it apart. */
function isRival({ against }: Fit): boolean {
  return against === undefined || against.code === "START_DIFFERS";
}

/** Whether a provider's match could be a second meeting on the day of one of ours. */
function isNear(provided: ProviderMatch, match: MatchDescription): boolean {
  if (provided.startsAt === undefined || match.startsAt === undefined) return true;
  return Math.abs(provided.startsAt - match.startsAt) <= RIVAL_MS;
}

/** Refuses the nearest of several meetings of one pair unless its start fits exactly and theirs not at all. */
function nearestOf(nearest: Fit, rivals: readonly Fit[], what: string): Unproven | undefined {
  const clear =
    nearest.apart !== undefined &&
    nearest.apart <= EXACT_MS &&
    rivals.every(({ apart }) => apart !== undefined && apart >= CLEAR_MS);
  if (clear) return undefined;
  const starts = [nearest, ...rivals].map(({ apart }) =>
    apart === undefined ? "an unknown time" : inWords(apart),
  );
  return unproven(
    "MATCH_AMBIGUOUS",
    `${what} of the same teams fit, ${starts.join(" and ")} away; an id that agrees would tell them apart`,
  );
}

function claimedOf(match: ProviderMatch): Claimed {
  return {
    title: match.title,
    ...(match.league === undefined ? {} : { league: match.league }),
    ...(match.bestOf === undefined ? {} : { bestOf: match.bestOf }),
    ids: { ...match.ids, [match.source]: match.id },
    what: `${match.source} match ${match.id}`,
    noun: "team",
    names: [match.teams[0].name, match.teams[1].name],
    startsAt: match.startsAt,
  };
}

/** Our match with a provider's ids of it and of its teams, in our order. */
function withRef({ match, teamOf }: Fit, provided: ProviderMatch): MatchDescription {
  const { source, id, teams } = provided;
  const ordered = teamOf[0] === 0 ? teams : ([teams[1], teams[0]] as const);
  return {
    ...match,
    refs: { ...match.refs, [source]: { match: id, teams: [ordered[0].id, ordered[1].id] } },
  };
}
