import { Secret, type Logger } from "../contracts/index.ts";

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

/**
 * Keys of log data under which text, lists and objects are written; of any other key only a number or a truth value is. In any spelling:
 * `marketId` and `market_id` are one.
 */
export const LOG_KEYS: readonly string[] = [
  ...[
    "run_id",
    "boot_id",
    "market_id",
    "match_id",
    "game_id",
    "intent_id",
    "order_id",
    "trade_id",
    "token_id",
  ],
  ...[
    "strategy_id",
    "strategy",
    "market",
    "match",
    "game",
    "team",
    "title",
    "outcome",
    "side",
    "source",
    "feed",
    "venue",
  ],
  ...[
    "kind",
    "type",
    "event",
    "state",
    "from",
    "to",
    "status",
    "mode",
    "level",
    "phase",
    "verb",
    "channel",
    "id",
  ],
  ...[
    "code",
    "reason",
    "error",
    "cause",
    "message",
    "name",
    "where",
    "what",
    "file",
    "line",
    "version",
    "build",
    "host",
  ],
  ...[
    "price",
    "size",
    "shares",
    "usdc",
    "fee",
    "bid",
    "ask",
    "mid",
    "limit",
    "got",
    "expected",
    "seq",
    "at",
    "data",
  ],
];

/** Keys whose values are never written, listed or not. */
const SECRET = /key|secret|passphrase|password|mnemonic|signature|authorization|cookie|private|seed_?phrase/i;
const MAX_DEPTH = 6;
const MAX_TEXT = 2_000;
const MAX_NAME = 48;

const plainKey = (key: string): string => key.replace(/[_-]/g, "").toLowerCase();
const LISTED = listed(LOG_KEYS);

function listed(keys: readonly string[]): ReadonlySet<string> {
  return new Set(keys.map(plainKey));
}

/**
 * A copy of log data with what may be shown of it: what stands under a listed key, and numbers and truth values under any. The rest is
 * `[hidden]`, so that a secret under a name that nobody thought of is not written either. Cycles and what JSON cannot hold are taken out.
 * @param more keys beside {@link LOG_KEYS}
 */
export function redact(value: unknown, more: readonly string[] = []): unknown {
  return shown(value, more.length === 0 ? LISTED : new Set([...LISTED, ...listed(more)]), 0);
}

function shown(value: unknown, keys: ReadonlySet<string>, depth: number): unknown {
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
  if (value instanceof Secret) return String(value);
  if (value instanceof Error) return { name: value.name, message: shown(value.message, keys, depth) };
  // A key as bytes is a key.
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return "[bytes]";
  if (Array.isArray(value)) return value.map((item) => shown(item, keys, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const kept = SECRET.test(key)
      ? "[redacted]"
      : keys.has(plainKey(key)) || isPlain(item)
        ? shown(item, keys, depth + 1)
        : "[hidden]";
    // A name that long is none, but something that stands in its place.
    const name = key.length > MAX_NAME ? "[hidden]" : key;
    Object.defineProperty(copy, name, { value: kept, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** What is too small to be a secret. */
function isPlain(value: unknown): boolean {
  return ["number", "boolean", "undefined"].includes(typeof value) || value === null;
}
