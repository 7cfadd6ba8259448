import { NANOS_PER_MS, type Clock } from "@matchpoint/sdk";
import type { HttpExchange } from "./answer.ts";
import {
  heedHeaders,
  newRateState,
  RATE_TIERS,
  takeTokens,
  type RateState,
  type RateTier,
  type RateUse,
} from "./buckets.ts";

/** Longest time that a `Retry-After` is heeded for; a wrong one must not silence us for a day. */
const LONGEST_HOLD_MS = 60_000;

/** Keeps within the venue's limits: orders that find no token are refused at once, cancels wait. */
export class Limiter {
  readonly #clock: Clock;
  readonly #cancelWaitMs: number;
  readonly #onTier: (tier: RateTier) => void;
  #state: RateState;
  /** Nothing of a kind is sent before these times, after a 429. */
  readonly #hold = { order: 0, cancel: 0 };

  /** @param onTier - told when the venue states another tier than was known */
  constructor(tier: RateTier, clock: Clock, cancelWaitMs: number, onTier: (tier: RateTier) => void) {
    this.#onTier = onTier;
    this.#clock = clock;
    this.#cancelWaitMs = cancelWaitMs;
    this.#state = newRateState(tier, clock.monotonic());
  }

  get tier(): RateTier {
    return this.#state.tier;
  }

  /** Cancels that one request can hold at most. */
  get cancelBurst(): number {
    return RATE_TIERS[this.#state.tier].cancel.burst;
  }

  /** Takes tokens for new orders while `open` may rest; a text says why there are none. */
  orders(count: number, open: number): string | undefined {
    const now = this.#clock.monotonic();
    if (now < this.#hold.order)
      return `the venue asked to wait another ${Math.ceil((this.#hold.order - now) / NANOS_PER_MS)} ms`;
    const verdict = takeTokens(this.#state, { kind: "order", count, open }, now);
    this.#state = verdict.state;
    if (verdict.ok) return undefined;
    const when = verdict.wait === undefined ? "never" : `in ${Math.ceil(verdict.wait / NANOS_PER_MS)} ms`;
    const why = verdict.why === "order" ? "no token is left" : "the tokens left are kept for cancels";
    return `${why}; ${when}`;
  }

  /** Waits for tokens to cancel with; a text says that there were none in time. */
  async cancels(use: Exclude<RateUse, { kind: "order" }>): Promise<string | undefined> {
    const until = this.#clock.monotonic() + this.#cancelWaitMs * NANOS_PER_MS;
    for (;;) {
      const now = this.#clock.monotonic();
      let wait: number = this.#hold.cancel - now;
      if (wait <= 0) {
        const verdict = takeTokens(this.#state, use, now);
        this.#state = verdict.state;
        if (verdict.ok) return undefined;
        wait = verdict.wait ?? Infinity;
      }
      if (now + wait > until) return `no token within ${this.#cancelWaitMs} ms: not sent`;
      await this.#pause(Math.max(1, Math.ceil(wait / NANOS_PER_MS)));
    }
  }

  /** Takes over what an answer says about the limits. */
  heed(kind: "order" | "cancel", exchange: HttpExchange): void {
    if ("failed" in exchange) return;
    const now = this.#clock.monotonic();
    const limited = exchange.status === 429;
    const { tier } = this.#state;
    this.#state = heedHeaders(this.#state, kind, exchange.headers, limited, now);
    if (this.#state.tier !== tier) this.#onTier(this.#state.tier);
    if (!limited) return;
    for (const [name, value] of Object.entries(exchange.headers)) {
      if (name.toLowerCase() !== "retry-after" || !/^\d{1,5}$/.test(value)) continue;
      const ms = Math.min(Number(value) * 1_000, LONGEST_HOLD_MS);
      this.#hold[kind] = Math.max(this.#hold[kind], now + ms * NANOS_PER_MS);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}
