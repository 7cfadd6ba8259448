import type { GameRow } from "./titles.ts";

/** Rows in the order of time, ties by name, so that the order of a file means nothing. */
export function inOrder<Row extends GameRow>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => compare(a.playedAt, b.playedAt) || compare(a.game, b.game));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The later part of the matches for a test, the earlier one for the fit; a match is never split. */
export function splitByTime<Row extends GameRow>(
  rows: readonly Row[],
  share = 0.2,
): { earlier: Row[]; later: Row[] } {
  const sorted = inOrder(rows);
  const matches = [...new Set(sorted.map(({ match }) => match))];
  const late = new Set(matches.slice(matches.length - Math.round(matches.length * share)));
  return {
    earlier: sorted.filter(({ match }) => !late.has(match)),
    later: sorted.filter(({ match }) => late.has(match)),
  };
}
