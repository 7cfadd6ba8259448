import type { TruthState } from "../../state/index.ts";
import { log } from "../../units/index.ts";
import { leadAt } from "../curve.ts";

/** Minutes over which the level of the lead is taken, and its change. */
const LEVEL_MINUTES = 10;
const CHANGE_MINUTES = 2;
/** The formula is fitted between these minutes and held beyond them. */
const FIRST_MINUTE = 3;
const LAST_MINUTE = 50;
/** Thousands of gold: larger leads say no more. */
const MOST_LEAD = 15;
const MOST_CHANGE = 8;

/** What the LoL model reads of a game that is being played. Gold counts in thousands, for team 0. */
export interface LolMoment {
  /** Minutes on the game clock, from 3 to 50. */
  readonly minute: number;
  /** 1: team 0 is on the blue side; -1: team 1; 0: not told. */
  readonly side: -1 | 0 | 1;
  readonly lead: number;
  /** Mean lead at the last ten full minutes back from now; `undefined` where the curve does not reach. */
  readonly level: number | undefined;
  /** Lead now less the lead two minutes ago. */
  readonly change: number | undefined;
}

/** The side of team 0 in the current game. */
export function sideOfTeam0(firstSide: 0 | 1 | undefined): -1 | 0 | 1 {
  return firstSide === undefined ? 0 : firstSide === 0 ? 1 : -1;
}

/** Reads the moment; `undefined` without gold and clock, or before minute 3, when gold says nothing yet. */
export function lolMoment(state: TruthState): LolMoment | undefined {
  const game = state.games.find((candidate) => candidate.game === state.currentGame);
  if (game === undefined || game.status === "scheduled") return undefined;
  const { clockMs, gold, firstSide } = game.progress;
  if (clockMs === undefined || gold === undefined) return undefined;
  const minute = clockMs / 60_000;
  const now = { minute, lead: gold[0] - gold[1] };
  if (!(minute >= FIRST_MINUTE) || !Number.isFinite(now.lead)) return undefined;
  const back = leadAt(game.curve, now, minute - CHANGE_MINUTES);
  return {
    minute: Math.min(LAST_MINUTE, minute),
    side: sideOfTeam0(firstSide),
    lead: thousands(now.lead, MOST_LEAD),
    level: levelOf((minutesAgo) => leadAt(game.curve, now, minute - minutesAgo), minute),
    change: back === undefined ? undefined : thousands(now.lead - back, MOST_CHANGE),
  };
}

function levelOf(lead: (minutesAgo: number) => number | undefined, minute: number): number | undefined {
  let sum = 0;
  let n = 0;
  for (let back = 0; back < LEVEL_MINUTES && minute - back >= 1; back++) {
    const value = lead(back);
    if (value === undefined) return undefined;
    sum += value;
    n += 1;
  }
  return thousands(sum / n, MOST_LEAD);
}

function thousands(gold: number, most: number): number {
  return Math.min(most, Math.max(-most, gold / 1000));
}

/** Powers of ln(minute / 20) by which every factor goes along with time. */
export function lolTime(minute: number): readonly [number, number, number] {
  const v = log(minute / 20);
  return [1, v, v * v];
}

/**
 * The terms of the fitted log-odds, in the order side (2), lead (3), level (2), change (2), square of the lead with its
 * sign (2): what the coefficients are multiplied with.
 */
export function lolTerms({ minute, side, lead, level, change }: Required<LolMoment>): number[] {
  const [, v, v2] = lolTime(minute);
  const square = lead * Math.abs(lead);
  const l = level ?? 0;
  const c = change ?? 0;
  return [side, v * side, lead, v * lead, v2 * lead, l, v * l, c, v * c, square, v * square];
}
