import type { Title } from "@matchpoint/sdk";

/** How PandaScore names a video game. */
export interface PandascoreTitle {
  readonly id: number;
  /** In objects and in the hello. */
  readonly slug: string;
  /** In paths. */
  readonly path: string;
  /** Whether events can be asked for again. */
  readonly recovers: boolean;
}

export const PANDASCORE_TITLES: Readonly<Record<Title, PandascoreTitle>> = {
  lol: { id: 1, slug: "league-of-legends", path: "lol", recovers: true },
  cs2: { id: 3, slug: "cs-go", path: "csgo", recovers: true },
  dota2: { id: 4, slug: "dota-2", path: "dota2", recovers: false },
  valorant: { id: 26, slug: "valorant", path: "valorant", recovers: false },
  other: { id: 0, slug: "other", path: "other", recovers: false },
};
