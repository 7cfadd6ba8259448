import type { HttpResponse } from "@matchpoint/sdk";
import { Backoff } from "./attempts.ts";

/** What an answer that is no success asks of a client. */
export interface Refusal {
  /** How long not to ask again. */
  readonly waitMs: number;
  readonly reason: string;
  /** The key itself is refused: asking again is of no use. */
  readonly fatal: boolean;
}

const RATE_LIMITED_MS = 60_000;
const RATE_LIMITED_LIMIT_MS = 3_600_000;
const BLOCKED_MS = 600_000;
const BLOCKED_LIMIT_MS = 12 * 3_600_000;
const FAILED_LIMIT_MS = 120_000;

/**
 * How long to leave a polled server alone. 429 waits a minute or as long as the server says, 403 ten minutes (who goes on after
 * a 429 is blocked, at Valve for up to two days), a failure as long as a poll; each doubles while it lasts.
 */
export class Politeness {
  readonly #rateLimited = new Backoff(RATE_LIMITED_MS, RATE_LIMITED_LIMIT_MS);
  readonly #blocked = new Backoff(BLOCKED_MS, BLOCKED_LIMIT_MS);
  readonly #failed: Backoff;
  readonly #name: string;

  constructor(name: string, pollMs: number) {
    this.#name = name;
    this.#failed = new Backoff(pollMs, Math.max(pollMs, FAILED_LIMIT_MS));
  }

  succeeded(): void {
    this.#rateLimited.reset();
    this.#blocked.reset();
    this.#failed.reset();
  }

  /** No answer came. */
  failed(reason: string): Refusal {
    return { waitMs: this.#failed.next(), reason, fatal: false };
  }

  refused(answer: HttpResponse): Refusal {
    switch (answer.status) {
      case 401:
        return { waitMs: BLOCKED_LIMIT_MS, reason: `${this.#name} refused the key (HTTP 401)`, fatal: true };
      case 403: {
        const reason = `${this.#name} answers HTTP 403: the key is wrong, or blocked after too many requests`;
        return { waitMs: this.#blocked.next(), reason, fatal: false };
      }
      case 429: {
        const seconds = Number(answer.headers["retry-after"]);
        const said = seconds > 0 && seconds <= 86_400 ? seconds * 1000 : 0;
        const reason = `${this.#name} answers HTTP 429: too many requests`;
        return { waitMs: Math.max(said, this.#rateLimited.next()), reason, fatal: false };
      }
      default:
        return this.failed(`${this.#name} answers HTTP ${answer.status}`);
    }
  }
}
