import { MatchpointError, SystemClock, type BotConfig, type Secret } from "@matchpoint/sdk";
import { Alerts, channelsOf, type Channel } from "../alerts/index.ts";
import { serveWatched, type ControlServer, type Health, type Watched } from "../control/server.ts";
import { healthOf } from "../control/status.ts";
import { showRun, stay, SteppedControl, type Dashboard } from "../dashboard/index.ts";
import { listenForInterrupt } from "../interrupt.ts";
import type { Io } from "../io.ts";
import { keepDurable } from "../keepDurable.ts";
import { openLog, type RunLogFile } from "../logs/index.ts";
import { RunMetrics } from "../metrics/index.ts";
import type { BotRun } from "../run.ts";
import { folderOf, secretsOf, type Host, type RunFlags } from "./shared.ts";

/** Options of what trades in another time than today's and can be watched as a `run` is: nothing of it is done unless it is asked for. */
export interface ObservedFlags extends RunFlags {
  /** Goes on showing the finished run. */
  readonly stay?: boolean;
  readonly metrics?: boolean;
  readonly alerts?: boolean;
  readonly log?: string;
}

interface Wanted {
  readonly flags: ObservedFlags;
  readonly config: BotConfig;
  readonly host: Host;
  readonly io: Io;
  readonly channels: readonly Channel[];
  readonly metricsToken: Secret | undefined;
}

/**
 * Finds what the observers of a run need, before it begins.
 * @throws MatchpointError `USAGE` for alerts that the configuration has no place for, `SECRET_MISSING` and what its provider says
 */
export async function wantObservers(
  flags: ObservedFlags,
  config: BotConfig,
  host: Host,
  io: Io,
): Promise<Wanted> {
  const secrets = secretsOf(config, flags.config, host, io);
  const channels = flags.alerts === true ? await channelsOf(config, secrets) : [];
  if (flags.alerts === true && channels.length === 0)
    throw new MatchpointError("USAGE", "--alerts: the configuration names no place to tell", {
      hint: "Add alerts.webhook, alerts.telegram or alerts.discord; docs/how-to/watch-it.md says how.",
    });
  const metricsToken = flags.metrics === true ? await secrets.find("metrics_token") : undefined;
  return { flags, config, host, io, channels, metricsToken };
}

/** What shows a run and tells of it while it is played: a page, metrics, alerts and a log, each if it is asked for. */
export class Observers {
  readonly control: SteppedControl;
  readonly #wanted: Wanted;
  readonly #run: BotRun;
  readonly #log: RunLogFile | undefined;
  readonly #metrics: RunMetrics | undefined;
  readonly #watched: Watched | undefined;
  readonly #alerts: Alerts | undefined;
  #server: ControlServer | undefined;
  #dashboard: Dashboard | undefined;
  #syncing: ReturnType<typeof keepDurable> | undefined;

  /** Begins to listen: before the run's first event. @throws MatchpointError `USAGE` */
  constructor(wanted: Wanted, run: BotRun) {
    const { flags, config, io, channels } = wanted;
    const { runtime } = run;
    this.#wanted = wanted;
    this.#run = run;
    this.control = new SteppedControl(run);
    const onTrouble = (why: string): void => {
      io.err(`warning: ${why}`);
    };
    // The configuration's log is that of the bot's own runs.
    this.#log = flags.log === undefined ? undefined : openLog(config, flags.log, runtime.runId, onTrouble);
    this.#log?.follow(runtime);
    if (flags.metrics === true) {
      const health = (): Health => healthOf(runtime.core, 0);
      const metrics = new RunMetrics({ runtime, health });
      this.#metrics = metrics;
      this.#watched = { health, metrics: () => metrics.text() };
    }
    if (flags.alerts !== true) return;
    const clock = new SystemClock();
    const alerts = new Alerts({ config, channels, runtime, clock, runTime: true, onTrouble });
    this.#metrics?.follow(() => alerts.counts);
    this.#alerts = alerts;
  }

  /**
   * Opens page and metrics, and prints where; when that fails, the run is abandoned. `onFailure`: the journal cannot be written.
   * @throws MatchpointError `CONFIG_INVALID` when a port is taken
   */
  async open(onFailure: () => void): Promise<void> {
    const { config } = this.#wanted;
    try {
      await this.#serve();
      await this.#show();
    } catch (error) {
      await this.fail(error);
      throw error;
    }
    // What is to be seen has to be on the disk.
    if (this.#dashboard !== undefined)
      this.#syncing = keepDurable(this.#run, config.journal.sync_ms, onFailure);
  }

  async #serve(): Promise<void> {
    const { flags, config, io, metricsToken } = this.#wanted;
    if (this.#watched === undefined) return;
    this.#server = await serveWatched(this.#watched, metricsToken, config.control.port);
    const line = `Metrics: ${this.#server.url}/metrics`;
    if (flags.json === true) io.err(line);
    else io.out(line);
  }

  async #show(): Promise<void> {
    const { flags, config, host, io } = this.#wanted;
    this.#dashboard = await showRun({
      run: this.#run,
      config,
      asked: flags.dashboard === true || flags.stay === true,
      folder: folderOf(flags),
      files: host.strategyFiles,
      control: this.control,
      io,
      quiet: flags.json === true,
    });
  }

  /** Nothing more is played. @throws Error what kept the journal from being written */
  played(): void {
    this.control.over();
    this.#syncing?.stop();
    if (this.#syncing?.failure !== undefined) throw this.#syncing.failure;
  }

  /** Tells how the run ended. Whatever is printed of it is printed. */
  async tell(how: string): Promise<void> {
    await Promise.all([this.#alerts?.close(how), this.#log?.close(how)]);
  }

  /** Goes on showing the finished run until somebody has seen enough, where that is asked for and `wanted`. Then closes all. */
  async end(wanted: boolean): Promise<void> {
    const { flags, io } = this.#wanted;
    const dashboard = this.#dashboard;
    dashboard?.over();
    if (wanted && flags.stay === true && dashboard !== undefined) {
      const interrupt = listenForInterrupt(io);
      io.err(`The finished run stays at ${dashboard.address} until Ctrl-C.`);
      try {
        await stay(dashboard, interrupt.signal);
      } finally {
        interrupt.dispose();
      }
    }
    await this.close();
  }

  /** Closes all that is open. May be called again. */
  async close(): Promise<void> {
    this.#syncing?.stop();
    this.#server?.close();
    this.#metrics?.close();
    await this.#dashboard?.close();
  }

  /** The run cannot go on: it is abandoned, that is told, and all is closed. */
  async fail(error: unknown): Promise<void> {
    await this.#run.abandon();
    await this.tell(`an error has ended the run: ${String(error)}`);
    await this.close();
  }
}
