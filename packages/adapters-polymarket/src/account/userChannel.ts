/** The socket that the venue tells us of our own orders and trades on. @module */
import { NANOS_PER_MS, type Clock, type ReceiveStamp, type Transport } from "@matchpoint/sdk";
import type { ApiCredentials } from "../auth/l2.ts";
import { Connection, type ConnectionTiming } from "../market/connection.ts";

/** Most of a frame; a trade with hundreds of makers is well below. */
const MAX_PAYLOAD = 4 * 1024 * 1024;

/** What happens on a {@link UserChannel}. */
export interface UserChannelHandlers {
  frame(text: string, stamp: ReceiveStamp): void;
  /** It is open (again): nothing that happened before is told, so it must be asked for. */
  open(reconnect: boolean): void;
  down(reason: string): void;
  /** Nothing came for long. Whether REST has news that the socket should have told: then it is replaced. */
  missed(): Promise<boolean>;
}

/** What a {@link UserChannel} needs. */
export interface UserChannelOptions extends ConnectionTiming {
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly credentials: ApiCredentials;
  readonly random: () => number;
}

/**
 * Keeps the user channel open: logs in, pings, reconnects with jittered back-off, and doubts a socket that falls silent. The
 * channel replays nothing, and answers wrong credentials by closing or by silence: what it misses is REST's to tell.
 * Source: docs.polymarket.com/market-data/websocket/user-channel.
 */
export class UserChannel {
  readonly #connection: Connection;
  readonly #handlers: UserChannelHandlers;
  readonly #clock: Clock;
  readonly #utf8 = new TextDecoder();
  /** When it was lost, and why; absent while it is open, and before it was. */
  #lost: { readonly at: number; readonly why: string } | undefined;

  constructor(options: UserChannelOptions, handlers: UserChannelHandlers) {
    const { url, transport, clock, random, credentials } = options;
    this.#handlers = handlers;
    this.#clock = clock;
    const login = (): string => {
      const { key: apiKey, secret, passphrase } = credentials;
      return JSON.stringify({ type: "user", auth: { apiKey, secret, passphrase } });
    };
    const ports = { transport, clock, random, maxPayload: MAX_PAYLOAD };
    this.#connection = new Connection(url, ports, options, {
      open: () => {
        this.#lost = undefined;
        this.#connection.send(login());
        handlers.open(this.#connection.opened > 1);
      },
      frame: (bytes) => {
        const stamp = { at: this.#clock.monotonic(), receivedAt: this.#clock.wall() };
        handlers.frame(this.#utf8.decode(bytes), stamp);
      },
      down: (reason) => {
        // Tries that fail do not make it younger.
        this.#lost = { at: this.#lost?.at ?? clock.monotonic(), why: reason };
        handlers.down(reason);
      },
      silent: () => {
        void this.#doubt();
      },
    });
  }

  get isOpen(): boolean {
    return this.#connection.state === "open";
  }

  /** Why what happens to our orders is not heard at once; `undefined` while the channel is open. */
  get trouble(): string | undefined {
    if (this.isOpen) return undefined;
    if (this.#lost === undefined) return "it is not open yet";
    const s = Math.floor((this.#clock.monotonic() - this.#lost.at) / NANOS_PER_MS / 1_000);
    return `${this.opened === 0 ? "never open" : "not open"} for ${s} s: ${this.#lost.why}`;
  }

  /** How often it was opened. */
  get opened(): number {
    return this.#connection.opened;
  }

  start(): void {
    this.#connection.start();
  }

  /** Replaces the socket. */
  restart(reason: string): void {
    this.#connection.restart(reason);
  }

  stop(): void {
    this.#connection.stop();
  }

  async #doubt(): Promise<void> {
    const { opened } = this.#connection;
    const missed = await this.#handlers.missed();
    if (!this.#connection.still(opened)) return;
    if (missed) this.#connection.restart("silent, while REST has news");
    else this.#connection.alive();
  }
}
