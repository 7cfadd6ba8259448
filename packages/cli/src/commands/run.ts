import {
  listedMarkets,
  matchDescription,
  MatchpointError,
  NANOS_PER_MS,
  requireMode,
  runLive,
  formatUsdc,
  SystemClock,
  type LiveVenue,
  type MarketDescription,
  type Recovered,
  type RunSummary,
  type SkewCheck,
} from "@matchpoint/sdk";
import { Alerts, channelsOf } from "../alerts/index.ts";
import { watchClock } from "../clockCheck.ts";
import { OperatorConsole } from "../console.ts";
import { guarded, KILL_KEY, type AttachedGuard } from "../control/index.ts";
import { showRun, type Dashboard } from "../dashboard/index.ts";
import { discoveryOf, type RunDiscovery } from "../discover/index.ts";
import { showLocalChecks } from "../doctor/index.ts";
import { demandKeys, openFeeds, type FoundWorld } from "../feeds/index.ts";
import { listenForInterrupt, type Interrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import {
  endDoubt,
  guardDisk,
  openLive,
  startLines,
  watchMemory,
  type DiskGuard,
  type LiveSession,
} from "../live/index.ts";
import { openLog } from "../logs/index.ts";
import { longTimer } from "../longTimer.ts";
import { keepDurable } from "../keepDurable.ts";
import type { Secrets } from "../secrets/index.ts";
import { Display } from "../report/display.ts";
import { plain, plural } from "../report/format.ts";
import { newRunId, startPaperRun, startRun, type BotRun } from "../run.ts";
import { listenForStrays } from "../strays.ts";
import { idleStrategies } from "./idle.ts";
import { listedFirst } from "./listedFirst.ts";
import {
  folderOf,
  journalPath,
  plan,
  printResult,
  secretsOf,
  type Host,
  type Plan,
  type RunFlags,
} from "./shared.ts";

/** Options of `run`. */
export interface RunCommandFlags extends RunFlags {
  readonly live?: boolean;
  readonly for?: number;
  readonly log?: string;
}

const SHOW_MS = 100;
const HOW_TO_CANCEL =
  "The next run cancels them; polymarket-cancel-all does it now, and so does Polymarket's page.";
const LINE_MS = 30_000;
const ENDED = "the run has ended";

/** `matchpoint run --config bot.yaml`: trades live feeds until it is interrupted, on paper unless live is set in both places. */
export async function runCommand(flags: RunCommandFlags, host: Host, io: Io): Promise<ExitCode> {
  if (flags.config === undefined) {
    throw new MatchpointError("USAGE", "run needs a configuration", {
      hint: "Name one: run --config bot.yaml.",
    });
  }
  const given = await plan(flags, host, undefined);
  const { config } = given;
  const mode = requireMode(config, flags.live ?? false, flags.config);
  let world: World = {
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
  const secrets = secretsOf(config, flags.config, host, io);
  await demandKeys(config, secrets);
  const own = host.ownProcess === true;
  const channels = await channelsOf(config, secrets);
  const metricsToken = await secrets.find("metrics_token");
  const guardedPlan = guarded(given, mode, io, { quiet: flags.json === true, own, metricsToken });
  const { plan: planned } = guardedPlan;
  const { strategies } = planned;
  const interrupt = listenForInterrupt(io);
  const clock = new SystemClock();
  const runId = newRunId("run");
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
  let dashboard: Dashboard | undefined;
  const discovery = discoveryOf(config, secrets, clock, io);
  try {
    const quiet = flags.json === true;
    world = await discovery.withFound(world, interrupt.signal, quiet);
    const { markets } = world;
    if (mode === "live") {
      const told: Io = quiet ? { ...io, out: () => undefined } : io;
      told.out("BOOT → CHECKLIST. Checks before live trading:");
      guard = guardDisk(config, made.journalPath!);
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
  const onTrouble = (why: string): void => {
    io.err(`warning: ${why}`);
  };
  const alerts = new Alerts({ config, channels, runtime: run.runtime, clock, onTrouble });
  attached.control.follow(alerts);
  const logged = openLog(config, flags.log, run.runtime, onTrouble);
  const display = new Display(io, { quiet: flags.json === true, everyMs: LINE_MS });
  const log = display.follow(run.runtime);
  const strays = listenForStrays((error) => {
    io.err(`warning: an error that nobody caught ends the run: ${plain(String(error))}`);
    interrupt.stop();
  });
  let summary: RunSummary;
  try {
    const traded = live === undefined ? world : { ...world, markets: live.markets };
    await trade(run, planned, traded, {
      secrets,
      clock,
      interrupt,
      display,
      flags,
      io,
      live,
      guard,
      discovery,
      attached,
    });
    attached.close();
    summary = await run.finish("stopped");
    await Promise.all([alerts.close(ENDED), logged?.close(ENDED)]);
  } catch (error) {
    await run.abandon();
    const how = `an error has ended the run: ${String(error)}`;
    await Promise.all([alerts.close(how), logged?.close(how)]);
    throw error;
  } finally {
    attached.close();
    live?.close();
    interrupt.dispose();
    strays.dispose();
    await dashboard?.close();
  }
  const doubt = live === undefined ? undefined : endDoubt(run.runtime.core);
  if (doubt !== undefined) io.err(`warning: ${doubt} ${HOW_TO_CANCEL}`);
  printResult(io, flags, summary, run.runtime.core, {
    journal: run.journalPath ?? null,
    wallMs: display.elapsed,
    interrupted: false,
    log,
  });
  strays.demandNone();
  return doubt === undefined ? EXIT.OK : EXIT.CHECK_FAILED;
}

/** What a run trades on. */
type World = FoundWorld;

/** What a run talks to besides its feeds. */
interface Surroundings {
  readonly clock: SystemClock;
  readonly interrupt: Interrupt;
  readonly display: Display;
  readonly flags: RunCommandFlags;
  readonly io: Io;
  readonly live: LiveSession | undefined;
  readonly guard: DiskGuard | undefined;
  readonly discovery: RunDiscovery;
  readonly secrets: Secrets;
  readonly attached: AttachedGuard;
}

/** Trades until the run is interrupted, or its time is over. */
async function trade(run: BotRun, planned: Plan, world: World, around: Surroundings): Promise<void> {
  const { config, strategies } = planned;
  const { clock, interrupt, display, flags, io, live, guard, discovery, attached } = around;
  const { runtime } = run;
  const { signal } = interrupt;
  const problems = (problem: string): void => {
    io.err(problem);
  };
  const feeds = openFeeds(config, world, clock, signal, problems, around.secrets, discovery.growth);
  if (flags.json !== true) {
    io.out(
      `${live === undefined ? "PAPER" : `LIVE with $${formatUsdc(live.collateral)}`}: ${plural(world.markets.length, "market")}, ${strategies.map(({ use }) => use.id).join(", ")}`,
    );
    for (const line of feeds.lines) io.out(`  ${line}`);
    for (const { marketId, unproven } of world.markets)
      if (unproven !== undefined) io.out(`  ${marketId} is not traded on match facts: ${unproven}`);
    for (const line of idleStrategies(config, world.markets)) io.out(`  ${line}`);
    const words = [
      ...["halt", "resume", "kill", "stop entries"],
      ...(live === undefined ? [] : ["adopt"]),
      ...(feeds.operator === undefined ? [] : ["a fact"]),
    ];
    io.out(
      `Type ${words.slice(0, -1).join(", ")} or ${words.at(-1)!}; Ctrl-C ends the run${io.interactive ? `, ${KILL_KEY} kills it` : ""}.`,
    );
  }
  const onInterrupt = (): void => {
    interrupt.stop();
  };
  const matches = [...world.matches];
  const operator = new OperatorConsole({
    clock,
    matches,
    operator: feeds.operator,
    io,
    onInterrupt,
    onKill: () => void attached.control.kill("console", `${KILL_KEY} was pressed`),
    ...(live === undefined ? {} : { adopt: (line) => live.adopt(line, runtime) }),
  });
  const say = ({ found, fix, status }: SkewCheck): void => {
    if (flags.json !== true) io.out(`  clock: ${found}${status === "ok" ? "" : `. ${fix}`}`);
  };
  const demanded = live !== undefined && !live.rehearsal;
  attached.control.standsOn("clock", watchClock(config, { clock, signal, say, demanded }, runtime));
  const show = setInterval(() => {
    const elapsedMs = clock.monotonic() / NANOS_PER_MS;
    const work = { done: runtime.core.counts.events, unit: "events", fraction: undefined, elapsedMs };
    if (display.due()) display.show(work, operator.typed);
  }, SHOW_MS);
  const cancelEnd = flags.for === undefined ? undefined : longTimer(flags.for * 1000, onInterrupt);
  const syncing = keepDurable(run, config.journal.sync_ms, onInterrupt);
  try {
    // The console ends with its input (there may be none); the run goes on without it.
    const isStopped = (): boolean => runtime.core.system.status !== "READY";
    const disk =
      guard === undefined
        ? []
        : [guard.watch(runtime, clock, signal), watchMemory({ clock, signal, isStopped })];
    const watches = [...(live?.watches(runtime, signal) ?? []), ...disk];
    const grow = (more: FoundWorld): void => {
      matches.push(...more.matches);
      feeds.grow(more);
    };
    const admit = (market: MarketDescription): void => live?.admit(market);
    const found = discovery.sources({ clock, signal, admit, grow }, flags.json === true);
    const typed = forever(operator.events(), signal);
    const warn = (problem: string): void => {
      io.err(`warning: ${problem}`);
    };
    const snapshots = run.snapshots === undefined ? [] : [run.snapshots.source(clock, signal, warn)];
    const own = [...attached.sources(signal), ...snapshots, typed];
    const sources = [...own, ...feeds.sources, ...watches, ...found];
    const venue = live === undefined ? {} : { venue: venueOf(live, io, flags) };
    const { resync } = feeds;
    const bus = listedFirst(world, runtime.core.wall, live?.carried?.markets);
    attached.control.begin(bus);
    await runLive(runtime, {
      clock,
      bus,
      sources,
      signal,
      ...(resync === undefined ? {} : { resync }),
      ...venue,
    });
  } finally {
    syncing.stop();
    clearInterval(show);
    cancelEnd?.();
    interrupt.stop();
    operator.close();
    display.end();
  }
  if (syncing.failure !== undefined) throw syncing.failure;
}

/** The venue of a live run; which of its orders may rest there when the run breaks is told. */
function venueOf(
  { link, gateway, since, carried, chain, recoverEveryMs: everyMs }: LiveSession,
  io: Io,
  flags: RunCommandFlags,
): LiveVenue {
  const onRecovered = ({ orders, fills, ms }: Recovered): void => {
    if (flags.json === true) return;
    io.out(
      `Recovered in ${(ms / 1_000).toFixed(1)} s: ${plural(orders, "order")} taken back, ${plural(fills, "fill")} found; the books agree with the venue's.`,
    );
  };
  return {
    link,
    adapter: gateway,
    evidence: { since },
    // A venue on this machine tells at once what it knows.
    ...(everyMs === undefined ? {} : { lookMs: everyMs }),
    ...(carried === undefined
      ? {}
      : {
          recovery: {
            adapter: gateway,
            since,
            onRecovered,
            ...(chain === undefined ? {} : { chain }),
            ...(everyMs === undefined ? {} : { everyMs }),
          },
        }),
    onLeft: (orderIds) => {
      io.err(
        `warning: ${plural(orderIds.length, "order")} may still be open at the venue: it did not say that they are gone. ${HOW_TO_CANCEL}`,
      );
    },
  };
}

/** A source that, when it has ended, stays silent until the signal. */
async function* forever<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
