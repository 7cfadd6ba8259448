import {
  NANOS_PER_MS,
  type AlertChannel,
  type BotConfig,
  type CancelTimer,
  type Clock,
  type Runtime,
} from "@matchpoint/sdk";
import { plain } from "../report/format.ts";
import { alertOf, type Alert, type News } from "./alert.ts";
import type { Channel } from "./channels.ts";
import { Conditions } from "./conditions.ts";
import { Outbox, type OutboxCounts } from "./outbox.ts";
import { RunWatch } from "./runWatch.ts";

/** What {@link Alerts} needs. */
export interface AlertsOptions {
  readonly config: BotConfig;
  readonly channels: readonly Channel[];
  readonly runtime: Runtime;
  readonly clock: Clock;
  /** Whether what lasts is measured by the run's events: where its time is not today's. */
  readonly runTime?: boolean;
  /** Told what does not get through. */
  readonly onTrouble: (why: string) => void;
}

const LOOK_MS = 1_000;
/** A run does not wait longer for its last words to be heard. */
const LAST_WORDS_MS = 5_000;

/** Tells people what they should know of a run, at the places that the configuration names. Nothing of the run waits for it. */
export class Alerts {
  readonly #options: AlertsOptions;
  readonly #outboxes: ReadonlyMap<AlertChannel, Outbox>;
  readonly #watch: RunWatch | undefined;
  #timer: CancelTimer | undefined;
  #closed = false;
  #faulty = false;

  constructor(options: AlertsOptions) {
    const { config, channels, runtime, clock, onTrouble } = options;
    this.#options = options;
    const from = { runId: runtime.runId, mode: runtime.mode };
    const { per_minute: perMinute, kinds, drawdown_step: step } = config.alerts;
    this.#outboxes = new Map(
      channels.map((channel) => [channel.name, new Outbox({ channel, from, clock, perMinute, onTrouble })]),
    );
    // Where nobody is told, nobody looks.
    if (channels.length === 0) return;
    const conditions = new Conditions(kinds, this.#time, (alert) => {
      this.#tell(alert);
    });
    this.#watch = new RunWatch(runtime, conditions, step, (error) => {
      this.#fault(error);
    });
    this.#say({ kind: "started", subject: "", text: `the run has started, ${runtime.mode}` });
    if (options.runTime !== true) this.#look();
    else this.#lookAtEvents(runtime);
  }

  /** What has become of the alerts, by place. */
  get counts(): ReadonlyMap<AlertChannel, OutboxCounts> {
    return new Map([...this.#outboxes].map(([name, outbox]) => [name, outbox.counts]));
  }

  /** Tells how the run ended, and waits some seconds at most until that is heard. Never throws. */
  async close(how: string): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.();
    if (this.#watch === undefined) return;
    this.#say({ kind: "ended", subject: "", text: how });
    await Promise.all([...this.#outboxes.values()].map((outbox) => outbox.close(LAST_WORDS_MS)));
    const lost = [...this.counts].filter(([, { dropped }]) => dropped > 0);
    for (const [name, { dropped }] of lost)
      this.#options.onTrouble(`${dropped} alerts never got through to ${name}`);
  }

  /** What lasts, and when it was, is told by this. */
  get #time(): Pick<Clock, "monotonic" | "wall"> {
    const { clock, runTime, runtime } = this.#options;
    return runTime === true ? { monotonic: () => runtime.at, wall: () => runtime.core.wall } : clock;
  }

  #look(): void {
    this.#lookNow();
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#look();
    });
  }

  #lookAtEvents(runtime: Runtime): void {
    let lookedAt = -Infinity;
    runtime.on("step", ({ at }) => {
      if (at - lookedAt < LOOK_MS * NANOS_PER_MS) return;
      lookedAt = at;
      this.#lookNow();
    });
  }

  #lookNow(): void {
    try {
      this.#watch?.look(this.#time.monotonic() / NANOS_PER_MS);
    } catch (error) {
      this.#fault(error);
    }
  }

  /** What goes wrong in here is told once, and is none of the run's business. */
  #fault(error: unknown): void {
    if (this.#faulty) return;
    this.#faulty = true;
    this.#options.onTrouble(`something cannot be told as an alert: ${plain(String(error))}`);
  }

  #say(news: News): void {
    this.#tell(alertOf(news, "raised", this.#time.wall(), 0));
  }

  #tell(alert: Alert): void {
    const to = this.#options.config.alerts.kinds[alert.kind]?.to;
    for (const [name, outbox] of this.#outboxes)
      if (to === undefined || to.includes(name)) outbox.push(alert);
  }
}
