import type { Title } from "../../events/index.ts";
import { dota2Model } from "./dota2.ts";
import { lolModel } from "./lol.ts";
import { mapAdvantageModel } from "./mapAdvantage.ts";
import type { ProbabilityModel } from "./model.ts";
import { cs2Model, valorantModel } from "./rounds/models.ts";

/**
 * The model that is asked about a title when nothing else is configured.
 *
 * @example
 * ```ts
 * import { modelFor } from "@matchpoint/sdk";
 * modelFor("dota2").card.calibrated; // false: no liquidity is taken on it
 * ```
 */
export function modelFor(title: Title): ProbabilityModel {
  switch (title) {
    case "lol":
      return lolModel;
    case "cs2":
      return cs2Model;
    case "valorant":
      return valorantModel;
    case "dota2":
      return dota2Model;
    case "other":
      return mapAdvantageModel;
  }
}

/** The default model: asks the model of the match's title. */
export const defaultModel: ProbabilityModel = {
  id: "by-title",
  version: [lolModel, cs2Model, valorantModel, dota2Model]
    .map(({ id, version }) => `${id}@${version ?? "0"}`)
    .join(" "),
  card: {
    title: "By title",
    inputs: ["what the model of the match's title reads"],
    basis: "the models of LoL, CS2, Valorant and Dota 2; see their own cards with modelFor",
    calibrated: false,
    limits: ["each title's own", "for other titles only the sign of a lead counts"],
  },
  p(state, config) {
    const model = modelFor(state.match.title);
    return { calibrated: model.card.calibrated, ...model.p(state, config) };
  },
};
