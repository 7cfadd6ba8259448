import type { CancelTimer, Clock, Millis, Nanos, StallWatch } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";

/** A machine: its wall clock may be wrong, and it may do nothing for a while. */
export class Host {
  /** How far its wall clock is ahead of the true one, in ms. */
  offsetMs = 0;
  /** Until this moment of the world it does nothing, ns. */
  stalledUntil = 0;
  /** For how long that will have been, in ms. */
  stalledMs = 0;

  /** It does nothing from now on, or for longer than it would have. */
  stall(now: number, forMs: number): void {
    const since = this.stalledUntil > now ? this.stalledUntil - this.stalledMs * 1e6 : now;
    this.stalledUntil = Math.max(this.stalledUntil, now + Math.round(forMs * 1e6));
    this.stalledMs = (this.stalledUntil - since) / 1e6;
  }

  /** It goes on at once. */
  calm(now: number): void {
    this.offsetMs = 0;
    if (this.stalledUntil <= now) return;
    this.stalledMs -= (this.stalledUntil - now) / 1e6;
    this.stalledUntil = now;
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
        if (host.stalledUntil <= told || host.stalledUntil > ground.time.now) return 0;
        told = host.stalledUntil;
        return host.stalledMs;
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
      time.at(this.host.stalledUntil, () => {
        this.gate(run);
      });
      return;
    }
    this.beforeEach?.();
    if (this.isAlive()) run();
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
