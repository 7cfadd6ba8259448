import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { TruthConfig } from "./config.ts";
import { counts, type MatchRecord, type SourceRecord, type TruthTimer } from "./records.ts";
import type { Recorded } from "./takeBack.ts";

/** A source says that the match is put off: it pauses, and is void only when that stands for longer than the rules allow. */
export function postpone(match: MatchRecord, source: SourceRecord, at: Nanos, out: Recorded): void {
  if (source.postponedAt !== null) {
    out.duplicate = true;
    return;
  }
  source.postponedAt = at;
  if (source.tier === "C" || !counts(source)) return;
  out.plays.push({ game: 0, on: "postpone" });
  for (const { game, verdict } of match.subjects) {
    if (game > 0 && verdict.status === "live") out.plays.push({ game, on: "pause" });
  }
}

/** A source says that the match is on again. */
export function reinstate(source: SourceRecord, out: Recorded): void {
  if (source.postponedAt === null) return;
  source.postponedAt = null;
  out.plays.push({ game: 0, on: "reinstate" });
}

/** Whether a source that decides says that the match is put off. */
export function isPutOff(match: MatchRecord): boolean {
  return match.sources.some((source) => source.postponedAt !== null && source.tier !== "C" && counts(source));
}

/** When a postponement has stood for as long as the rules allow. */
function dueOf(source: SourceRecord, config: TruthConfig): number {
  return source.postponedAt === null
    ? Infinity
    : source.postponedAt + config.postponed_void_after_ms * NANOS_PER_MS;
}

/** The sources whose postponement has become a cancellation. */
export function expired(match: MatchRecord, at: Nanos, config: TruthConfig): readonly SourceRecord[] {
  return match.sources.filter((source) => dueOf(source, config) <= at);
}

/** Sets the timer for the next one, or clears it. */
export function watchPostponement(match: MatchRecord, config: TruthConfig, timers: TruthTimer[]): void {
  const next = match.sources.reduce((due, source) => Math.min(due, dueOf(source, config)), Infinity);
  const due = next === Infinity ? null : (next as Nanos);
  if (due === match.postponedDue) return;
  match.postponedDue = due;
  timers.push({ timerId: `truth:postponed:${match.match.matchId}`, due: due ?? undefined });
}
