import type { GameProgress, MatchDescription, Team } from "@matchpoint/sdk";
import type { StoryStep } from "../sources/index.ts";

type Pair = readonly [number, number];

/** A best of three that goes to the first team by two games to one. */
export const WINNERS: readonly Team[] = [0, 1, 0];

/** The states that a game goes through, legal by the rules of its title. */
export function gameStates(match: MatchDescription, winner: Team, firstSide: Team): readonly GameProgress[] {
  const pair = (won: number, lost: number): Pair => (winner === 0 ? [won, lost] : [lost, won]);
  const rounds = match.title === "cs2" || match.title === "valorant";
  if (rounds) {
    const swapped = (1 - firstSide) as Team;
    return [
      {
        clockMs: 20_000,
        score: pair(1, 0),
        round: 2,
        kills: pair(4, 2),
        equipment: pair(18_000, 9_500),
        firstSide,
      },
      {
        clockMs: 40_000,
        score: pair(6, 2),
        round: 9,
        kills: pair(9, 6),
        planted: true,
        alive: pair(4, 3),
        firstSide,
      },
      { score: pair(13, 3), kills: pair(14, 10), firstSide: swapped },
    ];
  }
  const state = (minutes: number, kills: Pair, gold: Pair, towers: Pair): GameProgress => ({
    clockMs: minutes * 60_000,
    score: kills,
    kills,
    gold,
    towers,
    firstSide,
  });
  return [
    state(5, pair(1, 0), pair(8_000, 7_600), pair(0, 0)),
    { ...state(15, pair(6, 3), pair(26_000, 23_500), pair(3, 1)), dragons: pair(2, 0) },
    {
      ...state(30, pair(16, 7), pair(60_000, 51_000), pair(9, 2)),
      dragons: pair(3, 1),
      barons: pair(1, 0),
      inhibitors: pair(2, 0),
    },
  ];
}

/** The side that the first team of a match begins a game on: another one in every game. */
export function sideOf(game: number): Team {
  return (game % 2) as Team;
}

/** A game from its start to just before its end. */
export function gameSteps(match: MatchDescription, game: number, winner: Team): StoryStep[] {
  const firstSide = sideOf(game);
  return [
    { kind: "game_start", game, firstSide },
    ...gameStates(match, winner, firstSide).map((progress): StoryStep => ({
      kind: "progress",
      game,
      progress,
    })),
  ];
}

/** A whole series, won by whoever first has the games needed. */
export function seriesSteps(match: MatchDescription, winners: readonly Team[] = WINNERS): StoryStep[] {
  const won = [0, 0];
  for (const winner of winners) won[winner]! += 1;
  return [
    { kind: "series_start" },
    ...winners.flatMap((winner, index): StoryStep[] => [
      ...gameSteps(match, index + 1, winner),
      { kind: "game_end", game: index + 1, winner },
    ]),
    { kind: "series_end", winner: won[0]! > won[1]! ? 0 : 1 },
  ];
}
