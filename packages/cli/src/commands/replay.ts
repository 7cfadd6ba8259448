import { basename } from "node:path";
import {
  MatchpointError,
  NANOS_PER_MS,
  type BotConfigInput,
  type CoreEvent,
  type RunStarted,
} from "@matchpoint/sdk";
import { listenForInterrupt, type Interrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Pacer } from "../player/pacer.ts";
import { kindOf, playFile, type Played } from "../player/play.ts";
import { Display } from "../report/display.ts";
import { plural } from "../report/format.ts";
import { newRunId, startPaperRun, type PaperRun } from "../run.ts";
import { journalPath, plan, printResult, type Host, type Plan, type RunFlags } from "./shared.ts";
import { planOfJournal } from "./planOfJournal.ts";

/** Options of `replay`. */
export interface ReplayFlags extends RunFlags {
  readonly speed?: number;
  readonly allowTruncated?: boolean;
}

/** Bytes that are played without a pause: little where time is kept, much where only speed counts. */
const PACED_BYTES = 4_096;
const FAST_BYTES = 131_072;

/** What a recording is traded with when nothing else is said: every default strategy, each where it gets there first. */
const DEFAULT_PLAN: BotConfigInput = {
  strategies: [
    { use: "pair-arb" },
    { use: "temporal-arb" },
    { use: "model-maker", params: { reference: "microprice" } },
  ],
};

/**
 * `matchpoint replay FILE...`: trades a recording, or the outside world of a journal. A journal is traded with its own
 * configuration and strategies unless others are named. Several files are runs of their own.
 */
export async function replayCommand(
  files: readonly string[],
  flags: ReplayFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  if (files.length > 1 && typeof flags.journal === "string") {
    throw new MatchpointError("USAGE", "--journal names one file for several replays", {
      hint: "Leave it out: each replay then gets a journal of its own.",
    });
  }
  const interrupt = listenForInterrupt(io);
  try {
    for (const file of files) {
      if (interrupt.signal.aborted) break;
      if (files.length > 1 && flags.json !== true) io.out(`== ${file}`);
      await replayFile(file, flags, host, io, interrupt);
    }
  } finally {
    interrupt.dispose();
  }
  return EXIT.OK;
}

async function replayFile(
  file: string,
  flags: ReplayFlags,
  host: Host,
  io: Io,
  interrupt: Interrupt,
): Promise<void> {
  const fromJournal = kindOf(file) === "journal" && flags.config === undefined;
  let planned = fromJournal ? undefined : await plan(flags, host, DEFAULT_PLAN);
  if (planned?.strategies.length === 0) {
    throw new MatchpointError("USAGE", "no strategy to replay with", {
      hint: "Name one with --strategy (pair-arb, temporal-arb, model-maker, or a file), or a configuration with --config.",
    });
  }
  const speed = flags.speed ?? Infinity;
  const display = new Display(io, { quiet: flags.json === true });
  const pacer = new Pacer(speed);
  let run: PaperRun | undefined;
  let virtualMs = 0;
  const begin = (first: CoreEvent, using: Plan): PaperRun => {
    const runId = newRunId(`replay-${basename(file).replace(/\W+/g, "-")}`);
    const path = journalPath(flags, using.config, runId);
    const started = startPaperRun({
      ...using,
      runId,
      startsAt: first.receivedAt,
      journalPath: path,
      input: file,
    });
    display.follow(started.runtime);
    return started;
  };
  const emit = (event: CoreEvent): void => {
    run ??= begin(event, planned!);
    virtualMs = event.at / NANOS_PER_MS;
    run.runtime.offer(event);
  };
  const playing = playFile(file, {
    emit,
    onRun: async (started: RunStarted) => {
      planned ??= await planOfJournal(started, flags, host);
    },
    allowTruncated: flags.allowTruncated ?? false,
    blockBytes: speed === Infinity ? FAST_BYTES : PACED_BYTES,
    signal: interrupt.signal,
    between: async (fraction) => {
      const showWhenDue = (): void => {
        if (run === undefined || !display.due()) return;
        display.show({
          done: run.runtime.core.counts.events,
          unit: "events",
          fraction,
          elapsedMs: virtualMs,
        });
      };
      showWhenDue();
      if (pacer.ahead(virtualMs)) await pacer.wait(virtualMs, interrupt.signal, showWhenDue);
    },
  });
  const played = await playing.catch(async (error: unknown) => {
    await run?.abandon();
    throw error;
  });
  if (run === undefined) {
    if (interrupt.signal.aborted) return;
    throw new MatchpointError("RECORDING_INVALID", "holds no event", { where: file });
  }
  const interrupted = interrupt.signal.aborted;
  const summary = await run.finish(interrupted ? "interrupted" : `end of the ${played.kind}`);
  display.end();
  if (flags.json !== true) for (const line of inputLines(played, interrupted)) io.out(line);
  printResult(io, flags, summary, run.runtime.core, {
    journal: run.journalPath ?? null,
    wallMs: display.elapsed,
    interrupted,
    input: { ...played },
  });
}

function inputLines(played: Played, interrupted: boolean): string[] {
  const what = plural(played.lines, played.kind === "recording" ? "frame" : "line");
  const lines = [
    `${played.file}: ${what}, ${plural(played.events, "event")}${interrupted ? " until interrupted" : ""}`,
  ];
  if (played.truncated !== undefined) lines.push(`  ${played.truncated}`);
  return lines;
}
