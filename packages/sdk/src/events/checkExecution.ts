/** Checks of orders, trades, chain actions and what is adopted. @module */
import {
  anything,
  bool,
  finite,
  int,
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
import { amount, anyAmount, keyOf, kind, outcome, priceLevel, side, type Of } from "./checkFields.ts";
import type { Adopted, Adoption } from "./adopt.ts";
import type {
  ChainAction,
  ChainReport,
  Decision,
  ExecutionReport,
  Intent,
  OrderReport,
  TradeReport,
} from "./execution.ts";
import type { AdoptedTrade } from "./reconcile.ts";
import type { RiskNote } from "./riskNote.ts";

const TRADES: Readonly<Record<TradeReport["status"], true>> = {
  MATCHED: true,
  MINED: true,
  RETRYING: true,
  CONFIRMED: true,
  FAILED: true,
};
/** The fields of a trade. */
export const trade = {
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

export const orderType: Check = oneOf("FAK", "FOK", "GTC", "GTD");
const checkDecision: Check = object<Decision>({
  fair: int(),
  by: oneOf("strategy", "model", "mid", "none"),
  price: int(),
  breakEven: optional(int()),
});
export const checkIntent: Check = object<Intent>({
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
  decision: optional(checkDecision),
});
export const checkAction: Check = object<ChainAction>({
  actionId: name,
  kind: oneOf("merge", "split", "redeem"),
  marketId: name,
  amounts: pair(amount),
});
type Adopt<K extends Adoption["kind"]> = Of<Adoption, K>;
export const checkAdoption: Check = variants("kind", {
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
  rebate: object<Adopt<"rebate">>({ kind, amount }),
  complete: object<Adopt<"complete">>({ kind }),
} satisfies Record<Adoption["kind"], Check>);
type Note<K extends RiskNote["kind"]> = Of<RiskNote, K>;
export const checkNote: Check = variants("kind", {
  hold: object<Note<"hold">>({
    kind,
    marketId: name,
    cause: oneOf("breaker", "strategy_fault"),
    reason: str,
    at: int(),
    until: optional(int()),
  }),
  strategy_halted: object<Note<"strategy_halted">>({ kind, strategyId: name, reason: str, at: int() }),
  killed: object<Note<"killed">>({
    kind,
    by: oneOf("operator", "daily_loss", "runaway"),
    reason: str,
    at: int(),
  }),
  day_stopped: object<Note<"day_stopped">>({ kind, reason: str, at: int() }),
  misstep: object<Note<"misstep">>({
    kind,
    what: oneOf("malformed_order", "failed_hook"),
    strategyId: name,
    at: int(),
  }),
  peak: object<Note<"peak">>({ kind, profit: anyAmount, at: int() }),
} satisfies Record<RiskNote["kind"], Check>);
export const REASONS: Readonly<Record<Adopted["reason"], true>> = {
  restart: true,
  rounding: true,
  operator: true,
};

export const ORDER_REPORTS: Readonly<Record<OrderReport["status"], true>> = {
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
export const REJECTS: Readonly<Record<NonNullable<OrderReport["code"]>, true>> = {
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
export const CHAIN: Readonly<Record<ChainReport["status"], true>> = {
  SENT: true,
  MINED: true,
  FINAL: true,
  REVERTED: true,
  UNKNOWN: true,
};
type OwnChannel = Extract<ExecutionReport, { readonly type: "own_channel" }>["state"];
export const OWN_CHANNEL: Readonly<Record<OwnChannel, true>> = { lost: true, back: true };
type VenueMode = Extract<ExecutionReport, { readonly type: "venue_mode" }>["mode"];
export const MODES: Readonly<Record<VenueMode, true>> = {
  OPEN: true,
  POST_ONLY: true,
  CANCEL_ONLY: true,
  RESTARTING: true,
  DOWN: true,
};
