import { MatchRegistry } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  decodeGammaEvent,
  decodeGammaMarket,
  listingFacts,
  matchOfListing,
  provenSubjects,
  type GammaMarket,
} from "../../src/index.ts";
import { gammaMarket } from "../support/gamma.ts";

const EVENT = {
  title: "Counter-Strike: FaZe vs illwill (BO3) - HLC Belgrade Pro Playoffs",
  gameId: 1427074,
  eventMetadata: { league: "HLC", serie: "Belgrade Pro", tournament: "Playoffs" },
};
const QUESTION = "Counter-Strike: FaZe vs illwill (BO3) - HLC Belgrade Pro Playoffs";
const MAP = {
  sportsMarketType: "child_moneyline",
  question: "Counter-Strike: FaZe vs illwill - Map 2 Winner",
  groupItemTitle: "Map 2 Winner",
  gameId: "206573",
};

function market(changes: Record<string, unknown> = {}): GammaMarket {
  const answer = decodeGammaMarket(gammaMarket({ question: QUESTION, events: [EVENT], ...changes }));
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer;
}

describe("a listing", () => {
  it("of a match says teams, league, length, start and id", () => {
    expect(listingFacts(market())).toEqual({
      kind: "facts",
      title: "cs2",
      teams: ["FaZe", "illwill"],
      league: "HLC Belgrade Pro Playoffs",
      bestOf: 3,
      game: undefined,
      startsAt: Date.parse("2026-04-05T15:10:00Z"),
      gameId: "1427074",
      claim: {
        kind: "series",
        title: "cs2",
        league: "HLC Belgrade Pro Playoffs",
        bestOf: 3,
        ids: { pandascore: "1427074", polymarket_sports: "1427074" },
      },
    });
  });

  it("of a game takes the match's id from the event, never the game's own", () => {
    expect(listingFacts(market(MAP))).toMatchObject({
      game: 2,
      gameId: "1427074",
      bestOf: 3,
      claim: { kind: "game", game: 2 },
    });
    const alone = listingFacts(market({ ...MAP, events: null }));
    expect(alone).toMatchObject({
      kind: "facts",
      gameId: undefined,
      claim: { kind: "game", game: 2, title: "cs2" },
    });
    expect(alone).not.toHaveProperty("claim.ids");
  });

  it("is read with its outcomes in either order, and with blanks in its names", () => {
    expect(listingFacts(market({ outcomes: '["illwill", "FaZe"]' }))).toMatchObject({
      teams: ["illwill", "FaZe"],
    });
    expect(
      listingFacts(
        market({ outcomes: '["FaZe", " illwill"]', question: QUESTION.replace("vs ill", "vs  ill") }),
      ),
    ).toMatchObject({
      teams: ["FaZe", "illwill"],
    });
    const odd = "LoL: A - B (BO5) vs X vs Y (BO5) - League - Stage";
    expect(
      listingFacts(market({ question: odd, outcomes: '["A - B (BO5)", "X vs Y"]', events: null })),
    ).toMatchObject({ title: "lol", teams: ["A - B (BO5)", "X vs Y"], league: "League - Stage", bestOf: 5 });
  });

  it.each([
    ["a handicap", { sportsMarketType: "map_handicap" }, "NOT_A_WINNER_MARKET"],
    ["a total", { sportsMarketType: "totals" }, "NOT_A_WINNER_MARKET"],
    ["a prop", { sportsMarketType: "cs2_odd_even_total_kills" }, "NOT_A_WINNER_MARKET"],
    ["of no type", { sportsMarketType: null }, "NOT_A_WINNER_MARKET"],
    ["of yes and no", { outcomes: '["Yes", "No"]' }, "TEAMS_CONTRADICT"],
    ["of another team", { outcomes: '["FaZe", "MOUZ"]' }, "TEAMS_CONTRADICT"],
    ["of part of a team", { outcomes: '["FaZe", "ill"]' }, "TEAMS_CONTRADICT"],
    [
      "of another event",
      { events: [{ ...EVENT, title: "Counter-Strike: FaZe vs MOUZ (BO3) - X" }] },
      "TEAMS_CONTRADICT",
    ],
    [
      "of another game's event",
      { events: [{ ...EVENT, title: EVENT.title.replace("Counter-Strike", "LoL") }] },
      "TEAMS_CONTRADICT",
    ],
    [
      "of a game that is not known",
      { question: QUESTION.replace("Counter-Strike", "Chess"), events: null },
      "TITLE_UNREAD",
    ],
    ["of a team to come", { outcomes: '["FaZe", "TBD"]' }, "TEAM_UNDECIDED"],
    ["of a match with a map's title", { question: MAP.question }, "TITLE_UNREAD"],
    ["of a match in a map's group", { groupItemTitle: "Map 1 Winner" }, "GAME_CONTRADICTS"],
    ["of a map with a match's title", { sportsMarketType: "child_moneyline" }, "GAME_CONTRADICTS"],
    ["of two maps", { ...MAP, groupItemTitle: "Map 1 Winner" }, "GAME_CONTRADICTS"],
    [
      "of a map that there is not",
      { ...MAP, question: MAP.question.replace("2", "4"), groupItemTitle: "Map 4 Winner" },
      "GAME_CONTRADICTS",
    ],
    ["of two ids", { gameId: "1" }, "ID_CONTRADICTS"],
  ])("%s is refused", (_, changes, code) => {
    expect(listingFacts(market(changes))).toMatchObject({ kind: "refused", code });
  });

  it("gets its event's facts when it is listed within the event", () => {
    const event = decodeGammaEvent({
      id: "e",
      slug: "s",
      startTime: "2026-04-05T15:10:00Z",
      ...EVENT,
      markets: [gammaMarket({ question: QUESTION })],
    });
    if (event.kind === "refused") throw new Error(event.reason);
    const [first] = event.markets;
    expect(first?.kind === "market" && listingFacts(first)).toMatchObject({ gameId: "1427074", bestOf: 3 });
  });
});

describe("subjects", () => {
  it("are proven against a registry, and everything else is told", () => {
    const facts = listingFacts(market());
    if (facts.kind === "refused") throw new Error(facts.reason);
    const registry = new MatchRegistry();
    registry.add(matchOfListing(facts)!);
    const told: string[] = [];
    const subjectOf = provenSubjects(registry, ({ details }, { code }) =>
      told.push(`${details.sportsMarketType!} ${code}`),
    );
    expect(subjectOf(market({ outcomes: '["illwill", "FaZe"]', ...MAP }))).toEqual({
      kind: "game",
      matchId: "polymarket-1427074",
      game: 2,
      teamOf: [1, 0],
    });
    expect(subjectOf(market({ sportsMarketType: "totals" }))).toBeUndefined();
    const other = { ...EVENT, gameId: 1427075 };
    expect(subjectOf(market({ gameId: "1427075", events: [other] }))).toBeUndefined();
    expect(told).toEqual(["totals NOT_A_WINNER_MARKET", "moneyline ID_DIFFERS"]);
  });

  it("need a match with a length, a start and an id", () => {
    const facts = listingFacts(market({ gameStartTime: null }));
    expect(facts.kind === "facts" && matchOfListing(facts)).toBeUndefined();
  });
});
