import { logistic } from "@matchpoint/sdk";
import { ctOf } from "../world/cs2Game.ts";
import type { Team } from "@matchpoint/sdk";

const REGULATION = 12;
const BLOCK = 4;

/**
 * P(team 0 wins the map) from every score of a CS2 map, by backward recursion over rounds that are won independently with
 * one probability per side. Overtime is played in blocks of six until one of them is won.
 */
export class MapOdds {
  readonly #regulation: Float64Array;
  readonly #overtime: Float64Array;
  readonly #even: number;

  /** `asCt` and `asT` are log-odds that team 0 wins a round on that side. */
  constructor(asCt: number, asT: number, firstCt: Team) {
    const p = [logistic(asCt), logistic(asT)] as const;
    const any = (p[0] + p[1]) / 2;
    this.#overtime = new Float64Array((BLOCK + 1) * (BLOCK + 1));
    this.#even = this.#playBlocks(any);
    this.#regulation = new Float64Array((REGULATION + 2) * (REGULATION + 2));
    for (let a = REGULATION + 1; a >= 0; a--) {
      for (let b = REGULATION + 1; b >= 0; b--) {
        this.#regulation[a * (REGULATION + 2) + b] = this.#value(a, b, p, firstCt);
      }
    }
  }

  #value(a: number, b: number, p: readonly [number, number], firstCt: Team): number {
    if (a > REGULATION) return 1;
    if (b > REGULATION) return 0;
    if (a === REGULATION && b === REGULATION) return this.#even;
    const win = ctOf(a + b + 1, firstCt) === 0 ? p[0] : p[1];
    const width = REGULATION + 2;
    return win * this.#regulation[(a + 1) * width + b]! + (1 - win) * this.#regulation[a * width + b + 1]!;
  }

  /** P(team 0 wins overtime) from its beginning; fills in the table of one block with it. */
  #playBlocks(win: number): number {
    const width = BLOCK + 1;
    const fill = (tied: number): number => {
      for (let a = BLOCK; a >= 0; a--) {
        for (let b = BLOCK; b >= 0; b--) {
          const index = a * width + b;
          if (a === BLOCK) this.#overtime[index] = 1;
          else if (b === BLOCK) this.#overtime[index] = 0;
          else if (a === BLOCK - 1 && b === BLOCK - 1) this.#overtime[index] = tied;
          else {
            const [won, lost] = [this.#overtime[index + width]!, this.#overtime[index + 1]!];
            this.#overtime[index] = win * won + (1 - win) * lost;
          }
        }
      }
      return this.#overtime[0]!;
    };
    const never = fill(0);
    const always = fill(1);
    const even = never / (1 - (always - never));
    fill(even);
    return even;
  }

  /** From a score; also one beyond the end of the map. */
  at(a: number, b: number): number {
    if (a <= REGULATION && b <= REGULATION) return this.#regulation[a * (REGULATION + 2) + b]!;
    if (a < REGULATION || b < REGULATION) return a > b ? 1 : 0;
    const low = a < b ? a : b;
    const done = Math.floor((low - REGULATION) / (BLOCK - 1)) * (BLOCK - 1) + REGULATION;
    const [x, y] = [a - done, b - done];
    if (x >= BLOCK) return 1;
    if (y >= BLOCK) return 0;
    return this.#overtime[x * (BLOCK + 1) + y]!;
  }
}
