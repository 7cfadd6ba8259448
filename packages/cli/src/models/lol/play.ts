import type { Millis, TruthState } from "@matchpoint/sdk";
import { ToldGame } from "../toldGame.ts";
import type { LolRow } from "./rows.ts";

/** Gold of a team when nobody is ahead; only the difference counts. */
const LEVEL_GOLD = 100_000;

/**
 * Tells a game minute by minute, and gives what is held true at each of them. Blue is team 0.
 *
 * @param upTo the last minute that is wanted
 */
export function* playGame(row: LolRow, upTo: number): Generator<{ minute: number; state: TruthState }> {
  const told = new ToldGame({
    title: "lol",
    teams: [{ name: row.blue }, { name: row.red }],
    league: row.league,
    ...(row.startsAt === undefined ? {} : { startsAt: row.startsAt as Millis }),
  });
  const at = (minute: number, lead: number): TruthState =>
    told.progress({
      clockMs: minute * 60_000,
      gold: [LEVEL_GOLD + Math.max(0, lead), LEVEL_GOLD + Math.max(0, -lead)],
      firstSide: 0,
    });
  at(0, 0);
  for (let minute = 1; minute <= Math.min(upTo, row.leads.length); minute++) {
    yield { minute, state: at(minute, row.leads[minute - 1]!) };
  }
}
