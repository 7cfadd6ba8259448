import {
  isMatchpointError,
  type CancelTimer,
  type Clock,
  type Socket,
  type Transport,
} from "@matchpoint/sdk";
import { Backoff } from "../common/attempts.ts";
import { redactedMessage } from "../common/redact.ts";
import { Watchdog } from "../common/watchdog.ts";

/** What a {@link LiveSocket} needs. */
export interface LiveSocketOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Address without the token. */
  readonly url: string;
  readonly token: () => Promise<string>;
  /** Silence after which it reconnects. */
  readonly idleMs: number;
  /** `again` when it was open before. */
  opened(send: (text: string) => void, again: boolean): void;
  frame(bytes: Uint8Array): void;
  /** It is not open, and will try again. */
  lost(reason: string): void;
  /** It is open and says nothing. It will try again. */
  silent(reason: string): void;
  /** It will not try again. */
  ended(why: "finished" | "unauthorized" | "forbidden", reason: string): void;
}

const RECONNECT_MS = 2_000;
const RECONNECT_LIMIT_MS = 60_000;
/** PandaScore allows three sockets a match: the others have to go first. */
const TOO_MANY_MS = 60_000;

/** One of PandaScore's sockets, with its close codes: 1000 finished, 4001 token, 4003 plan, 4029 too many. */
export class LiveSocket {
  readonly #o: LiveSocketOptions;
  readonly #backoff = new Backoff(RECONNECT_MS, RECONNECT_LIMIT_MS);
  readonly #dog: Watchdog;
  #wanted = false;
  #over = false;
  #socket: Socket | undefined;
  #generation = 0;
  #wasOpen = false;
  #token = "";
  #cancel: CancelTimer | undefined;

  constructor(options: LiveSocketOptions) {
    this.#o = options;
    this.#dog = new Watchdog(options.clock, options.idleMs, (ms) => {
      this.#o.silent(`no frame for ${Math.round(ms / 1000)} s`);
      this.#again(this.#backoff.next());
    });
  }

  /** Opens it, unless it is open, on the way, or over. */
  open(): void {
    if (this.#wanted || this.#over) return;
    this.#wanted = true;
    void this.#connect();
  }

  /** Closes it until it is opened again. */
  close(): void {
    this.#wanted = false;
    this.#drop();
  }

  /** How long it may be silent. */
  limit(ms: number): void {
    this.#dog.limit(ms);
  }

  #drop(): void {
    this.#generation += 1;
    this.#dog.stop();
    this.#cancel?.();
    this.#cancel = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  #again(ms: number): void {
    this.#drop();
    this.#cancel = this.#o.clock.after(ms, () => void this.#connect());
  }

  async #connect(): Promise<void> {
    const generation = (this.#generation += 1);
    const current = (): boolean => this.#wanted && generation === this.#generation;
    try {
      this.#token = await this.#o.token();
    } catch (error) {
      if (current()) this.#lost(`the API token could not be read: ${redactedMessage(error)}`);
      return;
    }
    if (!current()) return;
    const early = { opened: false };
    const open = (): void => {
      const socket = this.#socket;
      early.opened = true;
      if (!current() || socket === undefined) return;
      this.#o.opened((text) => socket.send(text), this.#wasOpen);
      this.#wasOpen = true;
    };
    try {
      this.#socket = this.#o.transport.connect(`${this.#o.url}?token=${encodeURIComponent(this.#token)}`, {
        open,
        frame: (bytes) => {
          if (!current()) return;
          this.#backoff.reset();
          this.#dog.touch();
          this.#o.frame(bytes);
        },
        close: (code, reason) => {
          if (current()) this.#closed(code, reason);
        },
        error: (error) => {
          if (current()) this.#failed(error);
        },
      });
    } catch (error) {
      this.#failed(error);
      return;
    }
    if (early.opened) open(); // a transport that opens at once
    this.#dog.limit(this.#o.idleMs);
    this.#dog.start();
  }

  #failed(error: unknown): void {
    const text = redactedMessage(error, this.#token);
    if (isMatchpointError(error) && error.code === "FEED_UNAUTHORIZED") this.#end("unauthorized", text);
    else this.#lost(text);
  }

  #closed(code: number, reason: string): void {
    const why = `closed with code ${code}${reason === "" ? "" : `: ${redactedMessage(reason, this.#token)}`}`;
    if (code === 1000) this.#end("finished", why);
    else if (code === 4001) this.#end("unauthorized", why);
    else if (code === 4003) this.#end("forbidden", why);
    else this.#lost(why, code === 4029 ? TOO_MANY_MS : 0);
  }

  #lost(reason: string, atLeastMs = 0): void {
    this.#again(Math.max(atLeastMs, this.#backoff.next()));
    this.#o.lost(reason);
  }

  #end(why: Parameters<LiveSocketOptions["ended"]>[0], reason: string): void {
    this.#over = true;
    this.close();
    this.#o.ended(why, reason);
  }
}
