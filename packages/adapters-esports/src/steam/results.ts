import type { CancelTimer, Clock, Transport } from "@matchpoint/sdk";
import { AttemptBudget } from "../common/attempts.ts";
import { requestWithin } from "../common/requestWithin.ts";

/** What {@link ResultAsker} needs. */
export interface ResultAskerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** OpenDota's API without a trailing slash. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Whether the winner of the game is still unknown. */
  readonly wanted: (ref: string) => boolean;
  readonly answer: (body: Uint8Array) => void;
}

/** OpenDota allows 60 requests a minute to those without a key; others may share the address. */
const PER_MINUTE = 30;
const FIRST_EVERY_MS = 30_000;
const LATER_EVERY_MS = 120_000;
const FIRST_TRIES = 20;

/** Asks OpenDota who won games, again and again until it knows: it learns of a game some minutes after the end. */
export class ResultAsker {
  readonly #o: ResultAskerOptions;
  readonly #budget: AttemptBudget;
  readonly #asking = new Map<string, { tries: number; cancel: CancelTimer | undefined }>();

  constructor(options: ResultAskerOptions) {
    this.#o = options;
    this.#budget = new AttemptBudget(options.clock, PER_MINUTE, 60_000);
  }

  /** Begins to ask about a game, unless it is asked about already. */
  ask(ref: string): void {
    if (this.#asking.has(ref)) return;
    this.#asking.set(ref, { tries: 0, cancel: undefined });
    this.#later(ref, 0);
  }

  stop(): void {
    for (const { cancel } of this.#asking.values()) cancel?.();
    this.#asking.clear();
  }

  #later(ref: string, ms: number): void {
    const state = this.#asking.get(ref);
    if (state === undefined) return;
    state.cancel = this.#o.clock.after(this.#budget.book(ms), () => void this.#request(ref));
  }

  async #request(ref: string): Promise<void> {
    const { transport, clock, url, timeoutMs, signal, wanted, answer } = this.#o;
    const state = this.#asking.get(ref);
    if (state === undefined) return;
    if (!wanted(ref)) {
      this.#asking.delete(ref);
      return;
    }
    state.tries += 1;
    let wait = state.tries < FIRST_TRIES ? FIRST_EVERY_MS : LATER_EVERY_MS;
    try {
      const target = `${url}/matches/${encodeURIComponent(ref)}`;
      const response = await requestWithin(transport, clock, timeoutMs, { url: target, signal });
      if (signal.aborted) return;
      if (response.status === 200) answer(response.body);
      if (response.status === 429 || response.status === 403)
        wait = Math.max(wait, 60_000 * Math.min(60, state.tries));
    } catch {
      // No answer is asked for again; whether a result is missing shows in the match's health.
    }
    if (signal.aborted) return;
    if (wanted(ref)) this.#later(ref, wait);
    else this.#asking.delete(ref);
  }
}
