import { z } from "zod";
import type { MarketDescription } from "../events/index.ts";

const name = z.string().min(1);

/** Which markets a strategy is given; every condition that is stated must hold. Keys are as in the configuration file. */
export const MARKET_FILTER = z.strictObject({
  ids: z.array(name).exactOptional().describe("Only these markets."),
  matches: z.array(name).exactOptional().describe("Only markets about these matches."),
  subjects: z
    .array(z.enum(["series", "game", "other"]))
    .exactOptional()
    .describe(
      "Only markets about a whole series, about one game of it, or (`other`) about nothing that is proven.",
    ),
  games: z
    .array(z.int().min(1).max(9))
    .exactOptional()
    .describe("Only markets about these games of a series."),
  title_contains: name
    .exactOptional()
    .describe("Only markets with this text in their title; case does not matter."),
});

/** A checked filter. */
export type MarketFilter = z.output<typeof MARKET_FILTER>;

/** Whether a market passes a filter. */
export function passesFilter(market: MarketDescription, filter: MarketFilter): boolean {
  const { ids, matches, subjects, games, title_contains: text } = filter;
  const { subject } = market;
  return (
    (ids === undefined || ids.includes(market.marketId)) &&
    (matches === undefined || (subject !== undefined && matches.includes(subject.matchId))) &&
    (subjects === undefined || subjects.includes(subject?.kind ?? "other")) &&
    (games === undefined || (subject?.kind === "game" && games.includes(subject.game))) &&
    (text === undefined || market.title.toLowerCase().includes(text.toLowerCase()))
  );
}
