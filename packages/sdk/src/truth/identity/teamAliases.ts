import { z } from "zod";
import { MatchpointError } from "../../errors.ts";
import type { Title } from "../../events/index.ts";
import type { Millis } from "../../units/index.ts";
import { isUndecided, normaliseName, sideOf } from "./names.ts";
import { readInstant } from "./times.ts";

const name = z.string().min(1).max(120);
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/, "a date such as 2025-06-30");
const TITLES = z.array(z.enum(["lol", "cs2", "dota2", "valorant", "other"])).min(1);

const ALIAS = z.union([
  name,
  z.strictObject({
    name,
    from: date.exactOptional().describe("The first day (UTC) on which it was the team's name."),
    until: date.exactOptional().describe("The first day on which it no longer was."),
  }),
]);

const TEAM = z.strictObject({
  name,
  titles: TITLES.exactOptional().describe("Games in which the names stand for this team; absent: all."),
  aliases: z.array(ALIAS).default([]),
  sides: z
    .array(z.strictObject({ name, aliases: z.array(ALIAS).default([]) }))
    .default([])
    .describe("Other sides of the club (academy, women's, second team): teams of their own."),
});

/** A table of team names as data: what a JSON file of them holds. */
export const TEAM_ALIASES_SCHEMA = z.strictObject({
  teams: z.array(TEAM),
  leagues: z
    .array(z.array(name).min(2))
    .default([])
    .describe("Names of one league each, where they have no telling word in common."),
});

/** Which names stand for which team, per game and time. Sources differ: `NIP` is `Ninjas in Pyjamas`, `B8` is `B8 Esports`. */
export type TeamAliases = z.input<typeof TEAM_ALIASES_SCHEMA>;

/** A team of the table. */
export interface KnownTeam {
  /** The name that the table gives it. */
  readonly name: string;
  /** The club whose other side it is, if it is one. */
  readonly club: string | undefined;
}

interface Entry extends KnownTeam {
  readonly titles: readonly Title[] | undefined;
  readonly from: number;
  readonly until: number;
}

function invalid(message: string, hint: string): MatchpointError {
  return new MatchpointError("CONFIG_INVALID", message, { where: "team aliases", hint });
}

/** A table of names, checked: no name stands for two teams of one game at one time, and none for another side of a club. */
export class TeamTable {
  readonly #entries = new Map<string, Entry[]>();
  readonly #leagues: readonly ReadonlySet<string>[];

  /** @throws `MatchpointError` `CONFIG_INVALID` */
  constructor(aliases: TeamAliases) {
    const parsed = TEAM_ALIASES_SCHEMA.safeParse(aliases);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw invalid(`${issue.path.join(".")}: ${issue.message}`, "see TeamAliases for what the table holds");
    }
    for (const team of parsed.data.teams) {
      this.#addTeam(team, team.titles, undefined);
      for (const side of team.sides) this.#addTeam(side, team.titles, team.name);
    }
    this.#leagues = parsed.data.leagues.map((names) => new Set(names.map(normaliseName)));
  }

  /** The team that a name stood for at a time; `undefined` when the table does not have it. Without a time, dated names do not count. */
  find(text: string, title: Title | undefined, at: Millis | undefined): KnownTeam | undefined {
    const found = (this.#entries.get(normaliseName(text)) ?? []).filter(
      (entry) =>
        (title === undefined || entry.titles === undefined || entry.titles.includes(title)) &&
        (at === undefined
          ? entry.from === -Infinity && entry.until === Infinity
          : at >= entry.from && at < entry.until),
    );
    // Without a title two games' teams may share a name: then it proves nothing.
    return found.every((entry) => entry.name === found[0]!.name) ? found[0] : undefined;
  }

  /** Every team that a name stands for in some game at some time: what an index goes by. */
  namesakes(text: string): readonly string[] {
    return (this.#entries.get(normaliseName(text)) ?? []).map(({ name }) => name);
  }

  /** Whose name it was, or will be, at another time. */
  findOtherTime(text: string, title: Title | undefined): string | undefined {
    const entries = this.#entries.get(normaliseName(text)) ?? [];
    return entries.find(({ titles }) => title === undefined || titles === undefined || titles.includes(title))
      ?.name;
  }

  /** Whether the table says that two names are of one league. */
  sameLeague(one: string, other: string): boolean {
    const [a, b] = [normaliseName(one), normaliseName(other)];
    return this.#leagues.some((names) => names.has(a) && names.has(b));
  }

  #addTeam(
    team: { readonly name: string; readonly aliases: readonly z.output<typeof ALIAS>[] },
    titles: readonly Title[] | undefined,
    club: string | undefined,
  ): void {
    const base = { name: team.name, club, titles };
    this.#addName(team.name, { ...base, from: -Infinity, until: Infinity });
    for (const alias of team.aliases) {
      const { name: text, from, until } = typeof alias === "string" ? { name: alias } : alias;
      if (sideOf(text) !== sideOf(team.name)) {
        throw invalid(
          `${JSON.stringify(text)} is given as a name of ${JSON.stringify(team.name)}, which is another side`,
          "an academy, women's or second team is a team of its own: put it under sides",
        );
      }
      this.#addName(text, {
        ...base,
        from: from === undefined ? -Infinity : readInstant(from, "Z"),
        until: until === undefined ? Infinity : readInstant(until, "Z"),
      });
    }
  }

  #addName(text: string, entry: Entry): void {
    const key = normaliseName(text);
    if (isUndecided(text)) throw invalid(`${JSON.stringify(text)} names no team`, "leave it out");
    const entries = this.#entries.get(key) ?? [];
    const rival = entries.find((other) => other.name !== entry.name && overlap(other, entry));
    if (rival !== undefined) {
      throw invalid(
        `${JSON.stringify(text)} stands for both ${JSON.stringify(rival.name)} and ${JSON.stringify(entry.name)}`,
        "give one of them titles or dates that tell them apart, or leave the name out",
      );
    }
    entries.push(entry);
    this.#entries.set(key, entries);
  }
}

function overlap(a: Entry, b: Entry): boolean {
  const titles =
    a.titles === undefined || b.titles === undefined || a.titles.some((title) => b.titles!.includes(title));
  return titles && a.from < b.until && b.from < a.until;
}
