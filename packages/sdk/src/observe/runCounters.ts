import type { CoreEvent, CoreEventType, Effect } from "../events/index.ts";

/** What a run has seen and done, by kind. */
export interface RunCounts {
  readonly events: number;
  readonly byEvent: Readonly<Partial<Record<CoreEventType, number>>>;
  readonly byEffect: Readonly<Partial<Record<Effect["type"], number>>>;
  readonly denials: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
  /** `machine from>to`, such as `trading IDLE>HALT`. */
  readonly transitions: Readonly<Record<string, number>>;
}

/** Counts the steps of a run; listens to a runtime's `step`. */
export class RunCounters {
  #events = 0;
  readonly #byEvent = new Map<string, number>();
  readonly #byEffect = new Map<string, number>();
  readonly #denials = new Map<string, number>();
  readonly #alarms = new Map<string, number>();
  readonly #transitions = new Map<string, number>();

  /** One input of the core and what it led to. */
  step(event: CoreEvent, effects: readonly Effect[]): void {
    this.#events += 1;
    add(this.#byEvent, event.type);
    for (const effect of effects) {
      add(this.#byEffect, effect.type);
      if (effect.type === "denied") add(this.#denials, effect.code);
      else if (effect.type === "alarm") add(this.#alarms, effect.code);
      else if (effect.type === "transition") {
        add(this.#transitions, `${effect.machine} ${effect.from}>${effect.to}`);
      }
    }
  }

  /** Counts of one kind of event. */
  of(type: CoreEventType): number {
    return this.#byEvent.get(type) ?? 0;
  }

  /** A copy of all counts; keys in alphabetical order. */
  snapshot(): RunCounts {
    return {
      events: this.#events,
      byEvent: sorted(this.#byEvent),
      byEffect: sorted(this.#byEffect),
      denials: sorted(this.#denials),
      alarms: sorted(this.#alarms),
      transitions: sorted(this.#transitions),
    };
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
