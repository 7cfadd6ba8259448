/** How many comparisons in a row must agree before a mismatch counts as gone. */
export const AGREEMENTS_NEEDED = 2;

/** What has been seen of its end since the account was last found to be used by somebody else. */
export interface SavedForeign {
  readonly agreements: number;
  readonly resumed: boolean;
}

/**
 * Something of the account is not ours: somebody else spends the same money. It holds the account, not the markets that happened to be
 * listed: those to come are halted too, until comparisons of the whole account agree and a person resumes all of it, in either order.
 */
export class ForeignLatch {
  #seen: SavedForeign | undefined;

  get held(): boolean {
    return this.#seen !== undefined;
  }

  /** Whatever was seen for its end counts no more. */
  raise(): void {
    this.#seen = { agreements: 0, resumed: false };
  }

  /** A comparison of the whole account agreed. */
  agreed(): void {
    if (this.#seen === undefined) return;
    this.#end({ ...this.#seen, agreements: this.#seen.agreements + 1 });
  }

  /** A person resumed everything. */
  resumed(): void {
    if (this.#seen === undefined) return;
    this.#end({ ...this.#seen, resumed: true });
  }

  save(): SavedForeign | undefined {
    return this.#seen;
  }
  load(saved: SavedForeign | undefined): void {
    this.#seen = saved;
  }

  #end(seen: SavedForeign): void {
    this.#seen = seen.resumed && seen.agreements >= AGREEMENTS_NEEDED ? undefined : seen;
  }
}
