import type { RealismPart, Usdc } from "@matchpoint/sdk";
import type { Host } from "../commands/shared.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { money, plain, plural, wrap } from "../report/format.ts";
import { realismLine } from "../report/realism.ts";
import { table, type Column } from "../report/table.ts";
import type { JobAccount } from "./job.ts";
import { serveJobs } from "./pool.ts";
import { tradeAll, type StudyFlags } from "./study.ts";
import { accountJson, realismOf, scenario, sumOf, type Row } from "./sums.ts";
import { studyVerdict, verdictLine, type StudyVerdict } from "./verdict.ts";

/** Options of `backtest`. */
export interface BacktestFlags extends StudyFlags {
  readonly config: readonly string[];
}

/** A row of a run that ended. */
interface Traded extends Pick<Row, "config" | "file"> {
  readonly account: JobAccount;
}

const DEFAULTS = "(defaults)";
/** Of many recordings together. */
const TOTAL = "all";
/** Widest line of running text. */
const TEXT_COLUMNS = 120;

/**
 * `matchpoint backtest RECORDING... --config A --config B`: trades every recording with every configuration, in threads, and puts the
 * accounts side by side. The same command gives the same figures, whatever the number of threads. Exit code 1 when a run failed.
 */
export async function backtestCommand(
  files: readonly string[],
  flags: BacktestFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  if (flags.asWorker === true) {
    await serveJobs(host);
    return EXIT.OK;
  }
  const configs = flags.config.length === 0 ? [undefined] : [...new Set(flags.config)];
  const variants = configs.map((config) => ({ config, set: flags.set }));
  const done = await tradeAll(files, variants, flags, host, io);
  const rows = done.map(({ job: { config = DEFAULTS, file }, result }): Row => ({ config, file, result }));
  const totals = files.length === 1 ? [] : configs.map((config) => totalOf(config ?? DEFAULTS, rows));
  const failed = rows.filter(({ result }) => !result.ok).length;
  if (flags.json === true)
    io.out(
      JSON.stringify({
        runs: rows.map(asJson),
        totals: totals.map(totalJson),
        configurations: configs.map((config) => judgedJson(judgedOf(config ?? DEFAULTS, rows))),
        failed,
      }),
    );
  else {
    say(rows, totals, failed, io);
    for (const config of configs) sayJudged(judgedOf(config ?? DEFAULTS, rows), io);
  }
  return failed === 0 ? EXIT.OK : EXIT.ERROR;
}

/** What a configuration came to on all recordings that were traded to their end. */
function totalOf(config: string, rows: readonly Row[]): Traded {
  const accounts = rows.flatMap((row) =>
    row.config === config && row.result.ok ? [row.result.account] : [],
  );
  return { config, file: TOTAL, account: sumOf(accounts) };
}

function asJson({ config, file, result }: Row): object {
  if (!result.ok) return { config, file, error: { code: result.code, message: result.message } };
  return { config, file, ...accountJson(result.account) };
}

function totalJson({ config, file, account }: Traded): object {
  return { config, file, ...accountJson(account) };
}

/** What the figures of a configuration rest on. */
interface Judged {
  readonly config: string;
  readonly realism: readonly RealismPart[];
  readonly verdict: StudyVerdict;
}

function judgedOf(config: string, rows: readonly Row[]): Judged {
  const own = rows.filter((row) => row.config === config);
  return { config, realism: realismOf(own.map(({ result }) => result)), verdict: studyVerdict(own) };
}

function judgedJson({ config, realism, verdict }: Judged): object {
  return { config, realism, ...verdict };
}

function sayJudged({ config, realism, verdict }: Judged, io: Io): void {
  const width = Math.min(io.columns, TEXT_COLUMNS);
  const lines = [...(realism.length === 0 ? [] : [realismLine(realism)]), verdictLine(verdict)];
  for (const line of lines) for (const part of wrap(plain(`${config}: ${line}`), width)) io.out(part);
}

function say(rows: readonly Row[], totals: readonly Traded[], failed: number, io: Io): void {
  const ended = rows.flatMap(({ config, file, result }): Traded[] =>
    result.ok ? [{ config, file, account: result.account }] : [],
  );
  const traded = [...ended, ...totals];
  if (traded.length > 0) for (const line of table(COLUMNS, traded, io.columns)) io.out(line);
  for (const { config, file, result } of rows) {
    if (result.ok) continue;
    io.err(`error: ${plain(`${file} with ${config}: ${result.message} (${result.code})`)}`);
    if (result.hint !== undefined) io.err(`  ${plain(result.hint)}`);
  }
  const runs = plural(rows.length, "run");
  io.out(
    `${runs} on paper${failed === 0 ? "" : `, ${failed} of which failed`}; optimistic and pessimistic: how resting orders are filled`,
  );
}

const COLUMNS: readonly Column<Traded>[] = [
  { title: "CONFIGURATION", align: "left", least: 10, middle: true, cell: ({ config }) => config },
  { title: "RECORDING", align: "left", least: 10, middle: true, cell: ({ file }) => file },
  { title: "ORDERS", align: "right", cell: (row) => String(row.account.orders) },
  { title: "FILLS", align: "right", cell: (row) => String(row.account.fills) },
  { title: "DENIED", align: "right", cell: (row) => String(row.account.denied) },
  { title: "FEES", align: "right", cell: (row) => money(row.account.fees as Usdc) },
  { title: "P&L", align: "right", cell: (row) => money(row.account.pnl as Usdc, true) },
  { title: "OPTIMISTIC", align: "right", cell: (row) => scenario(row.account.optimistic) },
  { title: "PESSIMISTIC", align: "right", cell: (row) => scenario(row.account.pessimistic) },
];
