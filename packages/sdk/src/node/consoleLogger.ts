import { SystemClock, type Clock } from "../clock/index.ts";
import type { Logger } from "../contracts/index.ts";
import { atLevel, redact, type LogLevel } from "../observe/index.ts";

/** How log lines are written. */
export interface ConsoleLoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** `json`: one object per line; `text` (default): for people. */
  readonly format?: "json" | "text";
  /** Where a line goes; default standard error, so that standard output stays clean. */
  readonly write?: (line: string) => void;
  /** Where the time comes from; default the machine's clock. */
  readonly clock?: Clock;
  /** Keys of log data that are written as they are, beside `LOG_KEYS`. */
  readonly keys?: readonly string[];
}

/** Writes log lines to standard error. Of data what stands under `LOG_KEYS` is written, and numbers: no key, secret or signature ever is. */
export function defaultLogger(options: ConsoleLoggerOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const clock = options.clock ?? new SystemClock();
  const line = (
    level: LogLevel,
    message: string,
    data: Readonly<Record<string, unknown>> | undefined,
  ): void => {
    const time = new Date(clock.wall()).toISOString();
    const shown = data === undefined ? undefined : redact(data, options.keys);
    if (options.format === "json") {
      write(JSON.stringify({ time, level, message, ...(shown === undefined ? {} : { data: shown }) }));
    } else {
      write(
        `${time} ${level.toUpperCase().padEnd(5)} ${message}${shown === undefined ? "" : ` ${JSON.stringify(shown)}`}`,
      );
    }
  };
  const logger: Logger = {
    debug: (message, data) => {
      line("debug", message, data);
    },
    info: (message, data) => {
      line("info", message, data);
    },
    warn: (message, data) => {
      line("warn", message, data);
    },
    error: (message, data) => {
      line("error", message, data);
    },
  };
  return atLevel(logger, options.level ?? "info");
}
