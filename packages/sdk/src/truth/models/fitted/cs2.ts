import type { FittedModel } from "../model.ts";
import type { RoundsCoefficients } from "../rounds/roundsModel.ts";

/** What `model fit cs2` found. Not to be edited. */
export const CS2_FITTED: FittedModel<RoundsCoefficients> = {
  version: "7afc17cede04",
  coefficients: {
    firstSide: -0.0309, spread: 0.15,
    start: { side: -0.1174, pistolSide: -0.0402, overtimeSide: -0.1288, equipment: 1.3667 },
    next: { side: -0.0175, won: 0.6785, wonPistol: 1.3916, equipment: 0.1054, wonUnequal: -0.3307 },
    fight: {
      plantKnown: {
        side: -0.1675, sideFallen: 0.275, equipment: 1.3606,
        equipmentFallen: -1.4509, alive: 2.4229, aliveDifference: 0.4846, planted: 1.3294, plantedAlive: 0.3536,
      },
      plantUnknown: {
        side: -0.2325, sideFallen: -0.2377, equipment: 1.3606,
        equipmentFallen: -1.4509, alive: 2.0052, aliveDifference: 0.4963, planted: 0, plantedAlive: 0,
      },
    },
  },
  data: { name: "professional CS2 maps, round by round", games: 346, matches: 183, from: "2024-10-25", to: "2025-02-09" },
  validation: {
    fittedOn: { name: "professional CS2 maps, round by round", games: 238, matches: 126, from: "2024-10-25", to: "2025-01-19" },
    testedOn: { name: "professional CS2 maps, round by round", games: 108, matches: 57, from: "2025-01-23", to: "2025-02-09" },
    unit: "round",
    buckets: [
      {
        at: 4, n: 108, brier: 0.20761, logLoss: 0.60476, ece: 0.10467, eceBand: 0.15722,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.2121, logLoss: 0.6144 },
          "that table with the teams' strength learnt from the score": { brier: 0.21207, logLoss: 0.61434 },
        },
      },
      {
        at: 7, n: 108, brier: 0.17986, logLoss: 0.54687, ece: 0.09332, eceBand: 0.14367,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.1793, logLoss: 0.54464 },
          "that table with the teams' strength learnt from the score": { brier: 0.17915, logLoss: 0.5448 },
        },
      },
      {
        at: 10, n: 108, brier: 0.14094, logLoss: 0.43496, ece: 0.1027, eceBand: 0.12678,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.14309, logLoss: 0.43923 },
          "that table with the teams' strength learnt from the score": { brier: 0.14311, logLoss: 0.43922 },
        },
      },
      {
        at: 13, n: 108, brier: 0.11734, logLoss: 0.37923, ece: 0.06186, eceBand: 0.11027,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.11681, logLoss: 0.37945 },
          "that table with the teams' strength learnt from the score": { brier: 0.11679, logLoss: 0.38001 },
        },
      },
      {
        at: 16, n: 102, brier: 0.11745, logLoss: 0.36807, ece: 0.0693, eceBand: 0.10292,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.11591, logLoss: 0.36932 },
          "that table with the teams' strength learnt from the score": { brier: 0.11601, logLoss: 0.37008 },
        },
      },
      {
        at: 19, n: 75, brier: 0.15537, logLoss: 0.4948, ece: 0.11125, eceBand: 0.13197,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.15046, logLoss: 0.48502 },
          "that table with the teams' strength learnt from the score": { brier: 0.15067, logLoss: 0.48649 },
        },
      },
      {
        at: 22, n: 49, brier: 0.19721, logLoss: 0.57534, ece: 0.152, eceBand: 0.20092,
        rivals: {
          "the Markov table with a fixed chance per side": { brier: 0.1965, logLoss: 0.5813 },
          "that table with the teams' strength learnt from the score": { brier: 0.19673, logLoss: 0.58217 },
        },
      },
    ],
    overall: {
      n: 16082, brier: 0.16408, logLoss: 0.49483, ece: 0.02382, eceBand: 0.06309,
      rivals: {
        "the Markov table with a fixed chance per side": { brier: 0.16848, logLoss: 0.50746 },
        "that table with the teams' strength learnt from the score": { brier: 0.16849, logLoss: 0.50778 },
      },
    },
    reliability: [
      { n: 1608, predicted: 0.02085, observed: 0.00498 },
      { n: 1608, predicted: 0.11509, observed: 0.13433 },
      { n: 1608, predicted: 0.2355, observed: 0.21766 },
      { n: 1608, predicted: 0.34791, observed: 0.35821 },
      { n: 1609, predicted: 0.45077, observed: 0.4363 },
      { n: 1608, predicted: 0.54858, observed: 0.51555 },
      { n: 1608, predicted: 0.6521, observed: 0.65112 },
      { n: 1608, predicted: 0.7654, observed: 0.74005 },
      { n: 1608, predicted: 0.88319, observed: 0.8209 },
      { n: 1609, predicted: 0.97662, observed: 0.93785 },
    ],
  },
};
