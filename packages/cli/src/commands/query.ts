import { MatchpointError } from "@matchpoint/sdk";
import { projectionPath, projectJournal, queryProjection, type ProjectionRow } from "@matchpoint/sdk/node";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plain, plural } from "../report/format.ts";
import { loadStrategy } from "../strategies.ts";
import { knownById } from "./planOfJournal.ts";
import type { Host } from "./shared.ts";

/** Options of `query`. */
export interface QueryFlags {
  readonly strategy: readonly string[];
  readonly db?: string;
  readonly json?: boolean;
}

const TABLES = `SELECT type, name, (SELECT group_concat(name, ', ') FROM pragma_table_info(s.name)) AS columns
  FROM sqlite_schema s WHERE type IN ('table', 'view') ORDER BY type, name`;
/** A cell that is longer is cut in a table; `--json` has it whole. */
const WIDEST = 60;

/**
 * `matchpoint query JOURNAL "SQL"`: makes a database out of a journal, beside it unless `--db` says where, and asks it. Without a question
 * its tables are listed. The database can be deleted at any time.
 */
export async function queryCommand(
  journal: string,
  sql: string | undefined,
  flags: QueryFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const named = await Promise.all(
    flags.strategy.map((name) => loadStrategy(name, host.strategies, process.cwd())),
  );
  const known = knownById(host, named);
  const find = (use: string): (typeof known)[string] | undefined =>
    Object.hasOwn(known, use) ? known[use] : undefined;
  const database = flags.db ?? projectionPath(journal);
  if (database === journal)
    throw new MatchpointError("USAGE", "the database would take the journal's place", {
      hint: "Name another --db.",
    });
  const { lines } = projectJournal(journal, database, { find });
  const rows = queryProjection(database, sql ?? TABLES);
  if (flags.json === true) {
    io.out(JSON.stringify({ journal, database, lines, rows }));
    return EXIT.OK;
  }
  for (const line of table(rows)) io.out(line);
  io.err(
    `${plural(rows.length, "row")} from ${plural(lines, "line")}; ${database} can be deleted at any time`,
  );
  return EXIT.OK;
}

function table(rows: readonly ProjectionRow[]): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]!.length)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => text.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  return [line(columns), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)];
}

function cell(value: ProjectionRow[string] | undefined): string {
  const text = value === null || value === undefined ? "" : plain(String(value));
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}
