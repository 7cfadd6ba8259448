import type { AlarmEffect, Effect, StrategyUse } from "@matchpoint/sdk";
import type { History, HistoryEntry, JudgeMaker } from "@matchpoint/testing";
import { FaultPlaces } from "../report/faultPlaces.ts";

/** A hook that failed. */
export interface HookFault {
  readonly message: string;
  /** `/path/mine.ts:12:9`, where the error's stack has a place outside of this project. */
  readonly place?: string;
}

/** How one of the user's own strategies did in a seed. */
export interface StrategyConduct {
  /** Orders that were let out. */
  orders: number;
  /** Orders that were refused, by the code of the reason. */
  readonly denied: Record<string, number>;
  /** Hooks that failed. */
  faults: number;
  first?: HookFault;
}

/** By the names of the strategies; plain JSON. */
export type SeedConduct = Readonly<Record<string, StrategyConduct>>;

/**
 * Watches what the user's own strategies do in one seed. It is a judge that never finds anything: what a strategy does wrong is stopped as it
 * should be, and concerns nobody but the one who wrote it.
 */
export function watchConduct(strategies: readonly StrategyUse[]): {
  readonly judge: JudgeMaker;
  readonly conduct: SeedConduct;
} {
  const conduct: Record<string, StrategyConduct> = Object.fromEntries(
    strategies.map(({ use, name }) => [name ?? use.id, { orders: 0, denied: {}, faults: 0 }]),
  );
  const places = new Map<number, FaultPlaces>();
  const of = (strategyId: string | undefined): StrategyConduct | undefined =>
    strategyId !== undefined && Object.hasOwn(conduct, strategyId) ? conduct[strategyId] : undefined;
  const failed = (life: number, alarm: AlarmEffect): void => {
    const own = of(alarm.strategyId);
    if (own === undefined) return;
    own.faults += 1;
    if (own.first !== undefined) return;
    const place = places.get(life)?.placeOf(alarm);
    const prefix = `${alarm.strategyId ?? ""}: `;
    const message = alarm.message.startsWith(prefix) ? alarm.message.slice(prefix.length) : alarm.message;
    own.first = place === undefined ? { message } : { message, place };
  };
  const took = (life: number, effect: Effect): void => {
    if (effect.type === "alarm" && effect.code === "STRATEGY_FAULT") failed(life, effect);
    else if (effect.type === "place") {
      const own = of(effect.intent.strategyId);
      if (own !== undefined) own.orders += 1;
    } else if (effect.type === "denied") {
      const denied = of(effect.intent.strategyId)?.denied;
      if (denied !== undefined) denied[effect.code] = (denied[effect.code] ?? 0) + 1;
    }
  };
  const onStep = (entry: HistoryEntry, history: History): undefined => {
    if (!("life" in entry)) return;
    // From its first word on: the core's alarms have no places, its runtime's errors have.
    const runtime = history.runtimes.get(entry.life);
    if (runtime !== undefined && !places.has(entry.life)) places.set(entry.life, new FaultPlaces(runtime));
    if (entry.kind === "step") for (const effect of entry.effects) took(entry.life, effect);
  };
  return { judge: { id: "conduct", invariants: [], make: () => ({ onStep }) }, conduct };
}

/** How one of them did in all seeds. */
export interface TotalConduct {
  readonly strategy: string;
  orders: number;
  readonly denied: Record<string, number>;
  faults: number;
  /** Seeds in which a hook failed. */
  seedsWithFaults: number;
  /** The first in the lowest seed that has one, whichever was run first. */
  first?: HookFault & { readonly seed: number };
}

/** Adds up how the user's own strategies did, in any order of seeds. */
export class ConductTally {
  readonly #total = new Map<string, TotalConduct>();

  add(seed: number, conduct: SeedConduct): void {
    for (const [strategy, { orders, denied, faults, first }] of Object.entries(conduct)) {
      const total = this.#total.get(strategy) ?? {
        strategy,
        orders: 0,
        denied: {},
        faults: 0,
        seedsWithFaults: 0,
      };
      this.#total.set(strategy, total);
      total.orders += orders;
      total.faults += faults;
      for (const [code, times] of Object.entries(denied))
        total.denied[code] = (total.denied[code] ?? 0) + times;
      if (first === undefined) continue;
      total.seedsWithFaults += 1;
      if (total.first === undefined || seed < total.first.seed) total.first = { ...first, seed };
    }
  }

  /** In the order in which they were given. */
  all(): readonly TotalConduct[] {
    return [...this.#total.values()];
  }

  /** Those of which a hook failed. */
  failed(): readonly TotalConduct[] {
    return this.all().filter(({ faults }) => faults > 0);
  }
}
