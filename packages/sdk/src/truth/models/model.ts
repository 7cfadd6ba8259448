import type { TruthState } from "../../state/index.ts";
import type { Probability } from "../../units/index.ts";
import type { TruthConfig } from "../config.ts";

/** The matches behind a fit or a test. */
export interface ModelData {
  /** Name of the collection. */
  readonly name: string;
  readonly games: number;
  readonly matches: number;
  /** When the first and the last of them were played, as finely as the collection says: `2024-05-01`, `2017 Spring`. */
  readonly from: string;
  readonly to: string;
}

/** How good probabilities were at one moment of the games, or over all moments. */
export interface ModelScore {
  readonly n: number;
  /** Mean squared distance of probability and outcome. */
  readonly brier: number;
  /** Mean of -ln of the probability given to what happened. */
  readonly logLoss: number;
  /** Expected calibration error over ten bins of equal counts. */
  readonly ece: number;
  /** What `ece` stays below in 95 of 100 draws of outcomes from the very same probabilities. */
  readonly eceBand: number;
  /** What simpler models scored on the same moments, by name. */
  readonly rivals?: Readonly<Record<string, { readonly brier: number; readonly logLoss: number }>>;
}

/** One bin of a reliability table: what was said on average, and how often it happened. */
export interface ReliabilityBin {
  readonly n: number;
  readonly predicted: number;
  readonly observed: number;
}

/** A comparison of a model with games that it was not made from. */
export interface ModelValidation {
  readonly fittedOn: ModelData;
  readonly testedOn: ModelData;
  /** What `at` counts. */
  readonly unit: "minute" | "round";
  readonly buckets: readonly (ModelScore & { readonly at: number })[];
  readonly overall: ModelScore;
  readonly reliability: readonly ReliabilityBin[];
}

/** A model's numbers as a fit leaves them, with what they rest on. */
export interface FittedModel<Coefficients> {
  /** Names these very numbers. */
  readonly version: string;
  readonly coefficients: Coefficients;
  readonly data: ModelData;
  readonly validation: ModelValidation;
}

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
  /** The matches that its numbers were fitted on. */
  readonly data?: ModelData;
  /** The same fit made on the earlier of those matches only, tested on the later ones. */
  readonly validation?: ModelValidation;
  /** What it must not be used for. */
  readonly limits: readonly string[];
}

/** What a model says of a state. */
export interface ModelEstimate {
  /** Team 0 wins the current game. */
  readonly p: Probability;
  /** One standard deviation of `p` as an estimate. */
  readonly sd: number;
  /** Whether this very estimate is of the kind that was compared with outcomes; without it the card's word counts. */
  readonly calibrated?: boolean;
}

/** How likely team 0 is to win the game that is being played, or the next one. Must be a pure function. */
export interface ProbabilityModel {
  readonly id: string;
  /** Changes whenever its probabilities do; a journal can be held against it. */
  readonly version?: string;
  readonly card: ModelCard;
  p(state: TruthState, config: TruthConfig): ModelEstimate;
}
