import {
  listedMarkets,
  matchDescription,
  MatchpointError,
  requireMode,
  SystemClock,
  type BotConfig,
  type Mode,
  type RunSummary,
} from "@matchpoint/sdk";
import { Alerts, channelsOf, type Channel } from "../alerts/index.ts";
import { guarded, type AttachedGuard, type GuardedPlan } from "../control/index.ts";
import { showRun, type Dashboard } from "../dashboard/index.ts";
import { discoveryOf } from "../discover/index.ts";
import { showLocalChecks } from "../doctor/index.ts";
import { demandKeys, type FoundWorld } from "../feeds/index.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import {
  endDoubt,
  guardDisk,
  openLive,
  startLines,
  type DiskGuard,
  type LiveSession,
} from "../live/index.ts";
import { loggedIo, openLog, type RunLogFile } from "../logs/index.ts";
import type { Secrets } from "../secrets/index.ts";
import { Display } from "../report/display.ts";
import { plain } from "../report/format.ts";
import { newRunId, startPaperRun, startRun, type BotRun } from "../run.ts";
import { listenForStrays } from "../strays.ts";
import { folderOf, journalPath, plan, printResult, secretsOf, type Host } from "./shared.ts";
import { HOW_TO_CANCEL, trade, type RunCommandFlags } from "./trade.ts";

const LINE_MS = 30_000;
const ENDED = "the run has ended";

/** `matchpoint run --config bot.yaml`: trades live feeds until it is interrupted, on paper unless live is set in both places. */
export async function runCommand(flags: RunCommandFlags, host: Host, terminal: Io): Promise<ExitCode> {
  if (flags.config === undefined) {
    throw new MatchpointError("USAGE", "run needs a configuration", {
      hint: "Name one: run --config bot.yaml.",
    });
  }
  const given = await plan(flags, host, undefined);
  const { config } = given;
  const mode = requireMode(config, flags.live ?? false, flags.config);
  const world: FoundWorld = {
    markets: listedMarkets(config),
    matches: config.matches.map(matchDescription),
  };
  const aimless = world.markets.length === 0 && config.discover === undefined;
  if (aimless || given.strategies.length === 0) {
    const lack = aimless ? "markets" : "strategies";
    throw new MatchpointError("CONFIG_INVALID", `${flags.config} lists no ${lack}: there is nothing to do`, {
      hint: `Add ${lack}; docs/reference/configuration.md has every key.`,
    });
  }
  const secrets = secretsOf(config, flags.config, host, terminal);
  await demandKeys(config, secrets);
  const own = host.ownProcess === true;
  const channels = await channelsOf(config, secrets);
  const metricsToken = await secrets.find("metrics_token");
  const runId = newRunId("run");
  const onTrouble = (why: string): void => {
    terminal.err(`warning: ${why}`);
  };
  const logged = openLog(config, flags.log, runId, onTrouble);
  const io = logged === undefined ? terminal : loggedIo(terminal, logged.logger);
  try {
    const guardedPlan = guarded(given, mode, io, { quiet: flags.json === true, own, metricsToken });
    const asked = { config, flags, host, mode, secrets, channels, runId, onTrouble, logged, io };
    return await runGuarded(guardedPlan, world, asked);
  } catch (error) {
    await logged?.close(`an error has ended the run: ${String(error)}`);
    throw error;
  }
}

/** A run that is asked for, with all that it needs to begin. */
interface AskedRun {
  readonly config: BotConfig;
  readonly flags: RunCommandFlags;
  readonly host: Host;
  readonly mode: Mode;
  readonly secrets: Secrets;
  readonly channels: readonly Channel[];
  readonly runId: string;
  /** Told what alerts and the log could not do. */
  readonly onTrouble: (why: string) => void;
  readonly logged: RunLogFile | undefined;
  readonly io: Io;
}

async function runGuarded(
  guardedPlan: GuardedPlan,
  configured: FoundWorld,
  { config, flags, host, mode, secrets, channels, runId, onTrouble, logged, io }: AskedRun,
): Promise<ExitCode> {
  const { plan: planned } = guardedPlan;
  const { strategies } = planned;
  const interrupt = listenForInterrupt(io);
  const clock = new SystemClock();
  const made = {
    config,
    strategies,
    runId,
    startsAt: clock.wall(),
    journalPath: journalPath(flags, config, runId),
  };
  if (mode === "live" && made.journalPath === undefined) {
    throw new MatchpointError("CONFIG_LIVE_REFUSED", "a live run keeps a journal", {
      hint: "Leave --no-journal out, and journal.enabled true: an order that is not written down is not sent.",
    });
  }
  let live: LiveSession | undefined;
  let guard: DiskGuard | undefined;
  let run: BotRun;
  let attached: AttachedGuard;
  let world = configured;
  let dashboard: Dashboard | undefined;
  const discovery = discoveryOf(config, secrets, clock, io);
  try {
    const quiet = flags.json === true;
    world = await discovery.withFound(world, interrupt.signal, quiet);
    const { markets } = world;
    if (mode === "live") {
      const told: Io = quiet ? { ...io, out: () => undefined } : io;
      told.out("BOOT → CHECKLIST. Checks before live trading:");
      guard = guardDisk(config, made.journalPath!, host.machine?.disk);
      if (guard.warning !== undefined) io.err(`warning: ${plain(guard.warning)}`);
      live = await openLive({
        config,
        secrets,
        markets,
        runId,
        journalPath: made.journalPath!,
        clock,
        signal: interrupt.signal,
        io,
        quiet,
        ...(logged === undefined ? {} : { logger: logged.logger }),
      });
      discovery.trades(live.markets);
      for (const line of startLines(live)) told.out(line);
    } else if (!quiet)
      await showLocalChecks({ ...made, file: flags.config, secrets, clock, signal: interrupt.signal }, io);
    run =
      live === undefined
        ? startPaperRun(made)
        : startRun(guard === undefined ? made : { ...made, storage: guard }, {
            mode,
            execution: live.link,
            collateral: live.collateral,
            account: live.account,
            ...(live.carried === undefined ? {} : { carried: live.carried }),
          });
    live?.attach(run);
    live?.begun(run.journalPath!);
    attached = await guardedPlan.attach(run, live, clock, async (control) => {
      const asked = flags.dashboard === true;
      dashboard = await showRun({
        run,
        config,
        asked,
        folder: folderOf(flags),
        files: host.strategyFiles,
        control,
        io,
        quiet,
      });
      return dashboard?.address;
    });
  } catch (error) {
    live?.close();
    interrupt.dispose();
    await dashboard?.close();
    throw error;
  }
  logged?.follow(run.runtime);
  const alerts = new Alerts({ config, channels, runtime: run.runtime, clock, onTrouble });
  attached.control.follow(alerts);
  const display = new Display(io, { quiet: flags.json === true, everyMs: LINE_MS });
  const log = display.follow(run.runtime);
  const strays = listenForStrays((error) => {
    io.err(`warning: an error that nobody caught ends the run: ${plain(String(error))}`);
    interrupt.stop();
  });
  let summary: RunSummary;
  let doubt: string | undefined;
  try {
    const traded = live === undefined ? world : { ...world, markets: live.markets };
    await trade(run, planned, traded, {
      secrets,
      clock,
      interrupt,
      display,
      flags,
      host,
      io,
      live,
      guard,
      discovery,
      attached,
      logger: logged?.logger,
    });
    attached.close();
    summary = await run.finish("stopped");
    doubt = live === undefined ? undefined : endDoubt(run.runtime.core);
    if (doubt !== undefined) io.err(`warning: ${doubt} ${HOW_TO_CANCEL}`);
    await Promise.all([alerts.close(ENDED), logged?.close(ENDED)]);
  } catch (error) {
    await run.abandon();
    await alerts.close(`an error has ended the run: ${String(error)}`);
    throw error;
  } finally {
    attached.close();
    live?.close();
    interrupt.dispose();
    strays.dispose();
    await dashboard?.close();
  }
  printResult(io, flags, summary, run.runtime.core, {
    journal: run.journalPath ?? null,
    wallMs: display.elapsed,
    interrupted: false,
    log,
  });
  strays.demandNone();
  return doubt === undefined ? EXIT.OK : EXIT.CHECK_FAILED;
}
