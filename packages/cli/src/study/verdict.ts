import { judge, pnlIntervalOf, realismLack, type Evidence } from "../htmlReport/index.ts";
import { leastOf } from "../report/realism.ts";
import { sumOf, type Row } from "./sums.ts";

/** What the report's rules say of a configuration, as far as they can be asked of runs without a journal. */
export type StudyVerdict =
  | {
      readonly verdict: "NO-DEPLOY";
      /** The rule that binds, in short and with what was found. */
      readonly binding: string;
      readonly title: string;
      readonly found: string;
    }
  | { readonly verdict: null; readonly why: string };

/** Rules that only the report of journals can ask: a backtest keeps no profit by day and no looks at the model. */
const NOT_ASKED = ["one_day", "brier_spans_zero"];

/**
 * Judges the runs of a configuration by the rules of `report`. A broken rule is a verdict; that all kept is none, since not every rule
 * could be asked.
 */
export function studyVerdict(rows: readonly Row[]): StudyVerdict {
  const ended = rows.flatMap(({ file, result }) => (result.ok ? [{ file, ...result }] : []));
  if (ended.length < rows.length)
    return { verdict: null, why: `${rows.length - ended.length} of ${rows.length} runs failed` };
  const kinds = new Set(ended.map(({ facts }) => facts.strategies));
  if (kinds.size > 1)
    return { verdict: null, why: "the journals are of other strategies or parameters: report judges each" };
  const account = sumOf(ended.map((each) => each.account));
  const facts = ended.map((each) => each.facts);
  const matches = matchesOf(ended.flatMap((each) => each.facts.matches));
  const interval = pnlIntervalOf(matches);
  const evidence: Evidence = {
    mode: "paper",
    ledgerGap: facts.reduce((sum, { ledgerGap }) => sum + ledgerGap, 0),
    booksOnly: [],
    unended: [],
    killed: ended.filter((each) => each.facts.killed).map(({ file }) => file),
    ...realismLack(leastOf(facts.flatMap(({ realism }) => realism))),
    ...(account.pessimistic === undefined
      ? { scenariosLack: "paper.scenarios is off" }
      : { pessimistic: account.pessimistic }),
    fills: matches.reduce((sum, { fills }) => sum + fills, 0),
    pnl: account.pnl,
    realized: facts.reduce((sum, { realized }) => sum + realized, 0),
    matches,
    days: [...new Set(facts.flatMap(({ days }) => days))].map((day) => ({ name: String(day), pnl: 0 })),
    ...(interval === undefined ? {} : { pnlInterval: interval }),
  };
  const binding = judge(evidence).findings.find(
    ({ id, state }) => state === "broken" && !NOT_ASKED.includes(id),
  );
  if (binding === undefined)
    return {
      verdict: null,
      why: `no rule is broken that can be asked here; ${NOT_ASKED.join(" and ")} take journals: replay each recording with --journal, and report them`,
    };
  return { verdict: "NO-DEPLOY", binding: binding.id, title: binding.title, found: binding.found! };
}

/** The verdict in a line. */
export function verdictLine(verdict: StudyVerdict): string {
  if (verdict.verdict === null) return `Verdict: none: ${verdict.why}`;
  return `Verdict: ${verdict.verdict} (${verdict.binding}): ${verdict.title}: ${verdict.found}`;
}

interface MatchRow {
  readonly name: string;
  readonly pnl: number;
  readonly fills: number;
}

/** Matches that were traded; one that several recordings show is one. */
function matchesOf(
  all: readonly { readonly id: string; readonly pnl: number; readonly fills: number }[],
): readonly MatchRow[] {
  const found = new Map<string, MatchRow>();
  for (const { id, pnl, fills } of all) {
    const before = found.get(id) ?? { name: id, pnl: 0, fills: 0 };
    found.set(id, { name: id, pnl: before.pnl + pnl, fills: before.fills + fills });
  }
  return [...found.values()].filter(({ fills }) => fills > 0);
}
