/** Why a strategy did nothing: one line per reason. */
export interface SkipCount {
  readonly reason: string;
  count: number;
  /** The data given with the last skip of this reason. */
  last: Readonly<Record<string, unknown>> | undefined;
}

/** Counts the reasons that one strategy gave in one market. */
export class SkipTable {
  readonly #counts = new Map<string, SkipCount>();
  #total = 0;

  add(reason: string, data: Readonly<Record<string, unknown>> | undefined): void {
    this.#total += 1;
    const known = this.#counts.get(reason);
    if (known === undefined) {
      this.#counts.set(reason, { reason, count: 1, last: data });
      return;
    }
    known.count += 1;
    if (data !== undefined) known.last = data;
  }

  get total(): number {
    return this.#total;
  }

  /** Most frequent first; ties in the order of first use. */
  list(): readonly SkipCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count);
  }
}
