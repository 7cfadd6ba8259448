import { MatchpointError } from "../errors.ts";
import type { Intent, OrderPrepared, OrderReport, OrderStatus, Side, TradeReport } from "../events/index.ts";
import { id, type IntentId } from "../ids.ts";
import { isTerminal, type Order, type OrderChange, type TradeChange } from "../orders/index.ts";
import type { OrderRequest } from "../strategy/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import { CancelDesk } from "./cancelDesk.ts";
import { hookContext, LiveOrderView } from "./context.ts";
import type { Floor } from "./floor.ts";
import { readRequest } from "./handedOver.ts";
import { makeIntent } from "./intents.ts";
import type { MarketEntry } from "./marketEntry.ts";
import { orderTypeOf } from "./orderType.ts";
import type { PnlDesk } from "./pnlDesk.ts";
import type { RiskDesk } from "./riskDesk.ts";
import type { SettlementDesk } from "./settlementDesk.ts";
import { SettlementWatch } from "./settlementWatch.ts";
import type { TradingDesk } from "./tradingDesk.ts";

const FORGET_EVERY = 512;
const FORGET_AFTER = 600_000 * NANOS_PER_MS;

/** Reports of an order that rests, or may come to. */
const ALIVE: ReadonlySet<OrderReport["status"]> = new Set(["live", "unmatched", "delayed"]);

/** Takes intents through the risk gate, and follows orders and trades to their ends. */
export class OrderDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  readonly #settlement: SettlementDesk;
  readonly #pnl: PnlDesk;
  readonly #risk: RiskDesk;
  /** Asks for the ends of orders. */
  readonly cancels: CancelDesk;
  /** Tells of trades that are not settled for long, or voided. */
  readonly settling: SettlementWatch;
  #intentSeq = 0;
  #untilForget = FORGET_EVERY;

  constructor(floor: Floor, trading: TradingDesk, settlement: SettlementDesk, pnl: PnlDesk, risk: RiskDesk) {
    this.#floor = floor;
    this.#trading = trading;
    this.#settlement = settlement;
    this.#pnl = pnl;
    this.#risk = risk;
    this.settling = new SettlementWatch(floor);
    const cancels = new CancelDesk(floor);
    this.cancels = cancels;
    cancels.changed = (change) => {
      this.#changed(change, undefined);
    };
    risk.stops.cancelStrategy = (strategyId, reason) => {
      cancels.demandStrategy(strategyId, reason);
    };
    risk.loss.cancelEntries = (reason) => {
      cancels.demandEntries(reason);
    };
    trading.cancelMarket = (entry, reason) => {
      cancels.demandMarket(entry, reason);
    };
    trading.cancelOf = ({ entry, spec }, reason) => {
      for (const { intent } of floor.orders.open(entry.market.marketId))
        if (intent.strategyId === spec.id) cancels.demand(intent.intentId, reason);
    };
    trading.withdraw = (binding, intents) => {
      this.#withdraw(binding, intents);
    };
    settlement.afterOrders = (entry) => {
      this.#afterOrders(entry);
    };
  }

  /** @throws {@link MatchpointError} `STRATEGY_FAULT` when there is no request at all */
  submit(binding: Binding, side: Side, given: OrderRequest): IntentId {
    const floor = this.#floor;
    const { entry, spec } = binding;
    const { request, problem } = readRequest(given);
    this.#intentSeq += 1;
    const intentId = id<IntentId>(`${spec.id}-${this.#intentSeq}`);
    const asked = orderTypeOf(request, side, entry.book, floor.options.engine.order_choice);
    const stated = asked.kind === "order" ? asked.request : request;
    const intent = makeIntent(intentId, spec.id, entry.market, side, stated, floor.now);
    floor.counts.intents += 1;
    if (problem !== undefined) {
      this.#malformed(binding, intent, problem);
      return intentId;
    }
    if (asked.kind === "none") {
      this.#deny(binding, intent, "NO_ORDER_TYPE", asked.rule);
      return intentId;
    }
    const verdict = this.#risk.gate.check(intent, this.#risk.viewOf(binding));
    if (!verdict.allow) {
      const { code, detail, runaway } = verdict;
      if (code === "INTENT_INVALID") this.#malformed(binding, intent, detail);
      else this.#deny(binding, intent, code, detail);
      if (runaway !== undefined) this.#risk.stops.stop(runaway, spec.id);
      return intentId;
    }
    this.#trading.apply(entry, { kind: "intent", strategyId: spec.id, posture: spec.use.posture });
    const decided = this.#pnl.decided(binding, intent, request);
    binding.addOrder(floor.orders.create(decided, floor.now));
    this.#risk.breakers.ordered(floor.orders.get(intentId)!);
    floor.counts.orders += 1;
    floor.effect({ type: "place", intent: decided });
    if (asked.standMs !== undefined) floor.setTimer(`brief:${intentId}`, asked.standMs);
    return intentId;
  }

  /** An order that is none: once is a mistake, again and again a strategy that does not know what it does. */
  #malformed(binding: Binding, intent: Intent, detail: string): void {
    this.#deny(binding, intent, "INTENT_INVALID", detail);
    this.#risk.stops.misstep("malformed_order", binding.spec.id, detail);
  }

  #deny(binding: Binding, intent: Intent, code: string, detail: string): void {
    const floor = this.#floor;
    floor.counts.denied += 1;
    binding.skips.add(`denied: ${code}`, { detail });
    floor.effect({ type: "denied", intent, code, detail });
    this.#tell(binding, floor.orders.deny(intent, code, floor.now), "INTENT", code);
  }

  /** Ends orders that a hook had asked for before it failed: none of them has been sent. */
  #withdraw(binding: Binding, intents: readonly Intent[]): void {
    const floor = this.#floor;
    for (const intent of intents) {
      const detail = "the hook that asked for it failed";
      floor.counts.orders -= 1;
      floor.counts.denied += 1;
      floor.effect({ type: "denied", intent, code: "STRATEGY_FAULT", detail });
      const order = floor.orders.deny(intent, "STRATEGY_FAULT", floor.now);
      this.cancels.over(intent.intentId);
      this.#risk.breakers.forget(intent.intentId);
      binding.dropOrder(order);
      this.#tell(binding, order, "INTENT", "STRATEGY_FAULT");
    }
    if (intents.length > 0) this.#afterOrders(binding.entry);
  }

  /** An order of unknown fate ends when its market is resolved and the venue's balances agree with the ledger. */
  conclude(entry: MarketEntry): void {
    const { orders, now } = this.#floor;
    const unknown = orders.open(entry.market.marketId).filter(({ status }) => status === "UNKNOWN");
    for (const order of unknown) this.#changed(orders.conclude(order.intent.intentId, now), "RESOLVED");
  }

  prepared(event: OrderPrepared): void {
    if (this.#floor.options.bookkeeping === true) this.#rebuild(event);
    this.#changed(this.#floor.orders.prepared(event), undefined);
  }

  /** The strategy that wanted it is not here; its order is, as the journal has it. */
  #rebuild({ intentId, intent, posture }: OrderPrepared): void {
    const { orders, markets, now } = this.#floor;
    if (orders.get(intentId) !== undefined) return;
    if (intent === undefined)
      throw new MatchpointError("ORDER_UNKNOWN", `the journal does not say what order ${intentId} is`, {
        hint: "It was written by an earlier version.",
      });
    orders.create(intent, now);
    // Intents that were denied are not in the journal, and took numbers too.
    this.#intentSeq = Math.max(this.#intentSeq + 1, Number(/-(\d{1,15})$/.exec(intentId)?.[1] ?? 0));
    const entry = markets.get(intent.marketId);
    if (entry === undefined || posture === undefined) return;
    this.#trading.apply(entry, { kind: "intent", strategyId: intent.strategyId, posture });
  }

  /** Counts on from an earlier run of the account. */
  goOn(intents: number): void {
    this.#intentSeq = intents;
  }
  /** What {@link OrderDesk.goOn} takes. */
  get intents(): number {
    return this.#intentSeq;
  }

  /** How many orders have yet to end until old ones are forgotten. */
  get untilForget(): number {
    return this.#untilForget;
  }
  /** Takes up the same from a saved core. */
  load({ intents, untilForget }: { readonly intents: number; readonly untilForget: number }): void {
    this.#intentSeq = intents;
    this.#untilForget = untilForget;
  }

  /** An earlier run's orders go: nobody has watched them since it ended, so their fate is unknown, and they are cancelled by their hashes. */
  takeBack(entry: MarketEntry): void {
    const { orders, now: at, wall: receivedAt } = this.#floor;
    for (const { orderId, intent } of orders.open(entry.market.marketId)) {
      const { intentId } = intent;
      if (orderId === undefined) {
        // Without a hash nothing of it can have left.
        this.#changed(orders.conclude(intentId, at), "NOT_SENT");
        continue;
      }
      this.cancels.takeBack(intentId, () => {
        const detail = "its run ended before it did";
        this.report({ type: "order_report", orderId, status: "unknown", detail, at, receivedAt });
      });
    }
  }

  report(event: OrderReport): void {
    const { orders } = this.#floor;
    switch (orders.ownership(event.orderId)) {
      case "retired":
        return;
      case "foreign":
        this.#floor.alarm("FOREIGN_ORDER", `order ${event.orderId} was not made by this run`);
        this.#trading.haltForeign();
        return;
      case "ours": {
        const change = orders.report(event);
        this.#changed(change, event.code, event.detail);
        if (change.applied) this.cancels.moved(change.order, change.from, change.to);
        if (ALIVE.has(event.status)) this.cancels.revenant(event.orderId, change.illegal !== undefined);
        if (event.status === "cancel_refused") {
          const { order } = change;
          if (order.status === "LIVE") this.#risk.breakers.cancelRefused(order, event.detail);
          this.cancels.refused(order);
        }
      }
    }
  }

  #changed(change: OrderChange, code: string | undefined, detail?: string): void {
    const { order, from, to } = change;
    const entry = this.#floor.markets.get(order.intent.marketId);
    if (entry === undefined) return;
    if (change.illegal !== undefined) this.#illegal(entry, "ORDER_TRANSITION_ILLEGAL", change.illegal);
    if (!change.applied || from === to) return;
    if (this.#risk.breakers.changed(change, code, detail)) this.#rejected(order);
    const binding = entry.bindings.find(({ spec }) => spec.id === order.intent.strategyId);
    const over = isTerminal(order);
    if (over) this.cancels.over(order.intent.intentId);
    if (binding !== undefined) {
      if (over) binding.dropOrder(order);
      if (to === "REJECTED") binding.skips.add(`rejected: ${code ?? "OTHER"}`, { detail: detail ?? "" });
      this.#tell(binding, order, from, code);
    }
    if (over) this.#afterOrders(entry);
  }

  /** The venue refused an order, and not for want of a match. */
  #rejected({ intent: { strategyId } }: Order): void {
    if (this.#floor.options.bookkeeping === true) return;
    const runaway = this.#risk.gate.guard.rejected(strategyId, this.#floor.now);
    if (runaway !== undefined) this.#risk.stops.stop(runaway, strategyId);
  }

  trade(event: TradeReport): void {
    this.#traded(this.#floor.orders.trade(event), event);
  }

  /** Books a trade that the run did not make, or never heard of, on an operator's word. */
  adopt(event: TradeReport): void {
    this.#traded(this.#floor.orders.adopt(event), event);
  }

  #traded(change: TradeChange, event: TradeReport): void {
    const floor = this.#floor;
    const entry = floor.markets.get(event.marketId);
    const { order } = change;
    if (change.kind === "foreign" || (order !== undefined && entry === undefined)) {
      floor.alarm("FOREIGN_TRADE", `trade ${event.tradeId} belongs to no order of this run`, event.marketId);
      // Wherever it was, it spends the same money.
      this.#trading.haltForeign();
      return;
    }
    if (change.illegal !== undefined && entry !== undefined)
      this.#illegal(entry, "TRADE_TRANSITION_ILLEGAL", change.illegal);
    if (change.kind === "duplicate") return;
    const booked = floor.ledger.trade(change, floor.now, this.#pnl.rebateOf(entry, event));
    if (booked.booked && change.kind === "matched") this.#pnl.filled(event);
    const voided = change.kind === "voided";
    if (voided) this.settling.voided(event, change.from !== undefined);
    if (booked.short) {
      floor.alarm(
        "POSITION_SHORT",
        `trade ${event.tradeId}: more shares left the market than entered it`,
        event.marketId,
      );
      // The books contradict the chain: whoever trades on would trade on a guess.
      if (entry !== undefined) {
        const reason = `trade ${event.tradeId} leaves more shares sold than there are`;
        this.#trading.apply(entry, { kind: "halt", cause: "reconcile", reason });
      }
    }
    if (entry === undefined) return;
    if (order === undefined) {
      this.#trading.exposure(entry, voided);
      this.#afterOrders(entry);
      return;
    }
    const isFill = change.from === undefined && !voided;
    if (isFill) {
      floor.counts.fills += 1;
      this.#risk.gate.guard.filled(order.intent.strategyId, floor.now);
    }
    if (voided) floor.counts.fillsVoided += 1;
    const binding = entry.bindings.find(({ spec }) => spec.id === order.intent.strategyId);
    this.#orderOfTrade(binding, order, change);
    this.#trading.exposure(entry, voided);
    if (binding !== undefined && (isFill || voided)) this.#tellFill(binding, order, event, isFill);
    this.#afterOrders(entry);
  }

  /** A trade can move its order too. */
  #orderOfTrade(binding: Binding | undefined, order: Order, { orderFrom, orderTo }: TradeChange): void {
    if (isTerminal(order)) {
      this.cancels.over(order.intent.intentId);
      binding?.dropOrder(order);
    }
    if (orderFrom === undefined || orderTo === undefined || orderFrom === orderTo) return;
    this.#risk.breakers.changed({ order, from: orderFrom, to: orderTo, applied: true }, undefined, undefined);
    if (binding !== undefined) this.#tell(binding, order, orderFrom, undefined);
    this.cancels.moved(order, orderFrom, orderTo);
  }

  #illegal(entry: MarketEntry, code: string, what: string): void {
    this.#floor.alarm(code, what, entry.market.marketId);
    this.#trading.apply(entry, { kind: "halt", cause: "illegal_transition" });
  }

  #tell(binding: Binding, order: Order, previous: OrderStatus, code: string | undefined): void {
    const { strategy } = binding.spec;
    if (strategy.onOrder === undefined) return;
    const context = hookContext(binding, { order: new LiveOrderView(order), previous, code });
    this.#floor.call(binding, () => strategy.onOrder?.(context));
  }

  #tellFill(binding: Binding, order: Order, fill: TradeReport, isFill: boolean): void {
    const { strategy } = binding.spec;
    const context = hookContext(binding, { order: new LiveOrderView(order), fill });
    this.#floor.call(binding, () => (isFill ? strategy.onFill?.(context) : strategy.onFillVoided?.(context)));
    this.#floor.call(binding, () => strategy.onPosition?.(binding.context));
  }

  /** An order or trade may have become terminal: the machines that wait for quiet get to know. */
  #afterOrders(entry: MarketEntry): void {
    this.#trading.exposure(entry, false);
    this.#settlement.settle(entry);
    this.#forget();
  }

  /** Orders and trades that can no longer change are forgotten in batches, so that long runs keep a flat memory. */
  #forget(): void {
    this.#untilForget -= 1;
    if (this.#untilForget > 0) return;
    this.#untilForget = FORGET_EVERY;
    const { ledger, orders, chains, now } = this.#floor;
    const before = (now - FORGET_AFTER) as Nanos;
    ledger.prune(orders.prune(before));
    chains.prune(before);
  }
}
