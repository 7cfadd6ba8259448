import { statSync } from "node:fs";
import { basename } from "node:path";
import {
  MatchpointError,
  NANOS_PER_MS,
  type BotConfigInput,
  type CoreEvent,
  type RunStarted,
  type RunSummary,
  type Usdc,
} from "@matchpoint/sdk";
import { listenForInterrupt, type Interrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Pacer } from "../player/pacer.ts";
import { kindOf, playFile, type Played } from "../player/play.ts";
import { Display } from "../report/display.ts";
import { fileSize, money, plural } from "../report/format.ts";
import { strategiesLine, unfinishedLine } from "../report/header.ts";
import type { RunLog } from "../report/runLog.ts";
import { newRunId, startPaperRun, type BotRun } from "../run.ts";
import { Observers, wantObservers, type ObservedFlags } from "./observed.ts";
import { journalPath, plan, printResult, type Host, type Plan } from "./shared.ts";
import { planOfJournal, type JournalPlan } from "./planOfJournal.ts";

/** Options of `replay`. */
export interface ReplayFlags extends ObservedFlags {
  readonly speed?: number;
  readonly allowTruncated?: boolean;
}

/** Bytes that are played without a pause: little where time is kept, much where only speed counts. */
const PACED_BYTES = 4_096;
const FAST_BYTES = 131_072;

/** Longest part of a run's name that comes from its file's: file systems bound names. */
const LONGEST_STEM = 80;

/** What a recording is traded with when nothing else is said: every default strategy, each where it gets there first. */
export const DEFAULT_PLAN: BotConfigInput = {
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
  if (files.length > 1 && flags.stay === true)
    throw new MatchpointError("USAGE", "--stay goes on showing one replay, and these are several", {
      hint: "Replay the one that is to be looked at by itself; or leave --stay out.",
    });
  const interrupt = listenForInterrupt(io);
  const done: RunSummary[] = [];
  try {
    for (const file of files) {
      if (interrupt.signal.aborted) break;
      if (done.length > 0 && flags.json !== true) io.out("");
      const summary = await replayFile(file, flags, host, io, interrupt);
      if (summary !== undefined) done.push(summary);
    }
  } finally {
    interrupt.dispose();
  }
  if (files.length > 1 && flags.json !== true) io.out(`\n${totalLine(done, files.length)}`);
  return EXIT.OK;
}

/** What several replays came to together. */
function totalLine(summaries: readonly RunSummary[], files: number): string {
  const sum = (key: "orders" | "fills" | "fees" | "pnl"): number =>
    summaries.reduce((total, summary) => total + summary[key], 0);
  const which = summaries.length === files ? `${files} files` : `${summaries.length} of ${files} files`;
  const parts = [
    plural(sum("orders"), "order"),
    plural(sum("fills"), "fill"),
    `fees ${money(sum("fees") as Usdc)}`,
    `P&L ${money(sum("pnl") as Usdc, true)}`,
  ];
  return `Total of ${which}: ${parts.join(" · ")}`;
}

async function replayFile(
  file: string,
  flags: ReplayFlags,
  host: Host,
  io: Io,
  interrupt: Interrupt,
): Promise<RunSummary | undefined> {
  const fromJournal = kindOf(file) === "journal" && flags.config === undefined;
  let planned: Plan | JournalPlan | undefined = fromJournal
    ? undefined
    : await plan(flags, host, DEFAULT_PLAN);
  if (planned?.strategies.length === 0) {
    throw new MatchpointError("USAGE", "no strategy to replay with", {
      hint: "Name one with --strategy (pair-arb, temporal-arb, model-maker, or a file), or a configuration with --config.",
    });
  }
  const speed = flags.speed ?? Infinity;
  const display = new Display(io, { quiet: flags.json === true });
  let pacer: Pacer | undefined;
  let run: BotRun | undefined;
  let observers: Observers | undefined;
  let opened: Promise<void> | undefined;
  let wanted = planned === undefined ? undefined : await observersOf(planned, flags, host, io);
  let log: RunLog | undefined;
  let virtualMs = 0;
  let fraction = 0;
  const begin = (first: CoreEvent, using: Plan | JournalPlan): BotRun => {
    if (flags.json !== true) for (const line of headerLines(file, using)) io.out(line);
    const runId = newRunId(`replay-${stem(file)}`);
    const started = startPaperRun({
      config: using.config,
      strategies: using.strategies,
      runId,
      startsAt: first.receivedAt,
      journalPath: journalPath(flags, using.config, runId),
      input: file,
    });
    observers = new Observers(wanted!, started);
    log = display.follow(started.runtime);
    return started;
  };
  const emit = (event: CoreEvent): void => {
    run ??= begin(event, planned!);
    virtualMs = event.at / NANOS_PER_MS;
    run.runtime.offer(event);
  };
  /** Page and metrics, as soon as there is a run. */
  const open = async (): Promise<void> => {
    opened ??= observers?.open(() => {
      interrupt.stop();
    });
    await opened;
  };
  const playing = playFile(file, {
    emit,
    onRun: async (started: RunStarted) => {
      planned ??= await planOfJournal(started, flags, host);
      wanted ??= await observersOf(planned, flags, host, io);
    },
    allowTruncated: flags.allowTruncated ?? false,
    blockBytes: speed === Infinity ? FAST_BYTES : PACED_BYTES,
    signal: interrupt.signal,
    between: async (share) => {
      fraction = share;
      await open();
      pacer ??= new Pacer(speed);
      const showWhenDue = (): void => {
        if (run === undefined || !display.due()) return;
        display.show({
          done: run.runtime.core.counts.events,
          unit: "events",
          fraction,
          elapsedMs: virtualMs,
          clock: "recording",
        });
      };
      showWhenDue();
      if (pacer.ahead(virtualMs)) await pacer.wait(virtualMs, interrupt.signal, showWhenDue);
    },
  });
  const played = await playing
    .then(async (whole) => {
      await open();
      observers?.played();
      return whole;
    })
    .catch(async (error: unknown) => {
      await observers?.fail(error);
      throw error;
    });
  if (run === undefined || log === undefined || observers === undefined) {
    if (interrupt.signal.aborted) return undefined;
    throw new MatchpointError("RECORDING_INVALID", "holds no event", { where: file });
  }
  const interrupted = interrupt.signal.aborted;
  const how = interrupted ? "interrupted" : `end of the ${played.kind}`;
  const summary = await run.finish(how);
  await observers.tell(how);
  display.end();
  printResult(io, flags, summary, run.runtime.core, {
    journal: run.journalPath ?? null,
    wallMs: display.elapsed,
    interrupted,
    log,
    notes: inputLines(played, interrupted),
    ...(interrupted ? { unfinished: unfinishedLine(fraction, played.kind) } : {}),
    input: { ...played },
  });
  await observers.end(!interrupted);
  return summary;
}

/** A replay is shown where it is asked for and at any free port: the bot itself may be on the configuration's. */
function observersOf(
  { config }: Plan,
  flags: ReplayFlags,
  host: Host,
  io: Io,
): ReturnType<typeof wantObservers> {
  return wantObservers(flags, { ...config, dashboard: { enabled: false, port: 0 } }, host, io);
}

/** What is replayed, and with what. */
function headerLines(file: string, using: Plan | JournalPlan): string[] {
  const kind = kindOf(file);
  const lines = [`PAPER: replay of the ${kind} ${file} (${fileSize(statSync(file).size)})`];
  lines.push(strategiesLine(using.strategies));
  const leftOut = "leftOut" in using ? using.leftOut : [];
  if (leftOut.length > 0) lines.push(`Not traded, though it was in the journal: ${leftOut.join(", ")}`);
  return lines;
}

/** A file's name without what every such name has: endings, the mark of a replay, the time and process of an earlier run. */
function stem(file: string): string {
  const name = basename(file)
    .replace(/\.gz$/, "")
    .replace(/(\.journal|\.recording)?\.(jsonl|json)$/, "")
    .replace(/^(replay-)+/, "")
    .replace(/(-\d{8}T\d{6}-\d+(-\d+)?)+$/, "");
  return name.replace(/\W+/g, "-").slice(0, LONGEST_STEM) || "file";
}

function inputLines(played: Played, interrupted: boolean): string[] {
  const what = plural(played.lines, played.kind === "recording" ? "frame" : "line");
  const events = `${plural(played.events, "event")}${played.kind === "journal" ? " of the outside world" : ""}`;
  const lines = [`${played.file}: ${what}, ${events}${interrupted ? " until interrupted" : ""}`];
  if (played.truncated !== undefined) lines.push(`  ${played.truncated}`);
  return lines;
}
