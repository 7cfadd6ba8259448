/**
 * Token buckets of one signer, as the venue keeps them: one for orders, one for cancels. A pure state: time comes with each
 * call. Source: docs.polymarket.com/api-reference/trading-rate-limits as of 2026-08.
 * @module
 */
import { MatchpointError, type Nanos } from "@matchpoint/sdk";

/** Tokens a second and tokens at most. */
export interface BucketSize {
  readonly rate: number;
  readonly burst: number;
}

/** What each tier may do; the tier is stated in the header `Poly-RateLimit-Tier`. */
export const RATE_TIERS = {
  standard: { order: { rate: 40, burst: 60 }, cancel: { rate: 80, burst: 120 } },
  copper: { order: { rate: 60, burst: 90 }, cancel: { rate: 120, burst: 180 } },
  bronze: { order: { rate: 80, burst: 120 }, cancel: { rate: 160, burst: 240 } },
  silver: { order: { rate: 200, burst: 300 }, cancel: { rate: 400, burst: 600 } },
  gold: { order: { rate: 400, burst: 600 }, cancel: { rate: 800, burst: 1_200 } },
  platinum: { order: { rate: 450, burst: 675 }, cancel: { rate: 900, burst: 1_350 } },
  diamond: { order: { rate: 525, burst: 787 }, cancel: { rate: 1_050, burst: 1_575 } },
  elite: { order: { rate: 600, burst: 900 }, cancel: { rate: 1_200, burst: 1_800 } },
} as const satisfies Record<string, { readonly order: BucketSize; readonly cancel: BucketSize }>;

/** A name of {@link RATE_TIERS}. */
export type RateTier = keyof typeof RATE_TIERS;

/** Billionths of a token, so that a rate per second times nanoseconds is exact. */
const TOKEN = 1_000_000_000;

/** Both buckets at a time. Levels are in billionths of a token; that of cancels may be negative after a cancel-all. */
export interface RateState {
  readonly tier: RateTier;
  readonly at: Nanos;
  readonly order: number;
  readonly cancel: number;
}

/** What is to be sent. */
export type RateUse =
  /** New orders: a batch of N costs N, all or nothing. `open` is how many of ours may rest already. */
  | { readonly kind: "order"; readonly count: number; readonly open: number }
  | { readonly kind: "cancel"; readonly count: number }
  /** Costs one, and one for each order that it hits. */
  | { readonly kind: "cancel_all"; readonly open: number };

/** Whether it may be sent now; if not, in how many nanoseconds, or never (`undefined`: more than the bucket holds). */
export type RateVerdict =
  | { readonly ok: true; readonly state: RateState }
  | {
      readonly ok: false;
      readonly state: RateState;
      readonly wait: Nanos | undefined;
      readonly why: "order" | "cancel" | "cancel_reserve";
    };

/** Full buckets of a tier. */
export function newRateState(tier: RateTier, at: Nanos): RateState {
  const { order, cancel } = RATE_TIERS[tier];
  return { tier, at, order: order.burst * TOKEN, cancel: cancel.burst * TOKEN };
}

/**
 * Takes tokens. New orders stop first: they are refused when afterwards the cancel bucket would not hold a token for every
 * order that may rest and one more for the cancel itself (at most the whole bucket).
 *
 * @example
 * ```ts
 * import { newRateState, takeTokens } from "@matchpoint/adapters-polymarket";
 * import type { Nanos } from "@matchpoint/sdk";
 *
 * const verdict = takeTokens(newRateState("standard", 0 as Nanos), { kind: "order", count: 15, open: 0 }, 0 as Nanos);
 * if (!verdict.ok) console.log(`wait ${verdict.wait ?? "for ever"} ns: ${verdict.why}`);
 * ```
 *
 * @throws `MatchpointError` `UNIT_INVALID` when a count is not a whole number
 */
export function takeTokens(before: RateState, use: RateUse, now: Nanos): RateVerdict {
  const state = refilled(before, now);
  const sizes = RATE_TIERS[state.tier];
  if (use.kind === "order") {
    const cost = whole(use.count) * TOKEN;
    const reserve = Math.min(whole(use.open) + use.count + 1, sizes.cancel.burst) * TOKEN;
    const forOrder = waitFor(cost - state.order, cost, sizes.order);
    const forCancel = waitFor(reserve - state.cancel, reserve, sizes.cancel);
    if (forOrder === 0 && forCancel === 0)
      return { ok: true, state: { ...state, order: state.order - cost } };
    const wait =
      forOrder === undefined || forCancel === undefined
        ? undefined
        : (Math.max(forOrder, forCancel) as Nanos);
    return { ok: false, state, wait, why: forOrder === 0 ? "cancel_reserve" : "order" };
  }
  if (use.kind === "cancel_all") {
    // The way out is always open: it may leave the bucket in debt, as the venue's own does.
    const cost = (whole(use.open) + 1) * TOKEN;
    const wait = waitFor(TOKEN - state.cancel, TOKEN, sizes.cancel);
    return wait === 0
      ? { ok: true, state: { ...state, cancel: state.cancel - cost } }
      : { ok: false, state, wait, why: "cancel" };
  }
  const cost = whole(use.count) * TOKEN;
  const wait = waitFor(cost - state.cancel, cost, sizes.cancel);
  return wait === 0
    ? { ok: true, state: { ...state, cancel: state.cancel - cost } }
    : { ok: false, state, wait, why: "cancel" };
}

/** Takes over what the venue's headers say: another tier, fewer tokens left than we thought, a 429. Never adds tokens. */
export function heedHeaders(
  before: RateState,
  kind: "order" | "cancel",
  headers: Readonly<Record<string, string>>,
  limited: boolean,
  now: Nanos,
): RateState {
  let state = refilled(before, now);
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const tier = lower.get("poly-ratelimit-tier")?.toLowerCase();
  if (tier !== undefined && Object.hasOwn(RATE_TIERS, tier) && tier !== state.tier) {
    const { order, cancel } = RATE_TIERS[tier as RateTier];
    state = {
      ...state,
      tier: tier as RateTier,
      order: Math.min(state.order, order.burst * TOKEN),
      cancel: Math.min(state.cancel, cancel.burst * TOKEN),
    };
  }
  const stated = lower.get("poly-ratelimit-remaining");
  const remaining = limited
    ? 0
    : stated !== undefined && /^-?\d{1,6}$/.test(stated)
      ? Number(stated)
      : undefined;
  if (remaining === undefined) return state;
  return { ...state, [kind]: Math.min(state[kind], remaining * TOKEN) };
}

function refilled(state: RateState, now: Nanos): RateState {
  const elapsed = now - state.at;
  if (!(elapsed > 0)) return state;
  const { order, cancel } = RATE_TIERS[state.tier];
  return {
    ...state,
    at: now,
    order: fill(state.order, elapsed, order),
    cancel: fill(state.cancel, elapsed, cancel),
  };
}

function fill(level: number, elapsed: number, { rate, burst }: BucketSize): number {
  const missing = burst * TOKEN - level;
  return elapsed >= missing / rate ? burst * TOKEN : level + elapsed * rate;
}

function waitFor(missing: number, needed: number, { rate, burst }: BucketSize): Nanos | undefined {
  if (needed > burst * TOKEN) return undefined;
  return (missing <= 0 ? 0 : Math.ceil(missing / rate)) as Nanos;
}

function whole(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0 && count <= 1_000_000) return count;
  throw new MatchpointError("UNIT_INVALID", `${count} is not a count of orders`);
}
