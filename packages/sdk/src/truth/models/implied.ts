import type { MarketSubject, Team } from "../../events/index.ts";
import type { GameTruth, TruthState, Verdict } from "../../state/index.ts";
import { probability, USDC_ONE, type Probability } from "../../units/index.ts";
import type { TruthConfig } from "../config.ts";
import { resolvePayouts } from "../resolution/payouts.ts";
import type { ProbabilityModel } from "./model.ts";
import { seriesWinProbability } from "./series.ts";

/** Nothing is certain before the venue has resolved it. */
const SURE = 0.999;

interface Estimate {
  readonly p: number;
  readonly sd: number;
}

function forTeam(winner: Team, p: number): number {
  return winner === 0 ? p : 1 - p;
}

/** A contested verdict is worth what the pooled claims say of its leader. */
function contested(verdict: Verdict): Estimate {
  if (verdict.winner === undefined) return { p: 0.5, sd: 0.5 };
  return { p: forTeam(verdict.winner, verdict.posterior), sd: 0.5 };
}

/** An effectively final result is never worth more than the evidence that it rests on. */
function nearlySure(winner: Team, posterior: number, config: TruthConfig): number {
  return forTeam(winner, posterior < config.confirm_threshold ? posterior : config.effectively_final_p);
}

/** Team 0's probability in one game for the series recursion; `undefined` when it counts for nobody. */
function gameTerm(
  game: GameTruth,
  state: TruthState,
  current: Estimate,
  config: TruthConfig,
): number | undefined {
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
      return game.game === state.currentGame ? current.p : 0.5;
  }
}

/** The series by recursion over its games, with the current game's uncertainty carried through. */
function seriesEstimate(state: TruthState, current: Estimate, config: TruthConfig): Estimate {
  const bestOf = state.match.bestOf;
  const terms = state.games.map((game) => gameTerm(game, state, current, config));
  const index = state.games.findIndex((game) => game.game === state.currentGame);
  const p = seriesWinProbability(bestOf, terms);
  if (index < 0) return { p, sd: 0 };
  const won = seriesWinProbability(bestOf, terms.with(index, 1));
  const lost = seriesWinProbability(bestOf, terms.with(index, 0));
  return { p, sd: Math.abs(won - lost) * current.sd };
}

/** Team 0's probability of winning what the market is about, before the market's rule is asked. */
function estimate(
  subject: MarketSubject,
  state: TruthState,
  own: Verdict,
  model: ProbabilityModel,
  config: TruthConfig,
): Estimate {
  const current = model.p(state, config);
  if (own.status === "disputed") return contested(own);
  if (subject.kind === "series") return seriesEstimate(state, current, config);
  return subject.game === state.currentGame ? current : { p: 0.5, sd: current.sd };
}

function pair(p: number, sd: number): { byTeam: [Probability, Probability]; sd: number } {
  const clamped = Math.min(SURE, Math.max(1 - SURE, p));
  return { byTeam: [probability(clamped), probability(1 - clamped)], sd };
}

/**
 * What a share on each team is worth as a probability: truth where it has decided (through the market's default rule, so a
 * forfeited game can be half each), the model and the series recursion where it has not. Kept within .001 and .999 until
 * the venue resolves.
 *
 * @returns per team of the match, in its order, and one standard deviation
 */
export function impliedProbability(
  subject: MarketSubject,
  state: TruthState,
  model: ProbabilityModel,
  config: TruthConfig,
): { byTeam: [Probability, Probability]; sd: number } {
  const own = subject.kind === "series" ? state : state.games.find((game) => game.game === subject.game);
  if (own === undefined) return pair(0.5, 0.5);
  const expected = resolvePayouts({ ...subject, teamOf: [0, 1] }, state);
  if (!expected.decided) {
    const { p, sd } = estimate(subject, state, own, model, config);
    return pair(p, sd);
  }
  const paid = expected.payouts[0] / USDC_ONE;
  if (own.status !== "effectively_final" || paid === 0.5) return pair(paid, 0);
  const p = nearlySure(paid === 1 ? 0 : 1, own.posterior, config);
  return pair(p, Math.abs(paid - p));
}
