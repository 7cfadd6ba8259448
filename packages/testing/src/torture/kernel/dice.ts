import { Prng } from "../../simulator/prng.ts";
import type { FaultKind } from "./faults.ts";

/** A fault that was decided on: the n-th occasion (from 0) of its kind at which it could strike. */
export type Decision = `${FaultKind}#${number}`;

/** Which faults are on in a run, and how often each strikes: a probability per occasion, or a number of times. */
export type FaultPlan = Readonly<Partial<Record<FaultKind, number>>>;

/** What is drawn from, for one fault. */
interface Odds {
  readonly rate: number;
  stream: Prng | undefined;
  /** How often it could have struck so far. */
  occasions: number;
}

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
  /** Of each fault that is on. */
  readonly #odds = new Map<FaultKind, Odds>();

  /** @param keep the only decisions that may be made; absent: all */
  constructor(seed: number, plan: FaultPlan, keep?: ReadonlySet<string>) {
    this.#seed = seed;
    this.plan = plan;
    this.#keep = keep;
    for (const [kind, rate] of Object.entries(plan))
      this.#odds.set(kind as FaultKind, { rate, stream: undefined, occasions: 0 });
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
    if (!this.on) return false;
    const odds = this.#odds.get(kind);
    if (odds === undefined) return false;
    odds.stream ??= new Prng(this.#seed, `fault ${kind}`);
    return this.#decide(kind, odds, odds.stream.unit() < odds.rate * times);
  }

  /** Whether a fault that is planned for a moment strikes at it. */
  due(kind: FaultKind): boolean {
    const odds = this.#odds.get(kind);
    return this.on && odds !== undefined && this.#decide(kind, odds, true);
  }

  #decide(kind: FaultKind, odds: Odds, strikes: boolean): boolean {
    const n = odds.occasions++;
    if (!strikes) return false;
    const decision: Decision = `${kind}#${n}`;
    if (this.#keep?.has(decision) === false) return false;
    this.decisions.push(decision);
    return true;
  }
}
