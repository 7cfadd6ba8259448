import { logistic } from "../../../units/index.ts";
import { blockStart, mapResult, sideSign, type RoundFormat } from "./format.ts";

/** Chances of winning a map by the score alone, from the side of one team (`own`). */
export interface MapTable {
  /**
   * @param own rounds that the team has won
   * @param other rounds that the other team has won
   * @param startedFirst whether the team started the map on the first side (CT, defenders)
   */
  at(own: number, other: number, startedFirst: boolean): number;
}

/** Log-odds of a round for `own`: its strength, and what the first side is worth to whoever plays it. */
export interface RoundOdds {
  readonly strength: number;
  readonly firstSide: number;
}

/**
 * The Markov chain of rounds, solved backwards from the end of the map: every round is won with the same chance, which
 * depends on the side only. Overtimes have no last round; their value is the fixed point of a block (or of a pair of rounds).
 */
export function mapTable(format: RoundFormat, odds: RoundOdds): MapTable {
  const onFirst = logistic(odds.strength + odds.firstSide);
  const onSecond = logistic(odds.strength - odds.firstSide);
  const width = format.toWin;
  const sides = [true, false].map((startedFirst) => {
    const round = (played: number): number =>
      (sideSign(format, played) === 1) === startedFirst ? onFirst : onSecond;
    const overtime = overtimeTable(format, round);
    const regulation = new Float64Array(width * width);
    for (let own = width - 1; own >= 0; own--) {
      for (let other = width - 1; other >= 0; other--) {
        const played = own + other;
        const p = round(played);
        const next = (a: number, b: number): number => mapResult(format, a, b) ?? regulation[a * width + b]!;
        regulation[own * width + other] =
          played >= 2 * format.half
            ? overtime(own, other)
            : p * next(own + 1, other) + (1 - p) * next(own, other + 1);
      }
    }
    return { regulation, overtime };
  });
  return {
    at(own, other, startedFirst) {
      const result = mapResult(format, own, other);
      if (result !== undefined) return result;
      const { regulation, overtime } = sides[startedFirst ? 0 : 1]!;
      return own + other < 2 * format.half ? regulation[own * width + other]! : overtime(own, other);
    },
  };
}

type ByScore = (own: number, other: number) => number;

/** Values of undecided scores of overtime. */
function overtimeTable(format: RoundFormat, round: (played: number) => number): ByScore {
  const regulation = 2 * format.half;
  if (format.overtime.kind === "alternate") {
    const [p, q] = [round(regulation), round(regulation + 1)];
    const even = (p * q) / (p * q + (1 - p) * (1 - q));
    return (own, other) => (own === other ? even : own > other ? q + (1 - q) * even : q * even);
  }
  const half = format.overtime.half;
  const width = half + 1;
  // Blocks come in two kinds, by who starts them on which side; each ends won, lost or even, and then the other kind follows.
  const block = (first: number, even: number): Float64Array => {
    const values = new Float64Array(width * width);
    for (let own = half; own >= 0; own--) {
      for (let other = half; other >= 0; other--) {
        if (own + other === 2 * half) values[own * width + other] = even;
        else {
          const p = round(first + own + other);
          const won = own === half ? 1 : values[(own + 1) * width + other]!;
          const lost = other === half ? 0 : values[own * width + other + 1]!;
          values[own * width + other] = p * won + (1 - p) * lost;
        }
      }
    }
    return values;
  };
  const line = (first: number): { flat: number; slope: number } => {
    const flat = block(first, 0)[0]!;
    return { flat, slope: block(first, 1)[0]! - flat };
  };
  const odd = line(regulation);
  const next = line(regulation + 2 * half);
  const start = (odd.flat + odd.slope * next.flat) / (1 - odd.slope * next.slope);
  const second = next.flat + next.slope * start;
  const tables = [block(regulation, second), block(regulation + 2 * half, start)];
  return (own, other) => {
    const from = blockStart(format, own + other);
    return tables[((from - format.half) / half) % 2]![(own - from) * width + other - from]!;
  };
}
