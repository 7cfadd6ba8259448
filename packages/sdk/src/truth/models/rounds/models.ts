import { CS2_FIT } from "../fitted/cs2.ts";
import { VALORANT_FIT } from "../fitted/valorant.ts";
import type { ProbabilityModel } from "../model.ts";
import { roundsModel } from "./roundsModel.ts";

/** Chances in CS2 maps, with the numbers that the card `docs/models/cs2.md` describes. */
export const cs2Model: ProbabilityModel = roundsModel("cs2", CS2_FIT);

/** Chances in Valorant maps, with the numbers that the card `docs/models/valorant.md` describes. */
export const valorantModel: ProbabilityModel = roundsModel("valorant", VALORANT_FIT);
