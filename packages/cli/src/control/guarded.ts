import { resolve } from "node:path";
import type { Clock, CoreEvent, Mode, Secret } from "@matchpoint/sdk";
import type { Plan } from "../commands/shared.ts";
import type { Io } from "../io.ts";
import { isolate } from "../isolation/index.ts";
import type { LiveSession } from "../live/index.ts";
import { plain } from "../report/format.ts";
import type { BotRun } from "../run.ts";
import { Board, marked, notifyManager, startWatchdog, type Watchdog } from "../watchdog/index.ts";
import { RunControl } from "./runControl.ts";
import { StopFile, type Stops } from "./stopFile.ts";
import { stopLines } from "./statusText.ts";

/** A plan that can be stopped and watched from outside. */
export interface GuardedPlan {
  /** Without the strategies that are disabled, and with hooks that say when they are at work. */
  readonly plan: Plan;
  /**
   * Begins to listen and to watch. `show` begins to show the run, by what can stop it, and gives the address.
   * @throws MatchpointError `CONFIG_INVALID` when `control.port` is taken
   */
  attach(
    run: BotRun,
    live: LiveSession | undefined,
    clock: Clock,
    show?: (control: RunControl) => Promise<string | undefined>,
  ): Promise<AttachedGuard>;
}

/** A run that is listened to and watched. */
export interface AttachedGuard {
  readonly control: RunControl;
  /** What is ordered from outside, and what strategies in threads of their own ask for. */
  sources(signal: AbortSignal): readonly AsyncIterable<CoreEvent>[];
  close(): void;
}

/** Between the canceller's looks: a taker's order is held for up to three seconds, in which no list shows it. */
const APART_MS = 4_000;
const APART_HERE_MS = 300;
const POLYMARKET = "https://clob.polymarket.com";

/**
 * Reads what is stopped before a run is made, and says it. `own`: the process is this run's alone, so that it may be ended when the
 * run hangs.
 */
export function guarded(
  given: Plan,
  mode: Mode,
  io: Io,
  options: { readonly quiet: boolean; readonly own: boolean; readonly metricsToken?: Secret | undefined },
): GuardedPlan {
  const { config } = given;
  const stops = new StopFile(config.journal.dir, mode);
  const board = new Board();
  const now = stops.read();
  for (const line of stopLines(mode, now)) io.err(`stopped: ${line}`);
  const apart = isolate({ config, strategies: enabled(given, now) });
  const strategies = apart.plan.strategies.map((item, i) => ({ ...item, use: marked(item.use, i, board) }));
  return {
    plan: { config, strategies },
    async attach(run, live, clock, show) {
      const { runtime } = run;
      const venue =
        live === undefined
          ? {
              look: () => Promise.resolve(run.openAtVenue?.() ?? runtime.core.orders.openCount),
              cancelAll: () => Promise.resolve(),
            }
          : {
              look: async () => (await live.gateway.fetchOpenOrders()).length,
              cancelAll: () => live.gateway.cancelAll(),
            };
      const control = new RunControl({
        config,
        mode,
        runtime,
        clock,
        io,
        quiet: options.quiet,
        stops,
        venue,
        ...(options.metricsToken === undefined ? {} : { metricsToken: options.metricsToken }),
      });
      if (live !== undefined) {
        control.standsOn("lease", () => live.leaseTrouble());
        control.standsOn("heartbeat", () => live.gateway.heartbeatTrouble());
        control.standsOn("user channel", () => live.gateway.userChannelTrouble());
      }
      const { journalPath } = run;
      const dashboard = await show?.(control);
      await control.open({
        ...(journalPath === undefined ? {} : { journal: resolve(journalPath) }),
        ...(dashboard === undefined ? {} : { dashboard }),
      });
      const threads = apart.start(runtime, clock);
      let watchdog: Watchdog | undefined;
      if (options.own && config.control.watchdog)
        watchdog = startWatchdog({
          config,
          mode,
          runId: runtime.runId,
          board,
          strategies: strategies.map(({ use, name }) => name ?? use.id),
          ...(live === undefined ? {} : { venue: cancellerOf(given, live.canceller) }),
          onBroken: (error) => {
            io.err(`warning: the watchdog no longer watches: ${plain(error.message)}`);
          },
        });
      const words = ["--ready", `--status=${runtime.runId}: what was checked before trading is in order`];
      if (watchdog !== undefined) watchdog.notify(...words);
      else if (options.own) notifyManager(words);
      return {
        control,
        sources: (signal) => [control.events(signal), threads.events(signal)],
        close: () => {
          threads.close();
          watchdog?.close();
          control.close();
        },
      };
    },
  };
}

function enabled({ strategies }: Plan, { strategies: disabled }: Stops): Plan["strategies"] {
  return strategies.filter(({ use, name }) => !Object.hasOwn(disabled, name ?? use.id));
}

function cancellerOf(
  { config }: Plan,
  account: LiveSession["canceller"],
): { readonly url: string; readonly account: typeof account; readonly apartMs: number } {
  const { clob_url: url = POLYMARKET } = config.execution;
  const here = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url);
  return { url: url.replace(/\/+$/, ""), account, apartMs: here ? APART_HERE_MS : APART_MS };
}
