import { markdownTable } from "../card.ts";
import type { Scores } from "../evaluate.ts";
import { interval } from "../evaluationText.ts";
import type { MarketCalibration } from "./calibration.ts";
import type { Coherence } from "./coherence.ts";
import type { MarketComparison } from "./comparison.ts";

/** What real prices came to, as Markdown. */
export function marketCard(found: MarketComparison): string {
  const parts = [
    "# The market as a forecast",
    "Written by `npm run models -- market DIR --write`; what is changed here by hand is lost. Best bid and ask of esports markets about every two minutes on 21 days of July and August 2026, with settlement labels (Polymarket Order Book Dataset (2026), Dinesh Gopalakrishnan, CC BY 4.0): whatever a model says has to be better than these mids at the same moment before it is worth a trade.",
    `${found.matches} matches, ${found.markets} markets on matches and single games (maps), ${found.looks} looks at which a quote had changed. A price is the middle of a quote that is at most 10 ¢ wide.`,
    "## What our models can be compared with here: nothing yet",
    "Our models of games read the state of the game: gold, rounds, players. This collection has prices and no state, and the collections with states have no prices, so there is no moment at which both are known, and nothing here says that a model of ours beats the market. To find out, record a match with its prices (`matchpoint run` writes both into one journal) and score both on it. What can be tested here without a state is how good the market itself is, whether series follow from their games, and what one game tells of the next.",
    "## How good the mids were",
    '"Opening" is the first price of a market, "drawn" one of all its prices: neither needs to know how or when it ended. ECE and "by chance" as on the cards of the models. One look per market; the labels that are the venue\'s own are fewer and the better ones, the others were inferred from last prices, which is kind to favourites.',
    markdownTable(
      ["markets on", "labels", "price", ...HEAD],
      found.calibration.flatMap(({ kind, labels, opening, drawn }) => [
        [`a ${kind}`, labels, "opening", ...cells(opening)],
        [`a ${kind}`, labels, "drawn", ...cells(drawn)],
      ]),
    ),
    "### By time to the end",
    "The last price in each span before a market was over (its mid went beyond 3 or 97 ¢ for good). Nobody knew then how long it would still take. That alone makes late prices look too timid: a market that is at 85 ¢ and known to be over in ten minutes is mostly won by the favourite. Brier score and log-loss by span are what a model has to beat; the calibration error by span is no fault of the market.",
    ...found.calibration.filter(({ labels }) => labels === "the venue's own").map(spans),
    "### By title, ten to thirty minutes before the end",
    titles(found.calibration),
    "## Series against their games",
    ...coherence(found.coherence),
    "## What a game tells of the next one",
    "How often the winner of the first game of a match won the second as well, by these labels, and what the series recursion takes it to be (`carriedChance`, measured on larger collections where there are any).",
    markdownTable(
      ["title", "matches", "same winner", "standard error", "the recursion takes"],
      found.carry.map(({ title, matches, sameWinner, standardError, assumed }) => [
        title,
        String(matches),
        sameWinner.toFixed(3),
        standardError.toFixed(3),
        assumed.toFixed(3),
      ]),
    ),
    ...(found.lateScore.length === 0 ? [] : lateScore(found)),
    "## Limits",
    [
      "- Top of book only, no sizes, no trades: a mid is not a price at which anything was done.",
      "- Two minutes between looks: reactions to a round or a kill are not to be seen.",
      "- The venue is by its names the US exchange, not the global book; whole days are missing.",
      "- Markets of one match share its fate: intervals are drawn by match, the calibration bands are not.",
    ].join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

const HEAD = ["n", "Brier", "log-loss", "ECE", "by chance"];

function cells({ n, brier, logLoss, ece, eceBand }: Scores): string[] {
  return [String(n), brier.toFixed(4), logLoss.toFixed(4), ece.toFixed(4), eceBand.toFixed(4)];
}

function spans({ kind, spans }: MarketCalibration): string {
  return markdownTable(
    [`a ${kind}, minutes before the end`, ...HEAD],
    spans.map(({ from, to, scores }) => [`${from} to ${to}`, ...cells(scores)]),
  );
}

function titles(calibration: readonly MarketCalibration[]): string {
  return markdownTable(
    ["markets on", "labels", "title", ...HEAD],
    calibration.flatMap(({ kind, labels, titles }) =>
      titles.map(({ title, scores }) => [`a ${kind}`, labels, title, ...cells(scores)]),
    ),
  );
}

function coherence({ matches, own, recursions }: Coherence): string[] {
  return [
    `${matches} series of three at one look each, drawn from all at which the series and its first game had a price (or that game was decided); ${own.n} of them have a label. The recursion takes the games' own mids; games without a price are open: even, or carried from the games before as the SDK has it. On the label the series' own mid scores Brier ${own.brier.toFixed(4)} and log-loss ${own.logLoss.toFixed(4)}.`,
    markdownTable(
      [
        "open games",
        "Brier",
        "less the series' own",
        "log-loss",
        "less the series' own",
        "series less recursion",
        "median distance",
        "within 5 ¢",
      ],
      recursions.map((each) => [
        each.open,
        each.brier.toFixed(4),
        interval(each.brierLess),
        each.logLoss.toFixed(4),
        interval(each.logLossLess),
        interval(each.difference),
        `${(each.medianAbsolute * 100).toFixed(1)} ¢`,
        `${(each.within5Cents * 100).toFixed(0)} %`,
      ]),
    ),
    "Where the recursion's loss is the larger one, the series' own price knew more than its games' prices with what is assumed of open ones: it also holds who is the stronger team. Whoever trades the difference trades against that. What it made is in [series-consistency](series-consistency.md).",
  ];
}

function lateScore({ lateScore }: MarketComparison): string[] {
  const cents = (p: number): string => (p * 100).toFixed(1);
  return [
    "## Price and score feed on one clock",
    "A match in play of another sport (20 minutes of the Stanley Cup Final, game 4), in which the score feed's clock is the prices' clock: mids a minute before the feed showed a goal, when it showed it, and a minute after, in every market that the goal moved by 5 ¢ or more. No label of these markets is known, so prices cannot be scored; what can be seen is how much of the move was over when the feed spoke (both goals came within 71 seconds: the minute after the first is the minute before the second). A model that is fed by such a feed is compared with a market that already knows. What trading on it makes is in [the negative control](negative-control.md).",
    markdownTable(
      ["score shown", "market", "before, ¢", "when shown, ¢", "after, ¢", "of the move was over"],
      lateScore.map(({ score, token, before, shown, after }) => [
        score.join("-"),
        `token ${token}`,
        cents(before),
        cents(shown),
        cents(after),
        `${(((shown - before) / (after - before)) * 100).toFixed(0)} %`,
      ]),
    ),
  ];
}
