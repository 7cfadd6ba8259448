import { MatchpointError } from "../errors.ts";
import {
  anything,
  bool,
  int,
  list,
  name,
  object,
  oneOf,
  optional,
  pair,
  str,
  variants,
  type Check,
  type FieldChecks,
} from "./checks.ts";
import {
  CHAIN,
  checkAction,
  checkAdoption,
  checkIntent,
  checkNote,
  MODES,
  OWN_CHANNEL,
  ORDER_REPORTS,
  orderType,
  REASONS,
  REJECTS,
  trade,
} from "./checkExecution.ts";
import {
  amount,
  anyAmount,
  keyOf,
  kind,
  levels,
  millis,
  outcome,
  priceLevel,
  side,
  type Of,
} from "./checkFields.ts";
import { checkMarket, checkTerms } from "./checkMarket.ts";
import { checkAsked } from "./checkIsolation.ts";
import { checkClaim, checkMatch } from "./checkMatch.ts";
import type { Capabilities } from "./execution.ts";
import type { CoreEvent, CoreEventType } from "./index.ts";
import type { AdoptedTrade, ChainAllowance, ChainLook, Difference, DifferenceKind } from "./reconcile.ts";
import type { Stamped } from "./stamp.ts";
import type { OperatorCommand } from "./system.ts";

const STAMP: FieldChecks<Stamped> = {
  at: int(0),
  receivedAt: millis,
  occurredAt: optional(millis),
  publishedAt: optional(millis),
  ntpOffsetMs: optional(int()),
  venueOffsetMs: optional(int()),
};

type Command<K extends OperatorCommand["kind"]> = Of<OperatorCommand, K>;
const command = variants("kind", {
  halt: object<Command<"halt">>({ kind, marketId: optional(name), reason: optional(str) }),
  resume: object<Command<"resume">>({
    kind,
    marketId: optional(name),
    strategyId: optional(name),
    reason: optional(str),
  }),
  kill: object<Command<"kill">>({ kind, reason: optional(str), givenAt: optional(millis) }),
  stop_entries: object<Command<"stop_entries">>({ kind, reason: optional(str) }),
  fact: object<Command<"fact">>({ kind, matchId: name, claim: checkClaim }),
  adopt: object<Command<"adopt">>({
    kind,
    trades: list(object<AdoptedTrade>(trade)),
    collateral: optional(anyAmount),
  }),
  note: object<Command<"note">>({ kind, text: str }),
} satisfies Record<OperatorCommand["kind"], Check>);

type Event<K extends CoreEventType> = Extract<CoreEvent, { readonly type: K }>;
type Fields<K extends CoreEventType> = Omit<FieldChecks<Event<K>>, keyof Stamped | "type">;

/** The check of one event: its own fields beside the stamp. */
function event<K extends CoreEventType>(fields: Fields<K>): Check {
  return object<Event<K>>({ type: name, ...STAMP, ...fields } as unknown as FieldChecks<Event<K>>);
}

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
const EVENTS: Readonly<Record<CoreEventType, Check>> = {
  run_started: event<"run_started">({
    runId: name,
    mode: oneOf("paper", "live"),
    seed: int(),
    recovers: optional(name),
    account: optional(str),
    build: optional(str),
    capabilities: object<Capabilities>({
      orderTypes: list(orderType),
      postOnly: bool,
      merge: bool,
      split: bool,
      cancelBurst: optional(int(2)),
    }),
    config: anything,
    strategies: list(
      object<Event<"run_started">["strategies"][0]>({
        id: name,
        use: str,
        params: anything,
        markets: optional(anything),
        isolation: optional(oneOf("worker")),
      }),
    ),
  }),
  strategy_reply: event<"strategy_reply">({
    strategyId: name,
    marketId: optional(name),
    actions: list(checkAsked),
    failed: optional(str),
  }),
  run_stopping: event<"run_stopping">({ reason: str }),
  run_stopped: event<"run_stopped">({ clean: bool, openOrders: amount }),
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
  loop_stalled: event<"loop_stalled">({ stalledMs: amount, reachedAt: optional(amount) }),
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
    chain: optional(
      object<ChainLook>({
        silent: optional(str),
        finalAgeMs: optional(amount),
        allowance: optional(object<ChainAllowance>({ dollars: amount, noShares: list(str) })),
      }),
    ),
  }),
  market_listed: event<"market_listed">({ market: checkMarket }),
  terms_changed: event<"terms_changed">({ marketId: name, terms: checkTerms, source: name }),
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
    claim: checkClaim,
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
    intent: optional(checkIntent),
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
  venue_limits: event<"venue_limits">({ cancelBurst: int(2), detail: str }),
  own_channel: event<"own_channel">({ state: keyOf(OWN_CHANNEL), detail: str }),
  adopted: event<"adopted">({ reason: keyOf(REASONS), evidence: str, what: checkAdoption }),
  chain_requested: event<"chain_requested">({ action: checkAction }),
  risk_noted: event<"risk_noted">({ note: checkNote }),
  snapshot_taken: event<"snapshot_taken">({ lines: int(1), digest: name }),
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
