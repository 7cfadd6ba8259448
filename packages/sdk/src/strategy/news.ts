import { z } from "zod";
import type { MarketTruth } from "./context.ts";

/** What a strategy remembers of a match to tell news from chatter. */
export const NEWS_STATE = {
  /** What had happened when last looked; empty before the first look. */
  seen: z.string().default(""),
  /** Implied probability of outcome 0 at the last news. */
  seenP: z.number().default(0),
};

/** The values of {@link NEWS_STATE}. */
export interface NewsMemory {
  seen: string;
  seenP: number;
}

/**
 * Whether something has happened in a match since the last look: a kill, a tower, a round, a change of status, or a move of
 * the implied probability by at least `move`. Clocks and gold tick all the time and are none. The first look never is.
 */
export function isNews(memory: NewsMemory, truth: MarketTruth, move: number): boolean {
  const { own, progress } = truth;
  const [a, b] = progress?.score ?? [0, 0];
  const [c, d] = progress?.towers ?? [0, 0];
  const seen = `${own.status} ${a}-${b} ${c}-${d}`;
  const p = truth.pOf(0);
  const first = memory.seen === "";
  if (seen === memory.seen && Math.abs(p - memory.seenP) < move) return false;
  memory.seen = seen;
  memory.seenP = p;
  return !first;
}
