import { statSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { MatchpointError } from "@matchpoint/sdk";
import { knownById } from "../commands/planOfJournal.ts";
import type { Host } from "../commands/shared.ts";
import type { FoundRun } from "../control/announcement.ts";
import { placeOf, type ControlFlags } from "../control/client.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { isProcess } from "../processes.ts";
import { Display } from "../report/display.ts";
import { loadStrategy } from "../strategies.ts";
import { Follower } from "../view/index.ts";

/** Options of every command that looks at a run. */
export interface InspectFlags extends ControlFlags {
  readonly strategy: readonly string[];
}

/** A run that is looked at, from its journal. */
export interface ShownRun {
  readonly journal: string;
  readonly follower: Follower;
  /** Whether its process is there; `undefined`: only its journal was named. */
  isAlive(): boolean | undefined;
  /** Takes what the journal has got. Resolves at its end, or when the signal is given. */
  catchUp(signal: AbortSignal): Promise<void>;
}

const SLICE_MS = 40;

/**
 * Opens a journal, or that of the run that is under way here; `undefined` when none is.
 * @throws MatchpointError `USAGE` when several are, or the one keeps no journal; `FILE_NOT_FOUND`, `JOURNAL_CORRUPT`
 */
export async function openShown(
  journal: string | undefined,
  flags: InspectFlags,
  host: Host,
  io: Io,
): Promise<ShownRun | undefined> {
  const run = journal === undefined ? runningRun(flags, io) : undefined;
  if (journal === undefined && run === undefined) return undefined;
  const path = journal ?? journalOf(run!);
  const named = await Promise.all(
    flags.strategy.map((name) => loadStrategy(name, host.strategies, process.cwd())),
  );
  const known = knownById(host, named);
  const follower = new Follower(path, (use) => (Object.hasOwn(known, use) ? known[use] : undefined));
  return {
    journal: path,
    follower,
    isAlive: () => (run === undefined ? undefined : isProcess(run.announcement.pid, run.announcement.born)),
    catchUp: (signal) => catchUp(path, follower, io, flags.json === true, signal),
  };
}

/** Says that there is nothing to look at, and how a command would be told what is meant. `none`: the same for scripts. */
export function noRun(usage: string, none: object, flags: InspectFlags, io: Io): ExitCode {
  io.err(
    `No run is under way here. Name a journal: ${usage} runs/RUN.journal.jsonl; or the folder of the runs with --dir.`,
  );
  if (flags.json === true) io.out(JSON.stringify(none));
  return EXIT.NO_RUN;
}

function runningRun(flags: InspectFlags, io: Io): FoundRun | undefined {
  const { runs } = placeOf(flags, io);
  const [run, ...more] = runs.filter(({ alive }) => alive);
  if (more.length === 0) return run;
  const names = [run!, ...more].map(({ announcement: { runId, journal } }) => journal ?? runId);
  throw new MatchpointError("USAGE", "several runs are under way here", {
    hint: `Name the journal of the one that is meant: ${names.join(", ")}; or --mode live or --mode paper.`,
  });
}

function journalOf({ announcement: { runId, journal } }: FoundRun): string {
  if (journal !== undefined) return journal;
  throw new MatchpointError("USAGE", `${runId} keeps no journal: there is nothing to look at`, {
    hint: "`status` tells what a run without a journal is doing.",
  });
}

async function catchUp(
  path: string,
  follower: Follower,
  io: Io,
  quiet: boolean,
  signal: AbortSignal,
): Promise<void> {
  const display = new Display(io, { quiet });
  while (follower.lead(SLICE_MS) === "time" && !signal.aborted) {
    const { size } = statSync(path);
    if (display.due())
      display.show({ done: follower.view.seq, unit: "lines", fraction: follower.bytes / Math.max(1, size) });
    await turn();
  }
  display.end();
}

/** @throws MatchpointError `JOURNAL_CORRUPT` for a journal that holds no run */
export function demandRun({ journal, follower: { view } }: ShownRun): void {
  if (view.isEmpty)
    throw new MatchpointError("JOURNAL_CORRUPT", "it holds no run", {
      where: journal,
      hint: "Is it a journal?",
    });
}
