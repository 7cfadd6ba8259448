import type { CancelTimer, Clock, Millis, Nanos, StallWatch } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";

/** A machine: its wall clock may be wrong, and it may do nothing for a while. */
export class Host {
  /** How far its wall clock is ahead of the true one, in ms. */
  offsetMs = 0;
  /** Each time that it did nothing, or will have: when that ends, ns. One in the middle of another is the same. */
  readonly #stalls: { readonly since: number; until: number }[] = [];

  /** Until this moment of the world it does nothing, ns. */
  get stalledUntil(): number {
    return this.#stalls.at(-1)?.until ?? 0;
  }

  /** It does nothing from now on, or for longer than it would have. */
  stall(now: number, forMs: number): void {
    const until = now + Math.round(forMs * 1e6);
    const last = this.#stalls.at(-1);
    if (last === undefined || last.until <= now) this.#stalls.push({ since: now, until });
    else last.until = Math.max(last.until, until);
  }

  /** The longest that it did nothing, of the times that ended after one moment and until another, in ms. */
  longest(after: number, now: number): number {
    let longest = 0;
    for (const { since, until } of this.#stalls)
      if (until > after && until <= now) longest = Math.max(longest, until - since);
    return longest / 1e6;
  }

  /** It goes on at once. */
  calm(now: number): void {
    this.offsetMs = 0;
    const last = this.#stalls.at(-1);
    if (last !== undefined) last.until = Math.min(last.until, now);
  }
}

/**
 * One start of a program on a host. All that happens to it comes through its gate: nothing does while the host stands still, and nothing ever
 * does again once it is dead.
 */
export class Life {
  readonly number: number;
  readonly bot: "a" | "b";
  readonly runId: string;
  readonly epoch: number;
  readonly host: Host;
  readonly clock: Clock;
  readonly startedAt: number;
  /** What a timer that is late would tell it, without one that wakes it twenty times a second. */
  readonly stalls: StallWatch;
  alive = true;
  /** Strikes on each thing that happens to it; set once it runs. */
  beforeEach: (() => void) | undefined;
  readonly #ground: Ground;
  /** The end of the time without a turn in which something had to wait, ns. */
  #heldUntil = 0;

  constructor(ground: Ground, host: Host, number: number, bot: "a" | "b", epoch: number) {
    this.#ground = ground;
    this.host = host;
    this.number = number;
    this.bot = bot;
    this.epoch = epoch;
    this.runId = `life-${number}`;
    this.startedAt = ground.time.now;
    let told = host.stalledUntil;
    this.stalls = {
      take: () => {
        const { now } = ground.time;
        const longest = host.longest(told, now);
        if (longest > 0) told = now;
        return longest;
      },
    };
    this.clock = {
      wall: (): Millis => (ground.wall() + host.offsetMs) as Millis,
      monotonic: (): Nanos => (ground.time.now - this.startedAt) as Nanos,
      after: (ms, callback): CancelTimer => {
        let cancelled = false;
        // As Node's timers: never sooner than a millisecond.
        ground.time.after(Math.max(1, ms), () => {
          this.gate(() => {
            if (!cancelled) callback();
          });
        });
        return () => {
          cancelled = true;
        };
      },
    };
  }

  /** Something happens to the program now, or as soon as its host goes on. */
  gate(run: () => void): void {
    if (!this.alive) return;
    const { time } = this.#ground;
    if (this.host.stalledUntil > time.now) {
      this.#held(this.host.stalledUntil);
      time.at(this.host.stalledUntil, () => {
        this.gate(run);
      });
      return;
    }
    this.beforeEach?.();
    if (this.isAlive()) run();
  }

  /** Something waits for the host to go on: that it does nothing has an effect. */
  #held(until: number): void {
    if (until === this.#heldUntil) return;
    this.#heldUntil = until;
    this.#ground.fault("loop_stall", "what came to the program had to wait", this.number);
  }

  /** Asked anew: what was called meanwhile may have killed it. */
  isAlive(): boolean {
    return this.alive;
  }

  /** The stamps of something that it hears now. */
  stamp(): { readonly at: Nanos; readonly receivedAt: Millis } {
    return { at: this.clock.monotonic(), receivedAt: this.clock.wall() };
  }
}
