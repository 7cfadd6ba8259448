import type { RoundsRivals } from "../rounds/rivals.ts";

/** Simpler models fitted on the same games, to compare with. Not to be edited. */
export const CS2_RIVALS: RoundsRivals = { firstSide: -0.0309, spread: 0.15 };
