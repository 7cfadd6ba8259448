import { MatchpointError } from "../errors.ts";
import type { CoreEvent, RejectCode, RiskNoted } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { BENIGN_REJECTS, RiskGate, type RiskView } from "../risk/index.ts";
import type { Halt } from "../trading/index.ts";
import type { Binding } from "./binding.ts";
import { BreakerDesk } from "./breakerDesk.ts";
import type { CarriedAccount, CarriedRisk } from "./carried.ts";
import type { Floor } from "./floor.ts";
import { LossDesk, type LossStatus } from "./lossDesk.ts";
import { StopDesk, type HaltedStrategy, type Killed } from "./stopDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";

/** What holds trading back at the moment, and what ends each, for people. Monotonic times. */
export interface RiskStatus {
  /** The kill in force, if one is, and when the earliest resume is followed. */
  readonly killed: (Killed & { readonly resumableAt: number }) | undefined;
  readonly strategies: readonly HaltedStrategy[];
  /** Halted markets, each with its causes. */
  readonly halts: readonly { readonly marketId: MarketId; readonly causes: readonly Halt[] }[];
  readonly loss: LossStatus;
}

/** What limits and stops trading beyond a single order: breakers, losses, kills, halted strategies. */
export class RiskDesk {
  readonly gate: RiskGate;
  readonly breakers: BreakerDesk;
  readonly loss: LossDesk;
  readonly stops: StopDesk;
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  /** What the gate sees when a strategy intends something in a market: kept where no strategy finds it. */
  readonly #views = new WeakMap<Binding, RiskView>();

  constructor(floor: Floor, trading: TradingDesk) {
    this.#floor = floor;
    this.#trading = trading;
    this.gate = new RiskGate(floor.options.risk);
    const { limits, guard } = this.gate;
    this.breakers = new BreakerDesk(floor, trading, limits);
    this.loss = new LossDesk(floor, limits);
    this.stops = new StopDesk(floor, trading, limits, guard);
    this.loss.kill = (reason) => {
      this.stops.kill("daily_loss", reason);
    };
    trading.faulted = ({ spec }) => {
      this.stops.misstep("failed_hook", spec.id, "");
    };
    trading.cleared = (entry, cause) => {
      if (cause === "breaker") this.breakers.cleared(entry);
    };
    floor.onRunaway = (spec, reason) => {
      this.stops.haltStrategy(spec.id, reason);
      for (const entry of floor.allMarkets())
        if (entry.bindings.some((binding) => binding.spec === spec)) trading.faulty(entry, reason);
    };
  }

  /** Gives a strategy in a market what the gate is to see of it. */
  show(binding: Binding, view: RiskView): void {
    this.#views.set(binding, view);
  }
  /** @throws {@link MatchpointError} `STRATEGY_FAULT` for whatever only looks like a strategy in a market */
  viewOf(binding: Binding): RiskView {
    const view = this.#views.get(binding);
    if (view === undefined)
      throw new MatchpointError(
        "STRATEGY_FAULT",
        "an order was asked for by a context that was not given out",
      );
    return view;
  }

  /** Before anything else of an event. */
  before(): void {
    this.loss.rollDay();
    this.breakers.tick();
    this.loss.tick();
  }

  /** When an event has been taken in, before hooks hear of it. */
  after(event: CoreEvent): void {
    switch (event.type) {
      case "trade_report":
      case "market_resolution":
      case "market_listed":
        this.loss.moved(event.type === "market_listed" ? event.market.marketId : event.marketId);
        return;
      case "adopted":
        if (event.what.kind === "complete") this.loss.began();
        this.loss.movedAll();
        return;
      case "chain_report":
      case "balance_report":
      case "operator":
        this.loss.movedAll();
        return;
      default:
        return;
    }
  }

  /** What a live run has journaled of its latches; the run itself knows it already. */
  noted({ note }: RiskNoted): void {
    if (this.#floor.options.bookkeeping !== true) return;
    this.loss.note(note);
    this.stops.note(note);
    if (note.kind !== "hold") return;
    const entry = this.#floor.markets.get(note.marketId);
    const { cause, reason, at: since, until } = note;
    if (entry !== undefined) this.#trading.apply(entry, { kind: "halt", cause, reason, since, until });
  }

  get status(): RiskStatus {
    const { killed } = this.stops;
    return {
      killed:
        killed === undefined
          ? undefined
          : { ...killed, resumableAt: killed.at + this.gate.limits.killCooldown },
      strategies: this.stops.strategies,
      halts: this.#floor
        .allMarkets()
        .filter(({ trading }) => trading.causes.size > 0)
        .map(({ market: { marketId }, trading }) => ({ marketId, causes: trading.halts })),
      loss: this.loss.status,
    };
  }

  /** Goes on from an earlier run of the account. */
  goOn(plain: CarriedAccount): void {
    const { risk } = plain;
    const stopped = risk?.dayStopped === undefined ? {} : { stopped: risk.dayStopped };
    const { dayEnds, realizedAtDayStart } = plain;
    this.loss.goOn({ dayEnds, realizedAtDayStart, ...stopped }, risk?.peak);
    // An account of an earlier version does not say when it was killed: it is taken for now.
    const at = this.#floor.now;
    const unsaid: Killed | undefined = plain.killed
      ? { by: "operator", at, reason: "killed in the earlier run" }
      : undefined;
    this.stops.goOn(risk?.killed ?? unsaid, risk?.strategies ?? [], risk?.missteps ?? []);
    const sent = [...plain.orders.orders].sort((a, b) => a.createdAt - b.createdAt);
    for (const { intent, createdAt } of sent) this.gate.seed(intent, createdAt);
    const { guard } = this.gate;
    const ended = [...plain.orders.orders].sort((a, b) => a.updatedAt - b.updatedAt);
    const fills = plain.orders.orders.flatMap(({ intent: { strategyId }, trades }) =>
      trades.map(({ report }) => ({ strategyId, at: report.at })),
    );
    // Each when it was first heard of: what the chain says of it later is no fill more.
    for (const { strategyId, at: filledAt } of fills.sort((a, b) => a.at - b.at))
      guard.filled(strategyId, filledAt);
    for (const { intent, status, code, updatedAt } of ended) {
      // What it came to has latched already, where it was too much.
      const { strategyId } = intent;
      if (status === "CANCELED") guard.cancelled(strategyId, updatedAt);
      if (status === "REJECTED" && !BENIGN_REJECTS.has(code as RejectCode | undefined))
        guard.rejected(strategyId, updatedAt);
    }
  }

  /** What {@link RiskDesk.goOn} takes. */
  get goingOn(): Pick<CarriedAccount, "dayEnds" | "realizedAtDayStart"> & { readonly risk: CarriedRisk } {
    const { day, peak } = this.loss.goingOn;
    const { killed, strategies, missteps } = this.stops;
    return {
      dayEnds: day.dayEnds,
      realizedAtDayStart: day.realizedAtDayStart,
      risk: {
        ...(day.stopped === undefined ? {} : { dayStopped: day.stopped }),
        ...(peak === undefined ? {} : { peak }),
        ...(killed === undefined ? {} : { killed }),
        strategies,
        ...(missteps.length === 0 ? {} : { missteps }),
      },
    };
  }
}
