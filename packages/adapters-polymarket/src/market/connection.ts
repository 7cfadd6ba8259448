import { NANOS_PER_MS, type CancelTimer, type Clock, type Socket, type Transport } from "@matchpoint/sdk";

/** Timing of a connection, in ms. */
export interface ConnectionTiming {
  /** How long a socket may take to open. */
  readonly connectMs: number;
  /** Text `PING` is sent this often; the venue drops a socket without it after about 125 s. */
  readonly pingMs: number;
  /** Without anything heard for so long after a `PING` the socket is given up. */
  readonly pongMs: number;
  /** Without data (a `PONG` is none) for so long the owner is asked. */
  readonly silenceMs: number;
  /** Reconnects wait from `minBackoffMs`, doubling to `maxBackoffMs`, each cut by up to half by chance. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** What the owner of a connection is told. */
export interface ConnectionHandlers {
  open(): void;
  frame(bytes: Uint8Array): void;
  /** The connection is lost; another attempt follows by itself. */
  down(reason: string): void;
  /** No data for `silenceMs`. The owner answers with {@link Connection.alive} or {@link Connection.restart}. */
  silent(): void;
}

/** What a connection runs on. */
export interface ConnectionPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly maxPayload: number;
}

const P = 0x50;
const N = 0x4e;

/** One socket that is kept open: pings, watchdogs, reconnects. Knows nothing of what the frames say. */
export class Connection {
  state: "waiting" | "connecting" | "open" | "stopped" = "waiting";
  /** How often it was opened. */
  opened = 0;
  readonly #url: string;
  readonly #ports: ConnectionPorts;
  readonly #timing: ConnectionTiming;
  readonly #handlers: ConnectionHandlers;
  #socket: Socket | undefined;
  /** Counts sockets: what an old one still says is not heard. */
  #generation = 0;
  #attempt = 0;
  #heardAt = 0;
  #dataAt = 0;
  #timers: CancelTimer[] = [];

  constructor(url: string, ports: ConnectionPorts, timing: ConnectionTiming, handlers: ConnectionHandlers) {
    this.#url = url;
    this.#ports = ports;
    this.#timing = timing;
    this.#handlers = handlers;
  }

  /** Opens the socket. */
  start(): void {
    if (this.state === "stopped") return;
    this.#clearTimers();
    this.state = "connecting";
    const generation = ++this.#generation;
    const current = () => generation === this.#generation && this.state !== "stopped";
    let complaint = "";
    this.#socket = this.#ports.transport.connect(
      this.#url,
      {
        open: () => {
          if (current()) this.#onOpen();
        },
        frame: (bytes) => {
          if (current()) this.#onFrame(bytes);
        },
        close: (code, reason) => {
          if (current()) this.#lose(`closed with ${code}${reason === "" ? "" : ` ${reason}`}${complaint}`);
        },
        error: (error) => {
          complaint = ` (${error.message})`;
        },
      },
      { maxPayload: this.#ports.maxPayload },
    );
    this.#after(this.#timing.connectMs, () => {
      this.restart(`not open within ${this.#timing.connectMs} ms`);
    });
  }

  send(text: string): void {
    if (this.state === "open") this.#socket?.send(text);
  }

  /** Whether it is open and was not opened again since it had been `opened` times. */
  still(opened: number): boolean {
    return this.state === "open" && this.opened === opened;
  }

  /** How long no data came, in ms. */
  get quietMs(): number {
    return (this.#now() - this.#dataAt) / NANOS_PER_MS;
  }

  /** The owner knows that silence is only quiet. */
  alive(): void {
    if (this.state !== "open") return;
    this.#dataAt = this.#now();
    this.#watchSilence();
  }

  /** Gives this socket up and makes another. */
  restart(reason: string): void {
    if (this.state !== "connecting" && this.state !== "open") return;
    this.#socket?.close();
    this.#lose(reason);
  }

  /** Closes for good. */
  stop(): void {
    if (this.state === "stopped") return;
    this.state = "stopped";
    this.#clearTimers();
    this.#socket?.close();
    this.#socket = undefined;
  }

  #onOpen(): void {
    this.#clearTimers();
    this.state = "open";
    this.opened++;
    this.#heardAt = this.#dataAt = this.#now();
    this.#after(this.#timing.pingMs, () => {
      this.#ping();
    });
    this.#watchSilence();
    this.#handlers.open();
  }

  #onFrame(bytes: Uint8Array): void {
    this.#heardAt = this.#now();
    const control = bytes.length <= 16 && (bytes[0] === P || bytes[0] === N);
    if (!control) {
      this.#dataAt = this.#heardAt;
      this.#attempt = 0;
    }
    this.#handlers.frame(bytes);
  }

  #ping(): void {
    const sentAt = this.#now();
    this.#socket?.send("PING");
    this.#after(this.#timing.pongMs, () => {
      if (this.#heardAt < sentAt) this.restart(`no PONG within ${this.#timing.pongMs} ms`);
    });
    this.#after(this.#timing.pingMs, () => {
      this.#ping();
    });
  }

  #watchSilence(): void {
    const quietMs = (this.#now() - this.#dataAt) / NANOS_PER_MS;
    this.#after(Math.max(1, this.#timing.silenceMs - quietMs), () => {
      if ((this.#now() - this.#dataAt) / NANOS_PER_MS >= this.#timing.silenceMs) this.#handlers.silent();
      else this.#watchSilence();
    });
  }

  #lose(reason: string): void {
    this.#generation++;
    this.#socket = undefined;
    this.#clearTimers();
    this.state = "waiting";
    const { minBackoffMs, maxBackoffMs } = this.#timing;
    const most = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(this.#attempt++, 30));
    this.#after(most * (1 - this.#ports.random() / 2), () => {
      this.start();
    });
    this.#handlers.down(reason);
  }

  #now(): number {
    return this.#ports.clock.monotonic();
  }

  #after(ms: number, callback: () => void): void {
    const cancel = this.#ports.clock.after(ms, () => {
      this.#timers = this.#timers.filter((each) => each !== cancel);
      callback();
    });
    this.#timers.push(cancel);
  }

  #clearTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}
