import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { id, type MatchId } from "../../src/ids.ts";
import { readInstant, TEAM_ALIASES, TeamTable, type TeamAliases } from "../../src/truth/index.ts";
import type { Millis } from "../../src/units/index.ts";
import { HOUR, market, match, PAIR, provided, registry, START } from "./identitySupport.ts";

describe("a provider's match", () => {
  it("is joined by aliases, whatever the order, and leaves its ids in ours", () => {
    const made = registry([match("a", PAIR)]);
    expect(made.join([provided("77", ["NIP", "NAVI"])])[0]).toMatchObject({
      proven: true,
      teamOf: [1, 0],
      facts: ["teams", "start"],
    });
    expect(made.get(id("a"))!.refs).toEqual({ grid: { match: "77", teams: ["77-2", "77-1"] } });
    // Its id is now a fact, and another match cannot take its place.
    const later = { startsAt: (START + 24 * HOUR) as Millis };
    expect(made.join([provided("77", ["NAVI", "NIP"], later)])[0]).toMatchObject({
      proven: true,
      facts: ["teams", "id"],
    });
    expect(made.join([provided("78", ["NAVI", "NIP"])])[0]).toMatchObject({
      proven: false,
      code: "ID_DIFFERS",
    });
  });

  it("keeps the ids of several providers", () => {
    const made = registry([match("a", PAIR)]);
    made.join([provided("1", PAIR), provided("2", PAIR, { source: "pandascore" })]);
    expect(Object.keys(made.get(id("a"))!.refs!)).toEqual(["grid", "pandascore"]);
  });

  it.each([
    ["26 h later", provided("1", PAIR, { startsAt: (START + 26 * HOUR) as Millis }), "START_DIFFERS", "26 h"],
    ["of another game", provided("1", PAIR, { title: "dota2" }), "TITLE_DIFFERS", "is dota2, match a is cs2"],
    ["of another length", provided("1", PAIR, { bestOf: 1 }), "BEST_OF_DIFFERS", "a best of 1"],
    [
      "of another league",
      provided("1", PAIR, { league: "CCT Europe #18" }),
      "LEAGUE_DIFFERS",
      "names of one league",
    ],
    ["with another id", provided("1", PAIR, { ids: { pandascore: "9" } }), "ID_DIFFERS", "pandascore id 9"],
    [
      "of the academy",
      provided("1", ["NAVI Junior", "NIP"]),
      "NAME_UNKNOWN",
      'another side of "Natus Vincere"',
    ],
    [
      "of an unlisted academy",
      provided("1", ["Natus Vincere Academy", "NIP"]),
      "NAME_UNKNOWN",
      "which is another side",
    ],
    [
      "of a name that is nearly one",
      provided("1", ["Natus Vincera", "NIP"]),
      "NAME_UNKNOWN",
      'nearest is "Natus Vincere": add an alias',
    ],
    ["of a team to be decided", provided("1", ["TBD", "NIP"]), "TEAM_UNDECIDED", "names no team yet"],
    ["of a winner to be", provided("1", ["Winner of Match 3", "NIP"]), "TEAM_UNDECIDED", "names no team yet"],
  ])("%s is refused, and what differs is named", (_, other, code, words) => {
    const made = registry([
      match("a", PAIR, {
        league: "ESL Pro League Season 23",
        refs: { pandascore: { match: "8", teams: ["1", "2"] } },
      }),
    ]);
    const [proof] = made.join([other]);
    expect(proof).toMatchObject({ proven: false, code });
    expect(proof).toHaveProperty("reason", expect.stringContaining(words));
  });

  it("is refused without a start on either side", () => {
    const timeless = { ...provided("1", PAIR) };
    delete (timeless as { startsAt?: unknown }).startsAt;
    expect(registry([match("a", PAIR)]).join([timeless])[0]).toMatchObject({ code: "START_UNKNOWN" });
  });

  it("joins a league by a table where no word is shared", () => {
    const leagues = [["EPL S23", "ESL Pro League Season 23"]];
    const made = registry([match("a", PAIR, { league: "EPL S23" })], { ...TEAM_ALIASES, leagues });
    expect(made.join([provided("1", PAIR, { league: "ESL Pro League Season 23" })])[0]!.proven).toBe(true);
  });
});

describe("two matches of one pair on one day", () => {
  const ours = [match("early", PAIR), match("late", PAIR, { startsAt: (START + 5 * HOUR) as Millis })];

  it("are told apart by starts that fit exactly, and by nothing less", () => {
    const made = registry(ours);
    const at = (hours: number) => made.prove(market(PAIR, START + hours * HOUR), { kind: "series" });
    expect(at(0)).toMatchObject({ proven: true, subject: { matchId: "early" } });
    expect(at(5)).toMatchObject({ proven: true, subject: { matchId: "late" } });
    for (const hours of [1, 1.9, 3.1, 4])
      expect(at(hours)).toMatchObject({ proven: false, code: "MATCH_AMBIGUOUS" });
    expect(at(2.5)).toMatchObject({ proven: false, code: "START_DIFFERS" });
  });

  it("are told apart by an id", () => {
    const refs = (pandascore: string) => ({
      refs: { pandascore: { match: pandascore, teams: ["1", "2"] as const } },
    });
    const made = registry([
      { ...ours[0]!, ...refs("10") },
      { ...ours[0]!, matchId: id<MatchId>("again"), ...refs("11") },
    ]);
    expect(made.prove(market(PAIR), { kind: "series" })).toMatchObject({ code: "MATCH_AMBIGUOUS" });
    const claim = { kind: "series", ids: { pandascore: "11" } } as const;
    expect(made.prove(market(PAIR), claim)).toMatchObject({ proven: true, subject: { matchId: "again" } });
    expect(made.prove(market(PAIR), { ...claim, ids: { pandascore: "12" } })).toMatchObject({
      code: "ID_DIFFERS",
    });
  });

  it("of a provider are not joined to one of ours unless one fits exactly", () => {
    const soon = (hours: number) =>
      provided(`at ${hours}`, PAIR, { startsAt: (START + hours * HOUR) as Millis });
    const codes = (...hours: number[]) =>
      registry([ours[0]!])
        .join(hours.map(soon))
        .map((proof) => (proof.proven ? "joined" : proof.code));
    expect(codes(0, 4)).toEqual(["joined", "START_DIFFERS"]);
    expect(codes(0, 2.5)).toEqual(["MATCH_AMBIGUOUS", "START_DIFFERS"]);
    expect(codes(-1, 1)).toEqual(["MATCH_AMBIGUOUS", "MATCH_AMBIGUOUS"]);
  });
});

describe("the table of names", () => {
  it("of well-known teams is sound, and puts no side under another", () => {
    expect(() => new TeamTable(TEAM_ALIASES)).not.toThrow();
    const table = new TeamTable(TEAM_ALIASES);
    for (const team of TEAM_ALIASES.teams) {
      for (const side of team.sides ?? []) {
        expect(table.find(side.name, team.titles?.[0] ?? "cs2", START)).toEqual(
          expect.objectContaining({ name: side.name, club: team.name }),
        );
      }
    }
  });

  it.each([
    [
      "one name of two teams",
      {
        teams: [
          { name: "A", aliases: ["X"] },
          { name: "B", aliases: ["x"] },
        ],
      },
      "stands for both",
    ],
    ["an academy as an alias", { teams: [{ name: "NAVI", aliases: ["NAVI Junior"] }] }, "another side"],
    ["the women's team as an alias", { teams: [{ name: "FURIA", aliases: ["FURIA fe"] }] }, "another side"],
    ["a name that is none", { teams: [{ name: "TBD" }] }, "names no team"],
    ["another shape", { teams: [{ title: "A" }] } as unknown as TeamAliases, "teams.0"],
    [
      "a date that does not exist",
      { teams: [{ name: "A", aliases: [{ name: "B", until: "2025-02-30" }] }] },
      "no time that exists",
    ],
  ])("with %s is refused", (_, aliases: TeamAliases, words) => {
    expect(() => new TeamTable(aliases)).toThrow(words);
  });

  it("lets two games' teams share a name", () => {
    const table = new TeamTable({
      teams: [
        { name: "Aurora Gaming", titles: ["cs2"], aliases: ["Aurora"] },
        { name: "Aurora Esports", titles: ["lol"], aliases: ["Aurora"] },
      ],
    });
    expect(table.find("AURORA", "lol", START)?.name).toBe("Aurora Esports");
    expect(table.find("Aurora", undefined, START)).toBeUndefined();
  });

  it("knows a renamed team by its old name until then, and the name's next owner from then", () => {
    const aliases: TeamAliases = {
      teams: [
        { name: "New Name", aliases: [{ name: "Old Name", until: "2026-01-01" }] },
        { name: "Heirs", aliases: [{ name: "Old Name", from: "2026-02-01" }] },
      ],
    };
    const on = (date: string) => {
      const startsAt = readInstant(date, "Z");
      const ours = ["New Name", "Heirs"].map((name) => match(name, [name, "NIP"], { startsAt }));
      const proof = registry(ours, aliases).prove(market(["Old Name", "NIP"], startsAt), { kind: "series" });
      return proof.proven ? proof.subject.matchId : proof.code;
    };
    expect(["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"].map(on)).toEqual([
      "New Name",
      "NAME_UNKNOWN",
      "NAME_UNKNOWN",
      "Heirs",
    ]);
  });
});

describe("points in time", () => {
  it("are the same under every offset", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: -48, max: 56 }),
        (seconds, quarters) => {
          const shown = new Date(seconds * 1_000 + quarters * 900_000).toISOString().slice(0, 19);
          const minutes = Math.abs(quarters) * 15;
          const two = (value: number): string => String(value).padStart(2, "0");
          const offset = `${quarters < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
          expect(readInstant(`${shown}${offset}`)).toBe(seconds * 1_000);
          expect(readInstant(shown.replace("T", " "), offset)).toBe(seconds * 1_000);
        },
      ),
    );
  });

  it.each([
    "2026-03-12 10:00:00",
    "2026-02-29T10:00:00Z",
    "2026-03-12T24:00:00Z",
    "12.3.2026",
    "",
    "2026-03-12T10:00+25:00",
  ])("are not read out of %j", (text) => {
    expect(() => readInstant(text)).toThrow(/no point in time|no time that exists|no offset/);
  });
});
