import type { SourceEvent, Tier } from "../events/index.ts";
import type { Outcome3 } from "./claims.ts";
import { accuracyOf, effectiveTier, type TruthConfig } from "./config.ts";
import type { MatchRecord, ResultTally, SourceCounters, SourceRecord, SubjectRecord } from "./records.ts";

/** What a source's results have shown of it so far, by what became final later. */
export interface Reliability extends ResultTally {
  /** Mean of the Beta distribution that the configured accuracy and the results make: what `learn_reliability: use` weighs. */
  readonly accuracy: number;
  /** Lower end of the 95 % Wilson interval of the share that was right; 0 before the first result. */
  readonly atLeast: number;
}

/** A source's {@link Reliability} per kind of result. */
export interface LearnedReliability {
  readonly games: Reliability;
  readonly series: Reliability;
  /** Whether it is (`use`) or would be (`show`) counted a tier lower. */
  readonly demoted: boolean;
}

/** The configured accuracy weighs as much as so many results. */
const PRIOR_RESULTS = 20;
const Z = 1.959963984540054;

/** Lower end of the 95 % Wilson score interval of a share. */
export function wilsonLower(right: number, of: number): number {
  if (of === 0) return 0;
  const p = right / of;
  const z2 = Z * Z;
  const spread = Z * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of));
  return Math.max(0, (p + z2 / (2 * of) - spread) / (1 + z2 / of));
}

function reliabilityOf(tally: ResultTally, configured: number): Reliability {
  const of = tally.right + tally.wrong;
  return {
    right: tally.right,
    wrong: tally.wrong,
    accuracy: (tally.right + PRIOR_RESULTS * configured) / (of + PRIOR_RESULTS),
    atLeast: wilsonLower(tally.right, of),
  };
}

/** What is known of a source; `tier` is the one that the configuration gives it. */
export function learned(counter: SourceCounters, tier: Tier, config: TruthConfig): LearnedReliability {
  const configured = accuracyOf(config, counter.source, tier);
  const right = counter.games.right + counter.series.right;
  const of = right + counter.games.wrong + counter.series.wrong;
  const { min_results, at_least } = config.reliability;
  return {
    games: reliabilityOf(counter.games, configured),
    series: reliabilityOf(counter.series, configured),
    demoted: of >= min_results && wilsonLower(right, of) < at_least,
  };
}

/**
 * The tier of a source and what its results weigh, by the configuration and by what has been learned of it. What was learned
 * when it first spoke of a match (`kept`) holds for that match: who is demoted in the middle could not take back what it said.
 */
export function standing(
  { source, tier: claimed }: SourceEvent,
  counter: SourceCounters,
  config: TruthConfig,
  kept: SourceRecord["learned"],
): { readonly tier: Tier; readonly learned: SourceRecord["learned"] } {
  const tier = effectiveTier(config, source, claimed);
  if (config.learn_reliability !== "use") return { tier, learned: null };
  const known = kept ?? weighed(learned(counter, tier, config), mostOf(config, source, tier));
  return { tier: known.demoted ? lowered(tier) : tier, learned: known };
}

function weighed(
  { games, series, demoted }: LearnedReliability,
  most: number,
): NonNullable<SourceRecord["learned"]> {
  const weight = (accuracy: number): number => Math.min(most, Math.max(LEAST_ACCURACY, accuracy));
  return { games: weight(games.accuracy), series: weight(series.accuracy), demoted };
}

/** A source that is wrong more often than right has next to no vote. */
const LEAST_ACCURACY = 0.501;

/**
 * The most that a source may come to weigh: what the tier above its own is configured to, or its own where that is more.
 * Whoever repeats what is known collects right results and must not be able to outvote the others with them.
 */
function mostOf(config: TruthConfig, source: string, tier: Tier): number {
  const { tier_a, tier_b } = config.source_accuracy;
  return Math.max(accuracyOf(config, source, tier), tier === "C" ? tier_b : tier_a);
}

/** One tier lower. */
function lowered(tier: Tier): Tier {
  return tier === "A" ? "B" : "C";
}

/** What has become of a source's results on a subject: nothing to say yet, or whether all that it ever stated was right. */
function gradeOf(match: MatchRecord, source: SourceRecord, subject: SubjectRecord): "right" | "wrong" | null {
  const said = source.claimed[subject.game] ?? [];
  const { status, winner, sources } = subject.verdict;
  const held: Outcome3 | undefined = status === "final" ? winner : status === "void" ? "void" : undefined;
  if (said.length === 0 || held === undefined) return null;
  if (said.some((each) => each !== held)) return "wrong";
  // Nobody confirms himself.
  const confirmed = match.sources.some(
    (other) => other.upstream !== source.upstream && sources.includes(other.source),
  );
  return confirmed ? "right" : null;
}

/** Grades the sources' results on a subject anew; what was graded before and is no longer so is taken off. */
export function grade(
  match: MatchRecord,
  subject: SubjectRecord,
  tallyOf: (source: SourceRecord, kind: "games" | "series") => { right: number; wrong: number },
): void {
  for (const source of match.sources) {
    const before = source.graded[subject.game] ?? null;
    const now = gradeOf(match, source, subject);
    if (before === now) continue;
    const tally = tallyOf(source, subject.game === 0 ? "series" : "games");
    if (before !== null) tally[before] -= 1;
    if (now !== null) tally[now] += 1;
    source.graded[subject.game] = now;
  }
}
