import { malformed } from "../common/read.ts";

type Pair = readonly [number, number];

/** What a `score` says, home team first. */
export interface SportsScore {
  /** Points of the map that is played; `undefined` when they are not supplied. */
  readonly points: Pair | undefined;
  readonly maps: Pair;
  readonly bestOf: number;
}

const GRAMMAR = /^\s*(\d{1,4})-(\d{1,4})\s*\|\s*(\d{1,2})-(\d{1,2})\s*\|\s*bo\s*(\d)\s*$/i;
const NOT_SUPPLIED = "000";

/**
 * Reads `<points>|<maps>|Bo<n>`, such as `000-000|1-1|Bo3`.
 *
 * @throws `FRAME_INVALID` when it has another form, or says what no series of that length can be
 */
export function readSportsScore(text: string): SportsScore {
  const found = GRAMMAR.exec(text);
  if (found === null) throw malformed("score", "of the form <points>|<maps>|Bo<n>");
  const [, first = "", second = "", home = "", away = "", length = ""] = found;
  const bestOf = Number(length);
  const maps: Pair = [Number(home), Number(away)];
  const needed = Math.floor(bestOf / 2) + 1;
  if (bestOf < 1 || Math.max(...maps) > needed || maps[0] + maps[1] > bestOf) {
    throw malformed(`score ${text}`, `one that a series of ${bestOf} can have`);
  }
  const supplied = first !== NOT_SUPPLIED || second !== NOT_SUPPLIED;
  return { points: supplied ? [Number(first), Number(second)] : undefined, maps, bestOf };
}

/** The number of the map in a `period` of the form `2/3`; `undefined` for any other. */
export function readPeriod(text: string | undefined): number | undefined {
  const found = /^\s*(\d{1,2})\s*\/\s*\d{1,2}\s*$/.exec(text ?? "");
  return found === null ? undefined : Number(found[1]);
}
