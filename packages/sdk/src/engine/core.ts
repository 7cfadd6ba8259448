import { MatchpointError } from "../errors.ts";
import type {
  CoreEvent,
  Effect,
  Outcome,
  RunStarted,
  StrategyReply,
  VenueModeChanged,
} from "../events/index.ts";
import type { MarketId, MatchId } from "../ids.ts";
import type { Mark, Pnl } from "../portfolio/index.ts";
import type { TruthEngine } from "../truth/index.ts";
import { NANOS_PER_MS, type Millis, type Nanos, type Shares, type Usdc } from "../units/index.ts";
import { accountOf } from "./adoptDesk.ts";
import type { CarriedAccount } from "./carried.ts";
import type { CoreOptions } from "./coreOptions.ts";
import { makeDesks, type Desks } from "./desks.ts";
import { Floor, type CoreCounts } from "./floor.ts";
import { IsolatedStrategy } from "./isolatedStrategy.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { OwnChannelGap } from "./ownChannelDesk.ts";
import type { RiskStatus } from "./riskDesk.ts";
import { sellable } from "./riskView.ts";
import { loadBooks, saveBooks, type BookDesks, type SavedBooks } from "./savedBooks.ts";
import { timerDue } from "./timers.ts";
import { holds, type BalanceHold } from "./walletBreaker.ts";

/** A machine that slept for hours has lost its connections, and begins with new books. */
const MOST_STALL_MS = 10_000;

/**
 * The trading core: a synchronous, deterministic fold over one ordered log of events. `step` takes the next event and
 * returns what the shell is to do about it. It looks at no clock, draws no random number and does no I/O.
 *
 * An event goes to the desk that it concerns: market (books), truth (matches), orders (intents, orders, trades),
 * settlement (merge, resolution, redemption); all of them move the trading machines through the trading desk.
 */
export class Core {
  readonly #floor: Floor;
  readonly #desks: Desks;
  #funded = false;

  constructor(options: CoreOptions) {
    const floor = new Floor(options);
    this.#floor = floor;
    floor.onError = ({ spec, entry }, error) => {
      options.onStrategyError?.(spec.id, entry.market.marketId, error);
    };
    this.#desks = makeDesks(floor);
  }

  /** Takes the next event of the log. @throws {@link MatchpointError} `INVARIANT` when time runs backwards */
  step(event: CoreEvent): readonly Effect[] {
    const floor = this.#floor;
    if (event.at < floor.now) {
      throw new MatchpointError(
        "INVARIANT",
        `event ${event.type} at ${event.at} ns comes after ${floor.now} ns`,
      );
    }
    floor.begin(event.at, event.receivedAt);
    this.#desks.pnl.look();
    this.#desks.risk.before();
    this.#route(event);
    this.#desks.risk.after(event);
    this.#desks.orders.settling.look();
    return floor.end();
  }

  #route(event: CoreEvent): void {
    const floor = this.#floor;
    const desks = this.#desks;
    switch (event.type) {
      case "book_delta":
      case "book_snapshot":
      case "best_quote":
      case "tick_size_changed":
      case "book_continuity":
        desks.market.book(event);
        return;
      case "market_trade":
        desks.market.publicTrade(event);
        return;
      case "market_listed":
        desks.market.list(event.market);
        return;
      case "terms_changed":
        desks.terms.changed(event);
        return;
      case "terms_continuity":
        desks.terms.continuity(event);
        return;
      case "market_resolution":
        desks.settlement.resolution(event);
        return;
      case "market_resolved_hint":
        return; // a hint that settlement is near, never proof of it
      case "match_listed":
        desks.truth.changed(floor.truth.list(event.match, event.at));
        desks.truth.linkMatch(event.match.matchId);
        return;
      case "match_claim":
      case "source_health":
        desks.truth.changed(floor.truth.apply(event));
        return;
      case "order_prepared":
        desks.orders.prepared(event);
        return;
      case "order_report":
        desks.orders.report(event);
        return;
      case "trade_report":
        desks.orders.trade(event);
        return;
      case "chain_report":
        desks.settlement.chainReport(event);
        return;
      case "balance_report":
        this.#balance(event.collateral);
        return;
      case "venue_mode":
        this.#venueMode(event);
        return;
      case "venue_limits":
        floor.capabilities = { ...floor.capabilities, cancelBurst: event.cancelBurst };
        return;
      case "own_channel":
        desks.ownChannel.changed(event);
        return;
      case "timer":
        timerDue(floor, desks, event.timerId);
        return;
      case "operator":
        desks.operator.said(event);
        return;
      case "frame_quarantined":
        floor.counts.quarantined += 1;
        floor.alarm("FRAME_QUARANTINED", `${event.feed}: ${event.reason}`, event.marketId);
        return;
      case "feed_redundancy":
        if (event.state === "degraded") floor.alarm("FEED_DEGRADED", `${event.feed}: ${event.reason}`);
        return;
      case "queue_pressure":
        desks.market.pressure(event);
        return;
      case "loop_stalled":
        this.#stalled(event.stalledMs);
        return;
      case "reconciled":
        desks.reconcile.reconciled(event);
        desks.ownChannel.reconciled(event);
        return;
      case "adopted":
        if (event.what.kind === "account") this.#funded = true;
        desks.adopt.adopted(event);
        if (event.what.kind === "account") desks.pnl.goOn();
        return;
      case "chain_requested":
        desks.settlement.requested(event);
        return;
      case "strategy_reply":
        this.#reply(event);
        return;
      case "risk_noted":
        desks.risk.noted(event);
        return;
      case "snapshot_taken":
        return; // for whoever reads the journal again
      case "run_started":
        desks.adopt.started(event);
        this.#starting(event);
        return;
      case "run_stopping":
        this.#stopping(event.reason);
        return;
      case "run_stopped":
        if (event.clean) floor.moveSystem("drained", "the venue listed none of our orders, twice");
        else
          floor.alarm(
            "ORDERS_MAY_BE_OPEN",
            `${event.openOrders} orders may still be open: the venue did not say that they are gone`,
          );
        return;
    }
  }

  /** A live run says how it comes to be ready; on paper there is nothing to be looked at before. */
  #starting({ mode, recovers }: RunStarted): void {
    const floor = this.#floor;
    floor.live = mode === "live";
    if (mode === "paper") {
      floor.system.start();
      return;
    }
    floor.moveSystem("booted", "booted");
    floor.moveSystem("checklist_passed", "every check passed");
    if (recovers === undefined)
      floor.moveSystem("recovered", "the account begins anew: there is nothing to recover");
  }

  /** A strategy that runs elsewhere has answered: what it asks for is asked for in one hook of its own. */
  #reply({ strategyId, marketId, actions, failed }: StrategyReply): void {
    const floor = this.#floor;
    if (failed !== undefined) {
      this.#desks.risk.stops.haltStrategy(strategyId, failed);
      return;
    }
    const entry = marketId === undefined ? undefined : floor.markets.get(marketId);
    const binding = entry?.bindings.find(({ spec }) => spec.id === strategyId);
    const strategy = binding?.spec.strategy;
    if (strategy instanceof IsolatedStrategy)
      floor.call(binding!, () => {
        strategy.reply(binding!, actions);
      });
  }

  /** What is read in the time after a stall may have come during it: for as long again it is taken for old. */
  #stalled(ms: number): void {
    const floor = this.#floor;
    const { max_loop_stall_ms: most } = floor.options.risk;
    if (most === 0 || ms <= most) return;
    const hold = Math.min(ms, MOST_STALL_MS);
    const until = (floor.now + hold * NANOS_PER_MS) as Nanos;
    if (floor.stall === undefined || until > floor.stall.until) floor.stall = { ms, until };
    floor.alarm("LOOP_STALLED", `the process did nothing for ${ms} ms: no entries for ${hold} ms`);
  }

  #balance(collateral: Usdc): void {
    if (this.#funded) return;
    this.#funded = true;
    this.#floor.ledger.deposit(collateral, this.#floor.now);
  }

  #venueMode(event: VenueModeChanged): void {
    const floor = this.#floor;
    if (event.mode === floor.venueMode) return;
    const { mode: to, detail: reason } = event;
    floor.effect({
      type: "transition",
      machine: "system",
      subject: "venue",
      from: floor.venueMode,
      to,
      reason,
    });
    floor.venueMode = to;
  }

  #stopping(reason: string): void {
    const floor = this.#floor;
    floor.moveSystem("drain", reason);
    for (const entry of floor.allMarkets()) {
      for (const binding of entry.bindings)
        floor.call(binding, () => binding.spec.strategy.onStop?.(binding.context));
      this.#desks.orders.cancels.demandMarket(entry, `run stopping: ${reason}`);
    }
  }

  /** What the next run of this account begins with; monotonic times are this run's. Orders and trades that are over are forgotten. */
  account(): CarriedAccount {
    return accountOf(this.#floor, this.#desks);
  }

  /** All that a core which only keeps the books knows; {@link Core.load} of another one goes on from it as if nothing had been. */
  save(): SavedBooks {
    return saveBooks(this.#floor, this.#books, this.#funded);
  }
  /** @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER`, `JOURNAL_CORRUPT` */
  load(saved: SavedBooks): void {
    loadBooks(this.#floor, this.#books, saved);
    this.#funded = saved.funded;
  }
  get #books(): BookDesks {
    const { truth } = this.#desks;
    return {
      ...this.#desks,
      link: (entry) => {
        truth.link(entry);
      },
    };
  }

  get now(): Nanos {
    return this.#floor.now;
  }
  get wall(): Millis {
    return this.#floor.wall;
  }
  get counts(): Readonly<CoreCounts> {
    return this.#floor.counts;
  }
  get orders(): Floor["orders"] {
    return this.#floor.orders;
  }
  get ledger(): Floor["ledger"] {
    return this.#floor.ledger;
  }
  get truth(): TruthEngine {
    return this.#floor.truth;
  }
  get system(): Floor["system"] {
    return this.#floor.system;
  }
  get venueMode(): VenueModeChanged["mode"] {
    return this.#floor.venueMode;
  }

  /** An operator has halted every market, and those that are listed later too. */
  get haltedByOperator(): boolean {
    return this.#floor.haltedByOperator;
  }

  /** Why entries wait since the venue has refused too many orders for want of balance; absent: they do not. */
  get balanceHold(): BalanceHold | undefined {
    const { balanceHold: hold, now } = this.#floor;
    return hold !== undefined && holds(hold, now) ? hold : undefined;
  }

  /** Why entries wait since the channel of own orders was lost; absent: they do not, or the venue was never lost. */
  get ownChannel(): OwnChannelGap | undefined {
    return this.#floor.ownChannel;
  }

  /** What the account has won or lost up to now, and where it came from. */
  get pnl(): Pnl {
    return this.#desks.pnl.pnl;
  }
  /** What a market's shares are valued at; `undefined` for one that was never listed here. */
  mark(marketId: MarketId): Mark | undefined {
    return this.#desks.pnl.mark(marketId);
  }

  /** Shares that may be sold by the sell gate, without what a chain action has reserved; open sales are not taken off. */
  sellable(marketId: MarketId, outcome: Outcome): Shares {
    return sellable(this.#floor, marketId, outcome);
  }

  /** What holds trading back, why, since when, and what ends it. */
  get risk(): RiskStatus {
    return this.#desks.risk.status;
  }

  /** Whether a live run that was resumed after a kill trades once a comparison of the whole account agrees, and not before. */
  get awaitsComparison(): boolean {
    return this.#desks.reconcile.awaited;
  }

  /** The markets in canonical order. */
  markets(): readonly MarketEntry[] {
    return this.#floor.allMarkets();
  }
  market(marketId: MarketId): MarketEntry | undefined {
    return this.#floor.markets.get(marketId);
  }
  marketsOfMatch(matchId: MatchId): readonly MarketId[] {
    return this.#floor.marketsByMatch.get(matchId) ?? [];
  }
}
