import type { RoundsCoefficients } from "@matchpoint/sdk";
import { score, type Scores } from "../evaluate.ts";
import { interval } from "../evaluationText.ts";
import { markdownTable } from "../card.ts";
import { inOrder } from "../split.ts";
import type { Sample } from "../titles.ts";
import { FIXED, LEARNING } from "./rivals.ts";
import type { RoundsRow } from "./rows.ts";
import { testSnapshots } from "./snapshotFit.ts";

const FOLDS = 5;

/** What a fit of rounds came to, for its card: its numbers, cross-validation by match, and the test of the in-round layer. */
export function fitNotes(
  rows: readonly RoundsRow[],
  coefficients: RoundsCoefficients,
  samplesOf: (earlier: readonly RoundsRow[], later: readonly RoundsRow[]) => readonly Sample[],
): string[] {
  const notes = [
    numbers(coefficients),
    `Cross-validation on all of these maps, ${FOLDS} folds by match: log-loss less the rival's, with 95 % intervals of a bootstrap by match.`,
    crossValidation(rows, samplesOf),
  ];
  const snapshots = rows.find((row) => row.snapshots !== undefined)?.snapshots;
  if (snapshots !== undefined) {
    const test = testSnapshots(snapshots);
    notes.push(
      `Players and bomb with plants known: fitted on the first four fifths of the matches of the snapshots, on the ${test.n} states of the rest Brier ${test.brier.toFixed(4)}, log-loss ${test.logLoss.toFixed(4)} (a table of players alive and bomb: ${test.logLossByPlayers.toFixed(4)}), calibration error ${test.ece.toFixed(4)}. These are chances of the round, not of the map.`,
    );
  }
  return notes;
}

function numbers({ firstSide, spread, start, next, fight }: RoundsCoefficients): string {
  const line = (name: string, odds: object): string[] => [
    name,
    Object.entries(odds)
      .map(([key, value]) => `${key} ${value}`)
      .join(", "),
  ];
  return markdownTable(
    ["part", "log-odds"],
    [
      line("table of scores", { firstSide, spread }),
      line("start of a round", start),
      line("next round", next),
      line("fight, plants known", fight.plantKnown),
      line("fight, plants unknown", fight.plantUnknown),
    ],
  );
}

function crossValidation(
  rows: readonly RoundsRow[],
  samplesOf: (earlier: readonly RoundsRow[], later: readonly RoundsRow[]) => readonly Sample[],
): string {
  const sorted = inOrder(rows);
  const matches = [...new Set(sorted.map(({ match }) => match))];
  const foldOf = new Map(matches.map((match, i) => [match, i % FOLDS]));
  const samples = Array.from({ length: FOLDS }, (_, fold) =>
    samplesOf(
      sorted.filter(({ match }) => foldOf.get(match) !== fold),
      sorted.filter(({ match }) => foldOf.get(match) === fold),
    ),
  ).flat();
  const parts = [...new Set(samples.map(({ part }) => part ?? ""))];
  const line = (name: string, { n, logLoss, ece, eceBand, rivals }: Scores): string[] => [
    name,
    String(n),
    logLoss.toFixed(4),
    `${ece.toFixed(4)} (chance alone < ${eceBand.toFixed(4)})`,
    interval(rivals[FIXED]!.logLossDifference),
    interval(rivals[LEARNING]!.logLossDifference),
  ];
  return markdownTable(
    ["moments", "n", "log-loss", "ECE", `against ${FIXED}`, `against ${LEARNING}`],
    [
      ...parts.map((part) => line(part, score(samples.filter((sample) => sample.part === part)))),
      line("all", score(samples)),
    ],
  );
}
