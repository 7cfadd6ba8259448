import { BOOK_CHANGE } from "../book/index.ts";
import { MatchpointError } from "../errors.ts";
import type {
  AlarmEffect,
  BookEvent,
  Capabilities,
  ChainAction,
  ChainReport,
  CoreEvent,
  Effect,
  MarketDescription,
  MarketResolution,
  MarketTrade,
  OperatorEvent,
  OrderPrepared,
  OrderReport,
  OrderStatus,
  Outcome,
  TradeReport,
  VenueModeChanged,
} from "../events/index.ts";
import { id, type ActionId, type IntentId, type MarketId, type MatchId, type SourceId } from "../ids.ts";
import { ChainStore, isTerminal, OrderStore, worstCase, type Order, type OrderChange } from "../orders/index.ts";
import { Ledger } from "../portfolio/index.ts";
import { RiskGate, type RiskConfig } from "../risk/index.ts";
import type { HaltCause, Position } from "../state/index.ts";
import { kellyFraction, type OrderRequest } from "../strategy/index.ts";
import { SystemMachine, type TradingChange, type TradingInput } from "../trading/index.ts";
import { TruthEngine, type ProbabilityModel, type TruthChange, type TruthConfig } from "../truth/index.ts";
import {
  feePerShare,
  NANOS_PER_MS,
  PRICE_ONE,
  SHARES_ONE,
  sharesFor,
  USDC_ONE,
  usdc,
  type Millis,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import { Binding, hookContext, LiveOrderView, type BindingHost, type StrategySpec } from "./binding.ts";
import type { EngineConfig } from "./config.ts";
import { floorToHundredth, makeIntent } from "./intents.ts";
import { MarketEntry } from "./marketEntry.ts";
import { makeRiskView } from "./riskView.ts";
import { nextChainAction, redemptionValue } from "./settlement.ts";
import { marketTruth, ownVerdict } from "./truthView.ts";

/** What a core is made of. Everything in it is plain data or pure: the same options and events give the same effects. */
export interface CoreOptions {
  readonly engine: EngineConfig;
  readonly truth: TruthConfig;
  readonly risk: RiskConfig;
  readonly model: ProbabilityModel;
  readonly strategies: readonly StrategySpec[];
  readonly capabilities: Capabilities;
}

/** What the core has counted so far. */
export interface CoreCounts {
  events: number;
  intents: number;
  denied: number;
  orders: number;
  fills: number;
  fillsVoided: number;
  merges: number;
  quarantined: number;
  alarms: number;
}

const NO_EFFECTS: readonly Effect[] = [];
const NOTHING_HELD: Position = { matched: 0 as Shares, settled: 0 as Shares, cost: 0 as Usdc, openedAt: undefined };
const DAY_MS = 86_400_000;
const FORGET_EVERY = 512;
const FORGET_AFTER = 600_000 * NANOS_PER_MS;

/**
 * The trading core: a synchronous, deterministic fold over one ordered log of events. `step` takes the next event and
 * returns what the shell is to do about it. It looks at no clock, draws no random number and does no I/O.
 */
export class Core implements BindingHost {
  now: Nanos = 0 as Nanos;
  wall: Millis = 0 as Millis;
  readonly orders: OrderStore = new OrderStore();
  readonly chains: ChainStore = new ChainStore();
  readonly ledger: Ledger = new Ledger();
  readonly truth: TruthEngine;
  readonly system: SystemMachine = new SystemMachine();
  readonly counts: CoreCounts = {
    events: 0,
    intents: 0,
    denied: 0,
    orders: 0,
    fills: 0,
    fillsVoided: 0,
    merges: 0,
    quarantined: 0,
    alarms: 0,
  };
  readonly options: CoreOptions;
  readonly #gate: RiskGate;
  readonly #markets = new Map<MarketId, MarketEntry>();
  readonly #marketsByMatch = new Map<MatchId, MarketId[]>();
  #venueMode: VenueModeChanged["mode"] = "OPEN";
  #funded = false;
  #intentSeq = 0;
  #actionSeq = 0;
  #untilForget = FORGET_EVERY;
  #dayStart = -1;
  #realizedAtDayStart = 0 as Usdc;
  #effects: Effect[] | undefined;
  #calls: (() => void)[] = [];

  constructor(options: CoreOptions) {
    this.options = options;
    this.truth = new TruthEngine(options.truth);
    this.#gate = new RiskGate(options.risk);
  }

  /** Takes the next event of the log. @throws {@link MatchpointError} `INVARIANT` when time runs backwards */
  step(event: CoreEvent): readonly Effect[] {
    if (event.at < this.now) {
      throw new MatchpointError("INVARIANT", `event ${event.type} at ${event.at} ns comes after ${this.now} ns`);
    }
    this.now = event.at;
    this.wall = event.receivedAt;
    this.counts.events += 1;
    this.#effects = undefined;
    this.#route(event);
    if (this.#calls.length > 0) this.#runCalls();
    return this.#effects ?? NO_EFFECTS;
  }

  /** The markets in canonical order. */
  markets(): readonly MarketEntry[] {
    return [...this.#markets.values()].sort((a, b) => (a.market.marketId < b.market.marketId ? -1 : 1));
  }

  market(marketId: MarketId): MarketEntry | undefined {
    return this.#markets.get(marketId);
  }

  get venueMode(): VenueModeChanged["mode"] {
    return this.#venueMode;
  }

  /** Realized profit or loss since the current UTC day began. */
  get dayRealized(): Usdc {
    return (this.ledger.realizedTotal - this.#realizedAtDayStart) as Usdc;
  }

  #route(event: CoreEvent): void {
    switch (event.type) {
      case "book_delta":
      case "book_snapshot":
      case "best_quote":
      case "tick_size_changed":
      case "book_continuity":
        this.#book(event);
        return;
      case "market_trade":
        this.#publicTrade(event);
        return;
      case "market_listed":
        this.#list(event.market);
        return;
      case "market_resolution":
        this.#resolution(event);
        return;
      case "market_resolved_hint":
        return;
      case "match_listed":
        this.#truthChanged(this.truth.list(event.match, event.at));
        this.#linkMatch(event.match.matchId);
        return;
      case "match_claim":
      case "source_health":
        this.#truthChanged(this.truth.apply(event));
        return;
      case "order_prepared":
        this.#prepared(event);
        return;
      case "order_report":
        this.#orderReport(event);
        return;
      case "trade_report":
        this.#tradeReport(event);
        return;
      case "chain_report":
        this.#chainReport(event);
        return;
      case "balance_report":
        this.#balance(event.collateral);
        return;
      case "venue_mode":
        this.#setVenueMode(event);
        return;
      case "timer":
        this.#timer(event.timerId);
        return;
      case "operator":
        this.#operator(event);
        return;
      case "frame_quarantined":
        this.counts.quarantined += 1;
        this.#alarm("FRAME_QUARANTINED", `${event.feed}: ${event.reason}`, event.marketId);
        return;
      case "queue_pressure":
        if (event.halted) this.#haltWhere(event.marketId, "queue_mark");
        return;
      case "run_started":
        this.system.start();
        return;
      case "run_stopping":
        this.#stopping(event.reason);
        return;
    }
  }

  // --- markets and books -------------------------------------------------------------------------------------------

  #list(market: MarketDescription): void {
    const known = this.#markets.get(market.marketId);
    if (known !== undefined) {
      known.update(market);
      this.#link(known);
      return;
    }
    const entry = new MarketEntry(market, this.options.engine.fee_rate);
    this.#markets.set(market.marketId, entry);
    if (market.fee === undefined) {
      this.#alarm("FEE_FALLBACK", `no fee schedule stated; using rate ${this.options.engine.fee_rate}`, market.marketId);
    }
    const bindings: Binding[] = [];
    for (const spec of this.options.strategies) {
      if (spec.accepts !== undefined && !spec.accepts(market)) continue;
      const binding = new Binding(this, entry, spec, spec.use.state === undefined ? {} : spec.use.state.parse({}));
      binding.risk = makeRiskView(this, binding);
      bindings.push(binding);
    }
    entry.bindings = bindings;
    this.#link(entry);
    for (const binding of bindings) {
      this.#call(binding, () => {
        binding.spec.strategy.onStart?.(binding);
        Object.freeze(binding.spec.strategy);
      });
    }
  }

  #link(entry: MarketEntry): void {
    const subject = entry.market.subject;
    if (subject === undefined) return;
    const list = this.#marketsByMatch.get(subject.matchId) ?? [];
    if (!list.includes(entry.market.marketId)) {
      list.push(entry.market.marketId);
      list.sort();
      this.#marketsByMatch.set(subject.matchId, list);
    }
    this.#refreshTruth(entry, false);
  }

  #linkMatch(matchId: MatchId): void {
    for (const entry of this.#marketsOf(matchId)) this.#refreshTruth(entry, false);
  }

  #marketsOf(matchId: MatchId): readonly MarketEntry[] {
    const ids = this.#marketsByMatch.get(matchId);
    return ids === undefined ? [] : ids.map((marketId) => this.#markets.get(marketId)!);
  }

  #book(event: Exclude<BookEvent, MarketTrade>): void {
    const entry = this.#markets.get(event.marketId);
    if (entry === undefined) return;
    const changed = entry.book.apply(event);
    if ((changed & BOOK_CHANGE.STATUS) !== 0) this.#bookStatus(entry);
    if ((changed & BOOK_CHANGE.TICK) !== 0) {
      entry.market = { ...entry.market, tick: entry.book.tick };
      this.#cancelOffGrid(entry);
    }
    if ((changed & (BOOK_CHANGE.TOP | BOOK_CHANGE.DEPTH)) === 0) return;
    if (entry.trading.status === "RESOLVED") return;
    for (const binding of entry.bindings) {
      const strategy = binding.spec.strategy;
      if (strategy.onBook === undefined) continue;
      try {
        strategy.onBook(binding);
      } catch (error) {
        this.#strategyFault(binding, error);
      }
    }
  }

  #bookStatus(entry: MarketEntry): void {
    const timerId = `quiet:${entry.market.marketId}`;
    switch (entry.book.status) {
      case "gapped":
        this.#trading(entry, { kind: "halt", cause: "gapped_book" });
        this.#effect({ type: "clear_timer", timerId });
        return;
      case "stale":
        this.#trading(entry, { kind: "halt", cause: "stale_book" });
        this.#effect({ type: "clear_timer", timerId });
        return;
      case "disconnected":
        this.#trading(entry, { kind: "halt", cause: "connectivity" });
        this.#effect({ type: "clear_timer", timerId });
        return;
      case "live":
      case "synthetic": {
        const causes = entry.trading.causes;
        if (causes.has("gapped_book") || causes.has("stale_book") || causes.has("connectivity")) {
          this.#setTimer(timerId, this.options.engine.resume_after_ms);
        }
        return;
      }
      case "empty":
        return;
    }
  }

  #cancelOffGrid(entry: MarketEntry): void {
    for (const order of this.orders.open(entry.market.marketId)) {
      if (order.intent.limit % entry.book.tick !== 0) this.requestCancel(order.intent.intentId, "tick size changed");
    }
  }

  #publicTrade(event: MarketTrade): void {
    const entry = this.#markets.get(event.marketId);
    if (entry === undefined || entry.trading.status === "RESOLVED") return;
    entry.book.apply(event);
    for (const binding of entry.bindings) {
      if (binding.spec.strategy.onTrade === undefined) continue;
      this.#call(binding, () => binding.spec.strategy.onTrade?.(hookContext(binding, { trade: event })));
    }
  }

  // --- truth ---------------------------------------------------------------------------------------------------------

  #truthChanged(changes: readonly TruthChange[]): void {
    for (const timer of this.truth.takeTimers()) {
      if (timer.due === undefined) this.#effect({ type: "clear_timer", timerId: timer.timerId });
      else this.#effect({ type: "set_timer", timerId: timer.timerId, due: timer.due });
    }
    for (const change of changes) {
      if (change.from !== change.to) {
        this.#effect({
          type: "transition",
          machine: "truth",
          subject: change.game === undefined ? change.matchId : `${change.matchId}#${change.game}`,
          matchId: change.matchId,
          from: change.from,
          to: change.to,
          reason: change.reason,
        });
      }
      for (const entry of this.#marketsOf(change.matchId)) this.#truthInMarket(entry, change);
    }
  }

  #truthInMarket(entry: MarketEntry, change: TruthChange): void {
    const subject = entry.market.subject;
    if (subject === undefined) return;
    this.#refreshTruth(entry, change.fresh);
    const own = subject.kind === "series" ? change.game === undefined : change.game === subject.game;
    if (own && change.from !== change.to) this.#trading(entry, { kind: "own_truth", status: change.to });
    const truth = entry.truth;
    if (truth === undefined || entry.trading.status === "RESOLVED") return;
    if (change.kind === "stale") this.#truthStale(entry);
    for (const binding of entry.bindings) {
      const strategy = binding.spec.strategy;
      const context = (): ReturnType<typeof hookContext<{ truth: typeof truth; previous: TruthChange["previous"] }>> =>
        hookContext(binding, { truth, previous: change.previous });
      if (change.kind === "stale") {
        const source = truth.match.staleSource ?? (id<SourceId>("unknown"));
        this.#call(binding, () => strategy.onStale?.(hookContext(binding, { source })));
      } else if (change.kind === "revised") {
        this.#call(binding, () => strategy.onTruthRevised?.(context()));
      } else {
        this.#call(binding, () => strategy.onTruth?.(context()));
      }
    }
  }

  /** Stale truth is no halt: entries are denied by the gate, resting ones of truth-driven strategies go. */
  #truthStale(entry: MarketEntry): void {
    for (const binding of entry.bindings) {
      if (binding.spec.use.truthDriven === true) binding.cancelAll("truth is stale");
    }
  }

  #refreshTruth(entry: MarketEntry, fresh: boolean): void {
    const subject = entry.market.subject;
    const match = subject === undefined ? undefined : this.truth.state(subject.matchId);
    entry.truth =
      subject === undefined || match === undefined
        ? undefined
        : marketTruth(subject, match, this.options.model, this.options.truth, fresh);
  }

  // --- intents, orders, trades ---------------------------------------------------------------------------------------

  submit(binding: Binding, side: "buy" | "sell", request: OrderRequest): IntentId {
    const { entry, spec } = binding;
    this.#intentSeq += 1;
    const intentId = id<IntentId>(`${spec.id}-${this.#intentSeq}`);
    const intent = makeIntent(intentId, spec.id, entry.market, side, request, this.now);
    this.counts.intents += 1;
    this.#rollDay();
    const verdict = this.#gate.check(intent, binding.risk);
    if (!verdict.allow) {
      this.#deny(binding, this.orders.deny(intent, verdict.code, this.now), verdict.code, verdict.detail);
      return intentId;
    }
    this.#trading(entry, { kind: "intent", strategyId: spec.id, posture: spec.use.posture });
    const order = this.orders.create(intent, this.now);
    binding.addOrder(order);
    this.counts.orders += 1;
    this.#effect({ type: "place", intent });
    return intentId;
  }

  #deny(binding: Binding, order: Order, code: string, detail: string): void {
    this.counts.denied += 1;
    binding.skips.add(`denied: ${code}`, { detail });
    this.#effect({ type: "denied", intent: order.intent, code, detail });
    this.#tellOrder(binding, order, "INTENT", code);
  }

  #tellOrder(binding: Binding, order: Order, previous: OrderStatus, code: string | undefined): void {
    const strategy = binding.spec.strategy;
    if (strategy.onOrder === undefined) return;
    this.#call(binding, () => strategy.onOrder?.(hookContext(binding, { order: new LiveOrderView(order), previous, code })));
  }

  requestCancel(intentId: IntentId, reason: string): void {
    const order = this.orders.get(intentId);
    if (order === undefined) return;
    const change = this.orders.requestCancel(intentId, this.now);
    if (!change.applied) return;
    this.#cancelEffect(order, reason);
    this.#orderChanged(change, undefined);
  }

  #cancelEffect(order: Order, reason: string): void {
    const { intentId, marketId } = order.intent;
    this.#effect(
      order.orderId === undefined
        ? { type: "cancel", intentId, marketId, reason }
        : { type: "cancel", intentId, orderId: order.orderId, marketId, reason },
    );
  }

  #cancelMarket(entry: MarketEntry, reason: string): void {
    for (const order of this.orders.open(entry.market.marketId)) this.requestCancel(order.intent.intentId, reason);
  }

  #prepared(event: OrderPrepared): void {
    this.#orderChanged(this.orders.prepared(event), undefined);
  }

  #orderReport(event: OrderReport): void {
    switch (this.orders.ownership(event.orderId)) {
      case "retired":
        return;
      case "foreign":
        this.#alarm("FOREIGN_ORDER", `order ${event.orderId} was not made by this run`);
        this.#haltWhere(undefined, "foreign_order");
        return;
      case "ours": {
        const change = this.orders.report(event);
        this.#orderChanged(change, event.code);
        if (change.applied) this.#cancelAgain(change.order, change.from, change.to);
      }
    }
  }

  /**
   * A cancel that was asked for while the order could not be cancelled yet (delayed, not acknowledged) is asked for again
   * once it rests; an order of unknown fate is cancelled by its hash, so that its absence can become evidence.
   */
  #cancelAgain(order: Order, from: OrderStatus, to: OrderStatus): void {
    const { intentId } = order.intent;
    if (to === "LIVE" && order.cancelRequested && from !== "LIVE" && from !== "PENDING_CANCEL") {
      this.requestCancel(intentId, "cancel requested earlier");
    } else if (to === "UNKNOWN" && from !== "UNKNOWN") {
      this.requestCancel(intentId, "its fate is unknown");
    }
  }

  #orderChanged(change: OrderChange, code: string | undefined): void {
    const order = change.order;
    const entry = this.#markets.get(order.intent.marketId);
    if (entry === undefined) return;
    if (change.illegal !== undefined) {
      this.#alarm("ORDER_TRANSITION_ILLEGAL", change.illegal, order.intent.marketId);
      this.#trading(entry, { kind: "halt", cause: "illegal_transition" });
    }
    if (!change.applied) return;
    const binding = entry.bindings.find((candidate) => candidate.spec.id === order.intent.strategyId);
    if (binding !== undefined && change.from !== change.to) {
      if (isTerminal(order)) binding.dropOrder(order);
      this.#tellOrder(binding, order, change.from, code);
    }
    if (change.from !== change.to && isTerminal(order)) this.#afterOrders(entry);
  }

  #tradeReport(event: TradeReport): void {
    const change = this.orders.trade(event);
    const entry = this.#markets.get(event.marketId);
    if (change.kind === "foreign" || change.order === undefined || entry === undefined) {
      this.#alarm("FOREIGN_TRADE", `trade ${event.tradeId} belongs to no order of this run`, event.marketId);
      if (entry !== undefined) this.#trading(entry, { kind: "halt", cause: "foreign_order" });
      return;
    }
    if (change.illegal !== undefined) {
      this.#alarm("TRADE_TRANSITION_ILLEGAL", change.illegal, event.marketId);
      this.#trading(entry, { kind: "halt", cause: "illegal_transition" });
    }
    if (change.kind === "duplicate") return;
    if (this.ledger.trade(change, this.now).short) {
      this.#alarm("POSITION_SHORT", `trade ${event.tradeId}: more shares left the market than entered it`, event.marketId);
    }
    const order = change.order;
    const binding = entry.bindings.find((candidate) => candidate.spec.id === order.intent.strategyId);
    const isFill = change.from === undefined && change.kind !== "voided";
    if (isFill) this.counts.fills += 1;
    if (change.kind === "voided") this.counts.fillsVoided += 1;
    if (isTerminal(order)) binding?.dropOrder(order);
    const { orderFrom, orderTo } = change;
    if (binding !== undefined && orderFrom !== undefined && orderFrom !== orderTo) {
      this.#tellOrder(binding, order, orderFrom, undefined);
    }
    if (orderFrom !== undefined && orderTo !== undefined) this.#cancelAgain(order, orderFrom, orderTo);
    this.#exposure(entry, change.kind === "voided");
    if (binding !== undefined && (isFill || change.kind === "voided")) {
      const strategy = binding.spec.strategy;
      const extra = { order: new LiveOrderView(order), fill: event };
      this.#call(binding, () => {
        if (isFill) strategy.onFill?.(hookContext(binding, extra));
        else strategy.onFillVoided?.(hookContext(binding, extra));
      });
      this.#call(binding, () => strategy.onPosition?.(binding));
    }
    this.#afterOrders(entry);
  }

  /** An order or trade may have become terminal: the machines that wait for quiet get to know. */
  #afterOrders(entry: MarketEntry): void {
    this.#exposure(entry, false);
    this.#tryResolve(entry);
    this.#settle(entry);
    this.#forget();
  }

  /** Orders and trades that can no longer change are forgotten in batches, so that long runs keep a flat memory. */
  #forget(): void {
    this.#untilForget -= 1;
    if (this.#untilForget > 0) return;
    this.#untilForget = FORGET_EVERY;
    this.ledger.prune(this.orders.prune((this.now - FORGET_AFTER) as Nanos));
    this.chains.prune((this.now - FORGET_AFTER) as Nanos);
  }

  #exposure(entry: MarketEntry, broken: boolean): void {
    const facts = this.exposureFacts(entry);
    if (broken && entry.trading.status === "LOCKED_PAIR") this.#trading(entry, { kind: "pair_broken", facts });
    this.#trading(entry, { kind: "exposure", facts });
  }

  exposureFacts(entry: MarketEntry): Extract<TradingInput, { kind: "exposure" }>["facts"] {
    const marketId = entry.market.marketId;
    return {
      positions: [this.ledger.position(marketId, 0), this.ledger.position(marketId, 1)],
      openOrders: this.orders.hasOpen(marketId),
      openChain: entry.chain !== undefined,
      dust: Math.round(this.options.engine.dust_shares * SHARES_ONE) as Shares,
    };
  }

  // --- settlement ----------------------------------------------------------------------------------------------------

  #settle(entry: MarketEntry): void {
    const action = nextChainAction(this, entry);
    if (action === undefined) return;
    this.#actionSeq += 1;
    const chain: ChainAction = { actionId: id<ActionId>(`chain-${this.#actionSeq}`), ...action };
    entry.chain = chain;
    this.chains.create(chain, this.now);
    this.#effect({ type: "chain", action: chain });
  }

  #chainReport(event: ChainReport): void {
    const change = this.chains.report(event);
    const action = change.action;
    const entry = action === undefined ? undefined : this.#markets.get(action.marketId);
    if (change.illegal !== undefined) {
      this.#alarm("CHAIN_TRANSITION_ILLEGAL", change.illegal, action?.marketId);
      if (entry !== undefined) this.#trading(entry, { kind: "halt", cause: "illegal_transition" });
    }
    if (action === undefined || entry === undefined || !change.applied) return;
    switch (change.to) {
      case "FINAL": {
        entry.chain = undefined;
        if (action.kind === "redeem") entry.redeemed = true;
        const proceeds = change.proceeds ?? redemptionValue(action.amounts, entry.payouts);
        this.ledger.chain(action, proceeds, this.now, entry.trading.owner);
        const facts = this.exposureFacts(entry);
        if (action.kind === "merge") {
          this.counts.merges += 1;
          this.#trading(entry, { kind: "merge_final", facts });
        }
        this.#exposure(entry, false);
        for (const binding of entry.bindings) {
          this.#call(binding, () => binding.spec.strategy.onPosition?.(binding));
        }
        this.#afterOrders(entry);
        return;
      }
      case "REVERTED":
        entry.chain = undefined;
        this.#alarm("CHAIN_REVERTED", `${action.kind} ${action.actionId}: ${event.detail ?? "reverted"}`, action.marketId);
        this.#setTimer(`chain:${action.marketId}`, this.options.engine.chain_retry_ms);
        this.#exposure(entry, true);
        return;
      case "UNKNOWN":
        this.#alarm("CHAIN_UNKNOWN", `${action.kind} ${action.actionId}: ${event.detail ?? "unknown"}`, action.marketId);
        return;
      default:
        return;
    }
  }

  #resolution(event: MarketResolution): void {
    const entry = this.#markets.get(event.marketId);
    if (entry === undefined || entry.payouts !== undefined) return;
    entry.payouts = event.payouts;
    this.ledger.resolution(event.marketId, event.payouts, entry.trading.owner);
    const winner = this.#truthWinner(entry);
    if (winner !== undefined && event.payouts[winner] !== USDC_ONE) {
      this.#alarm("PAYOUT_DIFFERS_FROM_TRUTH", `venue pays ${event.payouts.join("/")} per share`, event.marketId);
    }
    this.#cancelMarket(entry, "market resolved");
    this.#tryResolve(entry);
    this.#settle(entry);
  }

  #truthWinner(entry: MarketEntry): Outcome | undefined {
    const subject = entry.market.subject;
    const match = subject === undefined ? undefined : this.truth.state(subject.matchId);
    if (subject === undefined || match === undefined) return undefined;
    const own = ownVerdict(subject, match);
    if (own.status !== "final" || own.winner === undefined) return undefined;
    return subject.teamOf[0] === own.winner ? 0 : 1;
  }

  #tryResolve(entry: MarketEntry): void {
    if (entry.payouts === undefined || entry.trading.status === "RESOLVED" || entry.chain !== undefined) return;
    if (this.orders.hasOpen(entry.market.marketId)) return;
    this.#trading(entry, { kind: "venue_resolution" });
    const payouts = entry.payouts;
    for (const binding of entry.bindings) {
      this.#call(binding, () => binding.spec.strategy.onResolved?.(hookContext(binding, { payouts })));
    }
  }

  // --- trading machine -----------------------------------------------------------------------------------------------

  #trading(entry: MarketEntry, input: TradingInput): void {
    const change: TradingChange = entry.trading.apply(input, this.now);
    if (change.illegal !== undefined) {
      this.#alarm("TRADING_TRANSITION_ILLEGAL", change.illegal, entry.market.marketId);
      if (input.kind !== "halt") this.#trading(entry, { kind: "halt", cause: "illegal_transition" });
      return;
    }
    if (change.from === change.to) {
      if (change.cancelAll) this.#cancelMarket(entry, change.reason);
      return;
    }
    this.#effect({
      type: "transition",
      machine: "trading",
      subject: entry.market.marketId,
      marketId: entry.market.marketId,
      from: change.from,
      to: change.to,
      reason: change.reason,
    });
    if (change.cancelAll) this.#cancelMarket(entry, change.reason);
    if (change.to !== "HALT" && change.from !== "HALT") return;
    const causes = [...entry.trading.causes];
    for (const binding of entry.bindings) {
      const context = hookContext(binding, { causes });
      const strategy = binding.spec.strategy;
      if (change.to === "HALT") this.#call(binding, () => strategy.onHalt?.(context));
      else this.#call(binding, () => strategy.onResume?.(context));
    }
  }

  #haltWhere(marketId: MarketId | undefined, cause: HaltCause): void {
    for (const entry of this.markets()) {
      if (marketId === undefined || entry.market.marketId === marketId) this.#trading(entry, { kind: "halt", cause });
    }
  }

  #operator(event: OperatorEvent): void {
    const command = event.command;
    switch (command.kind) {
      case "halt":
        this.#haltWhere(command.marketId, "manual");
        return;
      case "kill":
        this.system.kill();
        this.#haltWhere(undefined, "kill");
        return;
      case "resume":
        if (command.marketId === undefined) this.system.resume();
        for (const entry of this.markets()) {
          if (command.marketId !== undefined && entry.market.marketId !== command.marketId) continue;
          this.#trading(entry, { kind: "operator_resume" });
        }
        return;
      case "stop_entries":
        this.system.stopEntries();
        return;
      case "fact":
        this.#truthChanged(
          this.truth.apply({
            type: "match_claim",
            at: event.at,
            receivedAt: event.receivedAt,
            matchId: command.matchId,
            source: id<SourceId>("operator"),
            tier: "B",
            upstream: "operator",
            claim: command.claim,
          }),
        );
        return;
      case "note":
        return;
    }
  }

  #setVenueMode(event: VenueModeChanged): void {
    if (event.mode === this.#venueMode) return;
    this.#effect({
      type: "transition",
      machine: "system",
      subject: "venue",
      from: this.#venueMode,
      to: event.mode,
      reason: event.detail,
    });
    this.#venueMode = event.mode;
  }

  #stopping(reason: string): void {
    this.system.drain();
    for (const entry of this.markets()) {
      for (const binding of entry.bindings) this.#call(binding, () => binding.spec.strategy.onStop?.(binding));
      this.#cancelMarket(entry, `run stopping: ${reason}`);
    }
  }

  #balance(collateral: Usdc): void {
    if (this.#funded) return;
    this.#funded = true;
    this.ledger.deposit(collateral, this.now);
  }

  // --- timers --------------------------------------------------------------------------------------------------------

  #timer(timerId: string): void {
    const colon = timerId.indexOf(":");
    const kind = timerId.slice(0, colon);
    const rest = timerId.slice(colon + 1);
    switch (kind) {
      case "truth":
        this.#truthChanged(this.truth.onTimer(timerId, this.now));
        return;
      case "quiet": {
        const entry = this.#markets.get(rest as MarketId);
        if (entry === undefined) return;
        for (const cause of ["gapped_book", "stale_book", "connectivity"] as const) {
          if (entry.trading.causes.has(cause)) this.#trading(entry, { kind: "clear", cause });
        }
        return;
      }
      case "cooldown": {
        const entry = this.#markets.get(rest as MarketId);
        if (entry !== undefined) this.#trading(entry, { kind: "clear", cause: "strategy_fault" });
        return;
      }
      case "chain": {
        const entry = this.#markets.get(rest as MarketId);
        if (entry !== undefined) this.#settle(entry);
        return;
      }
      case "strategy": {
        const [marketId, strategyId, ...name] = rest.split("|");
        const entry = this.#markets.get(marketId as MarketId);
        const binding = entry?.bindings.find((candidate) => candidate.spec.id === strategyId);
        if (binding === undefined) return;
        const context = hookContext(binding, { name: name.join("|") });
        this.#call(binding, () => binding.spec.strategy.onTimer?.(context));
        return;
      }
    }
  }

  #setTimer(timerId: string, ms: number): void {
    this.#effect({ type: "set_timer", timerId, due: (this.now + Math.ceil(ms * NANOS_PER_MS)) as Nanos });
  }

  setStrategyTimer(binding: Binding, name: string, ms: number): void {
    this.#setTimer(this.#strategyTimer(binding, name), ms);
  }

  clearStrategyTimer(binding: Binding, name: string): void {
    this.#effect({ type: "clear_timer", timerId: this.#strategyTimer(binding, name) });
  }

  #strategyTimer(binding: Binding, name: string): string {
    return `strategy:${binding.entry.market.marketId}|${binding.spec.id}|${name}`;
  }

  // --- what strategies read ------------------------------------------------------------------------------------------

  cashAvailable(): Usdc {
    let reserved = 0;
    for (const order of this.orders.allOpen()) reserved += worstCase(order, this.feeOf(order.intent.marketId)).cash;
    return (this.ledger.cash - reserved) as Usdc;
  }

  feeOf(marketId: MarketId): MarketEntry["fee"] {
    return this.#markets.get(marketId)!.fee;
  }

  /** A market's position belongs to the strategy that owns the market; the others hold nothing there. */
  positionOf(binding: Binding, outcome: Outcome): Position {
    const { entry, spec } = binding;
    const { owner } = entry.trading;
    return owner === undefined || owner === spec.id ? this.ledger.position(entry.market.marketId, outcome) : NOTHING_HELD;
  }

  kellySize(entry: MarketEntry, p: number, price: Price, fraction: number, maxUsdc: Usdc | undefined): Shares {
    const cost = price / PRICE_ONE + feePerShare(price, entry.fee);
    const stake = kellyFraction(p, cost) * fraction;
    if (!(stake > 0) || price <= 0) return 0 as Shares;
    const bankroll = this.ledger.deposits + this.ledger.realizedTotal;
    const cap = Math.min(maxUsdc ?? Infinity, this.options.risk.max_order_usdc * USDC_ONE, this.cashAvailable());
    const dollars = Math.floor(Math.min(stake * bankroll, cap));
    if (dollars <= 0) return 0 as Shares;
    const perShare = Math.ceil(cost * PRICE_ONE) as Price;
    return floorToHundredth(sharesFor(usdc(dollars), perShare));
  }

  /** Starts a new UTC day's profit and loss when the wall clock has passed midnight. */
  #rollDay(): void {
    const day = Math.floor(this.wall / DAY_MS);
    if (day === this.#dayStart) return;
    this.#dayStart = day;
    this.#realizedAtDayStart = this.ledger.realizedTotal;
  }

  marketsOfMatch(matchId: MatchId): readonly MarketId[] {
    return this.#marketsByMatch.get(matchId) ?? [];
  }

  // --- plumbing ------------------------------------------------------------------------------------------------------

  #effect(effect: Effect): void {
    if (this.#effects === undefined) this.#effects = [effect];
    else this.#effects.push(effect);
  }

  #alarm(code: string, message: string, marketId?: MarketId): void {
    this.counts.alarms += 1;
    const alarm: AlarmEffect = marketId === undefined ? { type: "alarm", code, message } : { type: "alarm", code, message, marketId };
    this.#effect(alarm);
  }

  /** Puts a hook in line: hooks run after the machines have settled, never inside one another. */
  #call(binding: Binding, hook: () => void): void {
    this.#calls.push(() => {
      try {
        hook();
      } catch (error) {
        this.#strategyFault(binding, error);
      }
    });
  }

  #runCalls(): void {
    let ran = 0;
    while (this.#calls.length > 0) {
      const calls = this.#calls;
      this.#calls = [];
      for (const call of calls) {
        ran += 1;
        if (ran > this.options.engine.max_hooks_per_event) {
          this.#calls = [];
          this.#alarm("HOOKS_RUNAWAY", "one event set off more hooks than max_hooks_per_event; every market is halted");
          this.#haltWhere(undefined, "strategy_fault");
          this.#calls = [];
          return;
        }
        call();
      }
    }
  }

  #strategyFault(binding: Binding, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#effect({
      type: "alarm",
      code: "STRATEGY_FAULT",
      message: `${binding.spec.id}: ${message}`,
      marketId: binding.entry.market.marketId,
      strategyId: binding.spec.id,
    });
    this.counts.alarms += 1;
    this.#trading(binding.entry, { kind: "halt", cause: "strategy_fault" });
    this.#setTimer(`cooldown:${binding.entry.market.marketId}`, this.options.engine.fault_cooldown_ms);
  }
}
