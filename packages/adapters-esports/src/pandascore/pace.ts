import { NANOS_PER_MS, type Clock } from "@matchpoint/sdk";

const HOUR_MS = 3_600_000;
/** A tenth of the hour's requests is left to others who use the token. */
const SHARE = 0.9;
/** How rarely a match is polled when the hour's requests run out. */
const SPARING_MS = 60_000;

/**
 * One token's requests, shared by all matches: PandaScore allows 1,000 an hour in its smallest plan, and 429 stops everyone
 * who uses the token. With more matches each is polled less often.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #perHour: number;
  #polling = 0;
  #remaining = Infinity;
  #blockedUntil = 0;

  constructor(clock: Clock, perHour: number) {
    this.#clock = clock;
    this.#perHour = perHour;
  }

  /** One more match is polled. */
  join(): void {
    this.#polling += 1;
  }

  leave(): void {
    this.#polling -= 1;
  }

  /** What `X-Rate-Limit-Remaining` says of the hour. */
  note(remaining: string | undefined): void {
    const count = remaining === undefined || remaining === "" ? NaN : Number(remaining);
    if (count >= 0) this.#remaining = count;
  }

  /** Nobody asks for so long. */
  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#now() + ms);
  }

  /** In how many ms a match that wants to be polled every `pollMs` may be polled again. */
  next(pollMs: number): number {
    const fair = (HOUR_MS * this.#polling) / (this.#perHour * SHARE);
    const sparing = this.#remaining < this.#perHour * (1 - SHARE) ? SPARING_MS : 0;
    return Math.max(pollMs, fair, sparing, this.#blockedUntil - this.#now());
  }

  /** For how many ms nobody may ask yet. */
  get blockedMs(): number {
    return Math.max(0, this.#blockedUntil - this.#now());
  }

  #now(): number {
    return this.#clock.monotonic() / NANOS_PER_MS;
  }
}
