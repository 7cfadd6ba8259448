import type { RejectCode } from "../events/index.ts";

/** What trips the breaker of a market; 0: nothing of that kind does. */
export interface BreakerLimits {
  readonly maxConsecutiveRejects: number;
  readonly maxCancelFailures: number;
}

/**
 * Refusals that are no fault: an order that was to match at once and found nothing, or one that was to rest and found the market moved.
 * They neither count nor end a row of those that do.
 */
export const BENIGN_REJECTS: ReadonlySet<RejectCode | undefined> = new Set<RejectCode | undefined>([
  "FAK_NO_MATCH",
  "FOK_NOT_FILLED",
  "POST_ONLY_CROSSES",
]);

/** Rows of failures of one market; as plain JSON. */
export interface BreakerCounts {
  readonly rejects: number;
  readonly cancelFailures: number;
}

/** Counts what fails in a row in one market. Each method that can trip says why, or nothing. */
export class MarketBreaker {
  readonly #limits: BreakerLimits;
  #rejects: number;
  #cancelFailures: number;

  constructor(limits: BreakerLimits, counts: BreakerCounts = { rejects: 0, cancelFailures: 0 }) {
    this.#limits = limits;
    this.#rejects = counts.rejects;
    this.#cancelFailures = counts.cancelFailures;
  }

  get counts(): BreakerCounts {
    return { rejects: this.#rejects, cancelFailures: this.#cancelFailures };
  }

  /** The venue refused an order. */
  rejected(code: RejectCode | undefined, detail: string | undefined): string | undefined {
    if (BENIGN_REJECTS.has(code)) return undefined;
    this.#rejects += 1;
    const most = this.#limits.maxConsecutiveRejects;
    if (most === 0 || this.#rejects < most) return undefined;
    const words = detail === undefined || detail === "" ? "" : `: ${detail.slice(0, 120)}`;
    return `${this.#rejects} orders rejected in a row, the last with ${code ?? "OTHER"}${words}`;
  }

  /** The venue took an order. */
  accepted(): void {
    this.#rejects = 0;
  }

  /** A cancel was refused and the order lives on, or nobody knows what became of both. */
  cancelFailed(detail: string | undefined): string | undefined {
    this.#cancelFailures += 1;
    const most = this.#limits.maxCancelFailures;
    if (most === 0 || this.#cancelFailures < most) return undefined;
    const words = detail === undefined || detail === "" ? "" : `: ${detail.slice(0, 120)}`;
    return `${this.#cancelFailures} cancels failed in a row${words}`;
  }

  /** An order was cancelled. */
  canceled(): void {
    this.#cancelFailures = 0;
  }

  clear(): void {
    this.#rejects = 0;
    this.#cancelFailures = 0;
  }
}
