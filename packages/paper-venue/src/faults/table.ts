/**
 * Everything that can be made to go wrong, as data. What each stands for was seen on the real venue: docs.polymarket.com
 * (matching engine, error codes) and issues of the official clients.
 * @module
 */

/** What a fault is decided at. */
export type FaultPoint = "http" | "orders" | "settlement" | "user" | "market" | "sports" | "balance";

/** A row of {@link FAULT_TABLE}. */
export interface FaultRow {
  readonly affects: FaultPoint;
  /** What happens, and to what. */
  readonly effect: string;
  /** Numbers and words that it takes beside `count`, `durationMs`, `afterMs`, `probability` and `match`, with their defaults. */
  readonly params: Readonly<Record<string, number | string>>;
}

/** The kinds of faults. */
export const FAULT_TABLE = {
  restart: {
    affects: "orders",
    effect:
      "every order endpoint answers 425 for `durationMs` (90 s), then only post-only orders are taken for `postOnlyMs`",
    params: { postOnlyMs: 120_000 },
  },
  post_only: {
    affects: "orders",
    effect:
      "orders that are not post-only are refused with 503, `post_only_mode` and Retry-After; cancels go through",
    params: {},
  },
  cancel_only: {
    affects: "orders",
    effect: "every order is refused with 503; cancels go through",
    params: {},
  },
  trading_disabled: { affects: "orders", effect: "orders and cancels are refused with 503", params: {} },
  rate_limited: {
    affects: "http",
    effect: "429 with Retry-After and Poly-RateLimit headers, nothing done",
    params: { retryAfter: 1 },
  },
  forbidden_html: { affects: "http", effect: "403 with an HTML page, nothing done", params: {} },
  server_error: {
    affects: "http",
    effect: "a 5xx answer: `when` after, the request was carried out all the same; before, it was not",
    params: { when: "after", status: 500 },
  },
  hang: {
    affects: "http",
    effect: "no answer ever, the connection stays open: `when` after or before the request was carried out",
    params: { when: "after" },
  },
  drop: {
    affects: "http",
    effect: "the connection is cut without an answer: `when` after or before the request was carried out",
    params: { when: "after" },
  },
  delay_reply: {
    affects: "http",
    effect: "the request is carried out at once and answered `delayMs` later: its events come first",
    params: { delayMs: 1_000 },
  },
  success_with_error: {
    affects: "orders",
    effect: "an order is refused with 200, `success: true` and an `errorMsg`",
    params: {
      message:
        "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.",
    },
  },
  ghost_fill: {
    affects: "settlement",
    effect:
      "a matched trade fails on the chain; with `when` adverse only if the price has moved on since the match so that the taker's trade would have won",
    params: { when: "always" },
  },
  clock_skew: {
    affects: "http",
    effect: "the venue's clock, as `/time` tells it, is `ms` ahead; behind when it is negative",
    params: { ms: 5_000 },
  },
  stale_balance: {
    affects: "balance",
    effect:
      "balances stay what they were when the fault was armed, for reads and for taking orders, until `/balance-allowance/update`",
    params: {},
  },
  user_duplicate: { affects: "user", effect: "a frame of the user channel is sent twice", params: {} },
  user_reorder: {
    affects: "user",
    effect: "a frame of the user channel is held back `delayMs`, so that later ones come before it",
    params: { delayMs: 200 },
  },
  user_drop: { affects: "user", effect: "a frame of the user channel is never sent", params: {} },
  user_freeze: {
    affects: "user",
    effect: "user sockets stay open and answer PING, but carry nothing; what was to be sent is lost",
    params: {},
  },
  market_freeze: {
    affects: "market",
    effect: "market sockets stay open and answer PING, but carry nothing; what was to be sent is lost",
    params: {},
  },
  missing_snapshot: { affects: "market", effect: "a subscription is not answered with a book", params: {} },
  missing_ended: {
    affects: "sports",
    effect: "the one frame that says that a match has ended is not sent",
    params: {},
  },
} as const satisfies Readonly<Record<string, FaultRow>>;

/** A kind of fault. */
export type FaultKind = keyof typeof FAULT_TABLE;

/** Whether a text names a kind of fault. */
export function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === "string" && Object.hasOwn(FAULT_TABLE, value);
}
