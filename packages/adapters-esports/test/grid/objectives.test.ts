import type { GameProgress, MatchDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createGridDecoder } from "../../src/index.ts";
import { CS, decode, isClaim, LOL, stampAt } from "../support.ts";
import {
  event,
  gameStarted,
  gameState,
  roundStarted,
  roundWon,
  teamState,
  transaction,
} from "./transactions.ts";

/** Where the game stands after each transaction that says so. */
function standings(match: MatchDescription, events: readonly object[]): GameProgress[] {
  const decoder = createGridDecoder({ matches: [match] });
  return events
    .flatMap((one, index) => decode(decoder, transaction(index + 1, [one]), stampAt((index + 1) * 1_000)))
    .filter(isClaim)
    .flatMap(({ claim }) => (claim.kind === "game_progress" ? [claim.progress] : []));
}

const completed = (team: string, type: string, count = 1): object =>
  event("player:p1", count > 0 ? "completed" : "!completed", `${type}:${type}`, {
    delta: {
      games: [{ id: "g1", teams: [{ id: team, objectives: [{ id: type, type, completionCount: count }] }] }],
    },
  });

const carrying = (team: string, loadoutValue: number): object =>
  event("player:p1", "purchased", "item:ak47", {
    delta: { games: [{ id: "g1", teams: [{ id: team, loadoutValue }] }] },
  });

const frozen = (verb: "started" | "ended"): object => event("round:round-1", verb, "freezetime:freezetime-1");

describe("objectives of a LoL game", () => {
  it("are dragons of any element, barons, inhibitors and towers", () => {
    const seen = standings(LOL, [
      gameStarted("g1"),
      completed("96", "slayInfernalDrake"),
      completed("96", "slayOceanDrake"),
      completed("97", "slayElderDrake"),
      completed("97", "slayBaron"),
      completed("96", "destroyFortifier"),
      completed("96", "slayRiftHerald"),
    ]);
    expect(seen.at(-1)).toMatchObject({
      dragons: [2, 1],
      barons: [0, 1],
      inhibitors: [1, 0],
      towers: [0, 0],
    });
  });

  it("are taken back like everything else", () => {
    const seen = standings(LOL, [
      gameStarted("g1"),
      completed("96", "slayBaron"),
      completed("96", "slayBaron", -1),
    ]);
    expect(seen.at(-1)).toMatchObject({ barons: [0, 0] });
  });
});

describe("a round of CS", () => {
  const state = gameState("g1", 1, [0, 0], {
    teams: [teamState("96", 0, { loadoutValue: 1_000 }), teamState("97", 0, { loadoutValue: 900 })],
  });
  const start = event("series:2700001", "started", "game:g1", { targetState: state });

  it("says what the teams carry into it when the purchases are over, and nothing before", () => {
    const seen = standings(CS, [start, roundStarted("g1", 1), frozen("started"), carrying("96", 3_500)]);
    expect(seen.at(-1)).not.toHaveProperty("equipment");
    const more = [start, roundStarted("g1", 1), carrying("96", 3_500), frozen("ended"), carrying("97", 500)];
    const [last, ...others] = standings(CS, more).reverse();
    expect(last).toMatchObject({ equipment: [4_500, 900] });
    expect(others[0]).not.toHaveProperty("equipment"); // one word a round, whatever is picked up in it
  });

  it("is one with the bomb planted until the next", () => {
    const fought = [start, roundStarted("g1", 1), frozen("ended"), completed("96", "plantBomb")];
    expect(standings(CS, fought).at(-1)).toMatchObject({ planted: true, round: 1 });
    const next = [...fought, roundWon("g1", 1, "96"), roundStarted("g1", 2)];
    expect(standings(CS, next).at(-1)).toMatchObject({ planted: false, round: 2 });
    expect(standings(CS, [...fought, completed("96", "plantBomb", -1)]).at(-1)).toMatchObject({
      planted: false,
    });
  });

  it("that has not been seen to start does not say whether the bomb is planted", () => {
    expect(standings(CS, [start]).at(-1)).not.toHaveProperty("planted");
  });
});
