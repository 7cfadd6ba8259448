import type { GameProgress } from "../events/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { staleMs, type TruthConfig } from "./config.ts";
import { total, without } from "./progress.ts";
import { counts, type MatchRecord, type SourceRecord, type StatedProgress } from "./records.ts";
import { TITLE_RULES, type RoundRules } from "./titleRules.ts";

/** Fields that say something of one moment: they are taken from a source that stands where the furthest one does. */
const OF_ROUND = ["alive", "planted", "equipment", "firstSide", "clockMs"] as const;
const OF_MOMENT = ["alive", "clockMs"] as const;

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

/** Whether two statements are about the same state of the game, as far as both say where they stand. */
function sameState(a: GameProgress, b: GameProgress, rules: RoundRules | undefined): boolean {
  const keys = rules === undefined ? (["score", "kills", "towers"] as const) : (["score"] as const);
  let compared = 0;
  for (const key of keys) {
    const left = a[key];
    const right = b[key];
    if (left === undefined || right === undefined) continue;
    if (left[0] !== right[0] || left[1] !== right[1]) return false;
    compared += 1;
  }
  if (a.round !== undefined && b.round !== undefined) {
    if (a.round !== b.round) return false;
    compared += 1;
  }
  return compared > 0;
}

/** The sources whose progress counts: those that are not silent, or all where nobody else speaks. */
function speaking(match: MatchRecord, game: number, at: Nanos, config: TruthConfig): readonly SourceRecord[] {
  const said = match.sources.filter((record) => counts(record) && (record.progress[game] ?? null) !== null);
  const awake = said.filter(
    (record) => at - record.progress[game]!.at <= staleMs(config, record.source) * NANOS_PER_MS,
  );
  return awake.length > 0 ? awake : said;
}

/**
 * A game's progress from all sources: the furthest statement of those that count and are not silent, so that a slower
 * source never sets the score back; what it leaves out is taken from the next, but nothing that is true of another moment.
 * `undefined` when no source counts.
 */
export function poolProgress(
  match: MatchRecord,
  game: number,
  at: Nanos,
  config: TruthConfig,
): GameProgress | undefined {
  const { rounds: rules } = TITLE_RULES[match.match.title];
  const chosen = speaking(match, game, at, config)
    .map((record) => record.progress[game]!)
    .sort(furthestFirst);
  const furthest = chosen[0]?.value;
  if (furthest === undefined) return undefined;
  return chosen.reduce<GameProgress>((known, { value }) => {
    if (value === furthest || sameState(furthest, value, rules)) return { ...value, ...known };
    return { ...without(value, rules === undefined ? OF_MOMENT : OF_ROUND), ...known };
  }, {});
}

/**
 * Whether sources of different upstreams state scores that no one game can have had: each has a team further on than the
 * other. Only where the score counts rounds; sources count kills differently.
 */
export function scoresCross(match: MatchRecord, game: number, at: Nanos, config: TruthConfig): boolean {
  if (TITLE_RULES[match.match.title].rounds === undefined) return false;
  const said = speaking(match, game, at, config);
  return said.some((one) =>
    said.some((other) => {
      if (one.upstream === other.upstream) return false;
      const a = one.progress[game]!.value.score;
      const b = other.progress[game]!.value.score;
      return a !== undefined && b !== undefined && a[0] > b[0] && a[1] < b[1];
    }),
  );
}
