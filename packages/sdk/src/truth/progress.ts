import type { GameProgress } from "../events/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { staleMs, type TruthConfig } from "./config.ts";
import { counts, type MatchRecord, type SourceRecord, type StatedProgress } from "./records.ts";

const PAIRS = [
  "score",
  "gold",
  "towers",
  "kills",
  "dragons",
  "barons",
  "inhibitors",
  "alive",
  "equipment",
] as const;
const FIELDS = [...PAIRS, "clockMs", "round", "planted", "firstSide"] as const;
/** Pairs that only grow while a game is played. */
const GROWING = ["score", "towers", "kills"] as const;
/** A game clock that falls by more than this has been set back; feeds round, so less is noise. */
const CLOCK_SLACK_MS = 10_000;

/** What is wrong with progress that a feed states, if anything. */
export function progressFault(progress: GameProgress): string | undefined {
  for (const key of PAIRS) {
    const pair: readonly number[] | undefined = progress[key];
    if (pair === undefined) continue;
    if (!Array.isArray(pair) || pair.length !== 2) return `${key} is no pair`;
    if (pair.some((each) => !Number.isFinite(each) || (each as number) < 0)) return `${key} is no count`;
  }
  for (const key of ["clockMs", "round"] as const) {
    const value = progress[key];
    if (value !== undefined && !Number.isFinite(value)) return `${key} is no number`;
  }
  return undefined;
}

/** What a source takes back without saying so, when it states less than before. */
export function fellBack(before: GameProgress, now: GameProgress): string | undefined {
  for (const key of GROWING) {
    const old = before[key];
    const next = now[key];
    if (old !== undefined && next !== undefined && (next[0] < old[0] || next[1] < old[1]))
      return `${key} fell`;
  }
  if (before.round !== undefined && now.round !== undefined) {
    return now.round < before.round ? "round fell" : undefined;
  }
  const counted = before.round === undefined && now.round === undefined;
  if (counted && before.clockMs !== undefined && now.clockMs !== undefined) {
    return now.clockMs < before.clockMs - CLOCK_SLACK_MS ? "clock was set back" : undefined;
  }
  return undefined;
}

/** Whether two statements say the same. */
export function sameProgress(a: GameProgress, b: GameProgress): boolean {
  return FIELDS.every((key) => {
    const left = a[key];
    const right = b[key];
    if (typeof left !== "object" || typeof right !== "object") return left === right;
    return left[0] === right[0] && left[1] === right[1];
  });
}

/** Only the known fields that are stated: foreign keys do not enter the state. */
export function tidy(progress: GameProgress): GameProgress {
  const clean: Record<string, unknown> = {};
  for (const key of FIELDS) if (progress[key] !== undefined) clean[key] = progress[key];
  return clean;
}

function total(pair: readonly [number, number] | undefined): number {
  return pair === undefined ? 0 : pair[0] + pair[1];
}

/** How far on a statement is: rounds or score, then towers, kills, clock; the later word on a tie. */
function advance({ value, order }: StatedProgress): readonly number[] {
  const rounds = Math.max((value.round ?? 1) - 1, total(value.score));
  return [rounds, total(value.towers), total(value.kills), value.clockMs ?? 0, order];
}

function furthestFirst(a: StatedProgress, b: StatedProgress): number {
  const left = advance(a);
  const right = advance(b);
  for (let i = 0; i < left.length; i++) {
    if (left[i] !== right[i]) return right[i]! - left[i]!;
  }
  return 0;
}

/**
 * A game's progress from all sources: the furthest statement of those that count and are not silent, so that a slower
 * source never sets the score back; what it leaves out is taken from the next. `undefined` when no source counts.
 */
export function poolProgress(
  match: MatchRecord,
  game: number,
  at: Nanos,
  config: TruthConfig,
): GameProgress | undefined {
  const said = (record: SourceRecord): StatedProgress | undefined => record.progress[game] ?? undefined;
  const speaking = match.sources.filter((record) => counts(record) && said(record) !== undefined);
  const awake = speaking.filter(
    (record) => at - said(record)!.at <= staleMs(config, record.source) * NANOS_PER_MS,
  );
  const chosen = (awake.length > 0 ? awake : speaking).map((record) => said(record)!).sort(furthestFirst);
  if (chosen.length === 0) return undefined;
  return chosen.reduce<GameProgress>((known, { value }) => ({ ...value, ...known }), {});
}
