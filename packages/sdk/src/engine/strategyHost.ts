import { MatchpointError } from "../errors.ts";
import type { Outcome, Side } from "../events/index.ts";
import type { IntentId } from "../ids.ts";
import type { Position } from "../state/index.ts";
import type { OrderRequest } from "../strategy/index.ts";
import type { Millis, Nanos, Price, Shares, Usdc } from "../units/index.ts";
import type { Binding, BindingHost } from "./binding.ts";
import type { Floor } from "./floor.ts";
import { readText, textOf } from "./handedOver.ts";
import { kellyShares, type KellyBasis } from "./kellyShares.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { RiskDesk } from "./riskDesk.ts";

const LONGEST_TIMER_MS = 90 * 86_400_000;

const NOTHING_HELD: Position = Object.freeze({
  matched: 0 as Shares,
  settled: 0 as Shares,
  cost: 0 as Usdc,
  openedAt: undefined,
});

/** What strategies may ask of the core, through the context that their hooks are given. */
export class StrategyHost implements BindingHost {
  readonly #floor: Floor;
  readonly #orders: OrderDesk;
  readonly #risk: RiskDesk;

  constructor(floor: Floor, orders: OrderDesk, risk: RiskDesk) {
    this.#floor = floor;
    this.#orders = orders;
    this.#risk = risk;
  }

  get now(): Nanos {
    return this.#floor.now;
  }
  get wall(): Millis {
    return this.#floor.wall;
  }

  get riskScale(): number {
    return this.#risk.loss.scale;
  }

  submit(binding: Binding, side: Side, request: OrderRequest): IntentId {
    this.#demandStep("an order");
    this.#floor.ask(binding.spec);
    return this.#orders.submit(binding, side, request);
  }

  requestCancel({ spec }: Binding, intentId: IntentId, reason: string): void {
    this.#demandStep("a cancel");
    this.#floor.ask(spec);
    if (!this.#orders.cancels.request(intentId, reason)) return;
    const runaway = this.#risk.gate.guard.cancelled(spec.id, this.#floor.now);
    if (runaway !== undefined) this.#risk.stops.stop(runaway, spec.id);
  }

  cashAvailable(): Usdc {
    return (this.#floor.ledger.cash - this.#floor.reservedCash()) as Usdc;
  }

  /** A market's position belongs to the strategy that owns the market; the others hold nothing there. */
  positionOf({ entry, spec }: Binding, outcome: Outcome): Position {
    const { owner } = entry.trading;
    if (owner !== undefined && owner !== spec.id) return NOTHING_HELD;
    return this.#floor.ledger.position(entry.market.marketId, outcome);
  }

  /** The same strategy's other markets of the match. */
  siblingsOf({ entry, spec }: Binding): readonly Binding[] {
    const { subject } = entry.market;
    if (subject === undefined) return [];
    const found: Binding[] = [];
    for (const marketId of this.#floor.marketsByMatch.get(subject.matchId) ?? []) {
      const other = this.#floor.markets.get(marketId);
      if (other === undefined || other === entry) continue;
      const binding = other.bindings.find((each) => each.spec === spec);
      if (binding !== undefined) found.push(binding);
    }
    return found;
  }

  kellySize(
    entry: MarketEntry,
    p: number,
    price: Price,
    fraction: number,
    maxUsdc: Usdc | undefined,
  ): Shares {
    const basis = {
      fee: entry.fee,
      cash: () => this.cashAvailable(),
      scale: this.riskScale,
      ...this.kellyBasis(),
    };
    return kellyShares({ p, price, fraction, maxUsdc }, basis);
  }

  kellyBasis(): Pick<KellyBasis, "bankroll" | "maxOrderUsdc"> {
    const { ledger, options } = this.#floor;
    const bankroll = (ledger.deposits + ledger.realizedTotal) as Usdc;
    return { bankroll, maxOrderUsdc: options.risk.max_order_usdc };
  }

  setStrategyTimer(binding: Binding, name: string, ms: number): void {
    this.#demandStep("a timer");
    this.#floor.ask(binding.spec);
    const timerId = timerOf(binding, name);
    if (!(Number.isFinite(ms) && ms >= 0 && ms <= LONGEST_TIMER_MS)) {
      throw new MatchpointError("UNIT_INVALID", `timer ${name} is set to ${textOf(ms)} ms`, {
        hint: "A timer takes 0 ms to 90 days.",
      });
    }
    const { timers } = binding;
    const { max_timers: most } = this.#floor.options.engine;
    if (timers.size >= most && !timers.has(timerId))
      throw new MatchpointError("STRATEGY_FAULT", `more than ${most} timers are set in one market`, {
        hint: "engine.max_timers; a timer of the same name moves, it is not another one.",
      });
    timers.add(timerId);
    this.#floor.setTimer(timerId, ms);
  }

  clearStrategyTimer(binding: Binding, name: string): void {
    this.#demandStep("the end of a timer");
    this.#floor.ask(binding.spec);
    const timerId = timerOf(binding, name);
    binding.timers.delete(timerId);
    this.#floor.effect({ type: "clear_timer", timerId });
  }

  /** Between events nobody would hear of it: the order would be kept here and never be sent. */
  #demandStep(what: string): void {
    if (this.#floor.stepping) return;
    throw new MatchpointError("STRATEGY_FAULT", `a strategy asked for ${what} after its hook had ended`, {
      hint: "Ask within the hook: hooks are synchronous, and a context must not be kept for later.",
    });
  }
}

/** Where a strategy's timer is to go: part of its id. */
export interface TimerAddress {
  readonly marketId: string;
  readonly strategyId: string;
  readonly name: string;
}

function timerOf(binding: Binding, name: string): string {
  const text = readText(name, "the name of a timer", "Name it: onTimer is given its name.");
  return `strategy:${toPart(binding.entry.market.marketId)}|${toPart(binding.spec.id)}|${text}`;
}

/** An id as a part of a timer's name: it must not hold the separator. */
function toPart(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("|", "%7C");
}

function fromPart(text: string): string {
  return text.replaceAll("%7C", "|").replaceAll("%25", "%");
}

/** Reads what {@link timerOf} wrote behind `strategy:`. */
export function timerAddress(text: string): TimerAddress {
  const [market = "", strategy = "", ...name] = text.split("|");
  return { marketId: fromPart(market), strategyId: fromPart(strategy), name: name.join("|") };
}
