import { existsSync } from "node:fs";
import {
  DEFAULT_STRATEGIES,
  isMatchpointError,
  JournalReader,
  MatchpointError,
  type RunStarted,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import type { FoundRun } from "../control/announcement.ts";
import type { Host } from "../commands/shared.ts";
import { placeOf, type ControlFlags } from "../control/client.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plain, plural } from "../report/format.ts";
import { Dashboard } from "./dashboard.ts";
import { fileOf } from "./show.ts";

/** Options of `dashboard`. */
export interface DashboardFlags extends ControlFlags {
  readonly port?: number;
  readonly strategy: readonly string[];
}

/**
 * `matchpoint dashboard [JOURNAL]`: shows a run from its journal, with its whole past to go through; without a journal, says where the runs
 * of this folder that show themselves are to be seen. Exit code 4 when there is none.
 */
export async function dashboardCommand(
  journal: string | undefined,
  flags: DashboardFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  return journal === undefined ? findShown(flags, io) : showJournal(journal, flags, host, io);
}

function findShown(flags: DashboardFlags, io: Io): ExitCode {
  const runs = runsOf(flags, io).filter(({ alive }) => alive);
  const shown = runs.flatMap(({ announcement: { runId, mode, dashboard } }) =>
    dashboard === undefined ? [] : [{ run: runId, mode, dashboard }],
  );
  if (flags.json === true) io.out(JSON.stringify({ runs: shown }));
  else for (const { run, mode, dashboard } of shown) io.out(`${run} (${mode}): ${dashboard}`);
  if (shown.length > 0) return EXIT.OK;
  const why =
    runs.length === 0
      ? "No run is under way here"
      : `${plural(runs.length, "run")} under way here, and none shows itself`;
  const how =
    "Start one with --dashboard (or dashboard.enabled: true), or name a journal: dashboard runs/RUN.journal.jsonl";
  if (flags.json !== true) io.err(`${why}. ${how}`);
  return EXIT.NO_RUN;
}

/** The runs that are meant; none where none was ever started. */
function runsOf(flags: DashboardFlags, io: Io): readonly FoundRun[] {
  try {
    return placeOf(flags, io).runs;
  } catch (error) {
    if (isMatchpointError(error) && error.code === "FILE_NOT_FOUND") return [];
    throw error;
  }
}

async function showJournal(journal: string, flags: DashboardFlags, host: Host, io: Io): Promise<ExitCode> {
  const started = beginOf(journal);
  const folder = process.cwd();
  // What the journal calls a strategy is its class's id; a default one is loaded by that, one of the program's by its file.
  const files = Object.entries(host.strategies).flatMap(([name, { id }]) =>
    started.strategies.some(({ use }) => use === id) ? [fileOf(name, host.strategyFiles)] : [],
  );
  const own = started.strategies
    .map(({ use }) => use)
    .filter((use) => Object.hasOwn(DEFAULT_STRATEGIES, use));
  const strategies = [...new Set([...own, ...files, ...flags.strategy])].map((use) => ({ use, folder }));
  const warn = (text: string): void => {
    io.err(`warning: ${plain(text)}`);
  };
  const interrupt = listenForInterrupt(io);
  try {
    const dashboard = await Dashboard.open({ journal, strategies, port: flags.port ?? 0, warn });
    if (flags.json === true)
      io.out(JSON.stringify({ run: started.runId, mode: started.mode, dashboard: dashboard.address }));
    else {
      io.out(`Dashboard: ${dashboard.address}`);
      io.out(`  ${started.runId}, ${started.mode}. Ctrl-C ends it.`);
    }
    await stay(dashboard, interrupt.signal);
    return EXIT.OK;
  } finally {
    interrupt.dispose();
  }
}

/** Keeps a dashboard until the signal. */
export async function stay(dashboard: Dashboard, signal: AbortSignal): Promise<void> {
  dashboard.keep(true);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await dashboard.close();
}

/** What a journal's run was made of: read before anything is served, so that what is no journal is refused here. */
function beginOf(journal: string): RunStarted {
  if (!existsSync(journal))
    throw new MatchpointError("FILE_NOT_FOUND", `there is no journal ${journal}`, {
      hint: "Journals are in runs/, unless the configuration says otherwise.",
    });
  const reader = new JournalReader({ crc32: nodeCrc32, sha256: nodeSha256, file: journal });
  let first: RunStarted | undefined;
  for (const block of readBlocks(journal, { what: "journal" })) {
    reader.push(block, ({ event }) => {
      if (event.type === "run_started") first ??= event;
    });
    if (first !== undefined) return first;
  }
  throw new MatchpointError("JOURNAL_CORRUPT", "it holds no run", {
    where: journal,
    hint: "Is it a journal?",
  });
}
