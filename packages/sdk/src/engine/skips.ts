import { LONGEST_REASON } from "../events/index.ts";
import { plainData } from "./handedOver.ts";

/** Why a strategy did nothing: one line per reason. */
export interface SkipCount {
  readonly reason: string;
  count: number;
  /** The data given with the last skip of this reason. */
  last: Readonly<Record<string, unknown>> | undefined;
}

/** Reasons that differ are kept apart up to here; a reason with a number in it is another one each time. */
const MOST_REASONS = 500;
const OTHER = "other reasons";

/** Counts the reasons that one strategy gave in one market. */
export class SkipTable {
  readonly #counts = new Map<string, SkipCount>();
  #total = 0;

  add(given: string, data: Readonly<Record<string, unknown>> | undefined, times = 1): void {
    this.#total += times;
    const short = given.length > LONGEST_REASON ? given.slice(0, LONGEST_REASON) : given;
    const reason = this.#counts.size < MOST_REASONS || this.#counts.has(short) ? short : OTHER;
    const known = this.#counts.get(reason);
    if (known === undefined) {
      this.#counts.set(reason, { reason, count: times, last: data });
      return;
    }
    known.count += times;
    if (data !== undefined) known.last = data;
  }

  get total(): number {
    return this.#total;
  }

  /** Most frequent first; ties in the order of first use. Data is read here, as plain JSON: a skip is said thousands of times a second. */
  list(): readonly SkipCount[] {
    return [...this.#counts.values()]
      .map(({ reason, count, last }) => ({
        reason,
        count,
        last: last === undefined ? last : plainData(last),
      }))
      .sort((a, b) => b.count - a.count);
  }
}
