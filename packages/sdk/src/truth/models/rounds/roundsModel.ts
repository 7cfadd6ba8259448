import type { GameProgress } from "../../../events/index.ts";
import type { TruthState } from "../../../state/index.ts";
import { logistic, probability } from "../../../units/index.ts";
import type { FittedModel, ModelCard, ModelEstimate, ProbabilityModel } from "../model.ts";
import { gamesPlayed } from "../carry.ts";
import { isOvertime, isPistol, mapResult, ROUND_FORMATS, sideSign, type RoundTitle } from "./format.ts";
import {
  equipmentRatio,
  fightLogOdds,
  nextLogOdds,
  startLogOdds,
  type FightOdds,
  type NextOdds,
  type RoundStart,
  type StartOdds,
} from "./odds.ts";
import { strengthTables, type StrengthTables } from "./strength.ts";

/** All numbers of a model of rounds, in log-odds per round. */
export interface RoundsCoefficients {
  /** What the first side is worth in the table of scores, all rounds taken together. */
  readonly firstSide: number;
  /** Standard deviation of the teams' difference in strength: the model does not know it, its uncertainty does. */
  readonly spread: number;
  readonly start: StartOdds;
  readonly next: NextOdds;
  /** Fights whose source says whether the bomb is planted, and fights where nothing is said. */
  readonly fight: { readonly plantKnown: FightOdds; readonly plantUnknown: FightOdds };
}

/** A score as team 0 sees it, and which side it started on. */
interface Standing {
  readonly own: number;
  readonly other: number;
  readonly startedFirst: boolean;
}

/** The round that is being played, as team 0 sees it. */
interface Round {
  readonly start: RoundStart;
  readonly q: number;
}

/** Nothing is certain before the truth engine has said so. */
const SURE = 0.999;

/**
 * A model of maps that are counted in rounds. The current round's chance comes from side, equipment and, while it is fought,
 * the players alive and the bomb; the next round's from how the current one ends (a winner keeps weapons and has money); all
 * later ones from the Markov chain over score, sides and overtime. What a source leaves out is left out.
 *
 * Equipment, players and bomb count only when `round` says that they belong to the round after the score. `firstSide` is the
 * team that is CT or defends now. Maps that the teams have won against each other before tell of their strength.
 *
 * @example
 * ```ts
 * import { createRoundsModel, CS2_FITTED } from "@matchpoint/sdk";
 * const model = createRoundsModel("cs2", CS2_FITTED);
 * model.card.calibrated;
 * ```
 */
export function createRoundsModel(
  title: RoundTitle,
  fitted: FittedModel<RoundsCoefficients>,
): ProbabilityModel {
  const { coefficients } = fitted;
  const format = ROUND_FORMATS[title];
  const tablesFor = strengthTables(format, coefficients, title);

  const roundOf = (
    progress: GameProgress,
    played: number,
    first: 1 | -1,
    strength: number,
  ): Round | undefined => {
    const { equipment, alive, planted } = progress;
    const pistol = isPistol(format, played);
    const overtime = isOvertime(format, played);
    const open = progress.round === played + 1;
    const fought = open && alive !== undefined && (alive[0] + alive[1] < 10 || planted === true);
    const economy = open && equipment !== undefined && !pistol && !overtime;
    if (!economy && !fought && !pistol && !overtime) return undefined;
    const start: RoundStart = {
      first,
      kind: pistol ? "pistol" : overtime ? "overtime" : economy ? "economy" : "unknown",
      equipment: economy ? equipmentRatio(equipment[0], equipment[1]) : 0,
    };
    if (!fought) return { start, q: logistic(strength + startLogOdds(coefficients.start, start)) };
    const { plantKnown, plantUnknown } = coefficients.fight;
    const odds = planted === undefined ? plantUnknown : plantKnown;
    const logOdds = fightLogOdds(odds, start, alive[0], alive[1], planted === true);
    return { start, q: logistic(strength + logOdds) };
  };

  /** Team 0's chance of the map once the current round is over. */
  const after = (
    { even: table, strength }: StrengthTables,
    { own, other, startedFirst }: Standing,
    start: RoundStart,
    won: boolean,
  ): number => {
    const decided = mapResult(format, own, other);
    if (decided !== undefined) return decided;
    const played = own + other;
    if (start.kind === "unknown" || isPistol(format, played) || isOvertime(format, played)) {
      return table.at(own, other, startedFirst);
    }
    const q = logistic(strength + nextLogOdds(coefficients.next, start, won));
    return q * table.at(own + 1, other, startedFirst) + (1 - q) * table.at(own, other + 1, startedFirst);
  };

  const value = (tables: StrengthTables, now: Standing, round: Round | undefined): ModelEstimate => {
    const { own, other, startedFirst } = now;
    const spreadLeft = (at: Standing): number =>
      (tables.stronger.at(at.own, at.other, startedFirst) -
        tables.weaker.at(at.own, at.other, startedFirst)) /
      2;
    const known = 1 / Math.sqrt(1 + ((own + other) * coefficients.spread * coefficients.spread) / 4);
    if (round === undefined) {
      const p = tables.even.at(own, other, startedFirst);
      return { p: probability(p), sd: known * spreadLeft(now) };
    }
    const won = { own: own + 1, other, startedFirst };
    const lost = { own, other: other + 1, startedFirst };
    const { q, start } = round;
    return {
      p: probability(q * after(tables, won, start, true) + (1 - q) * after(tables, lost, start, false)),
      sd: known * (q * spreadLeft(won) + (1 - q) * spreadLeft(lost)),
    };
  };

  const estimate = (state: TruthState): ModelEstimate => {
    const tables = tablesFor(...gamesPlayed(state));
    const progress = progressOf(state);
    const [own, other] = progress?.score ?? [0, 0];
    const decided = mapResult(format, own, other);
    if (decided !== undefined) return { p: probability(decided === 1 ? SURE : 1 - SURE), sd: 0 };
    const played = own + other;
    const sign = sideSign(format, played);
    const on = (first: 1 | -1): ModelEstimate =>
      value(
        tables,
        { own, other, startedFirst: first === sign },
        progress === undefined ? undefined : roundOf(progress, played, first, tables.strength),
      );
    if (progress?.firstSide === 0) return on(1);
    if (progress?.firstSide === 1) return on(-1);
    const [a, b] = [on(1), on(-1)];
    return { p: probability((a.p + b.p) / 2), sd: (a.sd + b.sd + Math.abs(a.p - b.p)) / 2 };
  };

  return {
    id: `rounds-${title}`,
    version: fitted.version,
    card: cardOf(title, fitted),
    p(state) {
      const { p, sd } = estimate(state);
      return {
        p: probability(Math.min(SURE, Math.max(1 - SURE, p))),
        sd,
        // Before the first word about the score there is nothing that could have been compared with outcomes.
        calibrated: isCalibrated(fitted) && progressOf(state)?.score !== undefined,
      };
    },
  };
}

/** Where the current game stands, when it has started and its score makes sense. */
function progressOf(state: TruthState): GameProgress | undefined {
  const game = state.games.find((candidate) => candidate.game === state.currentGame);
  if (game === undefined || game.status === "scheduled" || game.progress.score === undefined)
    return undefined;
  return game.progress.score.every((rounds) => Number.isSafeInteger(rounds) && rounds >= 0)
    ? game.progress
    : undefined;
}

function isCalibrated({ validation }: FittedModel<unknown>): boolean {
  return validation.overall.ece <= validation.overall.eceBand;
}

function cardOf(title: RoundTitle, fitted: FittedModel<RoundsCoefficients>): ModelCard {
  const { data, validation } = fitted;
  const { brier, logLoss, ece } = validation.overall;
  return {
    title: `${title === "cs2" ? "CS2" : "Valorant"}: rounds, sides, economy and fights`,
    inputs: ["score", "firstSide", "round", "equipment", "alive", "planted", "maps won before"],
    basis: `Markov chain of rounds, fitted on ${data.games} professional maps (${data.name})`,
    calibrated: isCalibrated(fitted),
    scores: { brier, logLoss, ece },
    data,
    validation,
    limits: [
      "does not know who plays, nor on which map; the market before the match knows more of both",
      "equipment counts as it is stated: in the seconds of buying it is not yet what is played with",
      "not evidence of an edge: compare it with the market's price on your own recordings first",
    ],
  };
}
