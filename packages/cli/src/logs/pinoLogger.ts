import { redact, type Logger, type LogLevel } from "@matchpoint/sdk";
import { destination, pino, stdTimeFunctions } from "pino";

/** Where JSON lines go, and which. */
export interface PinoOptions {
  /** A file, or 2 for standard error. */
  readonly to: string | 2;
  readonly level: LogLevel;
  /** On every line. */
  readonly base: Readonly<Record<string, string>>;
  /** Told once when lines cannot be written; they are dropped then. */
  readonly onTrouble: (why: string) => void;
}

/** A {@link Logger} that writes JSON lines. */
export interface JsonLogger extends Logger {
  /** Writes what waits, and ends. Waits some seconds at most; never throws. */
  close(): Promise<void>;
}

/** Lines that wait for a disk that does not take them; beyond, they are dropped. */
const MOST_BYTES = 4_194_304;
const LAST_LINES_MS = 2_000;
/** Lines are written together: one by one, that was an eighth of what a run with twenty markets did. Nothing waits for longer. */
const TOGETHER = { minLength: 8_192, periodicFlush: 200 };

/**
 * Writes JSON lines with pino. Of data what stands under `LOG_KEYS` is written, and numbers and truth values under any key: no key, secret or
 * signature ever is. A slow disk holds nobody up, and a full one ends nothing.
 */
export function pinoLogger({ to, level, base, onTrouble }: PinoOptions): JsonLogger {
  const where = { dest: to, sync: false, mkdir: true, mode: 0o600 };
  const lines = destination({ ...where, ...TOGETHER, maxLength: MOST_BYTES });
  let troubled = false;
  let dropped = 0;
  lines.on("error", (error: NodeJS.ErrnoException) => {
    if (!troubled) onTrouble(`the log cannot be written: ${error.code ?? "unknown"}`);
    troubled = true;
  });
  lines.on("drop", () => {
    dropped += 1;
  });
  const logger = pino(
    {
      level,
      base: { ...base },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    lines,
  );
  const write =
    (name: LogLevel) =>
    (message: string, data?: Readonly<Record<string, unknown>>): void => {
      if (!logger.isLevelEnabled(name)) return;
      logger[name](data === undefined ? {} : (redact(data) as object), message);
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    close: () =>
      new Promise((done) => {
        const end = (): void => {
          clearTimeout(timer);
          if (dropped > 0)
            onTrouble(`${dropped} lines of the log were dropped: it could not be written as fast`);
          done();
        };
        const timer = setTimeout(end, LAST_LINES_MS);
        lines.once("close", end);
        lines.once("error", end);
        try {
          lines.end();
        } catch {
          end();
        }
      }),
  };
}
