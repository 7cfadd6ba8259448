import { NANOS_PER_MS, type CancelTimer, type Clock } from "@matchpoint/sdk";
import type { Alert } from "./alert.ts";
import type { Channel, Sender } from "./channels.ts";

/** What an outbox is made with. */
export interface OutboxOptions {
  readonly channel: Channel;
  readonly from: Sender;
  readonly clock: Clock;
  /** Messages in a minute at most. */
  readonly perMinute: number;
  /** Told once when messages do not get through, and again after one did. */
  readonly onTrouble: (why: string) => void;
}

/** What has become of the alerts of one place. */
export interface OutboxCounts {
  readonly waiting: number;
  readonly sent: number;
  readonly dropped: number;
}

const MOST_WAITING = 200;
const TRIES = 8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const MINUTE = 60_000 * NANOS_PER_MS;

/**
 * Alerts on their way to one place: one message at a time, what waits goes together into the next. What does not get through in eight
 * tries is dropped and told with the next that does. Nothing waits for it, and nothing of it ends a run.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #over = new AbortController();
  #waiting: Alert[] = [];
  /** When the last messages were sent. */
  #sentAt: number[] = [];
  #busy = false;
  #tries = 0;
  #untold = 0;
  #troubled = false;
  #sent = 0;
  #dropped = 0;
  #timer: CancelTimer | undefined;
  #drained: (() => void) | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get counts(): OutboxCounts {
    return { waiting: this.#waiting.length, sent: this.#sent, dropped: this.#dropped };
  }

  push(alert: Alert): void {
    if (this.#over.signal.aborted) return;
    if (this.#waiting.length >= MOST_WAITING) {
      // A kill is not lost to a flood of halts.
      const least = this.#waiting.findIndex(({ severity }) => severity !== "critical");
      this.#waiting.splice(Math.max(0, least), 1);
      this.#lose(1);
    }
    this.#waiting.push(alert);
    this.#next();
  }

  /** Waits until everything is sent, at most so long; what is left then is dropped. Never throws. */
  async close(withinMs: number): Promise<void> {
    if (this.#waiting.length > 0 || this.#busy) {
      let cancel: CancelTimer = () => undefined;
      await new Promise<void>((done) => {
        this.#drained = done;
        cancel = this.#options.clock.after(withinMs, done);
      });
      cancel();
    }
    this.#timer?.();
    this.#over.abort();
    this.#lose(this.#waiting.length);
    this.#waiting = [];
  }

  #lose(count: number): void {
    this.#dropped += count;
    this.#untold += count;
  }

  #next(): void {
    if (this.#busy || this.#timer !== undefined || this.#over.signal.aborted) return;
    if (this.#waiting.length === 0) {
      this.#drained?.();
      return;
    }
    const now = this.#options.clock.monotonic();
    this.#sentAt = this.#sentAt.filter((at) => now - at < MINUTE);
    const [oldest] = this.#sentAt;
    if (oldest !== undefined && this.#sentAt.length >= this.#options.perMinute) {
      this.#wait((oldest + MINUTE - now) / NANOS_PER_MS);
      return;
    }
    this.#sentAt.push(now);
    this.#busy = true;
    void this.#send();
  }

  #wait(ms: number): void {
    this.#timer = this.#options.clock.after(ms, () => {
      this.#timer = undefined;
      this.#next();
    });
  }

  async #send(): Promise<void> {
    const { channel, from, onTrouble } = this.#options;
    // What is pushed off the front while a message is on its way is among those that it told, or lost with them.
    const alerts = [...this.#waiting];
    const untold = this.#untold;
    const { outcome, held } = await channel.send({ alerts, dropped: untold }, from, this.#over.signal);
    this.#busy = false;
    if (this.#over.signal.aborted) return;
    const told = new Set(alerts.slice(0, held));
    if (outcome.kind === "sent") {
      this.#sent += held;
      this.#untold -= untold;
      this.#tries = 0;
      this.#troubled = false;
      this.#waiting = this.#waiting.filter((alert) => !told.has(alert));
      this.#next();
      return;
    }
    if (!this.#troubled) onTrouble(`alerts do not get through to ${channel.name}: ${outcome.why}`);
    this.#troubled = true;
    this.#tries += 1;
    if (outcome.kind === "refused" || this.#tries >= TRIES) {
      this.#tries = 0;
      const before = this.#waiting.length;
      this.#waiting = this.#waiting.filter((alert) => !told.has(alert));
      this.#lose(before - this.#waiting.length);
      this.#next();
      return;
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.#tries - 1), LONGEST_PAUSE_MS);
    this.#wait(outcome.waitMs ?? pause);
  }
}
