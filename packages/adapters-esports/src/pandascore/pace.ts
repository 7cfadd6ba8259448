import { NANOS_PER_MS, type Clock } from "@matchpoint/sdk";

const HOUR_MS = 3_600_000;
/** A tenth of the hour's requests is left to others who use the token. */
const SHARE = 0.9;
/** How rarely a match is polled when the hour's requests run out. */
const SPARING_MS = 60_000;

/**
 * One token's requests, shared by all who ask with it: PandaScore allows 1,000 an hour in its smallest plan, and 429 stops
 * everyone. When more is wanted than the hour has, all are slowed down alike: who asks rarely takes little from the others.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #perHour: number;
  /** How often each wants to ask, in ms. */
  readonly #wanted = new Map<object, number>();
  #remaining = Infinity;
  #blockedUntil = 0;

  constructor(clock: Clock, perHour: number) {
    this.#clock = clock;
    this.#perHour = perHour;
  }

  /** One more asks, every `wantedMs` if it can. */
  join(who: object, wantedMs: number): void {
    this.#wanted.set(who, wantedMs);
  }

  leave(who: object): void {
    this.#wanted.delete(who);
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

  /** In how many ms somebody may ask again who wants to every `wantedMs` from now on. */
  next(who: object, wantedMs: number): number {
    this.#wanted.set(who, wantedMs);
    let perHour = 0;
    for (const each of this.#wanted.values()) perHour += HOUR_MS / each;
    const slower = Math.max(1, perHour / (this.#perHour * SHARE));
    const sparing = this.#remaining < this.#perHour * (1 - SHARE) ? SPARING_MS : 0;
    return Math.max(wantedMs * slower, sparing, this.#blockedUntil - this.#now());
  }

  /** For how many ms nobody may ask yet. */
  get blockedMs(): number {
    return Math.max(0, this.#blockedUntil - this.#now());
  }

  #now(): number {
    return this.#clock.monotonic() / NANOS_PER_MS;
  }
}
