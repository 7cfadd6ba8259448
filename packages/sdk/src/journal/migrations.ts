import { MatchpointError } from "../errors.ts";
import { shownValue } from "../events/index.ts";
import { JOURNAL_SCHEMA_VERSION } from "./types.ts";

/** A line as parsed, before anything is believed about it. */
export type JournalRecord = Record<string, unknown>;

/** Kinds of version 1 that have another name since. */
const KINDS_1_TO_2: ReadonlyMap<unknown, string> = new Map([
  ["price_change", "book_delta"],
  ["source_event", "match_claim"],
]);

/**
 * Version 1 measured monotonic time in milliseconds with a fraction (`mono_ms`) and had two kinds under other names;
 * version 2 has integer nanoseconds (`mono_ns`).
 */
function from1(record: JournalRecord): JournalRecord {
  const { mono_ms: ms, ...rest } = record;
  const kind = KINDS_1_TO_2.get(rest["kind"]) ?? rest["kind"];
  return {
    ...rest,
    schema_version: 2,
    kind,
    mono_ns: typeof ms === "number" ? Math.round(ms * 1_000_000) : ms,
  };
}

/** From each older version to the one after it. */
export const JOURNAL_MIGRATIONS: ReadonlyMap<number, (record: JournalRecord) => JournalRecord> = new Map([
  [1, from1],
]);

/**
 * Brings a record to the current version.
 * @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER`, `JOURNAL_CORRUPT`
 */
export function migrate(record: JournalRecord, where: () => string): JournalRecord {
  let current = record;
  for (;;) {
    const version = current["schema_version"];
    if (version === JOURNAL_SCHEMA_VERSION) return current;
    if (typeof version === "number" && version > JOURNAL_SCHEMA_VERSION) {
      throw new MatchpointError(
        "JOURNAL_SCHEMA_NEWER",
        `the line has schema version ${version}; this version reads up to ${JOURNAL_SCHEMA_VERSION}`,
        { where: where(), hint: "Read it with the version of the SDK that wrote it, or a newer one." },
      );
    }
    const step = typeof version === "number" ? JOURNAL_MIGRATIONS.get(version) : undefined;
    if (step === undefined) {
      throw new MatchpointError("JOURNAL_CORRUPT", `there is no schema version ${shownValue(version)}`, {
        where: where(),
      });
    }
    current = step(current);
  }
}
