import { MatchpointError } from "../errors.ts";
import type { Intent, OrderPrepared, OrderReport, TradeReport, TradeStatus } from "../events/index.ts";
import type { IntentId, MarketId, OrderId, TradeId } from "../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { checkIntent, checkOrderReport, checkTradeReport } from "./checkEvent.ts";
import { classify } from "./classify.ts";
import type { Order, OrderChange, TradeChange } from "./order.ts";
import { zeroCounts, type MutableCounts, type OrderCounts } from "./orderCounts.ts";
import { OrderIndex } from "./orderIndex.ts";
import { isTerminalStatus, type OrderMachineEvent } from "./orderMachine.ts";
import { OrderMover } from "./orderMover.ts";
import { OrderRecord } from "./orderRecord.ts";
import { dumpOrder, loadOrder, type OrderStoreSnapshot } from "./orderSnapshot.ts";
import { Strangers } from "./strangers.ts";
import { TradeDesk } from "./tradeDesk.ts";

/** How a store is set up. */
export interface OrderStoreOptions {
  /** Looks that do not find an order count as two only this far apart. Default: one second. */
  readonly lookSpacing?: Nanos;
}

const NONE: readonly Order[] = [];
const NO_TRADES: readonly TradeReport[] = [];
const LOOK_SPACING = (1_000 * NANOS_PER_MS) as Nanos;
/** The code of an order that looks have missed. */
const ABSENT = "ABSENT";

/**
 * All orders of a run and their trades. Feed it what happens; it keeps every order in exactly one state of
 * `ORDER_MACHINE` and every trade in one of `TRADE_MACHINE`, counts a trade once however often and in whatever order
 * its reports come, and never lets a contradiction pass in silence: `illegal` is set and nothing moves.
 *
 * How an order ends:
 * - GTC, GTD: FILLED when its shares are matched; else by the venue's word.
 * - FAK, FOK: FILLED when nothing is left to match (a sell its shares, a buy its dollars; a rest below 0.01 share does
 *   not count). Otherwise it stays MATCHED until the venue says `canceled`, the rest was killed: CANCELED with its fills.
 *   An adapter says so after the fills that it knows of. Without any fill: REJECTED or CANCELED.
 * - Any order: CANCELED with code `ABSENT` after two looks that did not find it, each after its expiry or a cancel by
 *   hash.
 *
 * A trade that arrives later still counts; the order stays over.
 */
export class OrderStore {
  readonly #lookSpacing: Nanos;
  readonly #index = new OrderIndex();
  readonly #strangers = new Strangers();
  readonly #counts: MutableCounts = zeroCounts();
  readonly #mover = new OrderMover(this.#index, this.#counts);
  readonly #desk = new TradeDesk(this.#index, this.#mover, this.#strangers, this.#counts);

  constructor(options: OrderStoreOptions = {}) {
    this.#lookSpacing = options.lookSpacing ?? LOOK_SPACING;
  }

  /** Counters since the run began. */
  get counts(): OrderCounts {
    return this.#counts;
  }

  /**
   * Takes in an intent that passed the risk gate.
   * @throws {@link MatchpointError} `TRANSITION_ILLEGAL` when the intent is here already, `UNIT_INVALID`
   */
  create(intent: Intent, at: Nanos): Order {
    checkIntent(intent);
    if (this.#index.byIntent.has(intent.intentId)) {
      throw new MatchpointError(
        "TRANSITION_ILLEGAL",
        `intent ${intent.intentId} has become an order already`,
      );
    }
    const order = new OrderRecord(intent, at);
    this.#index.insert(order);
    this.#counts.created += 1;
    return order;
  }

  /**
   * Denies an intent. One that never became an order is counted and not kept; one that did and was not prepared yet ends
   * as DENIED.
   * @throws {@link MatchpointError} `TRANSITION_ILLEGAL` when the order has been prepared
   */
  deny(intent: Intent, code: string, at: Nanos): Order {
    const known = this.#index.byIntent.get(intent.intentId);
    if (known === undefined) {
      const order = new OrderRecord(intent, at);
      order.status = "DENIED";
      order.code = code;
      this.#counts.denied += 1;
      return order;
    }
    const change = this.#step(known, "deny", at);
    if (change.illegal !== undefined) {
      throw new MatchpointError(
        "TRANSITION_ILLEGAL",
        `intent ${intent.intentId} cannot be denied: ${change.illegal}`,
      );
    }
    if (change.applied) known.code = code;
    return known;
  }

  get(id: IntentId): Order | undefined {
    return this.#index.byIntent.get(id);
  }

  byOrderId(id: OrderId): Order | undefined {
    return this.#index.byHash.get(id);
  }

  /** Whose an order is: kept here, ours but pruned, or of no intent of this run. */
  ownership(id: OrderId): "ours" | "retired" | "foreign" {
    if (this.#index.byHash.has(id)) return "ours";
    return this.#strangers.isRetired(id) ? "retired" : "foreign";
  }

  /** The order's hash is known. @throws {@link MatchpointError} `ORDER_UNKNOWN` when there is no such intent */
  prepared(e: OrderPrepared): OrderChange {
    const order = this.#expect(e.intentId);
    const owner = this.#index.byHash.get(e.orderId);
    const again =
      this.#strangers.isRetired(e.orderId) ||
      (order.orderId === undefined ? owner !== undefined : owner !== order);
    const change = this.#step(order, again ? "prepared_again" : "prepared", e.at);
    if (change.applied) {
      order.orderId = e.orderId;
      this.#index.byHash.set(e.orderId, order);
    }
    return change;
  }

  /**
   * What the venue says about an order.
   * @throws {@link MatchpointError} `ORDER_UNKNOWN` when it is not kept here (ask {@link OrderStore.ownership} first),
   * `EVENT_INVALID`
   */
  report(e: OrderReport): OrderChange {
    checkOrderReport(e);
    const order = this.#index.byHash.get(e.orderId);
    if (order === undefined) {
      throw new MatchpointError(
        "ORDER_UNKNOWN",
        `report ${e.status} names order ${e.orderId}, which this run does not keep`,
        {
          hint: "Another process may be trading with the same wallet.",
        },
      );
    }
    const { absence, cancelRequested } = order;
    const { looks, cancelOnItsWay } = absence;
    const event = classify(order, absence, e, this.#lookSpacing);
    if (e.status === "cancel_refused") refuseCancel(order);
    if (e.status === "unknown") absence.cancelOnItsWay = false;
    const change = this.#step(order, event, e.at);
    if (event === "gone" && change.applied) holdGone(order, ABSENT);
    if (event === "rejected" && change.applied) order.code = e.code ?? "OTHER";
    if (change.applied || change.illegal !== undefined) return change;
    if (
      looks === absence.looks &&
      cancelOnItsWay === absence.cancelOnItsWay &&
      cancelRequested === order.cancelRequested
    ) {
      return change;
    }
    order.updatedAt = e.at;
    return { ...change, applied: true };
  }

  /**
   * A cancel is being sent. `applied` is false when one is on its way already or the order is over: then nothing must be
   * sent. Before the order is live the request moves nothing but is kept in mind: see {@link Order.cancelRequested}.
   * @throws {@link MatchpointError} `ORDER_UNKNOWN`
   */
  requestCancel(id: IntentId, at: Nanos): OrderChange {
    const order = this.#expect(id);
    const { absence, status } = order;
    if (absence.cancelOnItsWay || isTerminalStatus(status)) {
      return { order, from: status, to: status, applied: false };
    }
    order.cancelRequested = true;
    absence.cancelOnItsWay = true;
    absence.cancelAskedAt ??= at;
    order.updatedAt = at;
    return { ...this.#step(order, "request_cancel", at), applied: true };
  }

  /**
   * Whatever was asked for by a run that has ended counts no more: a cancel has to be sent again, and looks begin anew.
   * @throws {@link MatchpointError} `ORDER_UNKNOWN`
   */
  forgetCancel(id: IntentId): void {
    const { absence } = this.#expect(id);
    absence.cancelOnItsWay = false;
    absence.cancelAskedAt = undefined;
    absence.looks = 0;
  }

  /**
   * Ends an order without the venue's word because its market has resolved and the chain's balances agree with the ledger.
   * @throws {@link MatchpointError} `ORDER_UNKNOWN`
   */
  conclude(id: IntentId, at: Nanos): OrderChange {
    const order = this.#expect(id);
    const change = this.#step(order, "gone", at);
    if (change.applied) holdGone(order, "RESOLVED");
    return change;
  }

  /**
   * What the venue says about a trade. Counted once at first sight; a trade that fails is taken out again. A trade id may
   * come with several of our orders (they were matched by one taker): each is a trade of its own here.
   * @throws {@link MatchpointError} `EVENT_INVALID`
   */
  trade(e: TradeReport): TradeChange {
    checkTradeReport(e);
    return this.#desk.take(e);
  }

  /**
   * Takes a foreign trade for the account's own: later reports on it are counted like those of our own orders, without an
   * order. A trade of an order of ours is taken as if it had been reported.
   * @throws {@link MatchpointError} `EVENT_INVALID`
   */
  adopt(e: TradeReport): TradeChange {
    checkTradeReport(e);
    return this.#desk.adopt(e);
  }

  /** Where a trade stands here: `undefined` when it is not counted, `retired` when it was over before it was pruned. */
  tradeStatus(orderId: OrderId, tradeId: TradeId): TradeStatus | "retired" | undefined {
    const order = this.#index.byHash.get(orderId);
    return order === undefined
      ? this.#strangers.status(orderId, tradeId)
      : order.records?.get(tradeId)?.status;
  }

  /** Orders of a market that are not over, oldest first. The array does not change while orders do. */
  open(marketId: MarketId): readonly Order[] {
    return this.#index.market(marketId)?.open ?? NONE;
  }

  /** How many orders are not over. */
  get openCount(): number {
    return this.#index.open.size;
  }

  /** All orders that are not over, oldest first. */
  allOpen(): Iterable<Order> {
    return this.#index.open.values();
  }

  /** Orders made since then that are held to be gone only because looks have missed them: the venue has not said so. */
  goneUnseen(since: Nanos): readonly Order[] {
    return [...this.#index.byIntent.values()].filter(
      ({ code, createdAt }) => code === ABSENT && createdAt >= since,
    );
  }

  /** Whether any order or trade of a market is not terminal. */
  hasOpen(marketId: MarketId): boolean {
    const market = this.#index.market(marketId);
    return market !== undefined && (market.openCount > 0 || market.openTrades > 0);
  }

  /** Trades of a market whose settlement is being tried again: they may stand in the end, or be voided. */
  retrying(marketId: MarketId): readonly TradeReport[] {
    return this.#index.retryingIn.get(marketId)?.map(({ report }) => report) ?? NO_TRADES;
  }
  /** Trades that are neither confirmed nor failed, as they were first reported, and where each stands now. */
  unsettled(): Iterable<{ readonly report: TradeReport; readonly status: TradeStatus }> {
    return this.#index.unsettled;
  }
  /** The markets that have trades whose settlement is being tried again. */
  retryingMarkets(): Iterable<MarketId> {
    return this.#index.retryingIn.keys();
  }

  /**
   * Drops orders that are over, whose trades are terminal and which changed last before `before` (default: whenever), and
   * returns them. Of the latest, the hash and the trades' ids stay known. Call it only as part of an event, so that a replay
   * does the same.
   */
  prune(before: Nanos = Infinity as Nanos): readonly Order[] {
    const dropped: OrderRecord[] = [];
    for (const order of this.#index.byIntent.values()) {
      if (!isTerminalStatus(order.status) || order.openTrades > 0 || order.updatedAt >= before) continue;
      dropped.push(order);
      this.#index.drop(order);
      if (order.orderId !== undefined) this.#strangers.retire(order.orderId, order.trades);
    }
    this.#counts.pruned += dropped.length;
    return dropped;
  }

  /** The store as plain JSON; {@link OrderStore.restore} goes on from it as if nothing had been. */
  snapshot(): OrderStoreSnapshot {
    return {
      version: 1,
      lookSpacing: this.#lookSpacing,
      orders: Array.from(this.#index.byIntent.values(), dumpOrder),
      ...this.#strangers.dump(),
      counts: { ...this.#counts },
    };
  }

  /** @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER` */
  static restore(snapshot: OrderStoreSnapshot): OrderStore {
    if ((snapshot.version as number) !== 1) {
      throw new MatchpointError(
        "JOURNAL_SCHEMA_NEWER",
        `order snapshot has version ${String(snapshot.version)}, not 1`,
      );
    }
    const store = new OrderStore({ lookSpacing: snapshot.lookSpacing });
    for (const plain of snapshot.orders) store.#index.insert(loadOrder(plain));
    store.#strangers.load(snapshot);
    for (const { marketId } of store.#strangers.openAdopted()) store.#index.countOpenIn(marketId, 1);
    for (const trade of store.#strangers.adopted()) store.#index.noteTrade(trade);
    Object.assign(store.#counts, snapshot.counts);
    return store;
  }

  #expect(id: IntentId): OrderRecord {
    const order = this.#index.byIntent.get(id);
    if (order === undefined) throw new MatchpointError("ORDER_UNKNOWN", `no order of intent ${id} is kept`);
    return order;
  }

  #step(order: OrderRecord, event: OrderMachineEvent, at: Nanos): OrderChange {
    const change = this.#mover.step(order, event, at);
    if (change.illegal !== undefined) this.#counts.illegal += 1;
    return change;
  }
}

/**
 * A refusal while the order is live (or matched) is an answer. Before that it may only mean that the venue had not got the
 * order, or does not cancel inside its window: the wish stands. In UNKNOWN it does not unmake the cancel by hash, after
 * which looks count.
 */
function refuseCancel(order: OrderRecord): void {
  const { absence, status } = order;
  absence.cancelOnItsWay = false;
  if (status === "UNKNOWN") return;
  absence.cancelAskedAt = undefined;
  absence.looks = 0;
  if (status === "LIVE" || status === "PENDING_CANCEL" || status === "MATCHED") order.cancelRequested = false;
}

function holdGone(order: OrderRecord, code: string): void {
  order.absence.heldGone = true;
  order.code = code;
}
