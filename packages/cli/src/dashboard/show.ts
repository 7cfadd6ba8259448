import { fileURLToPath } from "node:url";
import type { BotConfig } from "@matchpoint/sdk";
import type { ControlActions } from "../control/server.ts";
import type { Io } from "../io.ts";
import { plain } from "../report/format.ts";
import type { BotRun } from "../run.ts";
import { Dashboard } from "./dashboard.ts";

/** A run that may be shown. */
export interface ShowOptions {
  readonly run: Pick<BotRun, "runtime" | "journalPath">;
  readonly config: BotConfig;
  /** `--dashboard`: shown whatever the configuration says. */
  readonly asked: boolean;
  /** Where the strategies' relative paths start. */
  readonly folder: string;
  /** Files of strategies that the program brought along, by name. */
  readonly files: Readonly<Record<string, string>> | undefined;
  readonly control: Pick<ControlActions, "kill" | "stopEntries" | "halt">;
  readonly io: Io;
  /** Standard output is for scripts. */
  readonly quiet: boolean;
}

/**
 * Shows a run if that is wanted, and prints where. A run without a journal has nothing to show.
 * @throws MatchpointError `CONFIG_INVALID` when the port is taken
 */
export async function showRun(options: ShowOptions): Promise<Dashboard | undefined> {
  const { run, config, asked, folder, files, control, io, quiet } = options;
  if (!asked && !config.dashboard.enabled) return undefined;
  const warn = (text: string): void => {
    io.err(`warning: ${plain(text)}`);
  };
  if (run.journalPath === undefined) {
    warn("there is no dashboard: it shows the run's journal, and this run keeps none");
    return undefined;
  }
  const dashboard = await Dashboard.open({
    journal: run.journalPath,
    strategies: config.strategies.map(({ use }) => ({ use: fileOf(use, files), folder })),
    port: config.dashboard.port,
    stopper: { core: run.runtime.core, control },
    warn,
  });
  const line = `Dashboard: ${dashboard.address}`;
  if (quiet) io.err(line);
  else io.out(line);
  return dashboard;
}

/** What a thread loads a strategy by: the file that the program says it is in, else what the configuration calls it. */
export function fileOf(use: string, files: Readonly<Record<string, string>> | undefined): string {
  const file = files !== undefined && Object.hasOwn(files, use) ? files[use]! : use;
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}
