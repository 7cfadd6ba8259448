import type { ModelData, ModelScore, ProbabilityModel } from "@matchpoint/sdk";
import { escaped, htmlTable, paragraph } from "./html.ts";
import { linePlot, reliabilityPlot, type Series } from "./plots.ts";

/** One title's part of the page: what its model's card says. */
export function titleSection(title: string, { id, version, card }: ProbabilityModel): string {
  const { validation } = card;
  const head = [
    `<section aria-labelledby="${title}"><h2 id="${title}">${escaped(card.title)}</h2>`,
    paragraph(`${id}${version === undefined ? "" : ` ${version}`}: ${card.basis}.`),
    paragraph(card.calibrated ? "Calibrated: compared with games that it was not made from." : UNCALIBRATED),
  ];
  const limits = `<h3>Limits</h3><ul>${card.limits.map((limit) => `<li>${escaped(limit)}</li>`).join("")}</ul></section>`;
  if (validation === undefined) return [...head, limits].join("\n");
  const { buckets, overall, reliability, unit, fittedOn, testedOn } = validation;
  return [
    ...head,
    htmlTable(
      "Data",
      ["", "games", "matches", "from", "to"],
      [
        ...(card.data === undefined ? [] : [dataRow("numbers fitted on", card.data)]),
        dataRow("test: fitted on", fittedOn),
        dataRow("test: scored on", testedOn),
      ],
    ),
    `<div class="plots"><figure>${reliabilityPlot(card.title, reliability)}<figcaption>Reliability on the test games: said against happened, with two standard errors</figcaption></figure>`,
    figure(
      "Brier score",
      unit,
      overTime(buckets, ({ brier }) => brier),
    ),
    figure(
      "Log-loss",
      unit,
      overTime(buckets, ({ logLoss }) => logLoss),
    ),
    figure("Calibration error", unit, [
      { name: "the model", points: buckets.map(({ at, ece }) => [at, ece] as const) },
      {
        name: "95 % of calibrated models are below",
        points: buckets.map(({ at, eceBand }) => [at, eceBand] as const),
      },
    ]),
    "</div>",
    scoreTable(unit, buckets, overall),
    htmlTable(
      "Reliability over all samples of the test",
      ["bin", "n", "said", "happened"],
      reliability.map(({ n, predicted, observed }, i) => [
        String(i + 1),
        String(n),
        predicted.toFixed(3),
        observed.toFixed(3),
      ]),
    ),
    limits,
  ].join("\n");
}

const UNCALIBRATED =
  "Not calibrated: nothing was fitted or compared for want of games. The engine takes no liquidity on it.";

type Bucket = ModelScore & { readonly at: number };

function overTime(
  buckets: readonly Bucket[],
  of: (score: { readonly brier: number; readonly logLoss: number }) => number,
): Series[] {
  const rivals = Object.keys(buckets[0]?.rivals ?? {});
  return [
    { name: "the model", points: buckets.map((bucket) => [bucket.at, of(bucket)] as const) },
    ...rivals.map((name) => ({
      name,
      points: buckets.flatMap(({ at, rivals: theirs }) => {
        const their = theirs?.[name];
        return their === undefined ? [] : [[at, of(their)] as const];
      }),
    })),
  ];
}

function figure(what: string, unit: string, series: readonly Series[]): string {
  return `<figure>${linePlot(`${what} by ${unit}`, unit, what, series)}<figcaption>${what} by ${unit}; lower is better</figcaption></figure>`;
}

function scoreTable(unit: string, buckets: readonly Bucket[], overall: ModelScore): string {
  const rivals = Object.keys(overall.rivals ?? {});
  const row = (name: string, score: ModelScore): string[] => [
    name,
    String(score.n),
    score.brier.toFixed(4),
    score.logLoss.toFixed(4),
    score.ece.toFixed(4),
    score.eceBand.toFixed(4),
    ...rivals.flatMap((rival) => {
      const their = score.rivals?.[rival];
      return their === undefined ? ["", ""] : [their.brier.toFixed(4), their.logLoss.toFixed(4)];
    }),
  ];
  return htmlTable(
    "Scores on the test games; after them those of simpler models on the same moments",
    [
      unit,
      "n",
      "Brier",
      "log-loss",
      "ECE",
      "ECE by chance",
      ...rivals.flatMap((rival) => [`Brier: ${rival}`, `log-loss: ${rival}`]),
    ],
    [...buckets.map((bucket) => row(String(bucket.at), bucket)), row("all", overall)],
  );
}

function dataRow(what: string, { name, games, matches, from, to }: ModelData): string[] {
  return [`${what}: ${name}`, String(games), String(matches), from, to];
}
