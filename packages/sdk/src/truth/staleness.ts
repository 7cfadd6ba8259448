import type { SourceId } from "../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { TruthChange } from "./change.ts";
import { staleMs, type TruthConfig } from "./config.ts";
import { counts, type MatchRecord, type SourceRecord, type TruthTimer } from "./records.ts";

/** Id of the timer that watches a match for silence. */
export function staleTimerId(match: MatchRecord): string {
  return `truth:stale:${match.match.matchId}`;
}

/** Whether the match, or a game of it, has been begun: only then does silence say anything. */
function isPlayed(match: MatchRecord): boolean {
  return match.subjects.some(
    ({ verdict: { status }, putOffFrom }) =>
      status === "live" || (status === "paused" && putOffFrom !== "scheduled"),
  );
}

/** Whether a source can vouch for the present. */
export function isAllowed(record: SourceRecord): boolean {
  return record.tier !== "C" && counts(record) && (record.health === null || record.health === "live");
}

function heardAt(record: SourceRecord): Nanos {
  return record.heardAt ?? record.spokeAt;
}

/** The source that spoke last; the first by name on a tie. */
function freshest(records: readonly SourceRecord[]): SourceRecord | undefined {
  let best: SourceRecord | undefined;
  for (const record of records) {
    if (best === undefined || heardAt(record) > heardAt(best)) best = record;
    else if (heardAt(record) === heardAt(best) && record.source < best.source) best = record;
  }
  return best;
}

function change(
  match: MatchRecord,
  kind: "stale" | "fresh_again",
  fresh: boolean,
  reason: string,
): TruthChange {
  const { verdict } = match.subjects[0]!;
  return {
    matchId: match.match.matchId,
    from: verdict.status,
    to: verdict.status,
    previous: verdict,
    current: verdict,
    kind,
    fresh,
    reason,
  };
}

/** Ends staleness, if there is any. */
export function refresh(match: MatchRecord, fresh: boolean, reason: string): TruthChange[] {
  if (!match.stale) return [];
  match.stale = false;
  match.staleSource = null;
  return [change(match, "fresh_again", fresh, reason)];
}

function goStale(match: MatchRecord, source: SourceId, reason: string): TruthChange[] {
  if (match.stale) return [];
  match.stale = true;
  match.staleSource = source;
  return [change(match, "stale", false, reason)];
}

/**
 * Looks whether the match has gone silent: the source heard last, of those that may vouch for it, has said nothing for
 * longer than its limit, or none is left. Once stale, only a source's next word ends it. The timer is set lazily: it is not
 * moved by every claim but set anew when it fires too early.
 */
export function watch(
  match: MatchRecord,
  at: Nanos,
  config: TruthConfig,
  timers: TruthTimer[],
): TruthChange[] {
  const id = staleTimerId(match);
  const allowed = isPlayed(match) ? freshest(match.sources.filter(isAllowed)) : undefined;
  const due =
    allowed === undefined
      ? undefined
      : ((heardAt(allowed) + staleMs(config, allowed.source) * NANOS_PER_MS) as Nanos);
  if (due === undefined || at >= due || match.stale) {
    if (match.staleDue !== null) {
      match.staleDue = null;
      timers.push({ timerId: id, due: undefined });
    }
    if (!isPlayed(match)) return refresh(match, false, "no longer being played");
    if (allowed !== undefined && due !== undefined && at >= due) {
      return goStale(
        match,
        allowed.source,
        `${allowed.source} silent for ${staleMs(config, allowed.source)} ms`,
      );
    }
    const last = freshest(match.sources.filter((record) => record.tier !== "C"));
    if (allowed !== undefined || last === undefined) return [];
    return goStale(match, last.source, `no source is live; ${last.source} spoke last`);
  }
  if (match.staleDue === null || match.staleDue > due) {
    match.staleDue = due;
    timers.push({ timerId: id, due });
  }
  return [];
}
