import { MatchpointError } from "../errors.ts";
import type { MatchId, SourceId } from "../ids.ts";
import type { GoldCurve } from "../state/index.ts";
import type { OpenStatus } from "./machine.ts";
import type {
  MatchRecord,
  MatchSnapshot,
  SourceCounters,
  SourceRecord,
  TruthSnapshot,
  TruthTimer,
} from "./records.ts";

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function freeze(matchId: MatchId, match: MatchRecord): MatchSnapshot {
  return {
    ...match,
    matchId,
    sources: match.sources.map((source) => ({
      ...source,
      seen: [[...source.seen.young], [...source.seen.old]],
    })),
  };
}

/** Absent in what was written before results were graded, postponements had a time and fallen scores were remembered. */
function unlearned(): Pick<
  SourceRecord,
  "postponedAt" | "claimed" | "graded" | "learned" | "fell" | "pastRefs"
> {
  // Lists of its own for every source: they are written to.
  return { postponedAt: null, claimed: [], graded: [], learned: null, fell: null, pastRefs: [] };
}

function thaw(snapshot: MatchSnapshot): MatchRecord {
  const { match, order, stale, staleSource, staleDue, lastClaimAt } = snapshot;
  return {
    match,
    order,
    stale,
    staleSource,
    staleDue,
    lastClaimAt,
    postponedDue: snapshot.postponedDue ?? null,
    // JSON drops fields that are undefined.
    subjects: snapshot.subjects.map((subject) => ({
      ...subject,
      verdict: { ...subject.verdict, winner: subject.verdict.winner },
      // Absent in what was written before curves were kept.
      curve: (subject.curve as GoldCurve | null | undefined) ?? null,
      setBackBy: (subject.setBackBy as SourceId | null | undefined) ?? null,
      fellBehind: (subject.fellBehind as boolean | undefined) ?? false,
      putOffFrom: (subject.putOffFrom as OpenStatus | null | undefined) ?? null,
    })),
    sources: snapshot.sources.map((source) => ({
      ...unlearned(),
      ...source,
      seen: { young: new Set(source.seen[0]), old: new Set(source.seen[1]) },
    })),
  };
}

/** The engine's state as plain JSON. */
export function toSnapshot(
  matches: ReadonlyMap<MatchId, MatchRecord>,
  sources: readonly SourceCounters[],
  timers: readonly TruthTimer[],
): TruthSnapshot {
  return copy({
    version: 1,
    matches: [...matches].map(([matchId, match]) => freeze(matchId, match)),
    sources,
    timers,
  });
}

/**
 * Reads a snapshot back.
 * @throws {@link MatchpointError} `EVENT_INVALID` for another version
 */
export function fromSnapshot(snapshot: TruthSnapshot): {
  matches: Map<MatchId, MatchRecord>;
  sources: readonly SourceCounters[];
  timers: TruthTimer[];
} {
  const { version, matches, sources, timers } = copy(snapshot);
  // A snapshot comes from a file: its type is a claim.
  if ((version as number) !== 1) {
    throw new MatchpointError(
      "EVENT_INVALID",
      `truth snapshot of version ${String(version)}; this is version 1`,
    );
  }
  return {
    matches: new Map(matches.map((match) => [match.matchId, thaw(match)])),
    sources,
    timers: timers.map(({ timerId, due }) => ({ timerId, due })),
  };
}
