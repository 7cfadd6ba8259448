import { describe, expect, it } from "vitest";
import type { MarketDescription, MatchDescription } from "../../src/events/index.ts";
import { id, type MarketId, type MatchId, type TokenId } from "../../src/ids.ts";
import type { Millis, Price, Shares } from "../../src/units/index.ts";
import { MatchRegistry, normaliseName } from "../../src/truth/index.ts";

const START = 1_800_000_000_000 as Millis;
const HOUR = 3_600_000;

function market(first: string, second: string, startsAt: number = START): MarketDescription {
  return {
    marketId: id<MarketId>("m"),
    title: `${first} vs ${second}`,
    outcomes: [
      { tokenId: id<TokenId>("1"), name: first },
      { tokenId: id<TokenId>("2"), name: second },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    startsAt: startsAt as Millis,
    clearBookOnStart: false,
  };
}

function listed(
  matchId: string,
  first: string,
  second: string,
  extra: Partial<MatchDescription> = {},
): MatchDescription {
  return {
    matchId: id<MatchId>(matchId),
    title: "lol",
    teams: [{ name: first }, { name: second }],
    bestOf: 3,
    startsAt: START,
    ...extra,
  };
}

function registry(...matches: MatchDescription[]): MatchRegistry {
  const made = new MatchRegistry();
  for (const each of matches) made.add(each);
  return made;
}

describe("names", () => {
  it.each([
    ["Gen.G", "gen g"],
    ["  NATUS  VINCERE ", "natus vincere"],
    ["Fnatic", "fnatic"],
    ["LOS GRANDES É", "los grandes e"],
    ["T1", "t1"],
    ["...", ""],
    ["", ""],
  ])("compare %j as %j", (name, normal) => {
    expect(normaliseName(name)).toBe(normal);
  });

  it("keep academy sides and numbers apart", () => {
    expect(normaliseName("T1 Academy")).not.toBe(normaliseName("T1"));
    expect(normaliseName("100 Thieves")).not.toBe(normaliseName("Thieves"));
  });
});

describe("joining a market to a match", () => {
  it("goes by names, in either order", () => {
    const matches = registry(listed("a", "T1", "Gen.G"));
    expect(matches.prove(market("GEN.G", "t1"), { kind: "series" })).toEqual({
      proven: true,
      facts: ["teams", "start"],
      subject: { kind: "series", matchId: "a", teamOf: [1, 0] },
    });
    expect(matches.prove(market("T1", "Gen G"), { kind: "game", game: 2 })).toEqual({
      proven: true,
      facts: ["teams", "start"],
      subject: { kind: "game", matchId: "a", game: 2, teamOf: [0, 1] },
    });
  });

  it("goes by aliases", () => {
    const match = listed("a", "Natus Vincere", "B8", {
      teams: [{ name: "Natus Vincere", aliases: ["NAVI"] }, { name: "B8" }],
    });
    expect(registry(match).prove(market("B8", "Navi"), { kind: "series" })).toMatchObject({
      proven: true,
      subject: { teamOf: [1, 0] },
    });
  });

  it.each([
    ["one name is unknown", market("T1", "Hanwha"), {}, "NAME_UNKNOWN"],
    ["the outcomes are yes and no", market("Yes", "No"), {}, "NAME_UNKNOWN"],
    ["a name is empty", market("T1", "…"), {}, "TEAM_UNDECIDED"],
    ["both outcomes name one team", market("T1", "t1"), {}, "NAME_AMBIGUOUS"],
    ["the academy plays", market("T1 Academy", "Gen.G"), {}, "NAME_UNKNOWN"],
    ["it starts on another day", market("T1", "Gen.G", START + 24 * HOUR), {}, "START_DIFFERS"],
    ["the game does not exist", market("T1", "Gen.G"), { game: 4 }, "GAME_UNKNOWN"],
    ["the game is no number", market("T1", "Gen.G"), { game: Number.NaN }, "GAME_UNKNOWN"],
    ["the match is not listed", market("T1", "Gen.G"), { matchId: id<MatchId>("b") }, "MATCH_UNKNOWN"],
  ])("is refused when %s", (_, description, about: { game?: number; matchId?: MatchId }, code) => {
    const claim =
      about.game === undefined
        ? ({ kind: "series", ...about } as const)
        : ({ kind: "game", game: about.game } as const);
    const proof = registry(listed("a", "T1", "Gen.G")).prove(description, claim);
    expect(proof).toMatchObject({ proven: false, code });
    expect("subject" in proof).toBe(false);
  });

  it("is refused when a name fits both teams", () => {
    const match = listed("a", "KOI", "Movistar KOI", {
      teams: [{ name: "KOI" }, { name: "Movistar KOI", aliases: ["KOI"] }],
    });
    expect(registry(match).prove(market("KOI", "Movistar KOI"), { kind: "series" })).toMatchObject({
      proven: false,
      code: "NAME_AMBIGUOUS",
    });
  });

  it("is refused when two matches fit, unless one is named", () => {
    const matches = registry(listed("a", "T1", "Gen.G"), listed("b", "Gen.G", "T1"));
    expect(matches.prove(market("T1", "Gen.G"), { kind: "series" })).toMatchObject({
      proven: false,
      code: "MATCH_AMBIGUOUS",
    });
    expect(matches.prove(market("T1", "Gen.G"), { kind: "series", matchId: id<MatchId>("b") })).toMatchObject(
      {
        proven: true,
        subject: { matchId: "b", teamOf: [1, 0] },
      },
    );
  });
});
