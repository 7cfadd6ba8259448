import { MatchpointError } from "../errors.ts";
import type { AlarmEffect, Effect, Intent, VenueModeChanged } from "../events/index.ts";
import type { MarketId, MatchId } from "../ids.ts";
import { ChainStore, OrderStore } from "../orders/index.ts";
import { Ledger } from "../portfolio/index.ts";
import { SystemMachine, type SystemInput } from "../trading/index.ts";
import { TruthEngine } from "../truth/index.ts";
import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import type { CoreOptions } from "./coreOptions.ts";
import type { MarketEntry } from "./marketEntry.ts";

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

/**
 * What all desks of the core work on: the stores and machines, the time of the event in hand, and the effects that it has
 * led to so far. Hooks are put in line here and run when the machines have settled, never inside one another.
 */
export class Floor {
  now: Nanos = 0 as Nanos;
  wall: Millis = 0 as Millis;
  venueMode: VenueModeChanged["mode"] = "OPEN";
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
  /** Told when one event set off more hooks than it may. */
  onRunaway: () => void = () => undefined;
  /** Whether an event is in hand: only then can anything be asked for. */
  stepping = false;
  /** Whether an operator has halted every market, those to come too. */
  haltedByOperator = false;
  /** Whether an account that was taken over is still to be compared with the venue: until then nothing is shown to strategies. */
  recovering = false;
  #effects: Effect[] | undefined;
  /** How many effects there were when the hook in hand began. */
  #mark = 0;
  #calls: (() => void)[] = [];

  constructor(options: CoreOptions) {
    this.options = options;
    this.truth = new TruthEngine(options.truth);
  }

  /** Begins an event. */
  begin(at: Nanos, wall: Millis): void {
    this.now = at;
    this.wall = wall;
    this.counts.events += 1;
    this.#effects = undefined;
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

  /** The markets in canonical order. */
  allMarkets(): readonly MarketEntry[] {
    return [...this.markets.values()].sort((a, b) => (a.market.marketId < b.market.marketId ? -1 : 1));
  }

  marketsOf(matchId: MatchId): readonly MarketEntry[] {
    const ids = this.marketsByMatch.get(matchId);
    return ids === undefined ? [] : ids.map((marketId) => this.markets.get(marketId)!);
  }

  /** Puts a hook in line. */
  call(binding: Binding, hook: () => unknown): void {
    this.#calls.push(() => {
      this.guard(binding, hook);
    });
  }

  /** A hook begins: what it asks for is taken back when it does not come to a sound end. */
  beginHook(): void {
    this.#mark = this.#effects?.length ?? 0;
  }

  /** Runs a hook; one that throws is an alarm and a halt of its market, never a crash. */
  guard(binding: Binding, hook: () => unknown): void {
    this.beginHook();
    try {
      const answer = hook();
      if (answer !== undefined) this.answered(binding, answer);
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
    const message = error instanceof Error ? error.message : String(error);
    this.counts.alarms += 1;
    this.effect({
      type: "alarm",
      code: "STRATEGY_FAULT",
      message: `${binding.spec.id}: ${message}`,
      marketId: binding.entry.market.marketId,
      strategyId: binding.spec.id,
    });
    this.onError(binding, error);
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
    let ran = 0;
    while (this.#calls.length > 0) {
      const calls = this.#calls;
      this.#calls = [];
      for (const call of calls) {
        ran += 1;
        if (ran > this.options.engine.max_hooks_per_event) {
          this.alarm(
            "HOOKS_RUNAWAY",
            "one event set off more hooks than max_hooks_per_event; every market is halted",
          );
          this.#calls = [];
          this.onRunaway();
          this.#calls = [];
          return;
        }
        call();
      }
    }
  }
}
