import type { GameProgress } from "@matchpoint/sdk";
import type { Fact } from "../simulator/world/facts.ts";
import type { MatchView } from "../simulator/world/matchView.ts";
import type { StoryStep } from "../sources/index.ts";

/**
 * Tells a fact of the simulated world as a step of a story, for sources to say in their own words.
 *
 * @param view the match as it stands with this fact
 * @returns `undefined` for what no source tells by itself
 */
export function stepOf(fact: Fact, view: MatchView, title: "lol" | "cs2"): StoryStep | undefined {
  switch (fact.kind) {
    case "series_started":
      return { kind: "series_start" };
    case "game_started":
      return { kind: "game_start", game: fact.game, firstSide: fact.firstSide };
    case "paused":
      return { kind: "pause", game: fact.game };
    case "resumed":
      return { kind: "resume", game: fact.game };
    case "game_won":
      return { kind: "game_end", game: fact.game, winner: fact.winner };
    case "game_ended":
      // Told with its winner already, unless it has none.
      return fact.remake ? { kind: "remake", game: fact.game } : undefined;
    case "series_won":
      return { kind: "series_end", winner: fact.winner };
    case "series_ended":
      return undefined;
    default:
      return {
        kind: "progress",
        game: fact.game,
        progress: title === "lol" ? lolProgress(view) : cs2Progress(view),
      };
  }
}

type Pair = readonly [number, number];

const copy = ([a, b]: Pair): Pair => [a, b];

function lolProgress(view: MatchView): GameProgress {
  const { objectives } = view;
  const dragons: Pair = [
    objectives.drake[0] + objectives.elder[0],
    objectives.drake[1] + objectives.elder[1],
  ];
  return {
    clockMs: view.clockMs,
    score: copy(view.kills),
    kills: copy(view.kills),
    gold: copy(view.gold),
    towers: copy(objectives.tower),
    dragons,
    barons: copy(objectives.baron),
    inhibitors: copy(objectives.inhibitor),
    firstSide: view.firstSide,
  };
}

function cs2Progress(view: MatchView): GameProgress {
  const played = view.score[0] + view.score[1];
  return {
    clockMs: view.clockMs,
    score: copy(view.score),
    kills: copy(view.kills),
    firstSide: view.firstSide,
    ...(view.round > played
      ? { round: view.round, alive: copy(view.alive), ...(view.planted ? { planted: true } : {}) }
      : {}),
    ...(view.roundLive ? { equipment: copy(view.equipment) } : {}),
  };
}
