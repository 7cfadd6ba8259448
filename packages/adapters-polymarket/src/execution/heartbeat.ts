import { NANOS_PER_MS, type CancelTimer, type Clock } from "@matchpoint/sdk";
import type { HttpExchange, VenueHint } from "./answer.ts";
import { heartbeatAnswer } from "./heartbeatAnswer.ts";

/** Timing of heartbeats, in ms. Source: docs.polymarket.com/trading/manage-orders: every 5 s, orders are cancelled after 10 s without. */
export interface HeartbeatTiming {
  readonly beatMs: number;
  /** An acknowledgement older than this is an alarm. */
  readonly lateMs: number;
  readonly timeoutMs: number;
}

/** What {@link Heartbeat} needs. */
export interface HeartbeatPorts {
  readonly clock: Clock;
  readonly timing: HeartbeatTiming;
  readonly send: (body: string, timeoutMs: number) => Promise<HttpExchange>;
  readonly hint: (hint: VenueHint) => void;
  /** The venue may cancel, or has cancelled, all that rests: quote nothing. */
  readonly onLost: (detail: string) => void;
  /** Acknowledged again. */
  readonly onBack: () => void;
}

/**
 * The venue's dead-man switch: while it beats, the venue keeps our orders; when it stops, the venue cancels them all. It is armed by
 * the first beat that is acknowledged. A refused id is replaced by the one that the venue expects; any other refusal, or an
 * acknowledgement that is late, starts the chain anew once, and is an alarm until it is acknowledged again.
 */
export class Heartbeat {
  readonly #ports: HeartbeatPorts;
  #id = "";
  #ackAt: number | undefined;
  /** Why it broke; `undefined` while it holds. */
  #lost: string | undefined;
  #reset = false;
  #resyncs = 0;
  #timer: CancelTimer | undefined;
  #watch: CancelTimer | undefined;
  #running = false;
  /** Beats that were acknowledged. */
  beats = 0;

  constructor(ports: HeartbeatPorts) {
    this.#ports = ports;
  }

  /** Why the venue is not known to keep our orders; `undefined` while it acknowledges in time. */
  get trouble(): string | undefined {
    if (this.#lost !== undefined) return this.#lost;
    if (this.#ackAt === undefined) return "none has been acknowledged yet";
    const { clock, timing } = this.#ports;
    const ageMs = Math.floor((clock.monotonic() - this.#ackAt) / NANOS_PER_MS);
    return ageMs > timing.lateMs ? `the last that was acknowledged is ${ageMs} ms old` : undefined;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#beat();
    this.#watchAge();
  }

  /** Stops. The venue cancels what rests a few seconds later. */
  stop(): void {
    this.#running = false;
    this.#timer?.();
    this.#watch?.();
  }

  #beat(): void {
    if (!this.#running) return;
    const { clock, timing } = this.#ports;
    const startedAt = clock.monotonic();
    // From beat to beat, however long the answer takes: a slow venue is beaten no slower.
    this.#timer = clock.after(timing.beatMs, () => {
      this.#beat();
    });
    void this.#send(startedAt);
  }

  async #send(startedAt: number): Promise<void> {
    const { timing, send, hint } = this.#ports;
    const answer = heartbeatAnswer(await send(JSON.stringify({ heartbeat_id: this.#id }), timing.timeoutMs));
    if (!this.#running) return;
    switch (answer.kind) {
      case "beating":
        this.#id = answer.heartbeatId;
        this.#resyncs = 0;
        this.#acknowledged(startedAt);
        return;
      case "resync":
        this.#id = answer.heartbeatId;
        // Once at once; a chain that another keeps breaking is not fought over.
        if (this.#resyncs++ < 1) await this.#send(startedAt);
        else
          this.#lose(
            "the venue expects another heartbeat than ours: does another process beat for this key?",
          );
        return;
      case "refused":
        this.#again(`the venue refuses heartbeats: ${answer.rejection.detail}`);
        return;
      case "unknown":
        hint(answer.venue);
    }
  }

  #acknowledged(startedAt: number): void {
    this.beats++;
    this.#ackAt = Math.max(this.#ackAt ?? 0, startedAt);
    this.#reset = false;
    if (this.#lost !== undefined) {
      this.#lost = undefined;
      this.#ports.onBack();
    }
    this.#watchAge();
  }

  #watchAge(): void {
    this.#watch?.();
    const { clock, timing } = this.#ports;
    const ackAt = this.#ackAt ?? clock.monotonic();
    const ms = timing.lateMs - (clock.monotonic() - ackAt) / NANOS_PER_MS;
    this.#watch = clock.after(Math.max(1, Math.ceil(ms)), () => {
      this.#again(`no heartbeat acknowledged for ${timing.lateMs} ms`);
    });
  }

  /** Begins the chain anew, once; and says that it broke. */
  #again(detail: string): void {
    if (!this.#running) return;
    this.#lose(detail);
    if (this.#reset) return;
    this.#reset = true;
    this.#id = "";
    void this.#send(this.#ports.clock.monotonic());
  }

  #lose(detail: string): void {
    const known = this.#lost !== undefined;
    this.#lost = detail;
    if (known) return;
    this.#ports.onLost(detail);
  }
}
