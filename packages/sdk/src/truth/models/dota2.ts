import type { GameProgress } from "../../events/index.ts";
import { logistic, pow, probability } from "../../units/index.ts";
import { mapAdvantageModel } from "./mapAdvantage.ts";
import type { ProbabilityModel } from "./model.ts";

/**
 * Slope of the log-odds per hundredth of all gold: .325 is the LoL model's of the same form (434 professional games of
 * 2025). Four fifths of it, since leads in Dota 2 are lost more often: bounties grow with the lead, and heroes buy back.
 */
const SLOPE = 0.8 * 0.325;
const GROWTH = 0.364;
const FIRST_MINUTE = 3;
const LAST_MINUTE = 60;
/** Five heroes start with 600 each: less is no net worth, but a bare lead. */
const LEAST_WORTH = 3_000;
/** Net worth of both teams together: 600 a hero, and as much a minute as in the few parsed games at hand. */
const START_WORTH = 6_000;
const WORTH_PER_MINUTE = 4_900;
const SUREST = 0.98;
/** Nothing was measured: the true log-odds may well be half as large, or half as large again. */
const SPREAD = 0.8;

/** Team 0's lead in hundredths of both teams' worth. */
function shareLead(gold: readonly [number, number], minute: number): number {
  const typical = START_WORTH + WORTH_PER_MINUTE * minute;
  const total = Math.min(gold[0], gold[1]) >= LEAST_WORTH ? gold[0] + gold[1] : typical;
  return Math.min(100, Math.max(-100, (100 * (gold[0] - gold[1])) / total));
}

function logOdds({ clockMs, gold }: GameProgress): number | undefined {
  if (clockMs === undefined || gold === undefined) return undefined;
  const minute = Math.min(LAST_MINUTE, clockMs / 60_000);
  if (!(minute >= FIRST_MINUTE)) return 0;
  return SLOPE * shareLead(gold, minute) * pow(minute / 20, GROWTH);
}

/**
 * A place to start from for Dota 2: the share of all net worth by which a team leads, weighing more with time, in the form
 * that was fitted to LoL with a smaller slope. Nothing of it is fitted to Dota 2: it is not calibrated, says so, and the
 * engine takes no liquidity on it.
 */
export const dota2Model: ProbabilityModel = {
  id: "dota2-net-worth",
  version: "start-1",
  card: {
    title: "Dota 2: share of net worth",
    inputs: ["net worth of both teams, or gold, and the game clock"],
    basis: "the form fitted to LoL games of 2025, four fifths of its slope; no Dota 2 games were fitted",
    calibrated: false,
    limits: [
      "not fitted: too few games with net worth by minute were at hand",
      "does not know the draft, buybacks, Roshan, barracks or who is alive",
      "takes no liquidity: marketable entries on it are denied",
    ],
  },
  p(state, config) {
    const game = state.games.find((candidate) => candidate.game === state.currentGame);
    const z = game === undefined || game.status === "scheduled" ? undefined : logOdds(game.progress);
    if (z === undefined) return { ...mapAdvantageModel.p(state, config), calibrated: false };
    const p = logistic(z);
    return {
      p: probability(Math.min(SUREST, Math.max(1 - SUREST, p))),
      sd: SPREAD * p * (1 - p),
      calibrated: false,
    };
  },
};
