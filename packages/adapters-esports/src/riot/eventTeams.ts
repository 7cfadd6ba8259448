import { namesTeam, type Team } from "@matchpoint/sdk";
import { noteName, teamIndex, type FollowedMatch } from "../common/teams.ts";
import type { RiotTeam } from "./schema.ts";

/** What the gateway's list of teams says, in the order of the match's teams. */
export interface EventTeams {
  readonly wins: readonly [number, number] | undefined;
  /** The team whose `outcome` is `win` where the other's is not. */
  readonly named: Team | undefined;
}

/**
 * Reads the teams of an event: by Riot's id, and where an answer gives none (the schedule), by name or code. Returns the
 * team that is not of the match, if one is not.
 */
export function readTeams(
  teams: readonly RiotTeam[],
  followed: FollowedMatch,
  source: string,
): EventTeams | string {
  const wins: [number | undefined, number | undefined] = [undefined, undefined];
  const outcomes: [string | undefined, string | undefined] = [undefined, undefined];
  const seen = new Set<Team>();
  for (const { id, name, code } of teams) noteName(followed, source, id, name, code);
  for (const team of teams) {
    const index = indexOf(team, followed);
    if (index === undefined || seen.has(index)) return team.id ?? team.name ?? team.code ?? "without a name";
    seen.add(index);
    wins[index] = team.result?.gameWins;
    outcomes[index] = team.result?.outcome;
  }
  const named = ([0, 1] as const).find((team) => outcomes[team] === "win" && outcomes[1 - team] !== "win");
  const [first, second] = wins;
  return {
    wins: first === undefined || second === undefined ? undefined : [first, second],
    named: seen.size === 2 ? named : undefined,
  };
}

function indexOf(team: RiotTeam, followed: FollowedMatch): Team | undefined {
  if (team.id !== undefined) return teamIndex(followed, team.id);
  const names = [team.name, team.code].filter((name) => name !== undefined);
  const fits = ([0, 1] as const).filter((index) =>
    names.some((name) => namesTeam(name, followed.match.teams[index])),
  );
  return fits.length === 1 ? fits[0] : undefined;
}
