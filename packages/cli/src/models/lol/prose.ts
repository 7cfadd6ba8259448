import type { CardProse } from "../titles.ts";

/** The words of the LoL model's card. */
export const LOL_PROSE: CardProse = { heading: "", model: "", source: "", limits: [] };
