import { markdownTable } from "../card.ts";
import { score, type Scores } from "../evaluate.ts";
import { interval } from "../evaluationText.ts";
import { inOrder } from "../split.ts";
import { seededRandom } from "../statistics/random.ts";
import type { Sample } from "../titles.ts";
import { FIXED } from "./rivals.ts";
import type { RoundsRow } from "./rows.ts";

/** A further way to part the maps, to see how much hangs on the one that the test uses. */
export interface Resplit {
  readonly name: string;
  readonly earlier: readonly RoundsRow[];
  readonly later: readonly RoundsRow[];
}

/** What is fitted on at first, and where the windows that follow it end, as shares of the days that were played on. */
const WINDOWS = [0.25, 0.45, 0.65, 0.82, 1] as const;

/** Window after window: each is scored by a fit on all that was played before it. */
export function forwardSplits(rows: readonly RoundsRow[]): Resplit[] {
  const days = [...new Set(inOrder(rows).map(({ playedAt }) => playedAt))];
  const day = (share: number): string | undefined => days[Math.floor(days.length * share)];
  return WINDOWS.slice(0, -1).flatMap((share, i) => {
    const [from, to] = [day(share), day(WINDOWS[i + 1]!)];
    if (from === undefined) return [];
    return {
      name: `from ${from}`,
      earlier: rows.filter(({ playedAt }) => playedAt < from),
      later: rows.filter(({ playedAt }) => playedAt >= from && (to === undefined || playedAt < to)),
    };
  });
}

/** Half of the maps, drawn by a seed. */
export function drawnHalves(rows: readonly RoundsRow[], seed: number): Omit<Resplit, "name"> {
  const random = seededRandom(seed);
  const drawn = inOrder(rows)
    .map((row) => ({ row, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ row }) => row);
  const half = Math.floor(drawn.length / 2);
  return { earlier: drawn.slice(0, half), later: drawn.slice(half) };
}

const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

/** Other halves than the test's own. */
export function otherHalves(rows: readonly RoundsRow[]): Resplit[] {
  return SEEDS.map((seed) => ({ name: `seed ${seed}`, ...drawnHalves(rows, seed) }));
}

/** Fewer maps than this on either side tell nothing. */
const FEWEST = 20;

/** The recipe on every one of these, as a table for the card. */
export function resplitNotes(
  resplits: readonly Resplit[],
  samplesOf: (earlier: readonly RoundsRow[], later: readonly RoundsRow[]) => readonly Sample[],
  starts: string,
): string[] {
  const tried = resplits
    .filter(({ earlier, later }) => earlier.length >= FEWEST && later.length >= FEWEST)
    .map(({ name, earlier, later }) => {
      const samples = samplesOf(earlier, later);
      const begun = score(samples.filter(({ part }) => part === starts));
      return { name, earlier: earlier.length, later: later.length, all: score(samples), begun };
    });
  if (tried.length === 0) return [];
  const against = ({ rivals }: Scores): string => interval(rivals[FIXED]!.logLossDifference);
  const beyond = tried.filter(({ all }) => all.rivals[FIXED]!.logLossDifference.high < 0).length;
  const better = tried.filter(({ all }) => all.rivals[FIXED]!.logLossDifference.mean < 0).length;
  return [
    `Other splits of the same maps, each fitted on one part and scored on the other: log-loss less that of ${FIXED}. The model is better in ${better} of ${tried.length}, beyond chance in ${beyond}.`,
    markdownTable(
      ["scored on", "maps of the fit", "maps scored", "all moments", starts, "ECE", "by chance"],
      tried.map(({ name, earlier, later, all, begun }) => [
        name,
        String(earlier),
        String(later),
        against(all),
        against(begun),
        all.ece.toFixed(4),
        all.eceBand.toFixed(4),
      ]),
    ),
  ];
}
