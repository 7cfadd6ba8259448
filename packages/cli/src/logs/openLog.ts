import { join } from "node:path";
import { MatchpointError, type BotConfig, type Runtime } from "@matchpoint/sdk";
import { pinoLogger } from "./pinoLogger.ts";
import { RunLines } from "./runLines.ts";

/** The log of a run. */
export interface RunLogFile {
  /** Writes how the run ended, and what waits. Never throws. */
  close(how: string): Promise<void>;
}

/**
 * Opens a run's log where `--log` says (`none`, `stderr` or a file), else where the configuration does; `undefined`: it keeps none.
 * @throws MatchpointError `USAGE` when the command line names an empty file
 */
export function openLog(
  config: BotConfig,
  flag: string | undefined,
  runtime: Runtime,
  onTrouble: (why: string) => void,
): RunLogFile | undefined {
  const { level } = config.logs;
  const to = placeOf(config, flag, runtime.runId);
  if (to === undefined) return undefined;
  const logger = pinoLogger({ to, level, base: { run_id: runtime.runId }, onTrouble });
  const lines = new RunLines(runtime, logger);
  return {
    close: (how) => {
      lines.ended(how);
      return logger.close();
    },
  };
}

function placeOf(
  { logs, journal }: BotConfig,
  flag: string | undefined,
  runId: string,
): string | 2 | undefined {
  if (flag !== undefined && flag.trim() === "")
    throw new MatchpointError("USAGE", "--log names nothing", { hint: "There are none, stderr, or a file." });
  const where = flag ?? logs.to;
  if (where === "none") return undefined;
  if (where === "stderr") return 2;
  if (flag !== undefined) return flag;
  return logs.file ?? join(journal.dir, `${runId}.log.jsonl`);
}
