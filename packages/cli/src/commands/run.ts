import {
  marketDescription,
  matchDescription,
  MatchpointError,
  NANOS_PER_MS,
  requireMode,
  runLive,
  SystemClock,
  type Nanos,
} from "@matchpoint/sdk";
import { operatorConsole } from "../console.ts";
import { openFeeds } from "../feeds.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { ProgressLine } from "../report/progressLine.ts";
import { statusTable } from "../report/statusTable.ts";
import { newRunId, startPaperRun } from "../run.ts";
import { journalPath, plan, printResult, type Host, type RunFlags } from "./shared.ts";

/** Options of `run`. */
export interface RunCommandFlags extends RunFlags {
  readonly live?: boolean;
  readonly for?: number;
}

const SHOW_MS = 500;

/** `matchpoint run --config bot.yaml`: paper trades live feeds until it is interrupted. */
export async function runCommand(flags: RunCommandFlags, host: Host, io: Io): Promise<ExitCode> {
  if (flags.config === undefined) {
    throw new MatchpointError("USAGE", "run needs a configuration", { hint: "Name one: run --config bot.yaml" });
  }
  const planned = await plan(flags, host, undefined);
  const { config, strategies } = planned;
  if (requireMode(config, flags.live ?? false, flags.config) === "live") {
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", "this version has no live execution", { hint: "Set mode: paper." });
  }
  const world = { markets: config.markets.map(marketDescription), matches: config.matches.map(matchDescription) };
  if (world.markets.length === 0 || strategies.length === 0) {
    const lack = world.markets.length === 0 ? "markets" : "strategies";
    throw new MatchpointError("CONFIG_INVALID", `${flags.config} lists no ${lack}: there is nothing to do`);
  }
  const stop = new AbortController();
  const clock = new SystemClock();
  const runId = newRunId("run");
  const run = startPaperRun({ ...planned, runId, startsAt: clock.wall(), journalPath: journalPath(flags, config, runId) });
  const { runtime } = run;
  const stamp = { at: 0 as Nanos, receivedAt: runtime.core.wall };
  for (const match of world.matches) runtime.offer({ type: "match_listed", ...stamp, match });
  for (const market of world.markets) runtime.offer({ type: "market_listed", ...stamp, market });

  const feeds = openFeeds(config, world, clock, stop.signal);
  if (flags.json !== true) {
    io.out(`PAPER: ${world.markets.length} markets, ${strategies.map(({ use }) => use.id).join(", ")}`);
    for (const line of feeds.lines) io.out(`  ${line}`);
    io.out("  type halt, resume, kill, stop entries, or a fact; Ctrl-C ends the run");
  }
  const progress = new ProgressLine(io, { quiet: flags.json === true });
  const show = setInterval(() => {
    if (!progress.due()) return;
    const work = { done: runtime.core.counts.events, fraction: undefined, elapsedMs: clock.monotonic() / NANOS_PER_MS };
    progress.show(work, (state) => statusTable(runtime, state));
  }, SHOW_MS);
  const interrupt = (): void => {
    stop.abort();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const timeout = flags.for === undefined ? undefined : setTimeout(interrupt, flags.for * 1000);
  const input = operatorConsole({ input: process.stdin, clock, signal: stop.signal, matches: world.matches, operator: feeds.operator, io });
  try {
    // The console ends with its input (there may be none); the run goes on without it.
    const sources = [...feeds.sources, forever(input, stop.signal)];
    await runLive(runtime, { clock, sources, signal: stop.signal });
  } finally {
    clearInterval(show);
    clearTimeout(timeout);
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
    stop.abort();
    process.stdin.unref();
  }
  progress.end();
  const summary = await run.finish("stopped");
  printResult(io, flags, summary, { journal: run.journalPath ?? null, wallMs: progress.elapsed });
  return EXIT.OK;
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
    signal.addEventListener("abort", () => { resolve(); }, { once: true });
  });
}
