/** How many comparisons in a row must agree before a mismatch counts as gone. */
export const AGREEMENTS_NEEDED = 2;

/**
 * Something of the account is not ours: somebody else spends the same money. It holds the account, not the markets that happened to be
 * listed: those to come are halted too, until comparisons of the whole account agree and a person resumes all of it, in either order.
 */
export class ForeignLatch {
  #seen: { agreements: number; resumed: boolean } | undefined;

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
    this.#seen.agreements += 1;
    this.#end();
  }

  /** A person resumed everything. */
  resumed(): void {
    if (this.#seen === undefined) return;
    this.#seen.resumed = true;
    this.#end();
  }

  #end(): void {
    if (this.#seen?.resumed === true && this.#seen.agreements >= AGREEMENTS_NEEDED) this.#seen = undefined;
  }
}
