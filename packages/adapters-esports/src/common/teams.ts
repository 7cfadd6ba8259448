import type { MatchDescription, Team } from "@matchpoint/sdk";

/** A match with one source's names for it: what turns that source's ids into ours. */
export interface FollowedMatch {
  readonly match: MatchDescription;
  /** The source's id of the match. */
  readonly ref: string;
  /** The source's ids of both teams, in the order of `match.teams`. */
  readonly teams: readonly [string, string];
}

/**
 * The match as a source names it, or `undefined` when the description has no reference for that source.
 */
export function followed(match: MatchDescription, source: string): FollowedMatch | undefined {
  const refs = match.refs;
  if (refs === undefined || !Object.hasOwn(refs, source)) return undefined;
  const ref = refs[source]!;
  return { match, ref: ref.match, teams: ref.teams };
}

/** Turns a source's team id into ours; `undefined` for a team of another match. */
export type TeamOf = (teamId: string) => Team | undefined;

/** Index of a team by the source's id of it. Sides change per map, so nothing else identifies a team. */
export function teamIndex(followed: FollowedMatch, teamId: string): Team | undefined {
  if (teamId === followed.teams[0]) return 0;
  if (teamId === followed.teams[1]) return 1;
  return undefined;
}

/** The followed matches by the source's id. */
export function matchesByRef(
  matches: readonly MatchDescription[],
  source: string,
): ReadonlyMap<string, FollowedMatch> {
  const found = new Map<string, FollowedMatch>();
  for (const match of matches) {
    const one = followed(match, source);
    if (one !== undefined) found.set(one.ref, one);
  }
  return found;
}
