/** What needs Node: files, YAML, the console. The door `@matchpoint/sdk/node`. @module */
export { AccountSnapshots, type SnapshotWritten } from "./accountSnapshots.ts";
export { defaultLogger, type ConsoleLoggerOptions } from "./consoleLogger.ts";
export { nodeCrc32 } from "./crc32.ts";
export { DiskReserve } from "./diskReserve.ts";
export {
  diskLimits,
  diskSpace,
  judgeDisk,
  stoppedFor,
  watchDisk,
  type DiskLimits,
  type DiskSpace,
  type DiskWatchOptions,
} from "./diskSpace.ts";
export { readBlocks, readLines, type ReadOptions } from "./files.ts";
export { FileStorage, type FileStorageOptions } from "./fileStorage.ts";
export { openJournal, readJournalFile, type OpenJournal, type OpenJournalOptions } from "./journalFile.ts";
export { loadConfig, parseConfigText, type LoadConfigOptions } from "./loadConfig.ts";
export {
  projectionPath,
  projectJournal,
  queryProjection,
  type Projection,
  type ProjectionOptions,
  type ProjectionRow,
} from "./projection.ts";
export { isRunning } from "./processes.ts";
export { rebuildAccount, type AccountFound } from "./rebuildAccount.ts";
export { snapshotPath } from "./snapshotFile.ts";
export { nodeSha256 } from "./sha256.ts";
export { measureNtpOffset, type NtpOptions } from "./sntp/index.ts";
export { loadYaml, parseYaml, toYaml, type YamlOptions } from "./yamlFile.ts";
