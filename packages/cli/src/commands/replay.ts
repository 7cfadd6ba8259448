import { basename } from "node:path";
import { DEFAULT_STRATEGIES, journaledRun, MatchpointError, NANOS_PER_MS, type CoreEvent, type RunStarted } from "@matchpoint/sdk";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Pacer } from "../player/pacer.ts";
import { kindOf, playFile, type Played } from "../player/play.ts";
import { count } from "../report/format.ts";
import { ProgressLine } from "../report/progressLine.ts";
import { statusTable } from "../report/statusTable.ts";
import { newRunId, startPaperRun, type PaperRun } from "../run.ts";
import { strategiesById } from "../strategies.ts";
import { journalPath, plan, printResult, type Host, type Plan, type RunFlags } from "./shared.ts";

/** Options of `replay`. */
export interface ReplayFlags extends RunFlags {
  readonly speed?: number;
  readonly allowTruncated?: boolean;
}

/**
 * `matchpoint replay FILE...`: trades a recording, or the outside world of a journal. A journal is traded with its own
 * configuration and strategies unless others are named. Several files are runs of their own.
 */
export async function replayCommand(files: readonly string[], flags: ReplayFlags, host: Host, io: Io): Promise<ExitCode> {
  for (const file of files) {
    if (files.length > 1 && flags.json !== true) io.out(`== ${file}`);
    await replayFile(file, flags, host, io);
  }
  return EXIT.OK;
}

async function replayFile(file: string, flags: ReplayFlags, host: Host, io: Io): Promise<void> {
  const asItWas = kindOf(file) === "journal" && flags.config === undefined && (flags.strategy ?? []).length === 0;
  let planned = asItWas ? undefined : await plan(flags, host, undefined);
  if (planned?.strategies.length === 0) {
    throw new MatchpointError("USAGE", "no strategy to replay with", {
      hint: "Name one with --strategy (pair-arb, temporal-arb, model-maker, or a file), or a configuration with --config.",
    });
  }
  const progress = new ProgressLine(io, { quiet: flags.json === true });
  const pacer = new Pacer(flags.speed ?? Infinity);
  let run: PaperRun | undefined;
  let virtualMs = 0;
  const emit = (event: CoreEvent): void => {
    run ??= begin(event, file, planned!, flags);
    virtualMs = event.at / NANOS_PER_MS;
    run.runtime.offer(event);
  };
  const played = await playFile(file, {
    emit,
    onRun: (started) => {
      planned ??= planOfJournal(started, host);
    },
    allowTruncated: flags.allowTruncated ?? false,
    between: async (fraction) => {
      if (progress.due() && run !== undefined) {
        const { runtime } = run;
        progress.show({ done: runtime.core.counts.events, fraction, elapsedMs: virtualMs }, (state) => statusTable(runtime, state));
      }
      if (pacer.ahead(virtualMs)) await pacer.wait(virtualMs);
    },
  });
  progress.end();
  if (run === undefined) throw new MatchpointError("RECORDING_INVALID", "holds no event", { where: file });
  const summary = await run.finish("end of the recording");
  if (flags.json !== true) for (const line of inputLines(played)) io.out(line);
  printResult(io, flags, summary, { journal: run.journalPath ?? null, wallMs: progress.elapsed, input: { ...played } });
}

function begin(first: CoreEvent, file: string, planned: Plan, flags: ReplayFlags): PaperRun {
  const runId = newRunId(`replay-${basename(file).replace(/\W+/g, "-")}`);
  return startPaperRun({
    ...planned,
    runId,
    startsAt: first.receivedAt,
    journalPath: journalPath(flags, planned.config, runId),
  });
}

/** The configuration and strategies that a journal's run had. */
function planOfJournal(started: RunStarted, host: Host): Plan {
  const known = { ...DEFAULT_STRATEGIES, ...strategiesById(host.strategies) };
  const run = journaledRun(started, (use) => (Object.hasOwn(known, use) ? known[use] : undefined));
  return { config: run.config, strategies: run.strategies.map((item) => ({ ...item, params: item.params ?? {} })) };
}

function inputLines(played: Played): string[] {
  const what = played.kind === "recording" ? "frames" : "lines";
  const lines = [`${played.file}: ${count(played.lines)} ${what}, ${count(played.events)} events`];
  if (played.truncated !== undefined) lines.push(`  ${played.truncated}`);
  return lines;
}
