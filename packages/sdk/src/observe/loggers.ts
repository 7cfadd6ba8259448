import type { Logger } from "../contracts/index.ts";

/** Levels of a {@link Logger}, least important first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Levels by importance. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

type Data = Readonly<Record<string, unknown>>;

/** One line of a {@link MemoryLogger}. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly data: Data | undefined;
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Keeps the latest lines in memory: for tests, and for showing them somewhere else. */
export class MemoryLogger implements Logger {
  readonly #limit: number;
  #entries: LogEntry[] = [];

  /** @param limit Lines that are kept; older ones go. */
  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries.slice(-this.#limit);
  }

  debug(message: string, data?: Data): void {
    this.#keep("debug", message, data);
  }
  info(message: string, data?: Data): void {
    this.#keep("info", message, data);
  }
  warn(message: string, data?: Data): void {
    this.#keep("warn", message, data);
  }
  error(message: string, data?: Data): void {
    this.#keep("error", message, data);
  }

  #keep(level: LogLevel, message: string, data: Data | undefined): void {
    this.#entries.push({ level, message, data });
    // Cut in bulk: dropping the first of a long list each time would copy it each time.
    if (this.#entries.length >= 2 * this.#limit) this.#entries = this.#entries.slice(-this.#limit);
  }
}

/** Passes on what is at least as important as `level`. */
export function atLevel(logger: Logger, level: LogLevel): Logger {
  const from = LOG_LEVELS.indexOf(level);
  const allowed = (each: LogLevel): boolean => LOG_LEVELS.indexOf(each) >= from;
  return {
    debug: (message, data) => {
      if (allowed("debug")) logger.debug(message, data);
    },
    info: (message, data) => {
      if (allowed("info")) logger.info(message, data);
    },
    warn: (message, data) => {
      if (allowed("warn")) logger.warn(message, data);
    },
    error: (message, data) => {
      logger.error(message, data);
    },
  };
}

/** Keys whose values are never written, wherever they stand. */
const SECRET = /key|secret|passphrase|password|mnemonic|signature|authorization|cookie|private|seed_?phrase/i;
const MAX_DEPTH = 6;
const MAX_TEXT = 2_000;

/** A copy of log data without secrets, cycles, or anything that JSON cannot hold. */
export function redact(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "string":
      return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
    case "bigint":
      return value.toString();
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
    case "undefined":
      return value;
    case "object":
      break;
    default:
      return `[${typeof value}]`;
  }
  if (value === null) return null;
  if (depth >= MAX_DEPTH) return "[deeper]";
  if (value instanceof Error) return { name: value.name, message: redact(value.message) };
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const kept = SECRET.test(key) ? "[redacted]" : redact(item, depth + 1);
    Object.defineProperty(copy, key, { value: kept, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}
