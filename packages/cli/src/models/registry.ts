import { dota2Modelling } from "./dota2/modelling.ts";
import { lolModelling } from "./lol/modelling.ts";
import { cs2Modelling, valorantModelling } from "./rounds/modelling.ts";
import type { ModelTitle, TitleModelling } from "./titles.ts";

/** The titles that can be fitted and scored. */
export const MODELLINGS: Readonly<Record<ModelTitle, TitleModelling>> = {
  lol: lolModelling,
  cs2: cs2Modelling,
  valorant: valorantModelling,
  dota2: dota2Modelling,
};
