import type { IntentId, MarketId, OrderId } from "../ids.ts";
import { isTerminalStatus } from "./orderMachine.ts";
import type { OrderRecord, TradeRecord } from "./orderRecord.ts";
import { isTerminalTrade } from "./tradeMachine.ts";

const NO_TRADES: readonly TradeRecord[] = [];

/** What is open in a market. */
export class MarketOrders {
  openTrades = 0;
  readonly #open = new Set<OrderRecord>();
  #list: readonly OrderRecord[] | undefined;

  get openCount(): number {
    return this.#open.size;
  }
  /** Oldest first. Made anew after a change, never changed: whoever iterates it may move orders meanwhile. */
  get open(): readonly OrderRecord[] {
    return (this.#list ??= [...this.#open]);
  }

  add(order: OrderRecord): void {
    this.#open.add(order);
    this.#list = undefined;
  }
  remove(order: OrderRecord): void {
    if (this.#open.delete(order)) this.#list = undefined;
  }
}

/** Every way to find an order: by intent, by hash, by market, and those that are not over. */
export class OrderIndex {
  readonly byIntent = new Map<IntentId, OrderRecord>();
  readonly byHash = new Map<OrderId, OrderRecord>();
  /** Orders that are not over, oldest first. */
  readonly open = new Map<IntentId, OrderRecord>();
  readonly #markets = new Map<MarketId, MarketOrders>();
  /** Trades whose settlement is being tried again, by market; markets without any are not in it. */
  readonly retryingIn = new Map<MarketId, readonly TradeRecord[]>();

  /** Trades that are neither confirmed nor failed, in the order in which they were first seen here. */
  readonly unsettled = new Set<TradeRecord>();

  /** A trade was seen, or moved: whether it is settled, or being retried now. */
  noteTrade(trade: TradeRecord): void {
    if (isTerminalTrade(trade.status)) this.unsettled.delete(trade);
    else this.unsettled.add(trade);
    const { marketId } = trade.report;
    const known = this.retryingIn.get(marketId) ?? NO_TRADES;
    const retrying = trade.status === "RETRYING";
    if (retrying === known.includes(trade)) return;
    const now = retrying ? [...known, trade] : known.filter((other) => other !== trade);
    if (now.length === 0) this.retryingIn.delete(marketId);
    else this.retryingIn.set(marketId, now);
  }

  market(id: MarketId): MarketOrders | undefined {
    return this.#markets.get(id);
  }

  insert(order: OrderRecord): void {
    const { intentId, marketId } = order.intent;
    this.byIntent.set(intentId, order);
    if (order.orderId !== undefined) this.byHash.set(order.orderId, order);
    const market = this.#make(marketId);
    market.openTrades += order.openTrades;
    for (const trade of order.records?.values() ?? NO_TRADES) this.noteTrade(trade);
    if (isTerminalStatus(order.status)) return;
    this.open.set(intentId, order);
    market.add(order);
  }

  /** The order is over. */
  close(order: OrderRecord): void {
    this.open.delete(order.intent.intentId);
    this.#make(order.intent.marketId).remove(order);
  }

  /** A trade of the order opened or ended. */
  countOpenTrade(order: OrderRecord, by: 1 | -1): void {
    order.openTrades += by;
    this.countOpenIn(order.intent.marketId, by);
  }

  /** A trade without an order of ours opened or ended in a market. */
  countOpenIn(marketId: MarketId, by: 1 | -1): void {
    this.#make(marketId).openTrades += by;
  }

  /** Forgets an order that is over. */
  drop(order: OrderRecord): void {
    this.byIntent.delete(order.intent.intentId);
    if (order.orderId !== undefined) this.byHash.delete(order.orderId);
  }

  #make(id: MarketId): MarketOrders {
    let market = this.#markets.get(id);
    if (market === undefined) {
      market = new MarketOrders();
      this.#markets.set(id, market);
    }
    return market;
  }
}
