/** Games of a full page of `/proMatches`: a shorter one is the list's end. */
const PAGE = 100;

/** What a list reaches over. */
interface Span {
  readonly oldest: bigint;
  readonly newest: bigint;
  /** Unix ms of the earliest start. */
  readonly from: number;
}

/**
 * How far back the lists reach without a gap. Pages are in the order of ids: one that is older than all before continues them,
 * one that is newer than all before, without a game in common, leaves a gap, and the count begins anew.
 */
export class Coverage {
  #span: Span | undefined;

  get oldest(): string | undefined {
    return this.#span?.oldest.toString();
  }

  /** Unix ms from which on every game that is over is known; `undefined` before the first list. */
  get from(): number | undefined {
    return this.#span?.from;
  }

  /** Adds a page. @param entries how many it had, readable or not */
  add(games: readonly { readonly ref: string; readonly startedAt: number }[], entries: number): void {
    const ids = games.map(({ ref }) => BigInt(ref));
    const oldest = ids.reduce((least, each) => (each < least ? each : least), ids[0] ?? 0n);
    const newest = ids.reduce((most, each) => (each > most ? each : most), 0n);
    const starts = games.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
    const page: Span = { oldest, newest, from: entries < PAGE ? -Infinity : starts };
    const span = this.#span;
    if (span === undefined || page.oldest > span.newest) this.#span = page;
    else {
      this.#span = {
        oldest: page.oldest < span.oldest ? page.oldest : span.oldest,
        newest: page.newest > span.newest ? page.newest : span.newest,
        from: Math.min(page.from, span.from),
      };
    }
  }
}
