import type { TruthState } from "../../state/index.ts";
import type { Probability } from "../../units/index.ts";
import type { TruthConfig } from "../config.ts";

/** What a probability model states about itself, so that nobody takes it for more than it is. */
export interface ModelCard {
  readonly title: string;
  /** What goes in. */
  readonly inputs: readonly string[];
  /** Where its numbers come from. */
  readonly basis: string;
  /** Whether its probabilities were compared with outcomes that it was not made from, and held. */
  readonly calibrated: boolean;
  /** Brier score, log-loss and the like, by name, of that comparison. */
  readonly scores?: Readonly<Record<string, number>>;
  /** What it must not be used for. */
  readonly limits: readonly string[];
}

/** How likely team 0 is to win the game that is being played, or the next one. Must be a pure function. */
export interface ProbabilityModel {
  readonly id: string;
  readonly card: ModelCard;
  /** `p`: team 0 wins the current game. `sd`: one standard deviation of `p` as an estimate. */
  p(state: TruthState, config: TruthConfig): { readonly p: Probability; readonly sd: number };
}
