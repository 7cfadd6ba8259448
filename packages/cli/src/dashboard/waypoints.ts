import { getHeapStatistics } from "node:v8";
import type { Follower, RunView } from "../view/index.ts";

/** What {@link Waypoints} are made of. */
export interface WaypointsOptions {
  /** Makes a follower at the journal's beginning. */
  readonly fresh: () => Follower;
  /** Bytes of the journal that is over; `undefined` while it grows or is read. */
  readonly size: () => number | undefined;
  /** Shorter journals are folded again soon enough. Default 20 MB. */
  readonly longBytes?: number;
}

const LONG_BYTES = 20_000_000;
/** Where followers wait, as parts of the journal; the first is made first. */
const PLACES = [1 / 2, 3 / 4, 1 / 4] as const;
/** None is made beyond this: what is shown needs the rest. */
const MOST_HEAP_BYTES = 600_000_000;

/**
 * Followers that wait at some places of a long journal that is over, so that going back in it need not begin at its start. They are made
 * when there is nothing else to do; one that is taken goes on to where it is wanted, and another is made in its place.
 */
export class Waypoints {
  readonly #options: WaypointsOptions;
  readonly #waiting = new Map<number, Follower>();
  #making: { readonly place: number; readonly follower: Follower } | undefined;
  #isOver = false;

  constructor(options: WaypointsOptions) {
    this.#options = options;
  }

  /**
   * The one that waits nearest before a moment, which is then nobody else's.
   * @param isBefore - whether a view is not beyond that moment
   * @param from - only one beyond this line is any use
   */
  take(isBefore: (view: RunView) => boolean, from: number): Follower | undefined {
    let best: { readonly place: number; readonly follower: Follower } | undefined;
    for (const [place, follower] of this.#waiting) {
      const { view } = follower;
      if (view.seq > Math.max(from, best?.follower.view.seq ?? 0) && isBefore(view))
        best = { place, follower };
    }
    if (best !== undefined) this.#waiting.delete(best.place);
    return best?.follower;
  }

  /** Goes on making them, for so long. Whether there is more to be done. */
  tick(withinMs: number): boolean {
    const size = this.#options.size();
    if (this.#isOver || size === undefined || size < (this.#options.longBytes ?? LONG_BYTES)) return false;
    this.#making ??= this.#next();
    if (this.#making === undefined) return false;
    const { place, follower } = this.#making;
    try {
      if (follower.lead(withinMs, () => follower.bytes >= place * size) === "time") return true;
    } catch {
      // Whoever goes there says why it cannot be read.
      this.#isOver = true;
      this.#making = undefined;
      return false;
    }
    this.#making = undefined;
    this.#waiting.set(place, follower);
    return true;
  }

  #next(): { readonly place: number; readonly follower: Follower } | undefined {
    const place = PLACES.find((each) => !this.#waiting.has(each));
    if (place === undefined || getHeapStatistics().used_heap_size > MOST_HEAP_BYTES) return undefined;
    return { place, follower: this.#options.fresh() };
  }
}
