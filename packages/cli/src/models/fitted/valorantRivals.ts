import type { RoundsRivals } from "../rounds/rivals.ts";

/** Simpler models fitted on the same games, to compare with. Not to be edited. */
export const VALORANT_RIVALS: RoundsRivals = { firstSide: -0.0348, spread: 0.125 };
