import type { Agenda } from "../agenda.ts";
import type { VenueEffect } from "../contract.ts";
import { nanos } from "../time.ts";

/** A socket that says nothing for this long is reset. */
const IDLE_MS = 125_000;

/** The sockets of one channel, and what all channels do alike: PING, PONG, and resetting the silent. */
export class Sockets<T> {
  readonly #open = new Map<string, { readonly state: T; heard: number }>();
  readonly #agenda: Agenda;
  readonly #effect: (effect: VenueEffect) => void;

  constructor(agenda: Agenda, effect: (effect: VenueEffect) => void) {
    this.#agenda = agenda;
    this.#effect = effect;
  }

  open(socketId: string, state: T, at: number): void {
    this.#open.set(socketId, { state, heard: at });
    this.#watch(socketId, at + nanos(IDLE_MS));
  }

  gone(socketId: string): void {
    this.#open.delete(socketId);
  }

  /** Takes note of a frame; true when it was a PING and is answered. */
  heard(socketId: string, text: string, at: number): boolean {
    const socket = this.#open.get(socketId);
    if (socket !== undefined) socket.heard = at;
    if (text !== "PING" && text !== "ping") return false;
    this.send(socketId, text === "PING" ? "PONG" : "pong");
    return true;
  }

  state(socketId: string): T | undefined {
    return this.#open.get(socketId)?.state;
  }

  all(): Iterable<readonly [string, T]> {
    return [...this.#open].map(([socketId, { state }]) => [socketId, state] as const);
  }

  send(socketId: string, text: string): void {
    if (this.#open.has(socketId)) this.#effect({ kind: "frame", socketId, text });
  }

  close(socketId: string, code: number, reason: string): void {
    if (this.#open.delete(socketId)) this.#effect({ kind: "close", socketId, code, reason });
  }

  #watch(socketId: string, due: number): void {
    this.#agenda.plan(due, (at) => {
      const socket = this.#open.get(socketId);
      if (socket === undefined) return;
      const limit = socket.heard + nanos(IDLE_MS);
      if (at >= limit) this.close(socketId, 1006, "");
      else this.#watch(socketId, limit);
    });
  }
}
