import type { Outbox, SimChannel } from "../outbox.ts";
import type { Prng } from "../prng.ts";

/** What a link does to the frames that it carries. */
export interface LinkOptions {
  readonly duplicates: number;
  readonly swaps: number;
  readonly hostile: number;
  /** Makes a frame that no decoder may accept out of a good one. */
  readonly spoil: (rng: Prng, good: string) => string | Uint8Array;
}

interface Sent {
  readonly at: number;
  readonly body: string;
}

/**
 * The way of one feed's frames to us: in order behind a varying delay, as a socket delivers them, with the faults that feeds
 * have: doubled and swapped frames, frames that are not of the protocol at all, silence, bursts, lost stretches that are
 * sent again after a reconnect.
 */
export class Link {
  readonly #outbox: Outbox;
  readonly #channel: SimChannel;
  readonly #rng: Prng;
  readonly #options: LinkOptions;
  #lastAt = 0;
  #openFrom = 0;
  #keepsHistory = false;
  #silentFrom = Infinity;
  #silentUntil = 0;
  #burstFrom = Infinity;
  #burstUntil = 0;
  #lostFrom = Infinity;
  #lostLeft = 0;
  #lost: Sent[] | undefined;

  constructor(outbox: Outbox, channel: SimChannel, rng: Prng, options: LinkOptions) {
    this.#outbox = outbox;
    this.#channel = channel;
    this.#rng = rng;
    this.#options = options;
  }

  /** Nothing arrives before `at`; what was sent until then comes all at once (`keepsHistory`), or never. */
  openAt(at: number, keepsHistory: boolean): void {
    this.#openFrom = at;
    this.#keepsHistory = keepsHistory;
  }

  /** The socket stays open and nothing comes; afterwards everything that was held up. */
  silence(from: number, until: number): void {
    this.#silentFrom = from;
    this.#silentUntil = until;
  }

  /** Frames come several times and shuffled. */
  burst(from: number, until: number): void {
    this.#burstFrom = from;
    this.#burstUntil = until;
  }

  /** From `from` on the next `frames` frames are lost; {@link Link.reconnect} has them sent again. */
  lose(from: number, frames: number): void {
    this.#lostFrom = from;
    this.#lostLeft = frames;
  }

  /** Sends everything since the first lost frame again. */
  reconnect(now: number): void {
    const lost = this.#lost;
    this.#lost = undefined;
    this.#lostFrom = Infinity;
    this.#lostLeft = 0;
    if (lost === undefined) return;
    let at = Math.max(now, this.#lastAt);
    for (const { body } of lost) {
      at += this.#rng.int(1, 4);
      this.#outbox.push({ at, channel: this.#channel, body, fault: "replayed" });
    }
    this.#lastAt = at;
  }

  /** Sends a frame now; it needs `lagMs`, and never overtakes one that was sent before. */
  send(now: number, lagMs: number, body: string): void {
    const rng = this.#rng;
    const at = this.#arrival(now, lagMs);
    if (at === undefined) return;
    if (this.#isLost(now, at, body)) return;
    if (now >= this.#burstFrom && now < this.#burstUntil) {
      this.#push(at + rng.int(0, 400), body, "swapped");
      for (let i = rng.int(1, 3); i > 0; i--) this.#push(at + rng.int(0, 900), body, "duplicate");
      return;
    }
    // Held up on its way: what is sent next may overtake it.
    if (rng.chance(this.#options.swaps)) this.#push(at + rng.int(30, 2_500), body, "swapped");
    else this.#push(at, body, undefined);
    if (rng.chance(this.#options.duplicates)) this.#push(at + rng.int(0, 1_500), body, "duplicate");
    if (rng.chance(this.#options.hostile)) {
      this.#outbox.push({
        at,
        channel: this.#channel,
        body: this.#options.spoil(rng, body),
        fault: "hostile",
      });
    }
  }

  #arrival(now: number, lagMs: number): number | undefined {
    let at = Math.max(Math.round(now + lagMs), this.#lastAt);
    if (now < this.#openFrom) {
      if (!this.#keepsHistory) return undefined;
      at = Math.max(at, this.#openFrom, this.#lastAt + 1);
    }
    if (now >= this.#silentFrom && now < this.#silentUntil) at = Math.max(at, this.#silentUntil);
    this.#lastAt = at;
    return at;
  }

  #isLost(now: number, at: number, body: string): boolean {
    if (now < this.#lostFrom) return false;
    if (this.#lost === undefined) {
      if (this.#lostLeft === 0) return false;
      this.#lost = [];
    }
    this.#lost.push({ at, body });
    if (this.#lostLeft === 0) return false;
    this.#lostLeft -= 1;
    return true;
  }

  #push(at: number, body: string, fault: "duplicate" | "swapped" | undefined): void {
    this.#outbox.push({ at, channel: this.#channel, body, ...(fault === undefined ? {} : { fault }) });
  }
}
