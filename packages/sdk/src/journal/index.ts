/** Write-ahead log: one checksummed, chained line per event that the core took. @module */
export { JOURNAL_SCHEMA_VERSION, type Crc32, type JournalEnd, type JournalEntry } from "./types.ts";
