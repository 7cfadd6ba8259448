import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MatchpointError } from "@matchpoint/sdk";
import { z } from "zod";
import type { Reading } from "../gameLines.ts";
import type { GameRow } from "../titles.ts";

/** One game of Dota 2. */
export interface Dota2Row extends GameRow {
  readonly radiantWon: boolean;
  /** Gold of radiant and dire at minute 0, 1, ...; where only the lead is known, the lead against nothing. */
  readonly gold: readonly (readonly [radiant: number, dire: number])[];
}

const GAME = z.object({
  match_id: z.union([z.number(), z.string()]),
  start_time: z.number(),
  radiant_win: z.boolean(),
  series_id: z.number().nullish(),
  radiant_gold_adv: z.array(z.number()).nullish(),
  players: z.array(z.object({ player_slot: z.number(), gold_t: z.array(z.number()).nullish() })).nullish(),
});

/** Slots of dire's players begin here. */
const DIRE = 128;

/**
 * Reads OpenDota's match objects of a folder: `*.json` and `*.json.gz`, an object or a list in each. What is no match, has no
 * winner or no gold by minute is passed over.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or what `reading` throws of a file that is no JSON
 */
export function readDota2Games(folder: string, reading: Reading): Dota2Row[] {
  const rows = new Map<string, Dota2Row>();
  const files = readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name));
  if (files.length === 0) {
    throw new MatchpointError("FILE_NOT_FOUND", "the folder holds no *.json or *.json.gz", { where: folder });
  }
  for (const file of files.sort().map((name) => join(folder, name))) {
    for (const value of [parse(file, reading)].flat()) {
      const row = rowOf(value);
      if (row === undefined) reading.passed("no match with a winner and gold by minute");
      else if (rows.has(row.game)) reading.passed("doubled");
      else rows.set(row.game, row);
    }
  }
  return [...rows.values()];
}

function parse(file: string, reading: Reading): unknown {
  const bytes = readFileSync(file);
  try {
    return JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")) as unknown;
  } catch {
    reading.bad({ where: file, why: "the file is no JSON" });
    return [];
  }
}

function rowOf(value: unknown): Dota2Row | undefined {
  const parsed = GAME.safeParse(value);
  if (!parsed.success) return undefined;
  const { match_id, start_time, radiant_win, series_id, radiant_gold_adv, players } = parsed.data;
  const curves = (players ?? []).map(({ player_slot, gold_t }) => ({ dire: player_slot >= DIRE, gold_t }));
  const whole = curves.length === 10 && curves.every(({ gold_t }) => (gold_t?.length ?? 0) > 0);
  const minutes = whole
    ? Math.min(...curves.map(({ gold_t }) => gold_t!.length))
    : (radiant_gold_adv?.length ?? 0);
  if (minutes === 0) return undefined;
  const of = (dire: boolean, minute: number): number =>
    curves.reduce((sum, each) => sum + (each.dire === dire ? each.gold_t![minute]! : 0), 0);
  return {
    game: String(match_id),
    match:
      series_id === undefined || series_id === null || series_id === 0
        ? String(match_id)
        : `series ${series_id}`,
    playedAt: new Date(start_time * 1000).toISOString(),
    radiantWon: radiant_win,
    gold: Array.from({ length: minutes }, (_, minute) => {
      const lead = radiant_gold_adv?.[minute] ?? 0;
      return whole ? [of(false, minute), of(true, minute)] : [Math.max(0, lead), Math.max(0, -lead)];
    }),
  };
}
