import { Prng } from "../../simulator/prng.ts";
import type { FaultKind } from "./faults.ts";

/** A fault that was decided on: the n-th occasion (from 0) of its kind at which it could strike. */
export type Decision = `${FaultKind}#${number}`;

/** Which faults are on in a run, and how often each strikes: a probability per occasion, or a number of times. */
export type FaultPlan = Readonly<Partial<Record<FaultKind, number>>>;

/**
 * All chance of a run, in named streams: a draw more in one of them shifts none of the others. What it decides on is written down, and the
 * next run of the same seed can be kept to a part of it.
 */
export class Dice {
  readonly plan: FaultPlan;
  /** What struck, in order. */
  readonly decisions: Decision[] = [];
  /** While false nothing strikes. */
  on = true;
  readonly #seed: number;
  readonly #keep: ReadonlySet<string> | undefined;
  readonly #streams = new Map<string, Prng>();
  readonly #faults = new Map<FaultKind, Prng>();
  readonly #occasions = new Map<FaultKind, number>();

  /** @param keep the only decisions that may be made; absent: all */
  constructor(seed: number, plan: FaultPlan, keep?: ReadonlySet<string>) {
    this.#seed = seed;
    this.plan = plan;
    this.#keep = keep;
  }

  /** The stream of a name. */
  stream(name: string): Prng {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new Prng(this.#seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Whether a fault is on in this run. */
  has(kind: FaultKind): boolean {
    return this.plan[kind] !== undefined;
  }

  /** How often a fault strikes in this run; 0 when it is off. */
  rate(kind: FaultKind): number {
    return this.plan[kind] ?? 0;
  }

  /** Whether a fault strikes on this occasion. `times` makes it so much likelier. */
  strikes(kind: FaultKind, times = 1): boolean {
    const rate = this.plan[kind];
    if (rate === undefined || !this.on) return false;
    let stream = this.#faults.get(kind);
    if (stream === undefined) {
      stream = new Prng(this.#seed, `fault ${kind}`);
      this.#faults.set(kind, stream);
    }
    return this.#decide(kind, stream.unit() < rate * times);
  }

  /** Whether a fault that is planned for a moment strikes at it. */
  due(kind: FaultKind): boolean {
    return this.on && this.has(kind) && this.#decide(kind, true);
  }

  #decide(kind: FaultKind, strikes: boolean): boolean {
    const n = this.#occasions.get(kind) ?? 0;
    this.#occasions.set(kind, n + 1);
    if (!strikes) return false;
    const decision: Decision = `${kind}#${n}`;
    if (this.#keep?.has(decision) === false) return false;
    this.decisions.push(decision);
    return true;
  }
}
