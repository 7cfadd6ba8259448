import type { MarketDescription, Outcome } from "../events/index.ts";
import type { IntentId, StrategyId } from "../ids.ts";
import type { Order } from "../orders/index.ts";
import type { Position } from "../state/index.ts";
import type { OrderRequest, Strategy, StrategyClass } from "../strategy/index.ts";
import type { Millis, Nanos, Price, Shares, Usdc } from "../units/index.ts";
import { Context, LiveOrderView } from "./context.ts";
import type { KellyBasis } from "./kellyShares.ts";
import type { MarketEntry } from "./marketEntry.ts";
import { SkipTable } from "./skips.ts";

/** A strategy of the run: its class, its one instance, and the id that its orders carry. */
export interface StrategySpec {
  readonly id: StrategyId;
  readonly use: StrategyClass;
  readonly strategy: Strategy;
  /** Whether its entries rest on match truth. */
  readonly truthDriven: boolean;
  /** Which markets it is given; absent: all. */
  readonly accepts?: (market: MarketDescription) => boolean;
}

/** What a binding needs of the core. */
export interface BindingHost {
  readonly now: Nanos;
  readonly wall: Millis;
  /** What part of its usual size an entry may have. */
  readonly riskScale: number;
  cashAvailable(): Usdc;
  positionOf(binding: Binding, outcome: Outcome): Position;
  siblingsOf(binding: Binding): readonly Binding[];
  submit(binding: Binding, side: "buy" | "sell", request: OrderRequest): IntentId;
  requestCancel(binding: Binding, intentId: IntentId, reason: string): void;
  kellySize(entry: MarketEntry, p: number, price: Price, fraction: number, maxUsdc: Usdc | undefined): Shares;
  /** What such a size is reckoned from, beside the market and the cash. */
  kellyBasis(): Pick<KellyBasis, "bankroll" | "maxOrderUsdc">;
  setStrategyTimer(binding: Binding, name: string, ms: number): void;
  clearStrategyTimer(binding: Binding, name: string): void;
}

/** One strategy in one market, as the core has it; what its hooks are given is its {@link Binding.context}. */
export class Binding {
  readonly spec: StrategySpec;
  readonly entry: MarketEntry;
  readonly state: unknown;
  readonly skips: SkipTable = new SkipTable();
  readonly host: BindingHost;
  /** Shown to hooks that have no more to say than the market. */
  readonly context: Context;
  /** Names of its timers that are set and not yet due. */
  readonly timers = new Set<string>();
  /** Whether its first hook has been called. */
  started = false;
  /** Open orders of this strategy here, oldest first; the list is replaced, never changed in place. */
  open: readonly LiveOrderView[] = Object.freeze([]);

  constructor(host: BindingHost, entry: MarketEntry, spec: StrategySpec, state: unknown) {
    this.host = host;
    this.entry = entry;
    this.spec = spec;
    this.state = state;
    this.context = new Context(this);
  }

  addOrder(order: Order): void {
    this.open = Object.freeze([...this.open, new LiveOrderView(order)]);
  }
  dropOrder({ intent: { intentId } }: Order): void {
    this.open = Object.freeze(this.open.filter((view) => view.intentId !== intentId));
  }
}
