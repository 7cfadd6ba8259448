import type { Agenda } from "../agenda.ts";
import { uuidOf } from "../derive.ts";
import { nanos } from "../time.ts";

interface Beat {
  expected: string;
  last: number;
  armed: boolean;
  count: number;
}

/** How often the venue looks for heartbeats that have stopped, in ms. */
const LOOK_MS = 5_000;

/**
 * The dead-man switch of API keys: armed by the first heartbeat, and when none comes for ten seconds, every order of the key
 * is cancelled. Source: docs.polymarket.com/trading/manage-orders.
 */
export class Heartbeats {
  readonly #seed: number;
  readonly #lasts: number;
  readonly #agenda: Agenda;
  readonly #expired: (apiKey: string, at: number) => void;
  readonly #beats = new Map<string, Beat>();

  constructor(seed: number, lastsMs: number, agenda: Agenda, expired: (apiKey: string, at: number) => void) {
    this.#seed = seed;
    this.#lasts = nanos(lastsMs);
    this.#agenda = agenda;
    this.#expired = expired;
  }

  /** A heartbeat comes in; the answer is the id that the next one has to carry, and whether this one was right. */
  beat(apiKey: string, given: string, at: number): { readonly right: boolean; readonly next: string } {
    const beat = this.#beats.get(apiKey) ?? { expected: "", last: at, armed: false, count: 0 };
    if (given !== beat.expected) return { right: false, next: beat.expected };
    this.#beats.set(apiKey, beat);
    beat.count++;
    beat.expected = uuidOf(`heartbeat|${this.#seed}|${apiKey}|${beat.count}`);
    beat.last = at;
    if (!beat.armed) {
      beat.armed = true;
      this.#look(apiKey, beat, at);
    }
    return { right: true, next: beat.expected };
  }

  #look(apiKey: string, beat: Beat, now: number): void {
    this.#agenda.plan(now + nanos(LOOK_MS), (at) => {
      if (at - beat.last >= this.#lasts) {
        beat.armed = false;
        this.#expired(apiKey, at);
      } else {
        this.#look(apiKey, beat, at);
      }
    });
  }
}
