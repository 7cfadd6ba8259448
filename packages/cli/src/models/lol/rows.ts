import { join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { z } from "zod";
import { readJsonLines } from "../jsonLines.ts";
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
  /** When its season began; nothing finer is known. */
  readonly startsAt: number;
}

const LINE = z.object({
  i: z.number(),
  league: z.string(),
  year: z.int().min(2009).max(2100),
  season: z.string(),
  blue: z.string(),
  red: z.string(),
  blueWin: z.union([z.literal(0), z.literal(1)]),
  golddiff: z.array(z.number()),
  src: z.string().optional(),
  dup: z.boolean().optional(),
});

/** Months in which the seasons begin. */
const SEASON_MONTH: Readonly<Record<string, number>> = { Spring: 1, Summer: 6 };

/** When the season after a row's own begins: all that the row is part of is over. */
export function seasonEnd({ playedAt }: LolRow): number {
  const [year = 0, month = 0] = playedAt.split("-").map(Number);
  return month < 6 ? Date.UTC(year, 5, 1) : Date.UTC(year + 1, 0, 1);
}

/**
 * Reads `games.jsonl` of a folder: one game a line with `league`, `year`, `season`, `blue`, `red`, `blueWin` and
 * `golddiff`. Games that the collection marks as doubled, and matches that come twice, count once.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or `RECORDING_INVALID` naming the line
 */
export async function readLolGames(folder: string): Promise<LolRow[]> {
  const rows: LolRow[] = [];
  const known = new Set<string>();
  for await (const { value, where } of readJsonLines(join(folder, "games.jsonl"))) {
    const parsed = LINE.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new MatchpointError("RECORDING_INVALID", `${issue?.path.join(".")}: ${issue?.message}`, {
        where,
      });
    }
    const row = rowOf(parsed.data);
    if (parsed.data.dup === true || row.leads.length === 0 || known.has(row.game)) continue;
    known.add(row.game);
    rows.push(row);
  }
  return rows;
}

function rowOf(line: z.output<typeof LINE>): LolRow {
  const month = SEASON_MONTH[line.season] ?? 1;
  const game = line.src ?? `#${line.i}`;
  return {
    game,
    match: game,
    playedAt: `${line.year}-${String(month).padStart(2, "0")}`,
    startsAt: Date.UTC(line.year, month - 1, 1),
    league: line.league,
    season: `${line.year} ${line.season}`,
    blue: line.blue,
    red: line.red,
    blueWon: line.blueWin === 1,
    leads: line.golddiff,
  };
}
