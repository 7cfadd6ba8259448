import { carriedChance } from "../carry.ts";
import type { RoundFormat, RoundTitle } from "./format.ts";
import { mapTable, type MapTable } from "./mapTable.ts";

/** Tables of scores for teams of the expected strength, and for team 0 being stronger and weaker by one spread. */
export interface StrengthTables {
  /** Log-odds per round of team 0 over the other, as the maps before tell. */
  readonly strength: number;
  readonly even: MapTable;
  readonly stronger: MapTable;
  readonly weaker: MapTable;
}

/** More maps than this have never been played in a match; the strength stays where it is there. */
const MOST_MAPS = 5;

/**
 * Tables per maps that both teams have won against each other in this match: their round odds are those at which a map from
 * 0-0 has the chance that {@link carriedChance} gives. Made when first asked for; the same question has the same answer.
 */
export function strengthTables(
  format: RoundFormat,
  odds: { readonly firstSide: number; readonly spread: number },
  title: RoundTitle,
): (won: number, lost: number) => StrengthTables {
  const made = new Map<number, StrengthTables>();
  const table = (strength: number): MapTable => mapTable(format, { strength, firstSide: odds.firstSide });
  return (won, lost) => {
    const [own, other] = [Math.min(MOST_MAPS, won), Math.min(MOST_MAPS, lost)];
    const key = own * (MOST_MAPS + 1) + other;
    let tables = made.get(key);
    if (tables === undefined) {
      const strength = strengthFor(carriedChance(title, own, other), table);
      tables = {
        strength,
        even: table(strength),
        stronger: table(strength + odds.spread),
        weaker: table(strength - odds.spread),
      };
      made.set(key, tables);
    }
    return tables;
  };
}

/** The round odds of a team that wins a map with chance `p`, by halving an interval. */
function strengthFor(p: number, table: (strength: number) => MapTable): number {
  if (p === 0.5) return 0;
  let low = -2;
  let high = 2;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    const tried = table(middle);
    if ((tried.at(0, 0, true) + tried.at(0, 0, false)) / 2 < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
