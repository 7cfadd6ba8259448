import type { FittedModel } from "../model.ts";
import type { RoundsCoefficients } from "../rounds/roundsModel.ts";

/** What `model fit valorant` found. Not to be edited. */
export const VALORANT_FIT: FittedModel<RoundsCoefficients> = {
  version: "none",
  coefficients: {
    firstSide: -0.03,
    spread: 0.2,
    start: { side: -0.1, pistolSide: 0, overtimeSide: 0, equipment: 1.37 },
    next: { side: 0, won: 0.6, wonPistol: 1.4, equipment: 0.1, wonUnequal: -0.3 },
    fight: {
      plantKnown: { side: 0, sideFallen: 0, equipment: 1.4, equipmentFallen: -0.6, alive: 2, aliveDifference: 0.35, planted: 0.7, plantedAlive: -0.3 },
      plantUnknown: { side: 0, sideFallen: 0, equipment: 1.4, equipmentFallen: -0.6, alive: 2, aliveDifference: 0.35, planted: 0, plantedAlive: 0 },
    },
  },
  data: { name: "none", games: 0, matches: 0, from: "", to: "" },
  validation: {
    fittedOn: { name: "none", games: 0, matches: 0, from: "", to: "" },
    testedOn: { name: "none", games: 0, matches: 0, from: "", to: "" },
    unit: "round",
    buckets: [],
    overall: { n: 0, brier: 0, logLoss: 0, ece: 0, eceBand: 0 },
    reliability: [],
  },
};
