import { CS2_FITTED } from "../fitted/cs2.ts";
import { VALORANT_FITTED } from "../fitted/valorant.ts";
import type { ProbabilityModel } from "../model.ts";
import { createRoundsModel } from "./roundsModel.ts";

/** Chances in CS2 maps, with the numbers that the card `docs/models/cs2.md` describes. */
export const cs2Model: ProbabilityModel = createRoundsModel("cs2", CS2_FITTED);

/** Chances in Valorant maps, with the numbers that the card `docs/models/valorant.md` describes. */
export const valorantModel: ProbabilityModel = createRoundsModel("valorant", VALORANT_FITTED);
