import type { ClientFrame, FramesVersion, ServerFrame, Subprotocol } from "../frames.ts";
import type { Store } from "./store.ts";

const SUBPROTOCOL: Subprotocol = "matchpoint.v1";
const VERSION: FramesVersion = 1;
/** Reasons of a closed socket after which another try is of no use. */
const REFUSED: Readonly<Record<number, string>> = {
  4401: "The address of this page is not valid for this run. Open the one that the run printed when it started, or ask for it with `matchpoint dashboard`.",
  4409: "This page is of another version than the run. Load it again.",
};
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** What the connection needs of the world. */
export interface Wire {
  /** Opens a socket to the run with the given subprotocols. */
  open(protocols: string[]): WebSocket;
  now(): number;
  later(ms: number, run: () => void): void;
}

/** The page's socket: opens it, opens it again when it is lost, and takes what comes into the store. */
export class Connection {
  readonly #store: Store;
  readonly #token: string;
  readonly #wire: Wire;
  #socket: WebSocket | undefined;
  #tries = 0;

  constructor(store: Store, token: string, wire: Wire) {
    this.#store = store;
    this.#token = token;
    this.#wire = wire;
  }

  open(): void {
    const socket = this.#wire.open([SUBPROTOCOL, this.#token]);
    this.#socket = socket;
    let lost = false;
    const begunAnew = (): void => {
      if (lost) return;
      lost = true;
      socket.close();
      this.#retry();
    };
    socket.onopen = () => {
      this.#store.restart();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (lost || typeof event.data !== "string") return;
      this.#store.heardAt = this.#wire.now();
      const frame = parse(event.data);
      if (frame === undefined) return;
      if (frame.type === "hello") {
        // A server that is not the one this page belongs to.
        if ((frame.version as number) !== VERSION) {
          lost = true;
          socket.close();
          this.#store.setLink({ kind: "refused", text: REFUSED[4409]! });
          return;
        }
        this.#tries = 0;
        const { chosen } = this.#store;
        const first = this.#store.link.kind !== "open";
        this.#store.take(frame);
        if (first) this.#store.setLink({ kind: "open" });
        if (first || chosen !== this.#store.chosen) this.look();
        return;
      }
      if (!this.#store.take(frame)) begunAnew();
    };
    socket.onclose = (event) => {
      if (lost) return;
      lost = true;
      const text = REFUSED[event.code];
      if (text !== undefined) this.#store.setLink({ kind: "refused", text });
      else this.#retry();
    };
  }

  /** Asks for the chosen market's chart and ladder. */
  look(): void {
    this.send({ type: "look", market: this.#store.chosen ?? null });
  }

  /** Sends a frame; nothing while the connection is lost: what it asked for would be out of date when it is back. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #retry(): void {
    const { link } = this.#store;
    if (link.kind !== "lost") this.#store.setLink({ kind: "lost", since: this.#wire.now() });
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries++);
    this.#wire.later(wait, () => {
      this.open();
    });
  }
}

function parse(text: string): ServerFrame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "type" in value
      ? (value as ServerFrame)
      : undefined;
  } catch {
    return undefined;
  }
}
