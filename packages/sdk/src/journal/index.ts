/** Write-ahead log: one checksummed, chained line per event that the core took. @module */
export { pureCrc32 } from "./crc32.ts";
export { MemoryStorage } from "./memoryStorage.ts";
export { JournalReader, readJournal, type JournalReaderOptions, type ReadJournalOptions } from "./reader.ts";
export {
  JOURNAL_SCHEMA_VERSION,
  type Crc32,
  type JournalEnd,
  type JournalEntry,
  type JournalPosition,
  type RunningHash,
  type Sha256,
} from "./types.ts";
export {
  JournalVerifier,
  requireVerified,
  verifyJournal,
  type JournalDivergence,
  type JournalVerification,
  type VerifiableCore,
} from "./verify.ts";
export { JournalWriter, type JournalWriterOptions } from "./writer.ts";
