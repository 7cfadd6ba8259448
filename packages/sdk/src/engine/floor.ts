import { MatchpointError } from "../errors.ts";
import type { AlarmEffect, Capabilities, Effect, Intent, VenueModeChanged } from "../events/index.ts";
import type { MarketId, MatchId, StrategyId } from "../ids.ts";
import { ChainStore, OrderStore, worstCase } from "../orders/index.ts";
import { Ledger } from "../portfolio/index.ts";
import { SystemMachine, type SystemInput } from "../trading/index.ts";
import { TruthEngine } from "../truth/index.ts";
import {
  feeSchedule,
  NANOS_PER_MS,
  type FeeSchedule,
  type Millis,
  type Nanos,
  type Usdc,
} from "../units/index.ts";
import type { Binding, StrategySpec } from "./binding.ts";
import type { CoreOptions } from "./coreOptions.ts";
import { ForeignLatch } from "./foreignLatch.ts";
import { errorOf, textOf } from "./handedOver.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { OwnChannelGap } from "./ownChannelDesk.ts";
import type { BalanceHold } from "./walletBreaker.ts";

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

/** So many times what one hook may ask for, all hooks of a strategy together may within one event. */
const ASKING_HOOKS = 10;

/** A hook in line. */
interface Call {
  readonly binding: Binding;
  readonly hook: () => unknown;
}

/**
 * What all desks of the core work on: the stores and machines, the time of the event in hand, and the effects that it has
 * led to so far. Hooks are put in line here and run when the machines have settled, never inside one another.
 */
export class Floor {
  now: Nanos = 0 as Nanos;
  wall: Millis = 0 as Millis;
  venueMode: VenueModeChanged["mode"] = "OPEN";
  /** What the venue can do, as it has last said. */
  capabilities: Capabilities;
  readonly options: CoreOptions;
  /** Replaced once, before any market is listed, when an earlier run's account is taken over. */
  orders: OrderStore = new OrderStore();
  chains: ChainStore = new ChainStore();
  ledger: Ledger = new Ledger();
  readonly truth: TruthEngine;
  readonly system: SystemMachine = new SystemMachine();
  readonly markets = new Map<MarketId, MarketEntry>();
  readonly marketsByMatch = new Map<MatchId, MarketId[]>();
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
  /** Told when a strategy's hook threw, with the orders that it had asked for before that and that are not sent. */
  onFault: (binding: Binding, withdrawn: readonly Intent[]) => void = () => undefined;
  /** Shown the error itself, with the stack that effects must not hold: it differs between machines. */
  onError: (binding: Binding, error: unknown) => void = () => undefined;
  /** Told when one event set off more hooks than it may, and whose most of them were. */
  onRunaway: (spec: StrategySpec, reason: string) => void = () => undefined;
  /** Strategies none of whose hooks is called. */
  readonly muted = new Set<StrategyId>();
  /** Whether an event is in hand: only then can anything be asked for. */
  stepping = false;
  /** Whether an operator has halted every market, those to come too. */
  haltedByOperator = false;
  /** Whether somebody else uses the account: every market is halted, those to come too. */
  readonly foreign: ForeignLatch = new ForeignLatch();
  /** Markets that an operator has halted before they were listed. */
  readonly haltedUnlisted = new Set<MarketId>();
  /** Whether an account that was taken over is still to be compared with the venue: until then nothing is shown to strategies. */
  recovering = false;
  /** Whether the run is live: its venue is out there, and may differ from the books. */
  live = false;
  /** Whether a live run that a person has resumed after a kill is still to be compared with the venue. */
  resuming = false;
  /** The last time that the process did nothing for too long: entries wait until then. */
  stall: { readonly ms: number; readonly until: Nanos } | undefined;
  /** The venue has refused too many orders in a row for want of balance; it may be over by now. */
  balanceHold: BalanceHold | undefined;
  /** Since the channel of own orders was lost, until what it missed was compared: entries wait. */
  ownChannel: OwnChannelGap | undefined;
  #effects: Effect[] | undefined;
  /** How many effects there were when the hook in hand began. */
  #mark = 0;
  /** What the hook in hand has asked for so far, and the error that it met when that was too much. */
  #asked = 0;
  #overAsked: MatchpointError | undefined;
  /** The same of every hook of a strategy within the event in hand. */
  readonly #askedInEvent = new Map<StrategyId, number>();
  #calls: Call[] = [];
  #inOrder: readonly MarketEntry[] = [];

  /** The fees of a market that is not listed (yet): what its open orders may cost is counted by them. */
  readonly unknownFee: FeeSchedule;

  constructor(options: CoreOptions) {
    this.options = options;
    this.capabilities = options.capabilities;
    this.unknownFee = feeSchedule(Math.round(options.engine.fee_rate * 1_000_000), 1, true);
    this.truth = new TruthEngine(options.truth);
  }

  /** Begins an event. */
  begin(at: Nanos, wall: Millis): void {
    this.now = at;
    this.wall = wall;
    this.counts.events += 1;
    this.#effects = undefined;
    if (this.#askedInEvent.size > 0) this.#askedInEvent.clear();
    this.stepping = true;
  }

  /** Runs the hooks in line, and hands over what the event has led to. */
  end(): readonly Effect[] {
    if (this.#calls.length > 0) this.#runCalls();
    this.stepping = false;
    return this.#effects ?? NO_EFFECTS;
  }

  effect(effect: Effect): void {
    if (this.#effects === undefined) this.#effects = [effect];
    else this.#effects.push(effect);
  }

  alarm(code: string, message: string, marketId?: MarketId): void {
    this.counts.alarms += 1;
    const alarm: AlarmEffect = { type: "alarm", code, message };
    this.effect(marketId === undefined ? alarm : { ...alarm, marketId });
  }

  /** Moves the system's machine, and tells where it went. */
  moveSystem(input: SystemInput, reason: string): void {
    const { from, to } = this.system.apply(input);
    if (from === to) return;
    this.effect({ type: "transition", machine: "system", subject: "", from, to, reason });
  }

  /** Sets a timer, and tells when it is due. */
  setTimer(timerId: string, ms: number): Nanos {
    const due = (this.now + Math.ceil(ms * NANOS_PER_MS)) as Nanos;
    this.effect({ type: "set_timer", timerId, due });
    return due;
  }

  /** Dollars that the open orders of the account can still cost. */
  reservedCash(): Usdc {
    let cash = 0;
    for (const order of this.orders.allOpen())
      cash += worstCase(order, this.markets.get(order.intent.marketId)?.fee ?? this.unknownFee).cash;
    return cash as Usdc;
  }

  /** The markets in canonical order. */
  allMarkets(): readonly MarketEntry[] {
    // Markets come, and never go.
    if (this.#inOrder.length !== this.markets.size)
      this.#inOrder = [...this.markets.values()].sort((a, b) =>
        a.market.marketId < b.market.marketId ? -1 : 1,
      );
    return this.#inOrder;
  }

  marketsOf(matchId: MatchId): readonly MarketEntry[] {
    const ids = this.marketsByMatch.get(matchId);
    return ids === undefined ? [] : ids.map((marketId) => this.markets.get(marketId)!);
  }

  /** Puts a hook in line. */
  call(binding: Binding, hook: () => unknown): void {
    this.#calls.push({ binding, hook });
  }

  /** Shows a market to a strategy: the first of its hooks there. */
  startBinding(binding: Binding): void {
    const { strategy } = binding.spec;
    this.call(binding, () => {
      binding.started = true;
      return strategy.onStart?.(binding.context);
    });
    this.call(binding, () => {
      Object.freeze(strategy);
    });
  }

  /** A hook begins: what it asks for is taken back when it does not come to a sound end. */
  beginHook(): void {
    this.#mark = this.#effects?.length ?? 0;
    this.#asked = 0;
    this.#overAsked = undefined;
  }

  /** The hook in hand has come to its end. One that asked for too much is no sound one, whatever it caught. */
  endHook(binding: Binding, answer: unknown): void {
    if (this.#overAsked !== undefined) this.fault(binding, this.#overAsked);
    else if (answer !== undefined) this.answered(binding, answer);
  }

  /**
   * A strategy asks for an order, a cancel or a timer.
   * @throws {@link MatchpointError} `STRATEGY_FAULT` when one hook, or all hooks of one event, ask for more than they may
   */
  ask({ id }: StrategySpec): void {
    const { max_asks_per_hook: most } = this.options.engine;
    this.#asked += 1;
    const inEvent = (this.#askedInEvent.get(id) ?? 0) + 1;
    this.#askedInEvent.set(id, inEvent);
    if (this.#asked <= most && inEvent <= most * ASKING_HOOKS) return;
    // One error for all that follows: a loop that catches it must not be dear.
    this.#overAsked ??= new MatchpointError(
      "STRATEGY_FAULT",
      `a hook asked for more than ${most} orders, cancels and timers`,
      { hint: "engine.max_asks_per_hook" },
    );
    throw this.#overAsked;
  }

  /** Whether a strategy has a hook. Where even asking throws it has one: that then throws where it is guarded. */
  hears({ spec: { strategy } }: Binding, hook: "onBook" | "onTrade"): boolean {
    try {
      return strategy[hook] !== undefined;
    } catch {
      return true;
    }
  }

  /** Runs a hook; one that throws is an alarm and a halt of its market, never a crash. */
  guard(binding: Binding, hook: () => unknown): void {
    if (this.muted.has(binding.spec.id)) return;
    this.beginHook();
    try {
      this.endHook(binding, hook());
    } catch (error) {
      this.fault(binding, error);
    }
  }

  /** What a hook returned is of no interest, unless it is a promise: the rest of that hook would run behind our back. */
  answered(binding: Binding, answer: unknown): void {
    const promise = answer as Partial<PromiseLike<unknown>> | null;
    if (typeof promise?.then !== "function") return;
    promise.then(undefined, () => undefined);
    this.fault(
      binding,
      new MatchpointError("STRATEGY_FAULT", "a hook returned a promise; hooks must be synchronous"),
    );
  }

  fault(binding: Binding, error: unknown): void {
    const withdrawn = this.#withdraw();
    this.counts.alarms += 1;
    this.effect({
      type: "alarm",
      code: "STRATEGY_FAULT",
      message: `${binding.spec.id}: ${textOf(error)}`,
      marketId: binding.entry.market.marketId,
      strategyId: binding.spec.id,
    });
    this.onError(binding, errorOf(error));
    this.onFault(binding, withdrawn);
  }

  /** Takes back the orders that the hook in hand has asked for: nothing of them has left. */
  #withdraw(): readonly Intent[] {
    const effects = this.#effects;
    if (effects === undefined) return [];
    const intents: Intent[] = [];
    const kept = effects.filter((effect, i) => {
      if (i < this.#mark || effect.type !== "place") return true;
      intents.push(effect.intent);
      return false;
    });
    this.#effects = kept.filter(
      (effect) => effect.type !== "cancel" || !intents.some(({ intentId }) => intentId === effect.intentId),
    );
    return intents;
  }

  #runCalls(): void {
    const ran = new Map<StrategySpec, number>();
    let sum = 0;
    while (this.#calls.length > 0) {
      const calls = this.#calls;
      this.#calls = [];
      for (const { binding, hook } of calls) {
        const { spec } = binding;
        if (this.muted.has(spec.id)) continue;
        sum += 1;
        ran.set(spec, (ran.get(spec) ?? 0) + 1);
        if (sum > this.options.engine.max_hooks_per_event) {
          this.#ranAway(ran);
          // The others are heard to their end: they are not the ones that ran away.
          sum = 0;
          ran.clear();
          if (this.muted.has(spec.id)) continue;
        }
        this.guard(binding, hook);
      }
    }
  }

  /** One event set off too many hooks: whoever had most of them goes no further. */
  #ranAway(ran: ReadonlyMap<StrategySpec, number>): void {
    let [worst, most]: [StrategySpec | undefined, number] = [undefined, 0];
    for (const [spec, times] of ran) if (times > most) [worst, most] = [spec, times];
    if (worst === undefined) return;
    const limit = this.options.engine.max_hooks_per_event;
    const reason = `one event set off more than ${limit} hooks (max_hooks_per_event), ${most} of them its own`;
    this.counts.alarms += 1;
    this.effect({
      type: "alarm",
      code: "HOOKS_RUNAWAY",
      message: `${worst.id}: ${reason}`,
      strategyId: worst.id,
    });
    this.onRunaway(worst, reason);
  }
}
