import {
  hash128,
  isOutside,
  MatchpointError,
  NANOS_PER_MS,
  type Capabilities,
  type CoreEvent,
  type ExecutionCommand,
  type ExecutionFold,
  type ExecutionReport,
  type Intent,
  type MarketDescription,
  type MarketResolution,
  type MarketTrade,
  type Nanos,
  type OrderId,
  type OrderReport,
  type PreparedOrder,
  type Sequence,
} from "@matchpoint/sdk";
import type { Action } from "./agenda.ts";
import { PaperMarket } from "./market.ts";
import { Matching } from "./matching.ts";
import { settle, type PaperBrokerOptions } from "./options.ts";
import type { PaperOrder } from "./records.ts";
import { Resting } from "./resting.ts";
import { Settlement } from "./settlement.ts";
import { restoreVenue, saveVenue, type PaperSnapshot } from "./snapshot.ts";
import { Venue } from "./venue.ts";
import { viewOf, type PaperView } from "./view.ts";

/** What the paper broker supports: everything that the venue does. */
const CAPABILITIES: Capabilities = {
  orderTypes: ["FAK", "FOK", "GTC", "GTD"],
  postOnly: true,
  merge: true,
  split: true,
};

const SECOND_HALF = 0x5bd1e995;

/**
 * A venue on paper: a synchronous, deterministic fold. The same options, events and commands give the same reports, on
 * every machine. It never waits, never tells the time and never throws for bad data or a bad order.
 *
 * Orders meet the book as it is when they arrive, not as it was when they were sent. Money and shares are exact integers,
 * and every one that moves is in a trade or chain report.
 */
export interface PaperBroker extends ExecutionFold {
  /** What the venue would answer if it were asked now. */
  readonly view: PaperView;
  /** The whole state as plain JSON, sharing nothing with the broker. */
  snapshot(): PaperSnapshot;
  /**
   * Takes over a snapshot; only into a new broker made with the same options.
   * @throws `MatchpointError` `INVARIANT`
   */
  restore(snapshot: PaperSnapshot): void;
}

/**
 * Makes a paper broker.
 *
 * @throws `MatchpointError` `CONFIG_INVALID` when an option is out of its range or unknown
 * @example
 * ```ts
 * import { createPaperBroker } from "@matchpoint/paper-broker";
 *
 * const broker = createPaperBroker({ runId: "example", seed: 1 });
 * broker.view.balances(); // { collateral: 1_000_000_000 }: $1,000
 * ```
 */
export function createPaperBroker(options: PaperBrokerOptions): PaperBroker {
  return new FoldedVenue(options);
}

class FoldedVenue implements PaperBroker {
  readonly capabilities = CAPABILITIES;
  readonly view: PaperView;
  readonly #venue: Venue;
  readonly #matching: Matching;
  readonly #resting: Resting;
  readonly #settlement: Settlement;
  /** Latest time seen: of an event, a command or something done. */
  #now = 0;

  constructor(options: PaperBrokerOptions) {
    const settings = settle(options);
    this.#venue = new Venue(settings);
    this.#matching = new Matching(this.#venue);
    this.#resting = new Resting(this.#venue, this.#matching);
    this.#settlement = new Settlement(this.#venue, this.#matching);
    this.view = viewOf(this.#venue);
  }

  prepare(intent: Intent, seq: Sequence): PreparedOrder {
    const { marketId, outcome, side, orderType, postOnly, limit, size, spend, expiresAt, intentId } = intent;
    const content = [
      marketId,
      outcome,
      side,
      orderType,
      postOnly,
      limit,
      size,
      spend ?? null,
      expiresAt ?? null,
    ];
    const text = JSON.stringify([this.#venue.settings.runId, seq, intentId, ...content]);
    return {
      orderId: `0x${hash128(text)}${hash128(text, SECOND_HALF)}` as OrderId,
      intent,
      payload: { seq },
    };
  }

  observe(event: CoreEvent): void {
    const venue = this.#venue;
    if (venue.wallOffset === undefined) {
      if (!isOutside(event)) return;
      venue.wallOffset = event.receivedAt - Math.floor(event.at / NANOS_PER_MS);
    }
    switch (event.type) {
      case "market_listed":
        this.#reach(event.at);
        this.#list(event.market);
        return;
      case "book_delta":
      case "book_snapshot":
      case "best_quote":
      case "tick_size_changed":
      case "book_continuity":
      case "market_trade":
      case "market_resolution":
        break;
      default:
        return;
    }
    const market = venue.markets.get(event.marketId);
    if (market === undefined) {
      venue.stats.unlisted++;
      return;
    }
    this.#reach(event.at);
    if (event.occurredAt !== undefined) venue.hearClock(event.receivedAt - event.occurredAt);
    if (event.type === "market_resolution") {
      this.#resolve(market, event);
      return;
    }
    market.apply(event, this.#now);
    if (market.resting.length === 0) return;
    if (event.type === "market_trade") {
      this.#print(market, event);
      return;
    }
    if (event.type === "tick_size_changed") this.#matching.dropOffGrid(market, this.#now);
    this.#resting.onBook(market, this.#now);
  }

  submit(command: ExecutionCommand, at: Nanos): void {
    if (!(at >= this.#now)) {
      throw new MatchpointError(
        "INVARIANT",
        `a ${command.kind} command at ${at} ns comes after ${this.#now} ns`,
      );
    }
    this.#reach(at);
    if (command.kind === "place") this.#place(command.order);
    else if (command.kind === "chain") this.#settlement.request(command.action, at);
    else {
      const { orderId } = command;
      const { agenda } = this.#venue;
      agenda.plan(at + this.#venue.takes("cancel", `${orderId}|${agenda.seq}`), { kind: "cancel", orderId });
    }
  }

  nextDue(): Nanos | undefined {
    return this.#venue.agenda.next() as Nanos | undefined;
  }

  advance(to: Nanos, emit: (report: ExecutionReport) => void): void {
    const { agenda } = this.#venue;
    for (;;) {
      const due = agenda.next();
      if (due === undefined || !(due <= to)) break;
      if (due > this.#now) this.#now = due;
      if (agenda.actionFirst()) this.#perform(agenda.actions.pop()!.item, due);
      else emit(agenda.reports.pop()!.item);
    }
    if (to > this.#now) this.#now = to;
  }

  snapshot(): PaperSnapshot {
    return saveVenue(this.#venue, this.#now);
  }

  restore(snapshot: PaperSnapshot): void {
    if (this.#now > 0 || this.#venue.wallOffset !== undefined || this.#venue.agenda.next() !== undefined) {
      throw new MatchpointError("INVARIANT", "a snapshot can only be restored into a new paper broker");
    }
    this.#now = restoreVenue(this.#venue, snapshot);
  }

  /** Moves on to a time: what the engine had to do before then is done first, whoever drives it. */
  #reach(at: number): void {
    const { actions } = this.#venue.agenda;
    for (;;) {
      const next = actions.peek();
      if (next === undefined || next.due > at) break;
      if (next.due > this.#now) this.#now = next.due;
      actions.pop();
      this.#perform(next.item, next.due);
    }
    if (at > this.#now) this.#now = at;
  }

  #perform(action: Action, now: number): void {
    switch (action.kind) {
      case "arrive":
        this.#matching.arrive(action.orderId, now);
        return;
      case "duplicate":
        this.#matching.refuseDuplicate(action.orderId, now);
        return;
      case "delay_over":
        this.#matching.delayOver(action.orderId, now);
        return;
      case "cancel":
        this.#matching.cancel(action.orderId, now);
        return;
      case "expire":
        this.#matching.expire(action.orderId, now);
        return;
      case "clear":
        this.#matching.clear(action.marketId, action.startsAt, now);
        return;
      case "mine":
        this.#settlement.mine(action.tradeId, action.attempt, now);
        return;
      case "confirm":
        this.#settlement.confirm(action.tradeId, now);
        return;
      case "chain":
        this.#settlement.complete(action.actionId, now);
        return;
    }
  }

  #place({ orderId, intent }: PreparedOrder): void {
    const venue = this.#venue;
    const now = this.#now;
    const { agenda } = venue;
    venue.stats.orders++;
    const arrival = now + venue.takes("place", `${orderId}|${agenda.seq}`);
    if (venue.order(orderId) !== undefined) {
      agenda.plan(arrival, { kind: "duplicate", orderId });
      return;
    }
    venue.say<OrderReport>(now, now, { type: "order_report", orderId, status: "sent" });
    const order: PaperOrder = {
      orderId,
      intent,
      seq: agenda.seq,
      stage: "in_flight",
      status: "SENT",
      matched: 0,
      ahead: 0,
      credit: 0,
      creditAt: 0,
      restedAt: 0,
      prior: 0,
      blind: false,
      makerShares: 0,
      makerCost: 0,
      makerFee: 0,
      reservedCash: 0,
      offered: 0,
    };
    venue.open.set(orderId, order);
    agenda.plan(arrival, { kind: "arrive", orderId });
  }

  #list(description: MarketDescription): void {
    const venue = this.#venue;
    const known = venue.markets.get(description.marketId);
    const market = known ?? new PaperMarket(description, venue.settings);
    const grid = description.tick !== market.book.tick;
    market.description =
      known === undefined ? description : { ...description, mirrored: market.book.mirrored };
    if (known === undefined) venue.markets.set(description.marketId, market);
    if (grid) {
      const { marketId, tick } = description;
      const at = this.#now as Nanos;
      market.apply({ type: "tick_size_changed", marketId, tick, at, receivedAt: venue.wall(at) }, at);
      this.#matching.dropOffGrid(market, this.#now);
    }
    this.#planClear(market, known === undefined);
  }

  /** Plans to clear the book at the game's start. A market listed after its start is past it. */
  #planClear(market: PaperMarket, first: boolean): void {
    const { startsAt, clearBookOnStart, marketId } = market.description;
    if (!clearBookOnStart || startsAt === undefined || startsAt === market.clearAt) return;
    const due = (startsAt - (this.#venue.wallOffset ?? 0)) * NANOS_PER_MS;
    if (!Number.isSafeInteger(due)) return;
    market.clearAt = startsAt;
    if (first && due <= this.#now) return;
    this.#venue.agenda.plan(Math.max(due, this.#now), { kind: "clear", marketId, startsAt });
  }

  #resolve(market: PaperMarket, event: MarketResolution): void {
    if (!event.payouts.every((each) => Number.isInteger(each) && each >= 0 && each <= 1_000_000)) {
      this.#venue.stats.malformed++;
      return;
    }
    market.payouts = event.payouts;
    this.#matching.cancelResting(market, "the market is resolved", this.#now);
  }

  #print(market: PaperMarket, event: MarketTrade): void {
    if (!Number.isSafeInteger(event.size) || event.size <= 0 || !(event.price > 0 && event.price < 10_000)) {
      this.#venue.stats.malformed++;
      return;
    }
    this.#resting.onPrint(market, event, this.#now);
  }
}
