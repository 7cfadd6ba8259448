import { table, type Column } from "../report/table.ts";
import { count, plural } from "../report/format.ts";
import type { Evaluation, Scores } from "./evaluate.ts";
import type { Interval } from "./statistics/bootstrap.ts";

interface Line extends Scores {
  readonly name: string;
}

/** The figures as people read them. */
export function evaluationText(evaluation: Evaluation, width: number): string[] {
  const { title, unit, n, matches, buckets, parts, overall } = evaluation;
  const lines: Line[] = [
    ...buckets.map((bucket) => ({ ...bucket, name: `${unit} ${bucket.at}` })),
    ...Object.entries(parts).map(([name, scores]) => ({ ...scores, name })),
    { ...overall, name: "all" },
  ];
  const text = [`${title}: ${plural(n, "game")} of ${plural(matches, "match", "matches")}`, ""];
  text.push(...table(COLUMNS, lines, width));
  for (const rival of Object.keys(overall.rivals)) {
    text.push("", `Against ${rival} (negative: the model is better; 95 % interval by match)`, "");
    text.push(...table(rivalColumns(rival), lines, width));
  }
  return text;
}

/** The figures as scripts read them. */
export function evaluationJson(
  evaluation: Evaluation,
  extras: Readonly<Record<string, unknown>> = {},
): string {
  const plain = (scores: Scores): object => ({ ...scores, reliability: undefined });
  const { buckets, parts, overall, ...head } = evaluation;
  return JSON.stringify({
    ...head,
    ...extras,
    buckets: buckets.map((bucket) => ({ at: bucket.at, ...plain(bucket) })),
    parts: Object.fromEntries(Object.entries(parts).map(([name, scores]) => [name, plain(scores)])),
    overall: plain(overall),
  });
}

const COLUMNS: readonly Column<Line>[] = [
  { title: "", align: "left", cell: ({ name }) => name },
  { title: "n", align: "right", cell: ({ n }) => count(n) },
  { title: "Brier", align: "right", cell: ({ brier }) => brier.toFixed(4) },
  { title: "log-loss", align: "right", cell: ({ logLoss }) => logLoss.toFixed(4) },
  { title: "ECE", align: "right", cell: ({ ece }) => ece.toFixed(4) },
  { title: "chance alone", align: "right", cell: ({ eceBand }) => `< ${eceBand.toFixed(4)}` },
  { title: "calibrated", align: "left", cell: ({ ece, eceBand }) => (ece <= eceBand ? "yes" : "NO") },
];

function rivalColumns(rival: string): Column<Line>[] {
  return [
    { title: "", align: "left", cell: ({ name }) => name },
    { title: "Brier", align: "right", cell: ({ rivals }) => rivals[rival]!.brier.toFixed(4) },
    { title: "difference", align: "left", cell: ({ rivals }) => interval(rivals[rival]!.brierDifference) },
    { title: "log-loss", align: "right", cell: ({ rivals }) => rivals[rival]!.logLoss.toFixed(4) },
    { title: "difference", align: "left", cell: ({ rivals }) => interval(rivals[rival]!.logLossDifference) },
  ];
}

/** `-0.0021 [-0.0035, -0.0008]` */
export function interval({ mean, low, high }: Interval): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}
