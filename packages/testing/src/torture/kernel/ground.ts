import type { Millis } from "@matchpoint/sdk";
import type { HistoryEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { Dice } from "./dice.ts";
import { TORTURE_FAULTS, type FaultKind, type FaultRow } from "./faults.ts";
import type { SimTime } from "./simTime.ts";

/** Wall clock at which every world begins, Unix ms: 2026-11-21T15:00:00Z. */
export const WORLD_STARTS_AT = 1_795_273_200_000;

/** What every part of a world stands on: its time, its chance and its history. */
export class Ground {
  readonly time: SimTime;
  readonly dice: Dice;
  /** How often each fault took effect. */
  readonly effects = new Map<FaultKind, number>();
  /** How long faults strike, in ms from the beginning. */
  readonly safetyMs: number;
  /** Heartbeats do not arrive at the moment. */
  beatsLost = false;
  /** Orders on their way to the venue. */
  postsUnderWay = 0;
  /** How many sources of match facts there are. */
  sourceCount = 1;
  history!: History;
  /** Faults that were injected and have shown no effect so far. */
  readonly #awaited: { readonly fault: FaultKind; readonly isEffect: (entry: HistoryEntry) => boolean }[] =
    [];

  constructor(time: SimTime, dice: Dice, safetyMs: number) {
    this.time = time;
    this.dice = dice;
    this.safetyMs = safetyMs;
  }

  /** True wall clock, which no host's is. */
  wall(): Millis {
    return (WORLD_STARTS_AT + Math.floor(this.time.now / 1_000_000)) as Millis;
  }

  /** A case of a fault was seen. */
  see(fault: FaultKind): void {
    this.effects.set(fault, (this.effects.get(fault) ?? 0) + 1);
  }

  /** A fault took effect. */
  fault(fault: FaultKind, detail: string, life?: number): void {
    this.see(fault);
    this.history.add({ kind: "fault", fault, detail, ...(life === undefined ? {} : { life }) });
  }

  /** A fault was injected: it counts once, when an entry of the history shows what it does. */
  injected(fault: FaultKind, isEffect: (entry: HistoryEntry) => boolean): void {
    this.#awaited.push({ fault, isEffect });
  }

  /** Sees in an entry of the history the effects of what was injected. */
  look(entry: HistoryEntry): void {
    for (let n = this.#awaited.length - 1; n >= 0; n--) {
      const { fault, isEffect } = this.#awaited[n]!;
      if (!isEffect(entry)) continue;
      this.#awaited.splice(n, 1);
      this.see(fault);
    }
  }

  /** Plans a fault that happens so many times in a run at moments of its own; `act` carries it out. */
  schedule(kind: FaultKind, act: () => void): void {
    const row: FaultRow = TORTURE_FAULTS[kind];
    if (!this.dice.has(kind) || row.times !== true) return;
    const draw = this.dice.stream(`when ${kind}`);
    for (let n = this.dice.rate(kind); n > 0; n--) {
      this.time.after(draw.between(0.05, 0.9) * this.safetyMs, () => {
        if (this.dice.due(kind)) act();
      });
    }
  }
}
