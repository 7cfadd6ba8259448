import type { MatchDescription } from "@matchpoint/sdk";
import { followed, type FollowedMatch } from "../common/teams.ts";

/** A followed match as Valve's data name it: a league and two teams, because ids of its own has each game only. */
export interface LeagueTarget {
  readonly followed: FollowedMatch;
  readonly leagueId: string;
}

/** Followed matches, and those that cannot be followed with the reason. */
export interface LeagueTargets {
  readonly targets: readonly LeagueTarget[];
  readonly refused: readonly { readonly match: MatchDescription; readonly problem: string }[];
}

const LEAGUE = /^(?:league:)?([1-9]\d{0,15})$/;

/**
 * Reads references of the form `league:18000`. Two matches of one pair in one league cannot be told apart by their games, so
 * neither is followed.
 */
export function leagueTargets(matches: readonly MatchDescription[], source: string): LeagueTargets {
  const byKey = new Map<string, LeagueTarget[]>();
  const refused: { match: MatchDescription; problem: string }[] = [];
  for (const match of matches) {
    const one = followed(match, source);
    if (one === undefined) continue;
    const leagueId = LEAGUE.exec(one.ref)?.[1];
    if (leagueId === undefined) {
      const problem = `refs.${source}.match of ${match.matchId} is ${JSON.stringify(one.ref)}: write league:<league id>`;
      refused.push({ match, problem });
      continue;
    }
    const key = `${leagueId} ${[...one.teams].sort().join(" ")}`;
    const others = byKey.get(key) ?? [];
    if (others.some((other) => other.followed.match.matchId === match.matchId)) continue;
    others.push({ followed: one, leagueId });
    byKey.set(key, others);
  }
  const targets: LeagueTarget[] = [];
  for (const same of byKey.values()) {
    if (same.length === 1) {
      targets.push(...same);
      continue;
    }
    const ids = same.map(({ followed: { match } }) => match.matchId).join(" and ");
    for (const { followed: one } of same) {
      const problem = `matches ${ids} have one pair of teams in one league: their games cannot be told apart`;
      refused.push({ match: one.match, problem });
    }
  }
  return { targets, refused };
}

/** A match may begin before its time by so much; games of the pair before that are of another match. */
export const EARLY_MS = 2 * 3_600_000;

/** Whether a game that begins, or is seen, at `at` can be one of the match, as far as its start is known. */
export function notTooEarly(match: MatchDescription, at: number): boolean {
  return match.startsAt === undefined || at >= match.startsAt - EARLY_MS;
}
