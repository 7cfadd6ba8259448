import { z } from "zod";

/** Which markets a run finds by itself, instead of by their ids. */
export const DISCOVER_CONFIG = z.strictObject({
  games: z
    .array(z.enum(["lol", "cs2", "dota2", "valorant"]))
    .min(1)
    .default(["lol", "cs2", "dota2", "valorant"])
    .describe("Which games' matches."),
  tournaments: z
    .array(z.string().trim().min(2))
    .min(1)
    .exactOptional()
    .describe("Words of which the tournament's name must hold one, in any case. Absent: every tournament."),
  kinds: z
    .array(z.enum(["match", "map", "handicap"]))
    .min(1)
    .default(["match", "map"])
    .describe(
      "Winner of the match, winner of one game (map), handicap. What cannot be proven from its listing, as no handicap can, is told and not traded.",
    ),
  within_hours: z
    .number()
    .positive()
    .max(336)
    .default(24)
    .describe("How many hours ahead a match may begin."),
  started_hours: z
    .number()
    .min(0)
    .max(48)
    .default(6)
    .describe("How many hours ago it may have begun: matches are traded while they are played."),
  max_markets: z.int().min(1).max(500).default(20).describe("Most found markets that are open at a time."),
  poll_s: z
    .int()
    .min(1)
    .max(3_600)
    .default(60)
    .describe("How often is looked for new ones while a run goes on."),
});

/** The discovery section with every default filled in. */
export type DiscoverConfig = z.output<typeof DISCOVER_CONFIG>;
