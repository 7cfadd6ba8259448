import type { MarketSubject, Team } from "../../events/index.ts";
import type { GameTruth, TruthState, Verdict } from "../../state/index.ts";
import { probability, USDC_ONE, type Probability } from "../../units/index.ts";
import type { TruthConfig } from "../config.ts";
import { resolvePayouts } from "../resolution/payouts.ts";
import type { ResolutionRule } from "../resolution/rule.ts";
import type { ProbabilityModel } from "./model.ts";
import { carryOf } from "./carry.ts";
import { openGameProbability, seriesWinProbability, type SeriesTerm } from "./series.ts";

/** Nothing is certain before the venue has resolved it. */
const SURE = 0.999;

interface Estimate {
  readonly p: number;
  readonly sd: number;
  readonly calibrated: boolean;
}

function forTeam(winner: Team, p: number): number {
  return winner === 0 ? p : 1 - p;
}

/** A contested verdict is worth what the pooled claims say of its leader. */
function contested(verdict: Verdict): Estimate {
  if (verdict.winner === undefined) return { p: 0.5, sd: 0.5, calibrated: false };
  return { p: forTeam(verdict.winner, verdict.posterior), sd: 0.5, calibrated: false };
}

/** An effectively final result is never worth more than the evidence that it rests on. */
function nearlySure(winner: Team, posterior: number, config: TruthConfig): number {
  return forTeam(winner, posterior < config.confirm_threshold ? posterior : config.effectively_final_p);
}

/** Team 0's probability in one game for the series recursion; `undefined` when it counts for nobody. */
function gameTerm(game: GameTruth, state: TruthState, current: Estimate, config: TruthConfig): SeriesTerm {
  switch (game.status) {
    case "final":
      return game.winner === undefined ? undefined : forTeam(game.winner, 1);
    case "effectively_final":
      return game.winner === undefined ? undefined : nearlySure(game.winner, game.posterior, config);
    case "disputed":
      return contested(game).p;
    case "void":
    case "not_played":
      return undefined;
    case "scheduled":
    case "live":
    case "paused":
    case "retracted":
      return game.game !== state.currentGame || saysNothing(game, current) ? "open" : current.p;
  }
}

/** Spread of the true chance of a game that is not played yet: teams differ in strength, and the sources do not say how. */
const SD_UNPLAYED = 0.12;

/** The series by recursion over its games, with the uncertainty of each that is not final carried through. */
function seriesEstimate(state: TruthState, current: Estimate, config: TruthConfig): Estimate {
  const bestOf = state.match.bestOf;
  const terms = state.games.map((game) => gameTerm(game, state, current, config));
  const carry = carryOf(state);
  const p = seriesWinProbability(bestOf, terms, carry);
  let variance = 0;
  let later = 0;
  let { calibrated } = current;
  state.games.forEach((game, index) => {
    const open = isToBePlayed(game);
    const term = terms[index];
    if (!open && (term === undefined || term === 0 || term === 1)) return;
    const won = seriesWinProbability(bestOf, terms.with(index, 1), carry);
    const lost = seriesWinProbability(bestOf, terms.with(index, 0), carry);
    const weight = Math.abs(won - lost);
    // The same team is the stronger one in all games to come: these add up instead of averaging out.
    if (open && game.game !== state.currentGame) later += weight * SD_UNPLAYED;
    else {
      const sd = open
        ? current.sd
        : game.status === "disputed"
          ? contested(game).sd
          : 1 - config.effectively_final_p;
      variance += weight * weight * sd * sd;
    }
    if (game.status === "disputed") calibrated = false;
  });
  return { p, sd: Math.sqrt(variance + later * later), calibrated };
}

/** What a model says, unless it is no probability or has no uncertainty: then it has said nothing. */
function sane(said: Estimate): Estimate {
  return said.p >= 0 && said.p <= 1 && said.sd >= 0 ? said : { p: 0.5, sd: 0.5, calibrated: false };
}

function isToBePlayed({ status }: GameTruth): boolean {
  return status === "scheduled" || status === "live" || status === "paused" || status === "retracted";
}

/** Team 0's probability of winning what the market is about, before the market's rule is asked. */
function estimate(
  subject: MarketSubject,
  state: TruthState,
  own: Verdict,
  model: ProbabilityModel,
  config: TruthConfig,
): Estimate {
  const current = sane({ calibrated: model.card.calibrated, ...model.p(state, config) });
  if (own.status === "disputed") return contested(own);
  if (subject.kind === "series") return seriesEstimate(state, current, config);
  const index = state.games.findIndex(({ game }) => game === subject.game);
  const isCurrent = subject.game === state.currentGame;
  if (isCurrent && !saysNothing(state.games[index]!, current)) return current;
  const terms = state.games.map((game) => gameTerm(game, state, current, config));
  const p = openGameProbability(state.match.bestOf, terms, index, carryOf(state));
  return { p, sd: isCurrent ? current.sd : SD_UNPLAYED, calibrated: current.calibrated };
}

/** Whether a model has nothing to say of a game before its start: then the games before it are what is known. */
function saysNothing({ status }: GameTruth, { p }: Estimate): boolean {
  return status === "scheduled" && p === 0.5;
}

/** A probability per team of the match, in its order. */
export interface ImpliedProbability {
  readonly byTeam: readonly [Probability, Probability];
  /** One standard deviation of either. */
  readonly sd: number;
  /** Whether it rests on what is decided, or on a model's estimate that was compared with outcomes. */
  readonly calibrated: boolean;
}

function pair({ p, sd, calibrated }: Estimate): ImpliedProbability {
  const clamped = Math.min(SURE, Math.max(1 - SURE, p));
  return { byTeam: [probability(clamped), probability(1 - clamped)], sd, calibrated };
}

/**
 * What a share on each team is worth as a probability: truth where it has decided (through the market's rule, by default that of its kind, so a
 * forfeited game can be half each), the model and the series recursion where it has not. Kept within .001 and .999 until
 * the venue resolves.
 */
export function impliedProbability(
  subject: MarketSubject,
  state: TruthState,
  model: ProbabilityModel,
  config: TruthConfig,
  rule?: ResolutionRule,
): ImpliedProbability {
  const own = subject.kind === "series" ? state : state.games.find((game) => game.game === subject.game);
  if (own === undefined) return pair({ p: 0.5, sd: 0.5, calibrated: false });
  const expected = resolvePayouts({ ...subject, teamOf: [0, 1] }, state, rule);
  if (!expected.decided) {
    return pair(estimate(subject, state, own, model, config));
  }
  const paid = expected.payouts[0] / USDC_ONE;
  if (own.status !== "effectively_final" || paid === 0.5) return pair({ p: paid, sd: 0, calibrated: true });
  const p = nearlySure(paid === 1 ? 0 : 1, own.posterior, config);
  return pair({ p, sd: Math.abs(paid - p), calibrated: true });
}
