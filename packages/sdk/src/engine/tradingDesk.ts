import type { HaltCause } from "../state/index.ts";
import type { Intent } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import type { TradingInput } from "../trading/index.ts";
import { NANOS_PER_MS, SHARES_ONE, type Nanos, type Shares } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import { hookContext } from "./context.ts";
import type { CarriedHold } from "./carried.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";

/** Halts that the core raises by itself and that a cool-down ends. */
export type HoldCause = "breaker" | "strategy_fault";

function holdTimer(cause: HoldCause, marketId: MarketId): string {
  return `${cause === "breaker" ? "breaker" : "cooldown"}:${marketId}`;
}

/** Moves the markets' trading machines, and does what their moves demand: cancels, hooks, alarms. */
export class TradingDesk {
  readonly #floor: Floor;
  /** Cancels every open order of a market; the order desk's. */
  cancelMarket: (entry: MarketEntry, reason: string) => void = () => undefined;
  /** Cancels every open order of a strategy in a market; the order desk's. */
  cancelOf: (binding: Binding, reason: string) => void = () => undefined;
  /** Ends orders that a hook had asked for before it failed; the order desk's. */
  withdraw: (binding: Binding, intents: readonly Intent[]) => void = () => undefined;

  /** Told of a hook that failed; the risk desk's. */
  faulted: (binding: Binding) => void = () => undefined;
  /** Told that a cause holds a market no longer; the risk desk's. */
  cleared: (entry: MarketEntry, cause: HaltCause) => void = () => undefined;

  constructor(floor: Floor) {
    this.#floor = floor;
    floor.onFault = (binding, withdrawn) => {
      this.withdraw(binding, withdrawn);
      // What it threw is in the alarm, and not here: its words may differ between machines, and effects must not.
      this.faulty(binding.entry, `a hook of ${binding.spec.id} failed`);
      this.faulted(binding);
    };
  }

  /** Halts a market until its cool-down has passed: one of its strategies failed. */
  faulty(entry: MarketEntry, reason: string): void {
    this.hold(entry, "strategy_fault", reason, this.#floor.options.engine.fault_cooldown_ms);
  }

  /** Halts a market until a cool-down has passed; without one (`undefined`) until an operator resumes it. */
  hold(entry: MarketEntry, cause: HoldCause, reason: string, ms: number | undefined): void {
    const floor = this.#floor;
    const { marketId } = entry.market;
    const { now: at } = floor;
    if (entry.trading.status === "RESOLVED") return;
    const cooling = ms === undefined ? {} : { until: (at + ms * NANOS_PER_MS) as Nanos };
    floor.effect({ type: "risk", note: { kind: "hold", marketId, cause, reason, at, ...cooling } });
    this.apply(entry, { kind: "halt", cause, reason, ...cooling });
    if (ms !== undefined) floor.setTimer(holdTimer(cause, marketId), ms);
  }

  /** A halt of an earlier run of the account goes on. */
  holdOn(entry: MarketEntry, { cause, reason, since, until }: CarriedHold): void {
    const { now } = this.#floor;
    if (until !== undefined && until <= now) return;
    this.apply(entry, { kind: "halt", cause, reason, since, until });
    if (until === undefined || (cause !== "breaker" && cause !== "strategy_fault")) return;
    this.#floor.setTimer(holdTimer(cause, entry.market.marketId), (until - now) / NANOS_PER_MS);
  }

  /** A cool-down has come to its end. One that was begun anew meanwhile has not. */
  cooled(entry: MarketEntry, cause: HoldCause): void {
    const until = entry.trading.halts.find((halt) => halt.cause === cause)?.until;
    if (until !== undefined && until <= this.#floor.now) this.apply(entry, { kind: "clear", cause });
  }

  apply(entry: MarketEntry, input: TradingInput): void {
    const floor = this.#floor;
    const { marketId } = entry.market;
    const held = [...entry.trading.causes];
    const change = entry.trading.apply(input, floor.now);
    for (const cause of held) if (!entry.trading.causes.has(cause)) this.cleared(entry, cause);
    if (input.kind === "halt" || (change.to === "HALT" && change.from !== "HALT")) entry.agreements = 0;
    if (change.illegal !== undefined) {
      floor.alarm("TRADING_TRANSITION_ILLEGAL", change.illegal, marketId);
      if (input.kind !== "halt") this.apply(entry, { kind: "halt", cause: "illegal_transition" });
      return;
    }
    if (change.from !== change.to) {
      const { from, to, reason } = change;
      floor.effect({ type: "transition", machine: "trading", subject: marketId, marketId, from, to, reason });
    }
    if (change.cancelAll) this.cancelMarket(entry, change.reason);
    if (change.from === change.to) return;
    if (change.to === "RESOLVED") this.#resolved(entry);
    else if (change.to === "HALT" || change.from === "HALT") this.#halted(entry, change.to === "HALT");
  }

  #resolved(entry: MarketEntry): void {
    const { payouts } = entry;
    if (payouts === undefined) return;
    for (const binding of entry.bindings) {
      const context = hookContext(binding, { payouts });
      this.#floor.call(binding, () => binding.spec.strategy.onResolved?.(context));
    }
  }

  #halted(entry: MarketEntry, halted: boolean): void {
    const causes = [...entry.trading.causes];
    for (const binding of entry.bindings) {
      const { strategy } = binding.spec;
      const context = hookContext(binding, { causes });
      this.#floor.call(binding, () => (halted ? strategy.onHalt?.(context) : strategy.onResume?.(context)));
    }
  }

  /** Halts one market, or all of them. */
  haltWhere(marketId: MarketId | undefined, cause: HaltCause): void {
    for (const entry of this.#floor.allMarkets()) {
      if (marketId === undefined || entry.market.marketId === marketId)
        this.apply(entry, { kind: "halt", cause });
    }
  }

  /** Something of the account is not ours: it concerns every market, those to come too. */
  haltForeign(): void {
    this.#floor.foreign.raise();
    this.haltWhere(undefined, "foreign_order");
  }

  /** Tells a market's machine what it holds now. `broken`: a fill was voided, or a merge reverted. */
  exposure(entry: MarketEntry, broken: boolean): void {
    const facts = this.facts(entry);
    if (broken && entry.trading.status === "LOCKED_PAIR") this.apply(entry, { kind: "pair_broken", facts });
    this.apply(entry, { kind: "exposure", facts });
  }

  facts(entry: MarketEntry): Extract<TradingInput, { kind: "exposure" }>["facts"] {
    const { ledger, orders, options } = this.#floor;
    const { marketId } = entry.market;
    return {
      positions: [ledger.position(marketId, 0), ledger.position(marketId, 1)],
      openOrders: orders.hasOpen(marketId),
      openChain: entry.chain !== undefined,
      dust: Math.round(options.engine.dust_shares * SHARES_ONE) as Shares,
    };
  }
}
