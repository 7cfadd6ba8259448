import { FaultLane } from "./faultLane.ts";

/** Faults of answers: a cache in between gives what it gave before, or gives the older of two after the newer. */
export class AnswerLane {
  readonly faults = new FaultLane<string>();
  readonly #last = new Map<string, string>();
  readonly #due = new Map<string, string>();

  /** What the client gets to see in place of `text` at an address. */
  next(address: string, text: string): string {
    const due = this.#due.get(address);
    this.#due.delete(address);
    if (due !== undefined) return due;
    const last = this.#last.get(address);
    if (last !== undefined && this.faults.loses()) return last;
    if (this.faults.repeats()) this.#due.set(address, text);
    else if (last !== undefined && last !== text && this.faults.exchanges()) this.#due.set(address, last);
    this.#last.set(address, text);
    return text;
  }
}
