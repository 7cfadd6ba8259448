import type { MatchDescription, MatchId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { followed, noteName, teamIndex } from "../../src/common/teams.ts";

const MATCH: MatchDescription = {
  matchId: "m" as MatchId,
  title: "lol",
  teams: [{ name: "T1", aliases: ["SK Telecom T1"] }, { name: "Gen.G" }],
  bestOf: 3,
  refs: { grid: { match: "1", teams: ["10", "20"] } },
};
const fresh = () => followed(MATCH, "grid")!;

describe("a team's name beside its id", () => {
  it("that is the other team's makes every id of the source nobody's, for good", () => {
    const one = fresh();
    expect(teamIndex(one, "10")).toBe(0);
    expect(noteName(one, "grid", "10", "gen g")).toMatch(
      /^team 10 is "gen g", which is the other team of match m by name: refs\.grid\.teams/,
    );
    expect([teamIndex(one, "10"), teamIndex(one, "20")]).toEqual([undefined, undefined]);
    expect(noteName(one, "grid", "10", "T1")).toBe(one.misnamed);
  });

  it("that is its own, nobody's, empty, absent or a stranger's proves nothing against it", () => {
    const one = fresh();
    for (const name of ["t1", "SK Telecom T1", "Somebody else", "", undefined])
      expect(noteName(one, "grid", "10", name)).toBeUndefined();
    expect(noteName(one, "grid", "77", "Gen.G")).toBeUndefined();
    expect(noteName(one, "grid", undefined, "Gen.G")).toBeUndefined();
    // A code that happens to be the other's does not outweigh the full name.
    expect(noteName(one, "grid", "20", "Gen.G", "T1")).toBeUndefined();
    expect(teamIndex(one, "20")).toBe(1);
  });
});
