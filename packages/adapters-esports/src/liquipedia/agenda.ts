import type { MatchDescription, Millis } from "@matchpoint/sdk";
import type { LiquipediaStatus } from "./decoderApi.ts";

/** When a match is read; all in ms. */
export interface AgendaOptions {
  /** Between two reads while a result is awaited. */
  readonly pollMs: number;
  /** How long after its start nothing can be confirmed yet. */
  readonly quietMs: number;
  /** Waits after a result was entered, after which it is read again for corrections. */
  readonly rereadMs: readonly number[];
}

/** A result that is awaited for longer is not entered soon. */
const LATE_MS = 12 * 3_600_000;
const LATE_POLL_MS = 3_600_000;

/**
 * When one match is read next: once at the beginning, which shows whether it is there; then from when it may be over, every
 * few minutes until it has a result; then twice more, because editors correct what they entered.
 */
export class Agenda {
  readonly #match: MatchDescription;
  readonly #options: AgendaOptions;
  #revision = 0;
  #settledAt: Millis | undefined;
  #reread = 0;
  #firstAt: Millis | undefined;
  /** Wall time of the next read; `undefined` when it needs none. */
  dueAt: Millis | undefined;

  constructor(match: MatchDescription, options: AgendaOptions, now: Millis) {
    this.#match = match;
    this.#options = options;
    this.dueAt = now;
  }

  /** It was read, with what is known of it now. */
  read(now: Millis, status: LiquipediaStatus): void {
    this.#firstAt ??= now;
    if (!status.settled) {
      this.#settledAt = undefined;
      this.#revision = status.revision;
      this.dueAt = this.#await(now);
      return;
    }
    if (this.#settledAt === undefined || status.revision !== this.#revision) {
      this.#settledAt = now;
      this.#revision = status.revision;
      this.#reread = 0;
    } else this.#reread += 1;
    const wait = this.#options.rereadMs[this.#reread];
    this.dueAt = wait === undefined ? undefined : at(this.#settledAt, wait);
  }

  /** A read failed. */
  retry(now: Millis, afterMs: number): void {
    this.dueAt = at(now, afterMs);
  }

  #await(now: Millis): Millis {
    const { pollMs, quietMs } = this.#options;
    const start = this.#match.startsAt;
    if (start !== undefined && now < start + quietMs) return at(start, quietMs);
    const since = start ?? this.#firstAt ?? now;
    return at(now, now - since > LATE_MS ? Math.max(pollMs, LATE_POLL_MS) : pollMs);
  }
}

function at(from: Millis, ms: number): Millis {
  return (from + ms) as Millis;
}
