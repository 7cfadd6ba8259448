/** What a run tells about itself: logs, counts, and why it did not trade. @module */
export {
  atLevel,
  LOG_KEYS,
  LOG_LEVELS,
  MemoryLogger,
  redact,
  silentLogger,
  type LogEntry,
  type LogLevel,
} from "./loggers.ts";
export { RunCounters, type RunCounts } from "./runCounters.ts";
export { WhyNotTable, type WhyNotRow } from "./whyNot.ts";
