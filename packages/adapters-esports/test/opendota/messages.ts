/* Entries of `/proMatches`, typed from the documented shape. */

import { EPOCH } from "../support.ts";

export const WOLVES = 39;
export const OTTERS = 2163;

/** A game `hours` after {@link EPOCH}, with the id that fits its place in time. */
export const entry = (hours: number, radiantWon: boolean | null, more: object = {}): object => ({
  match_id: 8_930_000_000 + Math.round(hours * 10_000),
  duration: 2_400,
  start_time: EPOCH / 1000 + Math.round(hours * 3_600),
  radiant_team_id: WOLVES,
  radiant_name: "Wolves",
  dire_team_id: OTTERS,
  dire_name: "Sea Otters",
  leagueid: 18_000,
  league_name: "Forest League",
  series_id: 1_023_546,
  series_type: 1,
  radiant_score: 31,
  dire_score: 9,
  radiant_win: radiantWon,
  version: null,
  ...more,
});

export const idOf = (hours: number): string => String(8_930_000_000 + Math.round(hours * 10_000));

/** Games of others, one in six minutes, from `from` to `to` hours; newest first. */
export const others = (from: number, to: number): object[] => {
  const list: object[] = [];
  for (let at = to; at >= from; at -= 0.1)
    list.push(entry(at + 0.05, true, { radiant_team_id: 7, dire_team_id: 8, leagueid: 5, series_id: 1 }));
  return list;
};

/** A full page: a hundred games of others before `to`. */
export const page = (to: number): object[] => others(to - 9.99, to).slice(0, 100);
