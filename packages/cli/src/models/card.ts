import type { ModelData, ModelScore } from "@matchpoint/sdk";
import { interval } from "./evaluationText.ts";
import type { Scores } from "./evaluate.ts";
import type { FitResult } from "./fit.ts";
import type { GameRow, TitleModelling } from "./titles.ts";

/** A model's card as Markdown: what it is, what it rests on, how good it was on matches that it had not seen. */
export function cardText<Row extends GameRow>(modelling: TitleModelling<Row>, result: FitResult): string {
  const { prose, title, unit } = modelling;
  const { fitted, test, notes } = result;
  const { validation, data, version } = fitted;
  const lines: readonly (Scores & { readonly name: string })[] = [
    ...test.buckets.map((bucket) => ({ ...bucket, name: `${unit} ${bucket.at}` })),
    ...Object.entries(test.parts).map(([name, scores]) => ({ ...scores, name })),
    { ...test.overall, name: "all" },
  ];
  const rivals = Object.keys(test.overall.rivals);
  const parts = [
    `# ${prose.heading}`,
    `Written by \`npm run models -- fit ${title} DIR\`; what is changed here by hand is lost. Version of the numbers: \`${version}\`.`,
    prose.model,
    "## Data",
    prose.source,
    markdownTable(
      ["", "games", "matches", "from", "to"],
      [
        dataRow("shipped numbers fitted on", data),
        dataRow("test: fitted on", validation.fittedOn),
        dataRow("test: scored on", validation.testedOn),
      ],
    ),
    "The figures below are of the same recipe fitted without the matches of the test and scored on these alone. The shipped numbers are then fitted on all of them.",
    "## Scores on matches that the fit had not seen",
    `ECE is the expected calibration error over ten bins of equal counts. "By chance" is what a perfectly calibrated model stays below in 95 of 100 draws of outcomes from the same probabilities.`,
    markdownTable(
      [unit, "n", "Brier", "log-loss", "ECE", "by chance", "within"],
      lines.map((line) => [line.name.replace(`${unit} `, ""), ...scoreCells(line)]),
    ),
    ...rivals.flatMap((rival) => [
      `### Against ${rival}`,
      "The model's loss less the rival's on the same samples: negative is better. 95 % intervals of a bootstrap by match.",
      markdownTable(
        [unit, "Brier of the rival", "difference", "log-loss of the rival", "difference"],
        lines.map((line) => {
          const against = line.rivals[rival]!;
          return [
            line.name.replace(`${unit} `, ""),
            against.brier.toFixed(4),
            interval(against.brierDifference),
            against.logLoss.toFixed(4),
            interval(against.logLossDifference),
          ];
        }),
      ),
    ]),
    "## Reliability",
    "All samples of the test in ten bins of equal counts: what was said on average, and how often it happened.",
    markdownTable(
      ["n", "said", "happened"],
      test.overall.reliability.map((bin) => [
        String(bin.n),
        bin.predicted.toFixed(3),
        bin.observed.toFixed(3),
      ]),
    ),
    ...(notes.length === 0 ? [] : ["## This fit", ...notes]),
    "## Limits",
    prose.limits.map((limit) => `- ${limit}`).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

function dataRow(what: string, { name, games, matches, from, to }: ModelData): string[] {
  return [`${what} (${name})`, String(games), String(matches), from, to];
}

function scoreCells({ n, brier, logLoss, ece, eceBand }: ModelScore): string[] {
  return [
    String(n),
    brier.toFixed(4),
    logLoss.toFixed(4),
    ece.toFixed(4),
    eceBand.toFixed(4),
    ece <= eceBand ? "yes" : "no",
  ];
}

/** A Markdown table with its columns in line. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
