import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { Outcome3 } from "./claims.ts";
import type { MatchRecord, SourceRecord } from "./records.ts";

/** How long after play was taken back sources may still tell how it ended before; those of tier C are slow. */
const HORIZON_MS = { A: 300_000, B: 300_000, C: 3_600_000 } as const;

/**
 * The place of a denial that a result comes too soon after: slower sources still tell what was taken back. It counts as
 * stated before the denial, unless the source has heard itself: then it has taken back its own word.
 */
export function denialOf(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  says: Outcome3,
  at: Nanos,
): number | undefined {
  if (source.ends[game]?.says === "open") return undefined;
  const since = at - HORIZON_MS[source.tier] * NANOS_PER_MS;
  const denials = match.sources.flatMap((other) => {
    const end = other === source ? undefined : other.ends[game];
    return end?.says === "open" && end.denies === says && (end.at ?? 0) >= since ? [end.order] : [];
  });
  return denials.length === 0 ? undefined : Math.min(...denials) - 0.5;
}

/** Whether another source has taken back how a game ended. */
export function isDenied(match: MatchRecord, source: SourceRecord, game: number): boolean {
  return match.sources.some((other) => other !== source && other.ends[game]?.says === "open");
}
