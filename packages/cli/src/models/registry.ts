import { lolModelling } from "./lol/modelling.ts";
import { cs2Modelling, valorantModelling } from "./rounds/modelling.ts";
import type { ModelTitle, TitleModelling } from "./titles.ts";

/** The titles that can be fitted and scored. */
export const MODELLINGS: Readonly<Partial<Record<ModelTitle, TitleModelling>>> = {
  lol: lolModelling,
  cs2: cs2Modelling,
  valorant: valorantModelling,
};
