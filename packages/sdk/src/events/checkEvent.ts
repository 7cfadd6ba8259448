import { MatchpointError } from "../errors.ts";
import {
  anything,
  bool,
  finite,
  int,
  list,
  name,
  object,
  oneOf,
  optional,
  pair,
  record,
  str,
  variants,
  type Check,
  type FieldChecks,
} from "./checks.ts";
import type { Adopted, Adoption } from "./adopt.ts";
import type {
  Capabilities,
  ChainAction,
  ChainReport,
  ExecutionReport,
  Intent,
  OrderReport,
  TradeReport,
} from "./execution.ts";
import type { CoreEvent, CoreEventType } from "./index.ts";
import { CLAIM_LIMITS } from "./limits.ts";
import type { MarketDescription, MarketSubject } from "./market.ts";
import type { GameProgress, MatchClaim, MatchDescription, TeamDescription } from "./match.ts";
import type { AdoptedTrade, Difference, DifferenceKind } from "./reconcile.ts";
import type { Stamped } from "./stamp.ts";
import type { OperatorCommand } from "./system.ts";
import type { MarketTerms } from "./terms.ts";

const amount = int(0);
const anyAmount = int();
const priceLevel = int(0, 10_000);
const outcome = oneOf(0, 1);
const team = outcome;
const side = oneOf("buy", "sell");
const game = int(1, CLAIM_LIMITS.game);
const millis = finite;

const STAMP: FieldChecks<Stamped> = {
  at: int(0),
  receivedAt: millis,
  occurredAt: optional(millis),
  publishedAt: optional(millis),
  ntpOffsetMs: optional(int()),
  venueOffsetMs: optional(int()),
};

/** Flat triples `ladder, price, size`. */
const levels: Check = (value, path) => {
  if (!Array.isArray(value) || value.length % 3 !== 0)
    return `${path}: expected a list of ladder, price, size triples`;
  for (let i = 0; i < value.length; i += 3) {
    const ladder: unknown = value[i];
    const price: unknown = value[i + 1];
    const size: unknown = value[i + 2];
    if (ladder !== 0 && ladder !== 1 && ladder !== 2 && ladder !== 3) return `${path}[${i}]: no ladder`;
    if (!Number.isInteger(price) || (price as number) < 0 || (price as number) > 10_000) {
      return `${path}[${i + 1}]: no price`;
    }
    if (!Number.isSafeInteger(size) || (size as number) < 0) return `${path}[${i + 2}]: no size`;
  }
  return undefined;
};

type Of<T extends { readonly kind: string }, K extends T["kind"]> = Extract<T, { readonly kind: K }>;

const subject = variants("kind", {
  series: object<Of<MarketSubject, "series">>({ kind: name, matchId: name, teamOf: pair(team) }),
  game: object<Of<MarketSubject, "game">>({ kind: name, matchId: name, game, teamOf: pair(team) }),
} satisfies Record<MarketSubject["kind"], Check>);

const fee = object<NonNullable<MarketDescription["fee"]>>({
  ratePpm: int(0, 1_000_000),
  exponent: int(0, 4),
  takerOnly: bool,
});

/** Checks a market's description. */
export const checkMarket: Check = object<MarketDescription>({
  marketId: name,
  title: str,
  outcomes: pair(object<MarketDescription["outcomes"][0]>({ tokenId: name, name: str })),
  subject: optional(subject),
  unproven: optional(str),
  tick: int(1, 10_000),
  minSize: amount,
  fee: optional(fee),
  takerDelayMs: int(0),
  mirrored: bool,
  negRisk: bool,
  acceptingOrders: bool,
  startsAt: optional(millis),
  clearBookOnStart: bool,
  rules: optional(str),
  version: optional(oneOf(2, 3)),
});

const terms = object<MarketTerms>({
  tick: optional(int(1, 10_000)),
  minSize: optional(amount),
  fee: optional(fee),
  takerDelayMs: optional(int(0)),
  negRisk: optional(bool),
  acceptingOrders: optional(bool),
  startsAt: optional(millis),
  clearBookOnStart: optional(bool),
  rules: optional(str),
  version: optional(oneOf(2, 3)),
});

/** Checks a match's description. */
export const checkMatch: Check = object<MatchDescription>({
  matchId: name,
  title: oneOf("lol", "cs2", "dota2", "valorant", "other"),
  teams: pair(object<TeamDescription>({ name: str, aliases: optional(list(str)) })),
  bestOf: game,
  startsAt: optional(millis),
  league: optional(str),
  refs: optional(record(object<{ match: string; teams: unknown }>({ match: str, teams: pair(str) }))),
});

const tally = optional(pair(int(0, CLAIM_LIMITS.tally)));
const progress = object<GameProgress>({
  clockMs: optional(finite),
  score: tally,
  gold: optional(pair(finite)),
  towers: tally,
  kills: tally,
  dragons: tally,
  barons: tally,
  inhibitors: tally,
  alive: tally,
  equipment: optional(pair(finite)),
  round: optional(int(0, CLAIM_LIMITS.round)),
  planted: optional(bool),
  firstSide: optional(team),
});

type Claim<K extends MatchClaim["kind"]> = Of<MatchClaim, K>;
const kind = name;
const claim = variants("kind", {
  series_started: object<Claim<"series_started">>({ kind }),
  series_won: object<Claim<"series_won">>({ kind, winner: team, forfeit: optional(bool) }),
  series_ended: object<Claim<"series_ended">>({ kind }),
  series_score: object<Claim<"series_score">>({ kind, maps: pair(int(0, CLAIM_LIMITS.maps)) }),
  cancelled: object<Claim<"cancelled">>({ kind, reason: oneOf("cancelled", "walkover", "postponed") }),
  game_started: object<Claim<"game_started">>({ kind, game, ref: optional(str) }),
  game_paused: object<Claim<"game_paused">>({ kind, game }),
  game_resumed: object<Claim<"game_resumed">>({ kind, game }),
  game_progress: object<Claim<"game_progress">>({ kind, game, progress }),
  game_won: object<Claim<"game_won">>({ kind, game, winner: team, forfeit: optional(bool) }),
  game_ended: object<Claim<"game_ended">>({ kind, game }),
  retracted: object<Claim<"retracted">>({
    kind,
    game: optional(game),
    reason: oneOf("rollback", "remake", "correction"),
  }),
  source_invalid: object<Claim<"source_invalid">>({ kind }),
  source_valid: object<Claim<"source_valid">>({ kind }),
} satisfies Record<MatchClaim["kind"], Check>);

const TRADES: Readonly<Record<TradeReport["status"], true>> = {
  MATCHED: true,
  MINED: true,
  RETRYING: true,
  CONFIRMED: true,
  FAILED: true,
};
const trade = {
  tradeId: name,
  orderId: name,
  marketId: name,
  outcome,
  side,
  price: priceLevel,
  size: amount,
  cost: amount,
  fee: anyAmount,
  liquidity: oneOf("maker", "taker"),
  status: keyOf(TRADES),
} satisfies FieldChecks<AdoptedTrade>;

type Command<K extends OperatorCommand["kind"]> = Of<OperatorCommand, K>;
const command = variants("kind", {
  halt: object<Command<"halt">>({ kind, marketId: optional(name) }),
  resume: object<Command<"resume">>({ kind, marketId: optional(name) }),
  kill: object<Command<"kill">>({ kind }),
  stop_entries: object<Command<"stop_entries">>({ kind }),
  fact: object<Command<"fact">>({ kind, matchId: name, claim }),
  adopt: object<Command<"adopt">>({
    kind,
    trades: list(object<AdoptedTrade>(trade)),
    collateral: optional(anyAmount),
  }),
  note: object<Command<"note">>({ kind, text: str }),
} satisfies Record<OperatorCommand["kind"], Check>);

const orderType = oneOf("FAK", "FOK", "GTC", "GTD");
const intent = object<Intent>({
  intentId: name,
  strategyId: name,
  marketId: name,
  outcome,
  side,
  orderType,
  postOnly: bool,
  limit: priceLevel,
  size: amount,
  spend: optional(amount),
  expiresAt: optional(int()),
  purpose: oneOf("entry", "exit", "hedge"),
  reason: str,
  edge: optional(finite),
});
const action = object<ChainAction>({
  actionId: name,
  kind: oneOf("merge", "split", "redeem"),
  marketId: name,
  amounts: pair(amount),
});
type Adopt<K extends Adoption["kind"]> = Of<Adoption, K>;
const adoption = variants("kind", {
  account: object<Adopt<"account">>({ kind, runId: name, lines: amount, state: anything }),
  order: object<Adopt<"order">>({
    kind,
    orderId: name,
    marketId: name,
    outcome,
    side,
    price: priceLevel,
    size: amount,
    matched: amount,
  }),
  trade: object<Adopt<"trade">>({ kind, trade: object<AdoptedTrade>(trade) }),
  position: object<Adopt<"position">>({ kind, marketId: name, outcome, shares: anyAmount, cost: amount }),
  cash: object<Adopt<"cash">>({ kind, amount: anyAmount }),
  complete: object<Adopt<"complete">>({ kind }),
} satisfies Record<Adoption["kind"], Check>);
const REASONS: Readonly<Record<Adopted["reason"], true>> = { restart: true, rounding: true, operator: true };

type Event<K extends CoreEventType> = Extract<CoreEvent, { readonly type: K }>;
type Fields<K extends CoreEventType> = Omit<FieldChecks<Event<K>>, keyof Stamped | "type">;

/** The check of one event: its own fields beside the stamp. */
function event<K extends CoreEventType>(fields: Fields<K>): Check {
  return object<Event<K>>({ type: name, ...STAMP, ...fields } as unknown as FieldChecks<Event<K>>);
}

const ORDER_REPORTS: Readonly<Record<OrderReport["status"], true>> = {
  sent: true,
  live: true,
  matched: true,
  delayed: true,
  unmatched: true,
  rejected: true,
  unknown: true,
  canceled: true,
  cancel_refused: true,
  expired: true,
  invalid: true,
  absent: true,
};
const REJECTS: Readonly<Record<NonNullable<OrderReport["code"]>, true>> = {
  BALANCE: true,
  ALLOWANCE: true,
  TICK: true,
  MIN_SIZE: true,
  PRECISION: true,
  POST_ONLY_CROSSES: true,
  FOK_NOT_FILLED: true,
  FAK_NO_MATCH: true,
  EXPIRATION: true,
  DUPLICATE: true,
  MARKET_CLOSED: true,
  VENUE_MODE: true,
  RATE_LIMITED: true,
  AUTH: true,
  OTHER: true,
};
const CHAIN: Readonly<Record<ChainReport["status"], true>> = {
  SENT: true,
  MINED: true,
  FINAL: true,
  REVERTED: true,
  UNKNOWN: true,
};
type VenueMode = Extract<ExecutionReport, { readonly type: "venue_mode" }>["mode"];
const DIFFERENCES: Readonly<Record<DifferenceKind, true>> = {
  position: true,
  settled: true,
  cash: true,
  missed_trade: true,
  matched_amount: true,
  missing_order: true,
  ended_order: true,
  foreign_order: true,
  foreign_trade: true,
  chain_position: true,
  chain_cash: true,
  unanswered: true,
};
const MODES: Readonly<Record<VenueMode, true>> = {
  OPEN: true,
  POST_ONLY: true,
  CANCEL_ONLY: true,
  RESTARTING: true,
  DOWN: true,
};

function keyOf(table: Readonly<Record<string, true>>): Check {
  return oneOf(...Object.keys(table));
}

const EVENTS: Readonly<Record<CoreEventType, Check>> = {
  run_started: event<"run_started">({
    runId: name,
    mode: oneOf("paper", "live"),
    seed: int(),
    recovers: optional(name),
    account: optional(str),
    capabilities: object<Capabilities>({
      orderTypes: list(orderType),
      postOnly: bool,
      merge: bool,
      split: bool,
    }),
    config: anything,
    strategies: list(
      object<Event<"run_started">["strategies"][0]>({
        id: name,
        use: str,
        params: anything,
        markets: optional(anything),
      }),
    ),
  }),
  run_stopping: event<"run_stopping">({ reason: str }),
  timer: event<"timer">({ timerId: name }),
  operator: event<"operator">({ operator: str, command }),
  frame_quarantined: event<"frame_quarantined">({
    feed: str,
    reason: str,
    sample: str,
    marketId: optional(name),
  }),
  feed_redundancy: event<"feed_redundancy">({
    feed: str,
    state: oneOf("degraded", "restored"),
    reason: str,
  }),
  queue_pressure: event<"queue_pressure">({
    topic: str,
    marketId: optional(name),
    dropped: amount,
    halted: bool,
  }),
  reconciled: event<"reconciled">({
    marketId: optional(name),
    agrees: bool,
    differences: list(
      object<Difference>({
        kind: keyOf(DIFFERENCES),
        marketId: optional(name),
        outcome: optional(outcome),
        orderId: optional(name),
        tradeId: optional(name),
        expected: anyAmount,
        actual: anyAmount,
      }),
    ),
  }),
  market_listed: event<"market_listed">({ market: checkMarket }),
  terms_changed: event<"terms_changed">({ marketId: name, terms, source: name }),
  terms_continuity: event<"terms_continuity">({
    marketId: name,
    state: oneOf("stale", "read"),
    reason: str,
  }),
  book_snapshot: event<"book_snapshot">({ marketId: name, outcome, levels, synthetic: bool }),
  book_delta: event<"book_delta">({
    marketId: name,
    levels,
    bestBid: int(-1, 10_000),
    bestAsk: int(-1, 10_000),
  }),
  best_quote: event<"best_quote">({ marketId: name, bestBid: priceLevel, bestAsk: priceLevel }),
  market_trade: event<"market_trade">({ marketId: name, outcome, side, price: priceLevel, size: amount }),
  tick_size_changed: event<"tick_size_changed">({ marketId: name, tick: int(1, 10_000) }),
  book_continuity: event<"book_continuity">({
    marketId: name,
    state: oneOf("gap", "stale", "disconnected", "resynced"),
    reason: str,
  }),
  market_resolved_hint: event<"market_resolved_hint">({ marketId: name, winner: outcome }),
  market_resolution: event<"market_resolution">({
    marketId: name,
    payouts: pair(int(0, 1_000_000)),
    source: str,
  }),
  match_listed: event<"match_listed">({ match: checkMatch }),
  match_claim: event<"match_claim">({
    matchId: name,
    source: name,
    tier: oneOf("A", "B", "C"),
    upstream: str,
    ref: optional(str),
    replayed: optional(bool),
    claim,
  }),
  source_health: event<"source_health">({
    source: name,
    matchId: optional(name),
    health: oneOf("down", "connecting", "replaying", "live", "stale", "invalid"),
    reason: str,
  }),
  order_prepared: event<"order_prepared">({
    intentId: name,
    orderId: name,
    intent: optional(intent),
    posture: optional(oneOf("pair", "directional")),
  }),
  order_report: event<"order_report">({
    orderId: name,
    status: keyOf(ORDER_REPORTS),
    code: optional(keyOf(REJECTS)),
    detail: optional(str),
  }),
  trade_report: event<"trade_report">(trade),
  chain_report: event<"chain_report">({
    actionId: name,
    status: keyOf(CHAIN),
    proceeds: optional(anyAmount),
    detail: optional(str),
  }),
  balance_report: event<"balance_report">({ collateral: anyAmount }),
  venue_mode: event<"venue_mode">({ mode: keyOf(MODES), detail: str }),
  adopted: event<"adopted">({ reason: keyOf(REASONS), evidence: str, what: adoption }),
  chain_requested: event<"chain_requested">({ action }),
};

const anyEvent = variants("type", EVENTS);

/** Tells what keeps a value from being an event; `undefined` when it is one. */
export function eventProblem(value: unknown): string | undefined {
  return anyEvent(value, "event");
}

/**
 * Takes data from outside as an event.
 * @throws {@link MatchpointError} `EVENT_INVALID` with the path of the first fault
 */
export function checkEvent(value: unknown, where?: string): CoreEvent {
  const problem = anyEvent(value, "event");
  if (problem !== undefined) {
    throw new MatchpointError("EVENT_INVALID", problem, where === undefined ? {} : { where });
  }
  return value as CoreEvent;
}
