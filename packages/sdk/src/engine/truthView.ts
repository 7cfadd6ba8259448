import type { GameProgress, MarketSubject, Outcome } from "../events/index.ts";
import type { TruthState, Verdict } from "../state/index.ts";
import type { MarketTruth } from "../strategy/index.ts";
import {
  impliedProbability,
  type ProbabilityModel,
  type ResolutionRule,
  type TruthConfig,
  type TruthSignal,
} from "../truth/index.ts";
import type { Probability } from "../units/index.ts";
import { sealed } from "./sealed.ts";

/** The verdict on what a market is about. */
export function ownVerdict(subject: MarketSubject, match: TruthState): Verdict {
  if (subject.kind === "series") return match;
  return match.games.find((game) => game.game === subject.game) ?? match;
}

/** Turns truth about a match into one market's outcomes. */
export function marketTruth(
  subject: MarketSubject,
  match: TruthState,
  model: ProbabilityModel,
  config: TruthConfig,
  fresh: boolean,
  signal: () => TruthSignal | undefined,
  rule: ResolutionRule | undefined,
): MarketTruth {
  const { byTeam, sd } = impliedProbability(subject, match, model, config, rule);
  const byOutcome: readonly [Probability, Probability] = [
    byTeam[subject.teamOf[0]],
    byTeam[subject.teamOf[1]],
  ];
  const leader: Outcome = byOutcome[0] >= byOutcome[1] ? 0 : 1;
  const game = subject.kind === "game" ? subject.game : match.currentGame;
  const progress: GameProgress | undefined = match.games.find(
    (candidate) => candidate.game === game,
  )?.progress;
  return sealed({
    leader,
    p: byOutcome[leader],
    sd,
    pOf: (outcome) => byOutcome[outcome],
    own: ownVerdict(subject, match),
    match,
    progress,
    fresh,
    get signal(): TruthSignal | undefined {
      return signal();
    },
  });
}
