import {
  NANOS_PER_MS,
  runLive,
  formatUsdc,
  type LiveVenue,
  type Logger,
  type MarketDescription,
  type Recovered,
  type SkewCheck,
  type SystemClock,
} from "@matchpoint/sdk";
import { watchClock } from "../clockCheck.ts";
import { OperatorConsole } from "../console.ts";
import { KILL_KEY, type AttachedGuard } from "../control/index.ts";
import type { RunDiscovery } from "../discover/index.ts";
import { openFeeds, type FoundWorld, type Say } from "../feeds/index.ts";
import type { Interrupt } from "../interrupt.ts";
import type { Io } from "../io.ts";
import { watchMachine, type DiskGuard, type LiveSession } from "../live/index.ts";
import { longTimer } from "../longTimer.ts";
import { keepDurable } from "../keepDurable.ts";
import type { Secrets } from "../secrets/index.ts";
import type { Display } from "../report/display.ts";
import { plural } from "../report/format.ts";
import type { BotRun } from "../run.ts";
import { idleStrategies } from "./idle.ts";
import { listedFirst } from "./listedFirst.ts";
import type { Host, Plan, RunFlags } from "./shared.ts";

const SHOW_MS = 100;
/** What is to be done about orders that may still be open. */
export const HOW_TO_CANCEL =
  "The next run cancels them; polymarket-cancel-all does it now, and so does Polymarket's page.";

/** Options of `run`. */
export interface RunCommandFlags extends RunFlags {
  readonly live?: boolean;
  readonly for?: number;
  readonly log?: string;
}

/** What a run talks to besides its feeds. */
export interface Surroundings {
  readonly clock: SystemClock;
  readonly interrupt: Interrupt;
  readonly display: Display;
  readonly flags: RunCommandFlags;
  readonly host: Host;
  readonly io: Io;
  readonly live: LiveSession | undefined;
  readonly guard: DiskGuard | undefined;
  readonly discovery: RunDiscovery;
  readonly secrets: Secrets;
  readonly attached: AttachedGuard;
  /** Told what feeds note. */
  readonly logger: Logger | undefined;
}

/** Trades until the run is interrupted, or its time is over. */
export async function trade(
  run: BotRun,
  planned: Plan,
  world: FoundWorld,
  around: Surroundings,
): Promise<void> {
  const { config, strategies } = planned;
  const { clock, interrupt, display, flags, host, io, live, guard, discovery, attached, logger } = around;
  const { runtime } = run;
  const { signal } = interrupt;
  const problems: Say = (problem, marketId) => {
    io.err(problem, { marketId });
  };
  const feeds = openFeeds(config, world, clock, signal, problems, around.secrets, discovery.growth, logger);
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
    input: host.input ?? process.stdin,
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
    const machine = guard === undefined ? [] : watchMachine(guard, runtime, clock, signal, host.machine);
    const watches = [...(live?.watches(runtime, signal) ?? []), ...machine];
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
