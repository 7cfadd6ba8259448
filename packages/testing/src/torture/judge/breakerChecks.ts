import type { Intent, OrderReport, TradeReport } from "@matchpoint/sdk";
import type { Seen } from "./seen.ts";

/** A market's breaker: rejects in a row, as the judge counts them, and what has tripped stays so. Part of I12. @module */

/** An order that was to match at once and found nothing, or to rest and found the market moved, is no fault of anybody's. */
const NO_FAULT: ReadonlySet<string | undefined> = new Set([
  "FAK_NO_MATCH",
  "FOK_NOT_FILLED",
  "POST_ONLY_CROSSES",
]);
const TAKEN: ReadonlySet<OrderReport["status"]> = new Set(["live", "matched", "delayed", "unmatched"]);

/** So many buys in a row, over all markets, refused for want of balance hold the wallet's entries back. */
const BALANCE_REFUSALS = 4;

interface Trip {
  readonly why: string;
  readonly at: number;
  readonly until: number | undefined;
}

/** The breakers of one start of the program, by market. */
export class Breakers {
  readonly #rejects = new Map<string, number>();
  /** Orders that it has heard to be refused, or taken, and when: the first word of it counts, whatever is heard later is of the same order. */
  readonly #refused = new Map<string, number>();
  readonly #taken = new Map<string, number>();
  /** Buys in a row that were refused for want of balance, and until when they hold entries back: `undefined` until a person resumes. */
  #short = 0;
  wallet: { readonly until: number | undefined } | undefined;
  /** Why each market was halted by its breaker, and until when; `undefined`: until a person resumes. */
  readonly tripped = new Map<string, Trip>();

  /** An order was refused or taken. How many were refused in a row, when that is news. */
  heard(marketId: string, { orderId, status, code, at }: OrderReport): number | undefined {
    if (TAKEN.has(status)) this.took(marketId, orderId, at);
    if (status !== "rejected" || NO_FAULT.has(code) || this.#refused.has(orderId)) return undefined;
    this.#refused.set(orderId, at);
    const count = (this.#rejects.get(marketId) ?? 0) + 1;
    this.#rejects.set(marketId, count);
    return count;
  }

  /** A buy was refused for want of balance, and was not before. After a hold the count begins from nothing. */
  short(at: number, until: number | undefined): void {
    if (this.wallet?.until !== undefined && at >= this.wallet.until) {
      this.wallet = undefined;
      this.#short = 0;
    }
    this.#short += 1;
    if (this.#short >= BALANCE_REFUSALS) this.wallet = { until };
  }

  /** The program says that it holds the wallet's entries back, by its own count: late word of an order may make it another than the judge's. */
  held(until: number | undefined): void {
    this.wallet = { until };
  }

  /** The venue has an order, as is heard by an answer, or by a trade of it when that comes first. */
  took(marketId: string, orderId: string, at: number): void {
    if (this.#taken.has(orderId)) return;
    this.#taken.set(orderId, at);
    this.#short = 0;
    this.#rejects.set(marketId, 0);
  }

  /** What is heard while it recovers is of orders from before it, and counts for no row; nor does it when it is heard again. */
  found(event: OrderReport | TradeReport): void {
    const { orderId, at } = event;
    if (event.type === "trade_report" || TAKEN.has(event.status)) this.#taken.set(orderId, at);
    else if (event.status === "rejected") this.#refused.set(orderId, at);
  }

  /** What waits for a person waits on over a restart, as far as the journal tells of the event that tripped it; and what was heard is known. */
  goOn(before: Breakers, told: number): void {
    for (const [orderId, at] of before.#taken) if (at <= told) this.#taken.set(orderId, -Infinity);
    for (const [orderId, at] of before.#refused) if (at <= told) this.#refused.set(orderId, -Infinity);
    for (const [marketId, trip] of before.tripped)
      if (trip.until === undefined && trip.at <= told) this.tripped.set(marketId, { ...trip, at: -Infinity });
  }

  /** A person resumes a market, or all. */
  resumed(marketId: string | undefined): void {
    if (marketId === undefined) {
      this.tripped.clear();
      this.wallet = undefined;
      this.#short = 0;
      this.#rejects.clear();
      return;
    }
    this.tripped.delete(marketId);
    this.#rejects.delete(marketId);
  }
}

/** What a step means for the breakers; before what it lets out is judged. */
export function judgeBreakers({ life, core, step, history, verdicts }: Seen): void {
  const { event, effects } = step;
  const { risk } = history.world.config;
  const { breakers } = life;
  if (event.type === "operator" && event.command.kind === "resume" && event.command.strategyId === undefined)
    breakers.resumed(event.command.marketId);
  const until = risk.breaker_resume === "operator" ? undefined : event.at + risk.breaker_cooldown_ms * 1e6;
  for (const effect of effects) {
    if (effect.type !== "alarm") continue;
    if (effect.code === "BREAKER_TRIPPED" && effect.marketId !== undefined)
      breakers.tripped.set(effect.marketId, { why: effect.message, at: event.at, until });
    if (effect.code === "BALANCE_REFUSED") breakers.held(until);
  }
  if (event.type !== "order_report" && event.type !== "trade_report") return;
  if (life.recovering) {
    breakers.found(event);
    return;
  }
  const marketId = life.account.orders.get(event.orderId)?.intent?.marketId;
  const most = risk.max_consecutive_rejects_per_market;
  if (marketId === undefined || most === 0) return;
  if (event.type === "trade_report") {
    breakers.took(marketId, event.orderId, event.at);
    return;
  }
  // What was over here already is no news, whatever is told of it late.
  if (core.orders.byOrderId(event.orderId)?.status !== "REJECTED" && event.status === "rejected") return;
  const count = breakers.heard(marketId, event);
  const buys = life.account.orders.get(event.orderId)?.intent?.side === "buy";
  if (count !== undefined && event.code === "BALANCE" && buys) breakers.short(event.at, until);
  if (count === undefined || count < most) return;
  const halted = breakers.tripped.has(marketId) || life.states.get(marketId) === "RESOLVED";
  verdicts.holds("I12", halted, `rejects in ${marketId}`, () => {
    return `${count} orders of ${marketId} were rejected in a row, at most ${most}, and its breaker has not tripped`;
  });
}

/** Why a market's breaker holds an intent back. */
export function breakerHolds({ life, step }: Seen, { marketId, purpose }: Intent): string | undefined {
  const { wallet } = life.breakers;
  if (
    purpose === "entry" &&
    wallet !== undefined &&
    (wallet.until === undefined || step.event.at < wallet.until)
  )
    return `${BALANCE_REFUSALS} buys in a row were refused for want of balance, over all markets`;
  const trip = life.breakers.tripped.get(marketId);
  if (trip === undefined || (trip.until !== undefined && step.event.at >= trip.until)) return undefined;
  return `the breaker of its market has tripped, and ${trip.until === undefined ? "no person has resumed since" : "its cool-down is not over"}: ${trip.why}`;
}
