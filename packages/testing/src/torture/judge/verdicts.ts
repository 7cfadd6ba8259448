import type { HistoryEntry } from "../history.ts";
import type { Violation } from "../record.ts";

/** More than this of one run tells nobody anything new. */
const MOST = 40;

/** What the checks of one run have found, and how often each of them has looked. */
export class Verdicts {
  readonly #new: Violation[] = [];
  readonly #said = new Set<string>();
  readonly #looks = new Map<string, { times: number }>();
  #entry: HistoryEntry | undefined;

  /** The entry that is looked at from now on: what is found is found there. */
  at(entry: HistoryEntry): void {
    this.#entry = entry;
  }

  /** A check of an invariant was made. */
  looked(invariant: string): void {
    const looks = this.#looks.get(invariant);
    if (looks === undefined) this.#looks.set(invariant, { times: 1 });
    else looks.times += 1;
  }

  /**
   * An invariant does not hold. Told once per `subject` (an order, a market), since what is wrong stays wrong.
   * @param subject - names what it is about, among all that the invariant is about
   */
  wrong(invariant: string, subject: string, message: string): void {
    const key = `${invariant} ${subject}`;
    if (this.#said.has(key) || this.#said.size >= MOST) return;
    this.#said.add(key);
    const { at, seq } = this.#entry ?? { at: 0, seq: 0 };
    this.#new.push({ invariant, message, at, seq });
  }

  /** Looks, and tells when it does not hold. The message is made only then. */
  holds(invariant: string, holds: boolean, subject: string, message: () => string): void {
    this.looked(invariant);
    if (!holds) this.wrong(invariant, subject, message());
  }

  /** What was found since the last call. */
  take(): readonly Violation[] | undefined {
    return this.#new.length === 0 ? undefined : this.#new.splice(0);
  }

  get looks(): Readonly<Record<string, number>> {
    const looks: Record<string, number> = {};
    for (const [invariant, { times }] of this.#looks) looks[invariant] = times;
    return looks;
  }
}

/** A time of the world for people. */
export function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)} s`;
}
