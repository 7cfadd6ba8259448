import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkConfig,
  listedMarkets,
  parseConfig,
  pathText,
  type BotConfigInput,
} from "../../src/config/index.ts";
import { eventProblem } from "../../src/events/index.ts";

const match = {
  id: "m1",
  title: "lol",
  best_of: 3,
  starts_at: "2026-12-05T09:00:00Z",
  league: "LCK",
  teams: ["T1", { name: "Gen.G", aliases: ["GEN"] }],
};

function market(first: string, second: string, subject: object, more: object = {}): object {
  const outcomes = [
    { token: "1", name: first },
    { token: "2", name: second },
  ];
  return { id: "0xa", title: "M", outcomes, subject: { match: "m1", ...subject }, ...more };
}

function listed(...markets: readonly object[]) {
  return listedMarkets(parseConfig({ matches: [match], markets } as BotConfigInput));
}

function problems(...markets: readonly object[]): readonly string[] {
  const result = checkConfig({ matches: [match], markets });
  return result.ok ? [] : result.problems.map(({ path, message }) => `${pathText(path)}: ${message}`);
}

describe("a configured market", () => {
  it("is about its match's teams by the names of its outcomes, in whatever order they stand", () => {
    expect(listed(market("T1", "Gen.G", {}))[0]!.subject).toEqual({
      kind: "series",
      matchId: "m1",
      teamOf: [0, 1],
    });
    expect(listed(market("gen", "T1", { game: 2 }))[0]!.subject).toEqual({
      kind: "game",
      matchId: "m1",
      game: 2,
      teamOf: [1, 0],
    });
    expect(listed(market("gen", "T1", { game: 2 }))[0]).not.toHaveProperty("related");
    // Gen.G's other names are known without being told.
    expect(listed(market("Gen.G Esports", "T1", {}))[0]!.subject?.teamOf).toEqual([1, 0]);
  });

  it("that a match decides without being about its winner is related to it, and to none of its games or teams", () => {
    const kind = { kind: "related" };
    const [handicap] = listed(market("T1 -1.5", "Gen.G +1.5", kind));
    expect(handicap).toMatchObject({ related: "m1" });
    expect(handicap).not.toHaveProperty("subject");
    expect(handicap).not.toHaveProperty("unproven");
    expect(problems(market("Over", "Under", { ...kind, game: 2 }))).toEqual([
      expect.stringMatching(/^markets\[0\]\.subject\.game: a related market is about no game: leave it out/),
    ]);
    expect(problems(market("Over", "Under", { ...kind, team_of: [0, 1] }))).toEqual([
      expect.stringContaining("subject.team_of: a related market is about no team"),
    ]);
    expect(problems(market("Over", "Under", { kind: "about" }))[0]).toContain("kind: expected related");
    expect(problems(market("Over", "Under", { ...kind, match: "m2" }))[0]).toContain("no match with id");
  });

  it("whose names nobody knows is listed unproven, with the reason and what would mend it", () => {
    const [unknown] = listed(market("Yes", "No", { team_of: [0, 1] }));
    expect(unknown).not.toHaveProperty("subject");
    expect(unknown!.unproven).toContain('"Yes"');
    // What it is said to be about counts its risk all the same.
    expect(unknown!.related).toBe("m1");
    const [academy] = listed(market("T1 Academy", "Gen.G", { team_of: [0, 1] }));
    expect(academy).not.toHaveProperty("subject");
    expect(academy!.unproven).toContain("another side");
    const event = { type: "market_listed", at: 0, receivedAt: 0, market: unknown };
    expect(eventProblem(event)).toBeUndefined();
  });

  it("is refused where the file contradicts itself", () => {
    expect(problems(market("Gen.G", "T1", { team_of: [0, 1] }))).toEqual([
      'markets[0].subject.team_of: outcome "Gen.G" is "Gen.G", which is team 1: leave team_of out, the names say it',
    ]);
    expect(problems(market("T1", "Gen.G", { game: 4 }))).toEqual([
      "markets[0].subject.game: match m1 has no game 4",
    ]);
    expect(problems(market("T1", "T1", {}))).toEqual([
      expect.stringMatching(/^markets\[0\]\.subject: both outcomes, "T1" and "T1", name "T1"$/),
    ]);
    expect(problems(market("T1", "Gen.G", {}, { starts_at: "2026-12-06T09:00:00Z" }))).toEqual([
      expect.stringMatching(/^markets\[0\]\.subject: market 0xa starts (1 d|24 h)/),
    ]);
    expect(problems(market("T1", "Gen.G", { team_of: [0, 1] }))).toEqual([]);
  });

  it("never takes an outcome for a team by its position", () => {
    const names = fc.constantFrom("T1", "Gen.G", "GEN", "gen.g", "T1 Academy", "Yes", "No", "TBD", "Faker");
    const positions = fc.constantFrom(undefined, [0, 1], [1, 0]);
    fc.assert(
      fc.property(names, names, positions, (first, second, team_of) => {
        const written = market(first, second, team_of === undefined ? {} : { team_of });
        if (problems(written).length > 0) return;
        const teams = [/^t1$/i, /^gen/i];
        for (const { subject, unproven } of listed(written)) {
          expect(subject === undefined).toBe(unproven !== undefined);
          if (subject === undefined) continue;
          expect([first, second].map((name) => teams.findIndex((team) => team.test(name)))).toEqual(
            subject.teamOf,
          );
        }
      }),
    );
  });
});
