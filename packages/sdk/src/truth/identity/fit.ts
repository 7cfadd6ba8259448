import type { MatchDescription, Team, TeamDescription } from "../../events/index.ts";
import type { Claimed, JoinFact, Unproven } from "./claimed.ts";
import { unproven } from "./claimed.ts";
import { leaguesAgree } from "./leagues.ts";
import { namesTeam, sideOf } from "./names.ts";
import { nearestName } from "./nearest.ts";
import type { TeamTable } from "./teamAliases.ts";
import { inWords } from "./times.ts";

/** How far apart things may lie and still be one. */
export interface Tolerances {
  readonly startMs: number;
  readonly startWithIdMs: number;
}

/** A match that a claim fits by both of its teams, with what else agrees. */
export interface Fit {
  readonly match: MatchDescription;
  readonly teamOf: readonly [Team, Team];
  readonly facts: readonly JoinFact[];
  /** Between the starts, in ms; `undefined` when one of them has none. */
  readonly apart: number | undefined;
  readonly sameId: boolean;
  /** What speaks against it; nothing joins by it then. */
  readonly against: Unproven | undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** The names of a team that count: those of other sides of its club do not, whoever lists them. */
export function ownNames(team: TeamDescription): readonly string[] {
  return [team.name, ...(team.aliases ?? []).filter((alias) => sideOf(alias) === sideOf(team.name))];
}

/** Whether a name is a team's: one of its own names, or both are names of one team of the table at that time. */
function isTeam(
  name: string,
  team: TeamDescription,
  claimed: Claimed,
  match: MatchDescription,
  table: TeamTable,
): boolean {
  const names = ownNames(team);
  const title = claimed.title ?? match.title;
  const at = match.startsAt ?? claimed.startsAt;
  const known = table.find(name, title, at);
  const knowns = names.map((each) => table.find(each, title, at)?.name).filter((each) => each !== undefined);
  // What the table tells apart, no list of aliases puts together.
  if (known !== undefined && knowns.length > 0) return knowns.includes(known.name);
  return namesTeam(name, { name: names[0]!, aliases: names.slice(1) });
}

/** Which teams of a match a name stands for. */
export function teamsNamed(
  name: string,
  claimed: Claimed,
  match: MatchDescription,
  table: TeamTable,
): readonly Team[] {
  return ([0, 1] as const).filter((team) => isTeam(name, match.teams[team], claimed, match, table));
}

/** Says of a name that fits nowhere what comes nearest, for a person to decide. */
export function unknownName(
  name: string,
  claimed: Claimed,
  where: string,
  known: Iterable<string>,
  table: TeamTable,
): Unproven {
  const start = `${claimed.noun} ${quoted(name)} is no name or alias of ${where}`;
  const found = table.find(name, claimed.title, claimed.startsAt);
  const club = found?.club;
  if (club !== undefined)
    return unproven(
      "NAME_UNKNOWN",
      `${start}; it is another side of ${quoted(club)}, and no join is made across sides`,
    );
  const once = found === undefined ? table.findOtherTime(name, claimed.title) : undefined;
  if (once !== undefined)
    return unproven("NAME_UNKNOWN", `${start}; it is a name of ${quoted(once)} at another time only`);
  const nearest = nearestName(name, known);
  if (nearest === undefined) return unproven("NAME_UNKNOWN", `${start}, and none is like it`);
  if (sideOf(nearest) !== sideOf(name))
    return unproven("NAME_UNKNOWN", `${start}; nearest is ${quoted(nearest)}, which is another side`);
  return unproven("NAME_UNKNOWN", `${start}; nearest is ${quoted(nearest)}: add an alias if they are one`);
}

/** Fits a claim to a match by its teams; `undefined` when they are not the two teams of the match. */
export function fit(
  claimed: Claimed,
  match: MatchDescription,
  table: TeamTable,
  within: Tolerances,
): Fit | Unproven | undefined {
  const found: Team[] = [];
  for (const name of claimed.names) {
    const teams = teamsNamed(name, claimed, match, table);
    if (teams.length === 0) return undefined;
    if (teams.length === 2)
      return unproven(
        "NAME_AMBIGUOUS",
        `${claimed.noun} ${quoted(name)} names both teams of match ${match.matchId}`,
      );
    found.push(teams[0]!);
  }
  const teamOf = [found[0]!, found[1]!] as const;
  if (teamOf[0] === teamOf[1])
    return unproven(
      "NAME_AMBIGUOUS",
      `both ${claimed.noun}s, ${claimed.names.map(quoted).join(" and ")}, name ${quoted(match.teams[teamOf[0]].name)}`,
    );
  const apart = startsApart(claimed, match);
  const ids = sharedIds(claimed, match);
  const sameId = ids.some(({ own, theirs }) => own === theirs);
  const named = claimed.matchId === match.matchId;
  const league = leagueAgrees(claimed, match, table);
  const timely = apart !== undefined && apart <= within.startMs;
  const facts: JoinFact[] = ["teams"];
  if (timely) facts.push("start");
  if (sameId) facts.push("id");
  if (named) facts.push("named");
  if (league === true) facts.push("league");
  return {
    match,
    teamOf,
    facts,
    apart,
    sameId,
    against: against(claimed, match, { apart, ids, sameId, named, league }, within),
  };
}

interface Compared {
  readonly apart: number | undefined;
  readonly ids: readonly { readonly source: string; readonly own: string; readonly theirs: string }[];
  readonly sameId: boolean;
  readonly named: boolean;
  readonly league: boolean | undefined;
}

function against(
  claimed: Claimed,
  match: MatchDescription,
  compared: Compared,
  within: Tolerances,
): Unproven | undefined {
  const { what } = claimed;
  const their = `match ${match.matchId}`;
  const { apart, ids, sameId, named, league } = compared;
  if (claimed.title !== undefined && claimed.title !== match.title)
    return unproven("TITLE_DIFFERS", `${what} is ${claimed.title}, ${their} is ${match.title}`);
  const other = ids.find(({ own, theirs }) => own !== theirs);
  if (other !== undefined)
    return unproven(
      "ID_DIFFERS",
      `${what} has the ${other.source} id ${other.own}, ${their} has ${other.theirs}`,
    );
  if (claimed.bestOf !== undefined && claimed.bestOf !== match.bestOf)
    return unproven(
      "BEST_OF_DIFFERS",
      `${what} is a best of ${claimed.bestOf}, ${their} a best of ${match.bestOf}`,
    );
  if (apart !== undefined && apart > (sameId ? within.startWithIdMs : within.startMs))
    return unproven("START_DIFFERS", `${what} starts ${inWords(apart)} from ${their}`);
  if (league === false && !sameId)
    return unproven(
      "LEAGUE_DIFFERS",
      `${what} is of ${quoted(claimed.league!)}, ${their} of ${quoted(match.league!)}: give them as names of one league if they are`,
    );
  if (apart === undefined && !sameId && !named)
    return unproven(
      "START_UNKNOWN",
      `${claimed.startsAt === undefined ? what : their} states no start: the teams alone do not tell which of their matches it is`,
    );
  return undefined;
}

function startsApart(claimed: Claimed, match: MatchDescription): number | undefined {
  if (claimed.startsAt === undefined || match.startsAt === undefined) return undefined;
  return Math.abs(claimed.startsAt - match.startsAt);
}

function sharedIds(claimed: Claimed, match: MatchDescription): Compared["ids"] {
  return Object.entries(claimed.ids ?? {}).flatMap(([source, own]) => {
    const theirs =
      match.refs !== undefined && Object.hasOwn(match.refs, source) ? match.refs[source] : undefined;
    return theirs === undefined ? [] : [{ source, own, theirs: theirs.match }];
  });
}

function leagueAgrees(claimed: Claimed, match: MatchDescription, table: TeamTable): boolean | undefined {
  if (claimed.league === undefined || match.league === undefined) return undefined;
  return table.sameLeague(claimed.league, match.league) || leaguesAgree(claimed.league, match.league);
}
