import type { VenueModeChanged } from "../events/index.ts";
import type { StrategyId } from "../ids.ts";
import type { Posture, TradingStatus } from "../state/index.ts";
import type { SystemStatus } from "./systemTable.ts";

/**
 * What can be done in a market. `entry`, `hedge` and `exit` are the purposes of intents; `cancel` is always toward safety;
 * `merge` and `redeem` are chain actions.
 */
export type TradingAction = "entry" | "hedge" | "exit" | "cancel" | "merge" | "redeem";
/** Every action, for tables and tests. */
export const TRADING_ACTIONS: readonly TradingAction[] = [
  "entry",
  "hedge",
  "exit",
  "cancel",
  "merge",
  "redeem",
];

/** What orders the venue takes at the moment. */
export type VenueMode = VenueModeChanged["mode"];
/** Every venue mode. */
export const VENUE_MODES: readonly VenueMode[] = ["OPEN", "POST_ONLY", "CANCEL_ONLY", "RESTARTING", "DOWN"];

/** Why an action is not allowed at the moment; every code is described in `DENIAL_CODES`. */
export type TradingDenialCode =
  | "MARKET_BUSY"
  | "MARKET_LOCKED"
  | "MARKET_FINALIZING"
  | "MARKET_HALTED"
  | "MARKET_RESOLVED"
  | "MARKET_NOT_FINAL"
  | "SYSTEM_NOT_READY"
  | "SYSTEM_STOP_ENTRY"
  | "SYSTEM_REDUCE_ONLY"
  | "SYSTEM_HALTED"
  | "SYSTEM_STOPPING"
  | "VENUE_POST_ONLY"
  | "VENUE_CANCEL_ONLY"
  | "VENUE_RESTARTING"
  | "VENUE_DOWN";

/** Granted. */
export type Allowed = true;
/** Not granted, and why. */
export interface NotAllowed {
  readonly denied: TradingDenialCode;
}

/** The two permissions that configuration decides. */
export interface TradingOptions {
  /** `finalizing.allow_reduce`: whether positions may be reduced while the market settles. */
  readonly finalizingAllowReduce: boolean;
  /** `halt.allow_reduce`: whether positions may be reduced while the market is halted. */
  readonly haltAllowReduce: boolean;
}

/** Who asks. */
export interface Claimant {
  readonly strategyId: StrategyId;
  readonly posture: Posture;
}

/**
 * A cell of the market table. `owner`: only the strategy that owns the market, with the posture it claimed it with; of an
 * IDLE market everyone is a possible owner. An option's name: when configuration grants it, then to the owner.
 */
export type MarketPermission = "yes" | "no" | "owner" | keyof TradingOptions;

/** Allowed actions per state of a market. */
export const ALLOWED_ACTIONS: Readonly<
  Record<TradingStatus, Readonly<Record<TradingAction, MarketPermission>>>
> = {
  IDLE: { entry: "owner", hedge: "owner", exit: "owner", cancel: "yes", merge: "yes", redeem: "no" },
  BUILDING_PAIR: { entry: "owner", hedge: "owner", exit: "owner", cancel: "yes", merge: "yes", redeem: "no" },
  TEMPORAL_ACTIVE: {
    entry: "owner",
    hedge: "owner",
    exit: "owner",
    cancel: "yes",
    merge: "yes",
    redeem: "no",
  },
  LOCKED_PAIR: { entry: "no", hedge: "no", exit: "no", cancel: "yes", merge: "yes", redeem: "no" },
  FINALIZING: {
    entry: "no",
    hedge: "no",
    exit: "finalizingAllowReduce",
    cancel: "yes",
    merge: "yes",
    redeem: "yes",
  },
  HALT: { entry: "no", hedge: "no", exit: "haltAllowReduce", cancel: "yes", merge: "yes", redeem: "yes" },
  RESOLVED: { entry: "no", hedge: "no", exit: "no", cancel: "no", merge: "no", redeem: "yes" },
};

/** The code of a `no` per state of a market. */
export const MARKET_DENIAL: Readonly<Record<TradingStatus, TradingDenialCode>> = {
  IDLE: "MARKET_NOT_FINAL",
  BUILDING_PAIR: "MARKET_NOT_FINAL",
  TEMPORAL_ACTIVE: "MARKET_NOT_FINAL",
  LOCKED_PAIR: "MARKET_LOCKED",
  FINALIZING: "MARKET_FINALIZING",
  HALT: "MARKET_HALTED",
  RESOLVED: "MARKET_RESOLVED",
};

/** A cell of the system's and the venue's tables. `post_only`: only orders that cannot take liquidity. */
export type Permission = "yes" | "no" | "post_only";

interface PermissionRow {
  readonly actions: Readonly<Record<TradingAction, Permission>>;
  /** The code of a `no`; `undefined` when the row has none. */
  readonly code: TradingDenialCode | undefined;
}

const everything = {
  entry: "yes",
  hedge: "yes",
  exit: "yes",
  cancel: "yes",
  merge: "yes",
  redeem: "yes",
} as const;
const nothing = { entry: "no", hedge: "no", exit: "no", cancel: "no", merge: "no", redeem: "no" } as const;
const cancelsOnly = { ...nothing, cancel: "yes" } as const;
const chainAndCancels = { ...cancelsOnly, merge: "yes", redeem: "yes" } as const;

/**
 * Allowed actions per state of the system. STOP_ENTRY lets started pairs be completed; REDUCE_ONLY, entered when our books
 * are in doubt, does not: a hedge spends cash. DRAINING still brings capital home from the chain.
 */
export const SYSTEM_PERMISSIONS: Readonly<Record<SystemStatus, PermissionRow>> = {
  BOOT: { actions: nothing, code: "SYSTEM_NOT_READY" },
  CHECKLIST: { actions: nothing, code: "SYSTEM_NOT_READY" },
  RECOVERING: { actions: cancelsOnly, code: "SYSTEM_NOT_READY" },
  READY: { actions: everything, code: undefined },
  STOP_ENTRY: { actions: { ...everything, entry: "no" }, code: "SYSTEM_STOP_ENTRY" },
  REDUCE_ONLY: { actions: { ...everything, entry: "no", hedge: "no" }, code: "SYSTEM_REDUCE_ONLY" },
  HALTED: { actions: cancelsOnly, code: "SYSTEM_HALTED" },
  DRAINING: { actions: chainAndCancels, code: "SYSTEM_STOPPING" },
  STOPPED: { actions: nothing, code: "SYSTEM_STOPPING" },
};

/**
 * Allowed actions per mode of the venue. A cancellation is never held back: one that the venue cannot take comes back as a
 * report. Merges and redeems go to the chain, not to the venue's order book.
 */
export const VENUE_PERMISSIONS: Readonly<Record<VenueMode, PermissionRow>> = {
  OPEN: { actions: everything, code: undefined },
  POST_ONLY: {
    actions: { ...everything, entry: "post_only", hedge: "post_only", exit: "post_only" },
    code: "VENUE_POST_ONLY",
  },
  CANCEL_ONLY: { actions: chainAndCancels, code: "VENUE_CANCEL_ONLY" },
  RESTARTING: { actions: chainAndCancels, code: "VENUE_RESTARTING" },
  DOWN: { actions: chainAndCancels, code: "VENUE_DOWN" },
};

function permit(row: PermissionRow, action: TradingAction, postOnly: boolean): Allowed | NotAllowed {
  const cell = row.actions[action];
  if (cell === "yes" || (cell === "post_only" && postOnly)) return true;
  return { denied: row.code ?? "SYSTEM_NOT_READY" };
}

/** Whether the system's state allows an action. */
export function systemAllows(status: SystemStatus, action: TradingAction): Allowed | NotAllowed {
  return permit(SYSTEM_PERMISSIONS[status], action, false);
}

/** Whether the venue's mode allows an action. @param postOnly whether the order cannot take liquidity */
export function venueAllows(mode: VenueMode, action: TradingAction, postOnly: boolean): Allowed | NotAllowed {
  return permit(VENUE_PERMISSIONS[mode], action, postOnly);
}
