import { NANOS_PER_MS, takerFee, type FeeSchedule, type MarketId, type OrderId } from "@matchpoint/sdk";
import { ownCounterpart, price as priceRefusal, refusal, type Refusal } from "./checks.ts";
import type { AccountId } from "./exchange.ts";
import { feeOf, fillTaker } from "./fills.ts";
import { admission, restingNeed, shortfall } from "./funds.ts";
import { isUsedUp, KILLED, takesTooLittle } from "./immediate.ts";
import { FILL_GRAIN, type PaperMarket } from "./market.ts";
import { isImmediate, spendsDollars, type PaperOrder } from "./records.ts";
import { POST_ONLY, type Venue } from "./venue.ts";
import { counterparts, walk, type Met, type Wanted } from "./walk.ts";

const TOO_MANY = "Too Many Requests";
const RESTARTS = "425: the matching engine restarts";

/** The matching engine: what happens to an order from its arrival to its end, fills of resting orders excepted. */
export class Matching {
  readonly #venue: Venue;

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  /** An order reaches the engine. */
  arrive(orderId: OrderId, now: number): void {
    const venue = this.#venue;
    const order = venue.open.get(orderId);
    if (order === undefined) return;
    const { intent } = order;
    order.since = now;
    const market = venue.markets.get(intent.marketId);
    if (market === undefined) {
      this.#reject(order, { code: "OTHER", detail: "market not found" }, now, "ack");
      return;
    }
    const takes = this.#marketable(order, market);
    const refused = this.#closed(order, now) ?? this.#refused(order, market, takes, now);
    if (market.usable && market.tooOld(now)) venue.stats.staleBooks++;
    if (refused !== undefined) {
      this.#reject(order, refused, now, "ack");
    } else if (takes && market.description.takerDelayMs > 0) {
      order.stage = "delayed";
      order.status = "DELAYED";
      venue.hold(
        order,
        admission(intent, true, feeOf(venue, market)),
        intent.side === "sell" ? intent.size : 0,
      );
      venue.agenda.plan(now + Math.round(market.description.takerDelayMs * NANOS_PER_MS), {
        kind: "delay_over",
        orderId,
      });
      venue.tell("ack", now, order, "delayed");
    } else {
      this.#match(order, market, now, "ack");
    }
  }

  /** An order that is there already reaches the engine again: the copy is refused, the first one stays as it is. */
  refuseDuplicate(account: AccountId, orderId: OrderId, now: number): void {
    this.#venue.stats.rejected++;
    const detail = `order ${orderId} is invalid. Duplicated.`;
    this.#venue.tell("ack", now, { account, orderId }, "rejected", { code: "DUPLICATE", detail });
  }

  /** The taker delay is over: everything is checked again, against the book and the account as they are now. */
  delayOver(orderId: OrderId, now: number): void {
    const order = this.#venue.open.get(orderId);
    const market = order && this.#venue.markets.get(order.intent.marketId);
    if (order === undefined || market === undefined) return;
    if (order.stage === "resting") {
      if (order.blind && market.usable) this.enterBlind(order, market, now);
      return;
    }
    const refused =
      this.#shut(order, now) ?? this.#refused(order, market, this.#marketable(order, market), now);
    if (refused === undefined) this.#match(order, market, now, "fill_report");
    else this.#reject(order, refused, now, "fill_report");
  }

  /**
   * A cancel reaches the engine. What is filled, over, held by the taker delay or not there yet cannot be cancelled, and
   * another account's order is not there.
   */
  cancel(account: AccountId, orderId: OrderId, now: number): void {
    const venue = this.#venue;
    const found = venue.order(orderId);
    const order = found?.account === account ? found : undefined;
    const openness = venue.openness(now);
    if (openness.mode === "RESTARTING") {
      venue.tellClosed(account, openness, now);
      venue.tell("ack", now, order ?? { account, orderId }, "cancel_refused", { detail: RESTARTS });
      return;
    }
    if (!venue.allows(account, "cancel", now)) {
      venue.tell("ack", now, order ?? { account, orderId }, "cancel_refused", { detail: TOO_MANY });
      return;
    }
    if (order?.stage === "resting") {
      venue.finish(order, "CANCELED");
      venue.tell("ack", now, order, "canceled");
      return;
    }
    const detail =
      order === undefined || order.stage === "in_flight"
        ? "Order not found or already canceled"
        : order.stage === "delayed"
          ? "order is delayed and cannot be canceled"
          : "already canceled or matched";
    venue.tell("ack", now, order ?? { account, orderId }, "cancel_refused", { detail });
  }

  /** A GTD order's time is over. */
  expire(orderId: OrderId, now: number): void {
    const order = this.#venue.open.get(orderId);
    if (order === undefined) return;
    this.#venue.finish(order, "EXPIRED");
    this.#venue.tell("fill_report", now, order, "expired");
  }

  /** The venue itself cancels resting orders. */
  cancelResting(orders: readonly PaperOrder[], detail: string, now: number): void {
    for (const order of [...orders]) {
      this.#venue.finish(order, "CANCELED");
      this.#venue.tell("fill_report", now, order, "canceled", { detail });
    }
  }

  /** The game starts: resting orders go, if that is still its start. */
  clear(marketId: MarketId, startsAt: number, now: number): void {
    const market = this.#venue.markets.get(marketId);
    if (market?.description.startsAt !== startsAt || !market.description.clearBookOnStart) return;
    this.cancelResting(market.resting, "the book is cleared at the game's start", now);
  }

  /** The grid changed: a resting order whose price is no longer on it is invalid. */
  dropOffGrid(market: PaperMarket, now: number): void {
    for (const order of [...market.resting]) {
      const refused = priceRefusal(order.intent, market);
      if (refused !== undefined) this.invalidate(order, refused, now);
    }
  }

  /** The venue throws out an open order that has become impossible. */
  invalidate(order: PaperOrder, why: Refusal, now: number): void {
    this.#venue.finish(order, "INVALID");
    this.#venue.tell("fill_report", now, order, "invalid", why);
  }

  /**
   * An order that entered while the book was unknown takes its place now: it takes what it would have taken, its post-only
   * promise is held against the first book that is known, and it queues behind what is there.
   */
  enterBlind(order: PaperOrder, market: PaperMarket, now: number): void {
    const { intent } = order;
    const takes = this.#marketable(order, market);
    if (takes && now < order.restedAt + market.description.takerDelayMs * NANOS_PER_MS) return;
    order.blind = false;
    const tooSmall = takes ? takesTooLittle(intent) : undefined;
    if (tooSmall !== undefined) {
      this.invalidate(order, tooSmall, now);
      return;
    }
    if (intent.postOnly && this.#crossesBook(order, market)) {
      this.#venue.finish(order, "CANCELED");
      const why = {
        code: "POST_ONLY_CROSSES",
        detail: "invalid post-only order: order crosses book",
      } as const;
      this.#venue.tell("fill_report", now, order, "canceled", why);
      return;
    }
    market.remove(order);
    this.#match(order, market, now, undefined);
  }

  /** An order that entered blind may turn out to take something: then it takes no sooner than the taker delay allows. */
  #waitBlind({ orderId }: PaperOrder, market: PaperMarket, now: number): void {
    const { stats, agenda } = this.#venue;
    stats.blindOrders++;
    const { takerDelayMs } = market.description;
    if (takerDelayMs > 0)
      agenda.plan(now + Math.round(takerDelayMs * NANOS_PER_MS), { kind: "delay_over", orderId });
  }

  /** Whether an order would take something at once. */
  #marketable(order: PaperOrder, market: PaperMarket): boolean {
    return !order.intent.postOnly && this.#meet(order, market, { shares: FILL_GRAIN }).met.length > 0;
  }

  /** Whether a post-only order meets the other side of the public book. What an account took alone only it knows of. */
  #crossesBook(order: PaperOrder, market: PaperMarket): boolean {
    if (!market.usable) return false;
    if (this.#venue.settings.shared) return this.#meet(order, market, { shares: FILL_GRAIN }).met.length > 0;
    return market.meets(order.intent.outcome, order.intent.side, order.intent.limit);
  }

  /** What an order would trade with. */
  #meet({ account, intent }: PaperOrder, market: PaperMarket, wanted: Wanted): ReturnType<typeof walk> {
    if (market.tooOld(this.#venue.now)) return { met: [], complete: false };
    const except = this.#venue.settings.selfCross === "refuse" ? account : undefined;
    return walk(market, intent, wanted, counterparts(market, intent, except));
  }

  /** Why the venue takes no order now: it restarts, or has had too many. */
  #closed(order: PaperOrder, now: number): Refusal | undefined {
    const shut = this.#shut(order, now);
    if (shut !== undefined || this.#venue.allows(order.account, "order", now)) return shut;
    return { code: "RATE_LIMITED", detail: TOO_MANY };
  }

  #shut({ account, intent }: PaperOrder, now: number): Refusal | undefined {
    const openness = this.#venue.openness(now);
    if (openness.mode === "OPEN" || (openness.mode === "POST_ONLY" && intent.postOnly)) return undefined;
    this.#venue.tellClosed(account, openness, now);
    return { code: "VENUE_MODE", detail: openness.mode === "RESTARTING" ? RESTARTS : POST_ONLY };
  }

  #refused(order: PaperOrder, market: PaperMarket, takes: boolean, now: number): Refusal | undefined {
    const { intent } = order;
    const late = order.stage === "delayed";
    const refused = refusal(intent, market, now, late ? 0 : this.#venue.settings.gtdLead);
    if (refused !== undefined) return refused;
    if (intent.postOnly && this.#crossesBook(order, market)) {
      return { code: "POST_ONLY_CROSSES", detail: "invalid post-only order: order crosses book" };
    }
    const own = this.#venue.settings.selfCross === "refuse" ? ownCounterpart(order, market) : undefined;
    if (own !== undefined) {
      return intent.postOnly
        ? { code: "POST_ONLY_CROSSES", detail: `order crosses your own order ${own}` }
        : { code: "OTHER", detail: `order would trade with your own order ${own}` };
    }
    const tooSmall = takes ? takesTooLittle(intent) : undefined;
    if (tooSmall !== undefined) return tooSmall;
    const short = shortfall(this.#venue, order, admission(intent, takes, feeOf(this.#venue, market)));
    return short === undefined ? undefined : { code: "BALANCE", detail: short };
  }

  /**
   * Matches an order that passed its checks and rests, ends or kills what is left. `told` is how its owner learns of it;
   * without it only trades are reported.
   */
  #match(order: PaperOrder, market: PaperMarket, now: number, told: "ack" | "fill_report" | undefined): void {
    const { intent } = order;
    const { outcome, side } = intent;
    const venue = this.#venue;
    const immediate = isImmediate(intent);
    const wanted = spendsDollars(intent) ? { usdc: intent.spend! } : { shares: intent.size - order.matched };
    const { met, complete } = intent.postOnly
      ? { met: [], complete: false }
      : this.#meet(order, market, wanted);
    if (immediate && (met.length === 0 || (intent.orderType === "FOK" && !complete))) {
      this.#kill(order, KILLED[intent.orderType as "FAK" | "FOK"], now, told);
      return;
    }
    const fee = feeOf(venue, market);
    const short = shortfall(venue, order, this.#need(order, met, fee));
    if (short !== undefined) {
      this.#reject(order, { code: "BALANCE", detail: short }, now, told);
      return;
    }
    venue.hold(order, 0, 0);
    for (const { price, outside } of met) if (outside > 0) market.take(outcome, side, price, outside);
    const rests = !immediate && !complete;
    if (told !== undefined) {
      const late = told === "fill_report";
      venue.tell(told, now, order, !rests ? "matched" : late && met.length === 0 ? "unmatched" : "live");
    }
    for (const level of met) fillTaker(venue, order, market, level, now);
    if (met.length > 0) venue.touch(market);
    if (rests) {
      this.#rest(order, market, fee, now);
    } else if (!complete && !isUsedUp(intent, met)) {
      venue.finish(order, "CANCELED");
      venue.tell("fill_report", now, order, "canceled", {
        detail: "the rest of an immediate order is killed",
      });
    } else {
      venue.finish(order, "FILLED");
    }
  }

  /** What an order needs of the account, now that its fills are known. */
  #need(order: PaperOrder, met: readonly Met[], schedule: FeeSchedule): number {
    let shares = 0;
    let dollars = 0;
    for (const { size, price, cost } of met) {
      const fee = takerFee(size, price, schedule);
      shares += size;
      dollars += order.intent.side === "buy" ? cost + fee : fee - cost;
    }
    if (isImmediate(order.intent)) return Math.max(0, dollars);
    return Math.max(0, dollars) + restingNeed({ ...order, matched: order.matched + shares }, schedule).cash;
  }

  #rest(order: PaperOrder, market: PaperMarket, fee: FeeSchedule, now: number): void {
    const venue = this.#venue;
    const first = order.stage !== "resting";
    order.stage = "resting";
    order.status = "LIVE";
    const need = restingNeed(order, fee);
    venue.hold(order, need.cash, need.offered);
    market.resting.push(order);
    order.blind = !market.usable;
    order.level = market.displayed(order);
    order.ahead = venue.settings.shared ? market.standing(order) : order.level;
    order.restedAt = now;
    order.since = now;
    order.prior = order.blind ? 0 : market.goneAt(order, now);
    venue.touch(market);
    if (order.blind) this.#waitBlind(order, market, now);
    if (first && order.intent.expiresAt !== undefined) {
      venue.agenda.plan(Math.max(now, order.intent.expiresAt), { kind: "expire", orderId: order.orderId });
    }
  }

  /** A clean no-fill: a rejection when it is the answer to the order, a cancellation when it comes after its delay. */
  #kill(order: PaperOrder, why: Refusal, now: number, told: "ack" | "fill_report" | undefined): void {
    if (told !== "fill_report") {
      this.#reject(order, why, now, told);
      return;
    }
    this.#venue.finish(order, "CANCELED");
    this.#venue.tell(told, now, order, "canceled", why);
  }

  #reject(order: PaperOrder, why: Refusal, now: number, told: "ack" | "fill_report" | undefined): void {
    if (told === undefined) {
      this.invalidate(order, why, now);
      return;
    }
    this.#venue.stats.rejected++;
    this.#venue.finish(order, "REJECTED");
    this.#venue.tell(told, now, order, "rejected", why);
  }
}
