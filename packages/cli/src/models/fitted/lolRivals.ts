import type { MinuteLogistic } from "../lol/fitLol.ts";

/** Simpler models fitted on the same games, to compare with. Not to be edited. */
export const LOL_RIVALS: MinuteLogistic = {
  "5": [0.16972, 1.13147],
  "10": [0.16499, 0.92781],
  "15": [0.13361, 0.67269],
  "20": [0.12542, 0.51834],
  "25": [0.12568, 0.45365], "30": [0.12757, 0.4035], "35": [0.09121, 0.346],
  "40": [0.13588, 0.29083],
};
