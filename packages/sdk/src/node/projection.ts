import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type * as sqlite from "node:sqlite";
import { MatchpointError } from "../errors.ts";
import type { StrategyClass } from "../strategy/index.ts";
import { readJournalFile } from "./journalFile.ts";
import { PROJECTION_TABLES } from "./projectionTables.ts";
import { isRunning } from "./processes.ts";
import { Projector } from "./projector.ts";

/** How a journal is projected. */
export interface ProjectionOptions {
  /** Gives the class of a strategy's id, for the strategies that the run had. */
  readonly find: (use: string) => StrategyClass | undefined;
}

/** What was done for a projection. */
export interface Projection {
  readonly database: string;
  /** Lines of the journal that it holds. */
  readonly lines: number;
}

/** Where a journal's database is unless it is said otherwise. */
export function projectionPath(journal: string): string {
  return `${journal}.sqlite`;
}

/**
 * Makes a database for queries out of a journal: orders, fills, positions, matches, halts, and why nothing was done. It is made by feeding
 * the journal to the core again; nothing is kept in it that is not in the journal, and deleting it loses nothing.
 *
 * One connection writes a new file, which then takes the old one's place: SQLite before 3.51.3 can damage a database in WAL mode that two
 * connections have open (sqlite.org/releaselog/3_51_3.html), so there is no such mode here and no second connection.
 *
 * @example
 * ```ts
 * import { DEFAULT_STRATEGIES } from "@matchpoint/sdk";
 * import { projectJournal, queryProjection } from "@matchpoint/sdk/node";
 * const find = (use: string) => DEFAULT_STRATEGIES[use as keyof typeof DEFAULT_STRATEGIES];
 * const { database } = projectJournal("runs/run-1.journal.jsonl", undefined, { find });
 * console.log(queryProjection(database, "SELECT side, count(*) AS n FROM fills GROUP BY side"));
 * ```
 * @throws `MatchpointError` `CAPABILITY_UNSUPPORTED` where this Node has no SQLite, `JOURNAL_CORRUPT`, `STRATEGY_NOT_FOUND`, `JOURNAL_WRITE_FAILED`
 */
export function projectJournal(
  journal: string,
  database = projectionPath(journal),
  options: ProjectionOptions,
): Projection {
  const { DatabaseSync } = sqliteModule();
  // Two that make it at once do not meet: each makes its own, and the last one stands.
  const fresh = `${database}.${process.pid}.new`;
  removeUnfinished(database);
  let lines: number;
  try {
    const open = new DatabaseSync(fresh);
    try {
      open.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${PROJECTION_TABLES}`);
      const projector = new Projector(open, options.find);
      const entries = readJournalFile(journal);
      let next = entries.next();
      for (; next.done !== true; next = entries.next()) projector.take(next.value);
      lines = projector.finish(journal, next.value);
      open.exec("COMMIT");
    } finally {
      open.close();
    }
    renameSync(fresh, database);
  } catch (error) {
    rmSync(fresh, { force: true });
    if (error instanceof MatchpointError) throw error;
    throw new MatchpointError("JOURNAL_WRITE_FAILED", `the database cannot be made: ${textOf(error)}`, {
      where: database,
      hint: "The journal itself is whole. Name another place for the database.",
      cause: error,
    });
  }
  return { database, lines };
}

/** Removes what makers left that ended before they were done; another that is at it keeps its own. */
function removeUnfinished(database: string): void {
  const start = `${basename(database)}.`;
  const end = ".new";
  const folder = dirname(database);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!name.startsWith(start) || !name.endsWith(end)) continue;
    const maker = Number(name.slice(start.length, -end.length));
    if (Number.isSafeInteger(maker) && maker > 0 && (maker === process.pid || !isRunning(maker))) {
      rmSync(join(folder, name), { force: true });
    }
  }
}

/** A row of an answer, by column. */
export type ProjectionRow = Readonly<Record<string, string | number | bigint | null | Uint8Array>>;

/**
 * Asks a journal's database. It is opened to be read only.
 * @throws `MatchpointError` `USAGE` when SQLite does not understand the question, `FILE_NOT_FOUND`, `CAPABILITY_UNSUPPORTED`
 */
export function queryProjection(database: string, sql: string): readonly ProjectionRow[] {
  const { DatabaseSync } = sqliteModule();
  if (!existsSync(database))
    throw new MatchpointError("FILE_NOT_FOUND", `there is no database ${database}`, {
      hint: "projectJournal makes it from the journal.",
    });
  const open = new DatabaseSync(database, { readOnly: true });
  try {
    return open.prepare(sql).all();
  } catch (cause) {
    throw new MatchpointError("USAGE", `SQLite does not answer: ${textOf(cause)}`, {
      hint: "SELECT name, sql FROM sqlite_schema shows the tables. The database can only be read.",
      cause,
    });
  } finally {
    open.close();
  }
}

/** `node:sqlite`. That Node calls it experimental is no news for whoever asks a journal. */
function sqliteModule(): typeof sqlite {
  const warn = Object.getOwnPropertyDescriptor(process, "emitWarning")!;
  Object.defineProperty(process, "emitWarning", { ...warn, value: () => undefined });
  try {
    const found = process.getBuiltinModule("node:sqlite") as typeof sqlite | undefined;
    if (found !== undefined) return found;
  } catch {
    // Said below.
  } finally {
    Object.defineProperty(process, "emitWarning", warn);
  }
  throw new MatchpointError(
    "CAPABILITY_UNSUPPORTED",
    `Node ${process.versions.node} has no SQLite of its own`,
    {
      hint: "Use Node 22.13 or later for queries. Nothing else needs it: the journal can be read with every version.",
    },
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
