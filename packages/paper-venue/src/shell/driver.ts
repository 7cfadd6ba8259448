import { NANOS_PER_MS, type Clock, type CoreEvent } from "@matchpoint/sdk";
import type { AdminAnswer } from "../http/admin.ts";
import type {
  ChainEffect,
  ChainHoldings,
  Channel,
  PaperVenue,
  Settled,
  VenueEffect,
  VenueRequest,
} from "../contract.ts";

/** How a request ends. */
export type Ending = Extract<VenueEffect, { kind: "response" | "hang" | "drop" }>;

/** The other end of a socket. */
export interface Peer {
  frame(text: string): void;
  close(code: number, reason: string): void;
}

/**
 * Moves a venue along with a clock: hands in requests and frames, hands out effects, and wakes it when something is due. The
 * clock's monotonic zero is the venue's.
 */
export class VenueDriver {
  readonly venue: PaperVenue;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (ending: Ending) => void>();
  readonly #peers = new Map<string, Peer>();
  #count = 0;
  #cancel: (() => void) | undefined;
  #busy = false;
  #again = false;
  #stopped = false;

  readonly #chain: ((effect: ChainEffect) => void) | undefined;

  /** @param chain takes what is to be done on a chain */
  constructor(venue: PaperVenue, clock: Clock, chain?: (effect: ChainEffect) => void) {
    this.venue = venue;
    this.#clock = clock;
    this.#chain = chain;
    this.#kick();
  }

  /** Hands a request in; what is returned gives up waiting for its end. */
  request(request: Omit<VenueRequest, "id">, done: (ending: Ending) => void): () => void {
    const id = `r${this.#count++}`;
    this.#waiting.set(id, done);
    this.venue.request({ id, ...request }, this.#clock.monotonic());
    this.#kick();
    return () => this.#waiting.delete(id);
  }

  open(channel: Channel, peer: Peer): { receive(text: string): void; gone(): void } {
    const socketId = `s${this.#count++}`;
    this.#peers.set(socketId, peer);
    this.venue.open(socketId, channel, this.#clock.monotonic());
    this.#kick();
    return {
      receive: (text) => {
        if (!this.#peers.has(socketId)) return;
        this.venue.receive(socketId, text, this.#clock.monotonic());
        this.#kick();
      },
      gone: () => {
        if (!this.#peers.delete(socketId)) return;
        this.venue.closed(socketId, this.#clock.monotonic());
        this.#kick();
      },
    };
  }

  /** Runs an admin command. */
  admin(command: unknown): AdminAnswer {
    const answer = this.venue.admin(command, this.#clock.monotonic());
    this.#kick();
    return answer;
  }

  /** Something that was recorded happens now. */
  observe(event: CoreEvent): void {
    if (this.#stopped) return;
    this.venue.observe({ ...event, at: this.#clock.monotonic(), receivedAt: this.#clock.wall() });
    this.#kick();
  }

  /** Tells what became of a match on the chain. */
  settled(tradeId: string, outcome: Settled): boolean {
    if (this.#stopped) return false;
    const became = this.venue.settled(tradeId, outcome, this.#clock.monotonic());
    this.#kick();
    return became;
  }

  /** Tells what an address has on the chain. */
  holds(holdings: ChainHoldings): void {
    if (this.#stopped) return;
    this.venue.holds(holdings, this.#clock.monotonic());
    this.#kick();
  }

  /** Nothing is done any more. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #kick(): void {
    // An effect's receiver may hand something in while effects are handed out.
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      do {
        this.#again = false;
        this.venue.advance(this.#clock.monotonic(), (effect) => {
          this.#deliver(effect);
        });
      } while (this.#isAgain());
    } finally {
      this.#busy = false;
    }
    this.#cancel?.();
    this.#cancel = undefined;
    const due = this.venue.nextDue();
    if (due === undefined || this.#stopped) return;
    const ms = Math.max(0, Math.ceil((due - this.#clock.monotonic()) / NANOS_PER_MS));
    this.#cancel = this.#clock.after(ms, () => {
      this.#kick();
    });
  }

  #isAgain(): boolean {
    return this.#again;
  }

  #deliver(effect: VenueEffect): void {
    if (effect.kind === "frame") {
      this.#peers.get(effect.socketId)?.frame(effect.text);
    } else if (effect.kind === "close") {
      const peer = this.#peers.get(effect.socketId);
      this.#peers.delete(effect.socketId);
      peer?.close(effect.code, effect.reason);
    } else if (effect.kind !== "response" && effect.kind !== "hang" && effect.kind !== "drop") {
      this.#chain?.(effect);
    } else {
      const done = this.#waiting.get(effect.id);
      this.#waiting.delete(effect.id);
      done?.(effect);
    }
  }
}
