import { MatchpointError, namesTeam, type MatchDescription, type Team } from "@matchpoint/sdk";

/** A match with one source's names for it: what turns that source's ids into ours. */
export interface FollowedMatch {
  readonly match: MatchDescription;
  /** The source's id of the match. */
  readonly ref: string;
  /** The source's ids of both teams, in the order of `match.teams`. */
  readonly teams: readonly [string, string];
  /** What {@link noteName} has found: why no id of the source is taken for a team of ours any more. */
  misnamed?: string;
}

/**
 * The match as a source names it, or `undefined` when the description has no reference for that source.
 * @throws `MatchpointError` `EVENT_INVALID` when both teams have one id: every win would be the first one's
 */
export function followed(match: MatchDescription, source: string): FollowedMatch | undefined {
  const refs = match.refs;
  if (refs === undefined || !Object.hasOwn(refs, source)) return undefined;
  const { match: ref, teams } = refs[source]!;
  if (teams[0] === teams[1]) {
    throw new MatchpointError("EVENT_INVALID", `both teams have the id ${JSON.stringify(teams[0])}`, {
      where: `match ${match.matchId}, refs.${source}.teams`,
      hint: "give each team the id that the source has for it",
    });
  }
  return { match, ref, teams };
}

/** Turns a source's team id into ours; `undefined` for a team of another match. */
export type TeamOf = (teamId: string) => Team | undefined;

/** Index of a team by the source's id of it. Sides change per map, so nothing else identifies a team. */
export function teamIndex(followed: FollowedMatch, teamId: string): Team | undefined {
  if (followed.misnamed !== undefined) return undefined;
  if (teamId === followed.teams[0]) return 0;
  if (teamId === followed.teams[1]) return 1;
  return undefined;
}

/**
 * Holds the name that a source gives to a team beside the id that the match has for it. Ids that are exchanged would turn every result into
 * its opposite: when the name is the other team's, no id of this source is taken for a team any more. A name that is nobody's proves
 * nothing.
 *
 * @returns why, from then on
 *
 * @example
 * ```ts
 * import { matchesByRef, noteName } from "@matchpoint/adapters-esports";
 * import type { MatchDescription } from "@matchpoint/sdk";
 * function problemOf(match: MatchDescription): string | undefined {
 *   const followed = [...matchesByRef([match], "board").values()][0];
 *   return followed && noteName(followed, "board", "47494", "T1");
 * }
 * ```
 */
export function noteName(
  followed: FollowedMatch,
  source: string,
  teamId: string | undefined,
  ...names: readonly (string | undefined)[]
): string | undefined {
  const team = teamId === undefined ? undefined : teamIndex(followed, teamId);
  if (team === undefined) return followed.misnamed;
  const { match } = followed;
  const [own, other] = [match.teams[team], match.teams[1 - team]!];
  const name = names.find((each) => each !== undefined && namesTeam(each, other));
  if (name === undefined || names.some((each) => each !== undefined && namesTeam(each, own)))
    return undefined;
  followed.misnamed =
    `team ${teamId} is ${JSON.stringify(name)}, which is the other team of match ${match.matchId} by name: ` +
    `refs.${source}.teams has the ids in the order of the match's teams`;
  return followed.misnamed;
}

/**
 * The followed matches by the source's id.
 * @throws `MatchpointError` `EVENT_INVALID` when two matches have one id, or both teams of a match
 */
export function matchesByRef(
  matches: readonly MatchDescription[],
  source: string,
): ReadonlyMap<string, FollowedMatch> {
  const found = new Map<string, FollowedMatch>();
  for (const match of matches) {
    const one = followed(match, source);
    if (one === undefined) continue;
    const other = found.get(one.ref)?.match.matchId;
    if (other !== undefined && other !== match.matchId) {
      throw new MatchpointError(
        "EVENT_INVALID",
        `matches ${other} and ${match.matchId} have the id ${JSON.stringify(one.ref)} both`,
        {
          where: `refs.${source}.match`,
          hint: "what the source says can be about one of them only: give each its own id",
        },
      );
    }
    found.set(one.ref, one);
  }
  return found;
}
