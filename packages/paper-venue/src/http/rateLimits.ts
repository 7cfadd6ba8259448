import { NANOS_PER_MS } from "@matchpoint/sdk";

/** Orders and cancels per second and at once. Source: docs.polymarket.com/api-reference/trading-rate-limits, 2026-08. */
export const TIERS = {
  Standard: { order: [40, 60], cancel: [80, 120] },
  Copper: { order: [60, 90], cancel: [120, 180] },
  Bronze: { order: [80, 120], cancel: [160, 240] },
  Silver: { order: [200, 300], cancel: [400, 600] },
  Gold: { order: [400, 600], cancel: [800, 1_200] },
  Platinum: { order: [450, 675], cancel: [900, 1_350] },
  Diamond: { order: [525, 787], cancel: [1_050, 1_575] },
  Elite: { order: [600, 900], cancel: [1_200, 1_800] },
} as const;

export type TierName = keyof typeof TIERS;

interface Bucket {
  tokens: number;
  at: number;
}

/** What a bucket says of a request. */
export interface Allowance {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const NANOS_PER_SECOND = 1_000 * NANOS_PER_MS;

/** A pair of token buckets per signer: one for orders, one for cancels. A batch of N costs N, all or nothing. */
export class RateLimits {
  readonly #tier: TierName | "off";
  readonly #buckets = new Map<string, Bucket>();

  constructor(tier: TierName | "off") {
    this.#tier = tier;
  }

  /**
   * Takes `cost` tokens.
   * @param debt whether the bucket may go below zero, as it may for cancel-all
   */
  take(kind: "order" | "cancel", signer: string, cost: number, at: number, debt = false): Allowance {
    if (this.#tier === "off") return { allowed: true, headers: {} };
    const [rate, burst] = TIERS[this.#tier][kind];
    const key = `${kind}|${signer}`;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / NANOS_PER_SECOND) * rate);
    bucket.at = at;
    const allowed = bucket.tokens >= (debt ? 1 : cost);
    if (allowed) bucket.tokens -= cost;
    const wait = Math.max(0, ((allowed ? 1 : cost) - bucket.tokens) / rate);
    return {
      allowed,
      headers: {
        "poly-ratelimit-remaining": String(Math.max(0, Math.floor(bucket.tokens))),
        "poly-ratelimit-reset": String(Math.ceil(wait)),
        "poly-ratelimit-tier": this.#tier,
        ...(allowed ? {} : { "retry-after": String(Math.ceil(wait)) }),
      },
    };
  }
}
