import type { FittedModel } from "../model.ts";
import type { RoundsCoefficients } from "../rounds/roundsModel.ts";

/** What `model fit valorant` found. Not to be edited. */
export const VALORANT_FITTED: FittedModel<RoundsCoefficients> = {
  version: "cfb2f62abd18",
  coefficients: {
    firstSide: -0.0348, spread: 0.125,
    start: { side: 0.0007, pistolSide: -0.0715, overtimeSide: -0.092, equipment: 1.4311 },
    next: { side: -0.0239, won: 0.4009, wonPistol: 1.7842, equipment: -0.0228, wonUnequal: -0.2546 },
    fight: {
      plantKnown: {
        side: -0.052, sideFallen: 0.209, equipment: 1.4522,
        equipmentFallen: -1.4028, alive: 2.2223, aliveDifference: 0.2941, planted: 0.7202, plantedAlive: -0.1161,
      },
      plantUnknown: {
        side: -0.1708, sideFallen: -0.31, equipment: 1.4674,
        equipmentFallen: -1.4114, alive: 1.9554, aliveDifference: 0.3958, planted: 0, plantedAlive: 0,
      },
    },
  },
  data: { name: "professional Valorant maps, round by round", games: 62, matches: 62, from: "2024", to: "2024" },
  validation: {
    fittedOn: { name: "professional Valorant maps, round by round", games: 31, matches: 31, from: "2024", to: "2024" },
    testedOn: { name: "professional Valorant maps, round by round", games: 31, matches: 31, from: "2024", to: "2024" },
    unit: "round",
    buckets: [
      {
        at: 4, n: 31, brier: 0.24598, logLoss: 0.68353, ece: 0.19149, eceBand: 0.29812,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.2425, logLoss: 0.676 },
          "that table with the teams' strength learnt from the score": { brier: 0.24344, logLoss: 0.67789 },
        },
      },
      {
        at: 7, n: 31, brier: 0.25161, logLoss: 0.69092, ece: 0.26853, eceBand: 0.29093,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.24513, logLoss: 0.67665 },
          "that table with the teams' strength learnt from the score": { brier: 0.24654, logLoss: 0.68 },
        },
      },
      {
        at: 10, n: 31, brier: 0.23226, logLoss: 0.65447, ece: 0.15483, eceBand: 0.26825,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.23461, logLoss: 0.66182 },
          "that table with the teams' strength learnt from the score": { brier: 0.23586, logLoss: 0.6666 },
        },
      },
      {
        at: 13, n: 31, brier: 0.22282, logLoss: 0.67422, ece: 0.24788, eceBand: 0.24395,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.22492, logLoss: 0.68886 },
          "that table with the teams' strength learnt from the score": { brier: 0.22573, logLoss: 0.69565 },
        },
      },
      {
        at: 16, n: 30, brier: 0.17885, logLoss: 0.52181, ece: 0.20566, eceBand: 0.23778,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.1903, logLoss: 0.56084 },
          "that table with the teams' strength learnt from the score": { brier: 0.19059, logLoss: 0.56306 },
        },
      },
      {
        at: 19, n: 25, brier: 0.16604, logLoss: 0.48658, ece: 0.15127, eceBand: 0.22853,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.17244, logLoss: 0.50131 },
          "that table with the teams' strength learnt from the score": { brier: 0.17278, logLoss: 0.50281 },
        },
      },
      {
        at: 22, n: 14, brier: 0.13645, logLoss: 0.41312, ece: 0.2239, eceBand: 0.34201,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.14134, logLoss: 0.41903 },
          "that table with the teams' strength learnt from the score": { brier: 0.14132, logLoss: 0.41854 },
        },
      },
    ],
    overall: {
      n: 5184, brier: 0.20858, logLoss: 0.59973, ece: 0.07641, eceBand: 0.12652,
      rivals: {
        "the Markov table with a fixed chance per side": { brier: 0.21264, logLoss: 0.61103 },
        "that table with the teams' strength learnt from the score": { brier: 0.21329, logLoss: 0.61361 },
      },
    },
    reliability: [
      { n: 518, predicted: 0.07578, observed: 0.13514 },
      { n: 518, predicted: 0.28522, observed: 0.4112 },
      { n: 519, predicted: 0.40224, observed: 0.43353 },
      { n: 518, predicted: 0.49223, observed: 0.54247 },
      { n: 519, predicted: 0.56938, observed: 0.5896 },
      { n: 518, predicted: 0.63485, observed: 0.51544 },
      { n: 518, predicted: 0.69612, observed: 0.57529 },
      { n: 519, predicted: 0.78826, observed: 0.71098 },
      { n: 518, predicted: 0.89612, observed: 0.79344 },
      { n: 519, predicted: 0.97611, observed: 0.91908 },
    ],
  },
};
