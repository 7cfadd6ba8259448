import type { GameProgress } from "../../events/index.ts";
import { probability } from "../../units/index.ts";
import type { ProbabilityModel } from "./model.ts";

/** Spread of the true chance around the constant: an early lead is worth less than it says, a late one more. */
const SD_LEADING = 0.15;
/** Spread of the true chance of a level game: teams differ in strength. */
const SD_LEVEL = 0.1;

/**
 * Who is in front: 1 for team 0, -1 for team 1, 0 when level or unknown. Gold says more than towers, towers more than the
 * score (which counts kills in LoL and Dota 2, rounds in CS2 and Valorant, where gold and towers are absent).
 */
export function leadOf(progress: GameProgress | undefined): -1 | 0 | 1 {
  if (progress === undefined) return 0;
  for (const pair of [progress.gold, progress.towers, progress.score, progress.kills]) {
    if (pair !== undefined && pair[0] !== pair[1]) return pair[0] > pair[1] ? 1 : -1;
  }
  return 0;
}

/**
 * The plainest model, asked where a title's own cannot read the state: the team in front wins the game with a constant
 * probability per title (`map_advantage`), a level game is even. It knows who leads and nothing of by how much, when, or who
 * plays; it is a place to start from, not an edge.
 *
 * The defaults are how often the leader of a game won it over all moments with a leader: LoL .74 (7,620 pro games of
 * 2014-2017, gold per minute), CS2 .77 (346 maps of 2024-2025, rounds), Valorant .73 (62 maps of 2024, rounds), slightly
 * shrunk; Dota 2 .70 from published accuracy of the net-worth lead at 20 minutes (Hodge et al.); `other` is a guess.
 */
export const mapAdvantageModel: ProbabilityModel = {
  id: "map-advantage",
  card: {
    title: "Constant advantage of the team in front",
    inputs: [
      "the sign of the lead in gold, else towers, else score, else kills",
      "map_advantage of the title",
    ],
    basis: "share of moments at which the leading team went on to win, averaged over the whole game",
    calibrated: false,
    limits: [
      "wrong on purpose within a game: too sure early, not sure enough late",
      "does not know team strength, side, economy or the size of the lead",
      "not evidence of an edge: compare it with the market's price on your own recordings first",
    ],
  },
  p(state, config) {
    const game = state.games.find((candidate) => candidate.game === state.currentGame);
    const lead = game === undefined || game.status === "scheduled" ? 0 : leadOf(game.progress);
    if (lead === 0) return { p: probability(0.5), sd: SD_LEVEL };
    const advantage = config.map_advantage[state.match.title];
    return { p: probability(lead > 0 ? advantage : 1 - advantage), sd: SD_LEADING };
  },
};
