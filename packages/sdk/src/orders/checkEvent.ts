/** Refuses reports whose numbers or statuses are not what their types promise, before they touch any state. @module */
import { MatchpointError } from "../errors.ts";
import type { ChainReport, Intent, OrderReport, TradeReport } from "../events/index.ts";
import { price, shares, usdc } from "../units/index.ts";
import { CHAIN_MACHINE } from "./chainMachine.ts";
import { TRADE_MACHINE } from "./tradeMachine.ts";

const ORDER_STATUSES: ReadonlySet<string> = new Set<OrderReport["status"]>([
  "sent",
  "live",
  "matched",
  "delayed",
  "unmatched",
  "rejected",
  "unknown",
  "canceled",
  "cancel_refused",
  "expired",
  "invalid",
  "absent",
]);
const TRADE_STATUSES: ReadonlySet<string> = new Set(TRADE_MACHINE.events);
const CHAIN_STATUSES: ReadonlySet<string> = new Set(CHAIN_MACHINE.events);

function refuse(what: string, detail: string): never {
  throw new MatchpointError("EVENT_INVALID", `${what} ${detail}`, {
    hint: "The adapter that made this report decodes the venue's answer wrongly.",
  });
}

function known(set: ReadonlySet<string>, status: string, what: string): void {
  if (!set.has(status)) refuse(what, `has the unknown status ${JSON.stringify(status)}`);
}

/** @throws {@link MatchpointError} `EVENT_INVALID` */
export function checkOrderReport(e: OrderReport): void {
  known(ORDER_STATUSES, e.status, `report on order ${e.orderId}`);
}

/** @throws {@link MatchpointError} `EVENT_INVALID` */
export function checkTradeReport(e: TradeReport): void {
  const what = `report on trade ${e.tradeId}`;
  known(TRADE_STATUSES, e.status, what);
  if (!Number.isSafeInteger(e.size) || e.size <= 0)
    refuse(what, `has size ${e.size}: not a positive integer`);
  if (!Number.isSafeInteger(e.cost) || e.cost < 0)
    refuse(what, `has cost ${e.cost}: not a non-negative integer`);
  if (!Number.isSafeInteger(e.fee) || e.fee < 0) refuse(what, `has fee ${e.fee}: not a non-negative integer`);
}

/** @throws {@link MatchpointError} `EVENT_INVALID` */
export function checkChainReport(e: ChainReport): void {
  const what = `report on chain action ${e.actionId}`;
  known(CHAIN_STATUSES, e.status, what);
  if (e.proceeds !== undefined && !Number.isSafeInteger(e.proceeds)) {
    refuse(what, `has proceeds ${e.proceeds}: not an integer`);
  }
}

/** @throws {@link MatchpointError} `UNIT_INVALID` */
export function checkIntent(intent: Intent): void {
  price(intent.limit);
  if (shares(intent.size) === 0) {
    throw new MatchpointError("UNIT_INVALID", `intent ${intent.intentId} asks for no shares`);
  }
  if (intent.spend !== undefined && usdc(intent.spend) <= 0) {
    throw new MatchpointError(
      "UNIT_INVALID",
      `intent ${intent.intentId} spends ${intent.spend}: not more than nothing`,
    );
  }
}
