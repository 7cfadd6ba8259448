import { join } from "node:path";
import { MatchpointError, type BotConfig, type Logger, type Runtime } from "@matchpoint/sdk";
import type { Io } from "../io.ts";
import { plain } from "../report/format.ts";
import { Ids, withIds } from "./ids.ts";
import { pinoLogger } from "./pinoLogger.ts";
import { followRun } from "./runLines.ts";

/** The log of a run. */
export interface RunLogFile {
  /** For what a run stands on, such as feeds and gateways: its lines have the run's ids too. */
  readonly logger: Logger;
  /** Writes what a run does, from its first event on. */
  follow(runtime: Runtime): void;
  /** Writes how the run ended, and what waits. Never throws. */
  close(how: string): Promise<void>;
}

/**
 * Opens the log of a run that is about to begin where `--log` says (`none`, `stderr` or a file), else where the configuration does;
 * `undefined`: it keeps none.
 * @throws MatchpointError `USAGE` when the command line names an empty file
 */
export function openLog(
  config: BotConfig,
  flag: string | undefined,
  runId: string,
  onTrouble: (why: string) => void,
): RunLogFile | undefined {
  const { level } = config.logs;
  const to = placeOf(config, flag, runId);
  if (to === undefined) return undefined;
  const lines = pinoLogger({ to, level, base: { run_id: runId }, onTrouble });
  const ids = new Ids();
  const logger = withIds(lines, ids);
  let closed: Promise<void> | undefined;
  return {
    logger,
    follow: (runtime) => {
      ids.follow(runtime.core);
      followRun(runtime, logger, ids);
    },
    close: (how) => {
      if (closed !== undefined) return closed;
      logger.info("run ended", { reason: plain(how) });
      closed = lines.close();
      return closed;
    },
  };
}

/** Where a person is told what goes wrong, with each such word in the log too. */
export function loggedIo(io: Io, logger: Logger): Io {
  return {
    ...io,
    err: (text, about) => {
      io.err(text);
      logger.warn(plain(text.replace(/^warning: /, "")), about);
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
