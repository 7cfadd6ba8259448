import type { HaltCause } from "../state/index.ts";
import type { Intent } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import type { TradingInput } from "../trading/index.ts";
import { SHARES_ONE, type Shares } from "../units/index.ts";
import { hookContext, type Binding } from "./binding.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";

/** Moves the markets' trading machines, and does what their moves demand: cancels, hooks, alarms. */
export class TradingDesk {
  readonly #floor: Floor;
  /** Cancels every open order of a market; the order desk's. */
  cancelMarket: (entry: MarketEntry, reason: string) => void = () => undefined;
  /** Cancels every open order of a strategy in a market; the order desk's. */
  cancelOf: (binding: Binding, reason: string) => void = () => undefined;
  /** Ends orders that a hook had asked for before it failed; the order desk's. */
  withdraw: (binding: Binding, intents: readonly Intent[]) => void = () => undefined;

  constructor(floor: Floor) {
    this.#floor = floor;
    floor.onFault = (binding, withdrawn) => {
      this.withdraw(binding, withdrawn);
      this.#faulty(binding.entry);
    };
    floor.onRunaway = () => {
      for (const entry of floor.allMarkets()) this.#faulty(entry);
    };
  }

  /** Halts a market until its cool-down has passed. */
  #faulty(entry: MarketEntry): void {
    this.apply(entry, { kind: "halt", cause: "strategy_fault" });
    this.#floor.setTimer(`cooldown:${entry.market.marketId}`, this.#floor.options.engine.fault_cooldown_ms);
  }

  apply(entry: MarketEntry, input: TradingInput): void {
    const floor = this.#floor;
    const { marketId } = entry.market;
    const change = entry.trading.apply(input, floor.now);
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
