import { createHash } from "node:crypto";
import { z } from "zod";
import { gameLines, type Reading } from "../gameLines.ts";
import type { GameRow } from "../titles.ts";

/** One professional game of LoL. */
export interface LolRow extends GameRow {
  readonly league: string;
  readonly season: string;
  readonly blue: string;
  readonly red: string;
  readonly blueWon: boolean;
  /** Gold of blue less gold of red at minute 1, 2, ... */
  readonly leads: readonly number[];
  /** When its season began; nothing finer is known. `undefined` where the season is not told. */
  readonly startsAt: number | undefined;
}

/** Only winner and gold are needed; without a season or the teams' names nobody can be rated. */
const LINE = z.object({
  league: z.string().nullish(),
  year: z.int().min(2009).max(2100).nullish(),
  season: z.string().nullish(),
  blue: z.string().nullish(),
  red: z.string().nullish(),
  blueWin: z.union([z.literal(0), z.literal(1)]),
  golddiff: z.array(z.number()).min(1),
  src: z.string().nullish(),
  dup: z.boolean().nullish(),
});

/** Months in which the seasons begin. */
const SEASON_MONTH: Readonly<Record<string, number>> = { Spring: 1, Summer: 6 };

/** When the season after a row's own begins: all that the row is part of is over. */
export function seasonEnd({ playedAt }: LolRow): number {
  const [year = 0, month = 0] = playedAt.split("-").map(Number);
  return month < 6 ? Date.UTC(year, 5, 1) : Date.UTC(year + 1, 0, 1);
}

/**
 * Reads the games of a folder: one a line with `league`, `year`, `season`, `blue`, `red`, `blueWin` and `golddiff`. Games that
 * the collection marks as doubled, and games that come twice, count once.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or what `reading` throws
 */
export async function readLolGames(folder: string, reading: Reading): Promise<LolRow[]> {
  const rows: LolRow[] = [];
  const known = new Set<string>();
  for await (const { value } of gameLines(folder, LINE, reading)) {
    const row = rowOf(value);
    if (value.dup === true || known.has(row.game)) {
      reading.passed("doubled");
      continue;
    }
    known.add(row.game);
    rows.push(row);
  }
  return rows;
}

function rowOf(line: z.output<typeof LINE>): LolRow {
  const { year, season, blue, red, golddiff } = line;
  // Without an id of its own a game is what was recorded of it.
  const game =
    line.src ??
    createHash("sha256")
      .update(JSON.stringify([year, season, blue, red, golddiff]))
      .digest("hex")
      .slice(0, 16);
  const month = SEASON_MONTH[season ?? ""] ?? 1;
  const dated = typeof year === "number";
  return {
    game,
    match: game,
    playedAt: dated ? `${year}-${String(month).padStart(2, "0")}` : "",
    startsAt: dated ? Date.UTC(year, month - 1, 1) : undefined,
    league: line.league ?? "",
    season: `${year ?? ""} ${season ?? ""}`.trim(),
    blue: blue ?? "",
    red: red ?? "",
    blueWon: line.blueWin === 1,
    leads: golddiff,
  };
}
