/** Tokens a second and tokens at most. */
interface BucketSize {
  readonly rate: number;
  readonly burst: number;
}

/**
 * What the venue's tiers let an account do: order and cancel requests a second, and at once. Source:
 * docs.polymarket.com/api-reference/trading-rate-limits as of 2026-08; a new account is `standard`.
 */
export const PAPER_RATE_TIERS = {
  standard: { order: { rate: 40, burst: 60 }, cancel: { rate: 80, burst: 120 } },
  copper: { order: { rate: 60, burst: 90 }, cancel: { rate: 120, burst: 180 } },
  bronze: { order: { rate: 80, burst: 120 }, cancel: { rate: 160, burst: 240 } },
  silver: { order: { rate: 200, burst: 300 }, cancel: { rate: 400, burst: 600 } },
  gold: { order: { rate: 400, burst: 600 }, cancel: { rate: 800, burst: 1_200 } },
  platinum: { order: { rate: 450, burst: 675 }, cancel: { rate: 900, burst: 1_350 } },
  diamond: { order: { rate: 525, burst: 787 }, cancel: { rate: 1_050, burst: 1_575 } },
  elite: { order: { rate: 600, burst: 900 }, cancel: { rate: 1_200, burst: 1_800 } },
} as const satisfies Record<string, { readonly order: BucketSize; readonly cancel: BucketSize }>;

/** A name of {@link PAPER_RATE_TIERS}, or no limits. */
export type PaperRateLimit = keyof typeof PAPER_RATE_TIERS | "off";

/** Billionths of a token: a rate per second times nanoseconds is exact. */
const TOKEN = 1_000_000_000;

/** What an account's buckets lacked when they were last looked at, in billionths of a token. Plain JSON. */
export interface BucketState {
  at: number;
  order: number;
  cancel: number;
}

/** Full buckets. */
export function fullBuckets(): BucketState {
  return { at: 0, order: 0, cancel: 0 };
}

/** Takes a token for an order or a cancel that reaches the venue at `now`; returns whether there was one. */
export function takeToken(
  state: BucketState,
  kind: "order" | "cancel",
  tier: PaperRateLimit,
  now: number,
): boolean {
  if (tier === "off") return true;
  const sizes = PAPER_RATE_TIERS[tier];
  const elapsed = Math.max(0, now - state.at);
  state.at = Math.max(state.at, now);
  for (const each of ["order", "cancel"] as const) {
    const lacking = state[each];
    // What is full is not computed: a long time times a rate leaves the range of exact integers.
    state[each] = elapsed >= lacking / sizes[each].rate ? 0 : lacking - elapsed * sizes[each].rate;
  }
  if (state[kind] + TOKEN > sizes[kind].burst * TOKEN) return false;
  state[kind] += TOKEN;
  return true;
}
