import type { MarketCalibration } from "../market/calibration.ts";
import type { MarketComparison } from "../market/comparison.ts";
import type { Interval } from "../statistics/bootstrap.ts";
import { htmlTable, paragraph } from "./html.ts";
import { reliabilityPlot } from "./plots.ts";

/** What markets' own prices were worth as forecasts: what a model has to beat before it is worth an order. */
export function marketSection(comparison: MarketComparison | undefined): string {
  const head = `<section aria-labelledby="market"><h2 id="market">The market</h2>`;
  if (comparison === undefined)
    return `${head}${paragraph("No folder of quotes with outcomes was given (--quotes DIR): no comparison.")}</section>`;
  const { matches, markets, looks, calibration, coherence, carry, lateScore } = comparison;
  return [
    head,
    paragraph(
      `${markets} markets of ${matches} matches, ${looks} looks at their best bid and ask. No model is scored on them: the quotes come without the state of the games. They say how good a price is that a model has to beat.`,
    ),
    ...calibration.map(calibrationPart),
    htmlTable(
      `The series' price against what its games' prices come to, ${coherence.matches} matches`,
      ["", "Brier", "log-loss", "series less recursion (95 % by match)", "median distance", "within 5 cents"],
      [
        [
          "the series' own price",
          coherence.own.brier.toFixed(4),
          coherence.own.logLoss.toFixed(4),
          "",
          "",
          "",
        ],
        ...coherence.recursions.map((each) => [
          `games, open ones ${each.open}`,
          each.brier.toFixed(4),
          each.logLoss.toFixed(4),
          signedInterval(each.difference),
          each.medianAbsolute.toFixed(4),
          `${(100 * each.within5Cents).toFixed(0)} %`,
        ]),
      ],
    ),
    ...(carry.length === 0
      ? []
      : [
          htmlTable(
            "What a map won tells of the next one",
            Object.keys(carry[0]!),
            carry.map((each) => Object.values(each).map(cell)),
          ),
        ]),
    ...(lateScore.length === 0
      ? []
      : [
          htmlTable(
            "In play: how much of a goal was in the price when the score feed showed it",
            [
              "goal, home to away",
              "a minute before",
              "when shown",
              "a minute after",
              "part of the move already made",
            ],
            lateScore.map(({ score, before, shown, after }) => [
              `${score[0]} to ${score[1]}`,
              before.toFixed(3),
              shown.toFixed(3),
              after.toFixed(3),
              `${((100 * (shown - before)) / (after - before)).toFixed(0)} %`,
            ]),
          ),
        ]),
    "</section>",
  ].join("\n");
}

function calibrationPart({ kind, labels, spans }: MarketCalibration): string {
  if (spans.length === 0) return "";
  const what = `${kind === "match" ? "match" : "game"} markets, ${labels === "all" ? "all outcomes" : `outcomes by ${labels} word`}`;
  const [nearest] = spans.filter(({ from }) => from === 10);
  return [
    `<h3>${what}</h3>`,
    nearest === undefined
      ? ""
      : `<figure>${reliabilityPlot(`the mid of ${what}, 10 to 30 minutes before the end`, nearest.scores.reliability)}<figcaption>The mid as a forecast, 10 to 30 minutes before the end</figcaption></figure>`,
    htmlTable(
      "The mid as a forecast, by minutes before the market was over",
      ["minutes", "n", "Brier", "log-loss", "ECE", "ECE by chance"],
      spans.map(({ from, to, scores }) => [
        `${from} to ${to}`,
        String(scores.n),
        scores.brier.toFixed(4),
        scores.logLoss.toFixed(4),
        scores.ece.toFixed(4),
        scores.eceBand.toFixed(4),
      ]),
    ),
  ].join("\n");
}

function signedInterval({ mean, low, high }: Interval): string {
  return `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

function cell(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toFixed(4)));
  return typeof value === "string" ? value : JSON.stringify(value);
}
