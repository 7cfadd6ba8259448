import type { GameProgress } from "../events/index.ts";
import { halfAfter, scoreVerdict, type RoundRules } from "./titleRules.ts";

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
/** What is true of one round only. */
const IN_ROUND = ["alive", "planted", "equipment", "clockMs"] as const;
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

/** What only grows while a game is played and has become less; `undefined`: nothing. */
export function shrank(before: GameProgress, now: GameProgress): string | undefined {
  for (const key of GROWING) {
    const old = before[key];
    const next = now[key];
    if (old !== undefined && next !== undefined && (next[0] < old[0] || next[1] < old[1]))
      return `${key} fell`;
  }
  const rounds = before.round !== undefined && now.round !== undefined;
  return rounds && now.round < before.round ? "round fell" : undefined;
}

/** Whether a clock was set back: the clock of a title with rounds is the round's and starts anew with every round. */
export function setBack(before: GameProgress, now: GameProgress, rules: RoundRules | undefined): boolean {
  if (rules !== undefined || before.round !== undefined || now.round !== undefined) return false;
  if (before.clockMs === undefined || now.clockMs === undefined) return false;
  return now.clockMs < before.clockMs - CLOCK_SLACK_MS;
}

/** What a source takes back without a word, where it states less than before. */
export function fellBack(
  before: GameProgress,
  now: GameProgress,
  rules: RoundRules | undefined,
): string | undefined {
  return shrank(before, now) ?? (setBack(before, now, rules) ? "clock was set back" : undefined);
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

/** Sum of a pair; 0 when it is not stated. */
export function total(pair: readonly [number, number] | undefined): number {
  return pair === undefined ? 0 : pair[0] + pair[1];
}

/** The half that a statement is about; `undefined` when it does not say, or between two halves. */
function halfOf(rules: RoundRules, { score, round }: GameProgress): number | undefined {
  if (round !== undefined) return halfAfter(rules, round - 1);
  if (score === undefined) return undefined;
  const rounds = total(score);
  const half = halfAfter(rules, rounds);
  return rounds > 0 && halfAfter(rules, rounds - 1) !== half ? undefined : half;
}

/** A statement without some of its fields. */
export function without(progress: GameProgress, keys: readonly (keyof GameProgress)[]): GameProgress {
  return Object.fromEntries(Object.entries(progress).filter(([key]) => !keys.some((each) => each === key)));
}

/** What a source said before that still holds after what it says now: of another round there remains no clock, no plant. */
export function carry(before: GameProgress, now: GameProgress, rules: RoundRules | undefined): GameProgress {
  if (rules === undefined) return without(before, ["alive"]);
  const scored = now.score !== undefined && total(now.score) !== total(before.score);
  const moved = scored || (now.round !== undefined && now.round !== before.round);
  if (!moved) return before;
  const rounds = total(now.score ?? before.score);
  const over = before.round !== undefined && before.round < rounds;
  const kept = without(before, over ? [...IN_ROUND, "round"] : IN_ROUND);
  const half = halfOf(rules, { ...kept, ...now });
  return half === undefined || half !== halfOf(rules, before) ? without(kept, ["firstSide"]) : kept;
}

/** What the title's rules forbid in a statement; `known` is what the source said before, merged with it. */
export function illegalProgress(
  rules: RoundRules,
  before: GameProgress,
  known: GameProgress,
): string | undefined {
  const { score, round } = known;
  if (round !== undefined && (!Number.isInteger(round) || round < 1))
    return "a round that is no number from 1";
  if (score === undefined) return undefined;
  if (scoreVerdict(rules, score).kind === "illegal")
    return `a score that the rules do not allow, ${score.join("-")}`;
  const played = total(score);
  if (round !== undefined && round > played + 1) return `round ${round} after ${played} that are scored`;
  if (round !== undefined && round < played) return `round ${round} although ${played} are scored`;
  const over = before.score !== undefined && scoreVerdict(rules, before.score).kind === "won";
  return over && played > total(before.score) ? "rounds after the end" : undefined;
}

/** Whether a source changes the sides of the teams within a half. */
export function changesSides(rules: RoundRules, before: GameProgress, now: GameProgress): boolean {
  if (before.firstSide === undefined || now.firstSide === undefined) return false;
  const half = halfOf(rules, now);
  return half !== undefined && half === halfOf(rules, before) && before.firstSide !== now.firstSide;
}
