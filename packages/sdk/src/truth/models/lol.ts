import type { MatchDescription } from "../../events/index.ts";
import type { TruthState } from "../../state/index.ts";
import { logistic, pow, probability } from "../../units/index.ts";
import { normaliseName } from "../identity/names.ts";
import { LOL_FITTED } from "./fitted/lol.ts";
import { lolMoment, lolTerms, lolTime, sideOfTeam0, type LolMoment } from "./lolMoment.ts";
import { mapAdvantageModel } from "./mapAdvantage.ts";
import type { FittedModel, ModelCard, ModelEstimate, ProbabilityModel } from "./model.ts";

/** The numbers of the LoL model, as `matchpoint model fit lol` finds them. */
export interface LolCoefficients {
  /** Factors of the terms, in the order of {@link lolTerms}. */
  readonly terms: readonly number[];
  /** What level and change of the lead usually are per thousand of lead, on 1, v and v²: where the curve is not known. */
  readonly usual: { readonly level: readonly number[]; readonly change: readonly number[] };
  readonly ratings: LolRatings;
}

/** How strong teams were when the data ended. */
export interface LolRatings {
  /** End of the data, as Unix milliseconds. */
  readonly asOf: number;
  /** Log-odds per point of difference. */
  readonly weight: number;
  /** By normalised name, in log-odds; a team that is not there counts as 0 beside one that is. */
  readonly teams: Readonly<Record<string, number>>;
}

/**
 * Share of the published formula in the log-odds: it was fitted on professional games of 2025, the rest on those of
 * 2014-2017, in which a thousand of gold came to be worth less from year to year. Forward tests on three seasons prefer no
 * share between .2 and .6, and all of them to none.
 */
const PUBLISHED_SHARE = 0.5;

/** logit p(blue) = .131 + .476 (t/20)^-.724 per thousand of lead: 434 professional games of January 2025. */
function published({ minute, side, lead }: LolMoment): number {
  return 0.131 * side + 0.476 * pow(minute / 20, -0.724) * lead;
}

const DAY_MS = 86_400_000;
/** Ratings of one half year were worth .6 of themselves in the next one. */
const RATINGS_HALF_LIFE_DAYS = 270;
const LEAST_FADE = 0.02;

/**
 * Spread of the true log-odds around the model's: how far knowing the teams' strength during the same season moved its
 * probabilities on average, with and without ratings from before the season.
 */
const SPREAD_RATED = 0.45;
const SPREAD_UNRATED = 0.6;
/** More where the game is only begun, or the curve has holes. */
const SPREAD_UNSURE = 0.7;

/** Beyond this minute nothing was compared with outcomes. */
const TESTED_TO = 50;
const SUREST = 0.998;

function curveTerm(coefficients: LolCoefficients, moment: LolMoment): number {
  const time = lolTime(moment.minute);
  const usual = (factors: readonly number[]): number =>
    moment.lead * time.reduce((sum, power, i) => sum + power * (factors[i] ?? 0), 0);
  const { level = usual(coefficients.usual.level), change = usual(coefficients.usual.change) } = moment;
  const terms = lolTerms({ ...moment, level, change });
  return terms.reduce((sum, term, i) => sum + term * (coefficients.terms[i] ?? 0), 0);
}

function ratingOf(ratings: LolRatings, team: MatchDescription["teams"][0]): number | undefined {
  const name = [team.name, ...(team.aliases ?? [])]
    .map(normaliseName)
    .find((known) => Object.hasOwn(ratings.teams, known));
  return name === undefined ? undefined : ratings.teams[name];
}

/** Team 0's strength over team 1's in log-odds; `undefined` when neither is rated, or the ratings are not of before. */
function strength(ratings: LolRatings, match: MatchDescription): number | undefined {
  const age = (match.startsAt ?? Number.NEGATIVE_INFINITY) - ratings.asOf;
  if (!(age >= 0)) return undefined;
  const fade = pow(0.5, age / (RATINGS_HALF_LIFE_DAYS * DAY_MS));
  const own = ratingOf(ratings, match.teams[0]);
  const other = ratingOf(ratings, match.teams[1]);
  if (fade < LEAST_FADE || (own === undefined && other === undefined)) return undefined;
  return fade * ratings.weight * ((own ?? 0) - (other ?? 0));
}

/** Whether play is known that the model cannot read: then who leads says more than nothing. */
function isPlayedUnread(state: TruthState): boolean {
  const game = state.games.find((candidate) => candidate.game === state.currentGame);
  if (game === undefined || game.status === "scheduled") return false;
  const { clockMs, gold, towers, score, kills } = game.progress;
  if (clockMs !== undefined && gold !== undefined) return false;
  return gold !== undefined || towers !== undefined || score !== undefined || kills !== undefined;
}

/** The log-odds of team 0 at a moment of the curve, without what is known of the teams. */
export function lolCurveLogOdds(coefficients: LolCoefficients, moment: LolMoment): number {
  return (1 - PUBLISHED_SHARE) * curveTerm(coefficients, moment) + PUBLISHED_SHARE * published(moment);
}

/**
 * Makes a LoL model of fitted numbers: the gold lead and how it came about, by minute, with side and, where the fit is
 * recent, the strength of the teams. Without gold and clock it falls back to {@link mapAdvantageModel}.
 *
 * @example
 * ```ts
 * import { createLolModel, lolModel, type FittedModel, type LolCoefficients } from "@matchpoint/sdk";
 * function modelOf(fittedByMyself: FittedModel<LolCoefficients> | undefined) {
 *   return fittedByMyself === undefined ? lolModel : createLolModel(fittedByMyself);
 * }
 * ```
 */
export function createLolModel({
  version,
  coefficients,
  data,
  validation,
}: FittedModel<LolCoefficients>): ProbabilityModel {
  return {
    id: "lol-gold-curve",
    version,
    card: { ...CARD, data, validation },
    p(state, config): ModelEstimate {
      const moment = lolMoment(state);
      if (moment === undefined && isPlayedUnread(state)) {
        return { ...mapAdvantageModel.p(state, config), calibrated: false };
      }
      const rated = strength(coefficients.ratings, state.match);
      const game = state.games.find((candidate) => candidate.game === state.currentGame);
      const start: LolMoment = {
        minute: 3,
        side: sideOfTeam0(game?.progress.firstSide),
        lead: 0,
        level: 0,
        change: 0,
      };
      const p = logistic(lolCurveLogOdds(coefficients, moment ?? start) + (rated ?? 0));
      const whole = moment?.level !== undefined && moment.change !== undefined;
      const spread = !whole ? SPREAD_UNSURE : rated === undefined ? SPREAD_UNRATED : SPREAD_RATED;
      return {
        p: probability(Math.min(SUREST, Math.max(1 - SUREST, p))),
        sd: spread * p * (1 - p),
        // Before the game has come to its third minute nothing was compared with outcomes.
        calibrated: moment !== undefined && moment.minute < TESTED_TO,
      };
    },
  };
}

const CARD: Omit<ModelCard, "data" | "validation"> = {
  title: "LoL: the gold curve by minute",
  inputs: [
    "gold lead and game clock; its mean over ten minutes and its change over two",
    "side",
    "ratings of the teams as of the end of the data, fading with a half-life of 270 days",
  ],
  basis:
    "logistic regression on professional games of 2014-2017, half of its log-odds from a formula published for 2025",
  calibrated: true,
  limits: [
    "only gold: towers, dragons, barons and who is alive are in it as far as they became gold",
    "the data is old; games of today are shorter and their gold is worth something else",
    "knows nothing of the teams once the ratings are old, and nothing of the draft",
    "not evidence of an edge: compare it with the market's price on your own recordings first",
  ],
};

/** The LoL model with the numbers that are shipped. */
export const lolModel: ProbabilityModel = createLolModel(LOL_FITTED);
