import type { Usdc } from "@matchpoint/sdk";
import type { Host } from "../commands/shared.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { dollars, money, plain, plural } from "../report/format.ts";
import { table, type Column } from "../report/table.ts";
import type { JobAccount, JobResult } from "./job.ts";
import { serveJobs } from "./pool.ts";
import { tradeAll, type StudyFlags } from "./study.ts";

/** Options of `backtest`. */
export interface BacktestFlags extends StudyFlags {
  readonly config: readonly string[];
}

interface Row {
  readonly config: string;
  readonly file: string;
  readonly result: JobResult;
}

/** A row of a run that ended. */
interface Traded extends Pick<Row, "config" | "file"> {
  readonly account: JobAccount;
}

const DEFAULTS = "(defaults)";
/** Of many recordings together. */
const TOTAL = "all";

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
    io.out(JSON.stringify({ runs: rows.map(asJson), totals: totals.map(asJson), failed }));
  else say(rows, totals, failed, io);
  return failed === 0 ? EXIT.OK : EXIT.ERROR;
}

/** What a configuration came to on all recordings that were traded to their end. */
function totalOf(config: string, rows: readonly Row[]): Row {
  const accounts = rows.flatMap((row) =>
    row.config === config && row.result.ok ? [row.result.account] : [],
  );
  return { config, file: TOTAL, result: { ok: true, account: sumOf(accounts) } };
}

/** Accounts added up, in a scenario only where each of them has it; the hash is of none. */
export function sumOf(accounts: readonly JobAccount[]): JobAccount {
  const sum = (of: (account: JobAccount) => number): number =>
    accounts.reduce((total, account) => total + of(account), 0);
  const scenarioSum = (name: "optimistic" | "pessimistic"): object =>
    accounts.some((account) => account[name] === undefined)
      ? {}
      : { [name]: sum((account) => account[name]!) };
  return {
    events: sum(({ events }) => events),
    orders: sum(({ orders }) => orders),
    fills: sum(({ fills }) => fills),
    denied: sum(({ denied }) => denied),
    skipped: sum(({ skipped }) => skipped),
    fees: sum(({ fees }) => fees),
    pnl: sum(({ pnl }) => pnl),
    ...scenarioSum("optimistic"),
    ...scenarioSum("pessimistic"),
    effectsHash: "",
  };
}

/** An account in dollars, for scripts; `null` for a scenario that is not known. */
export function accountJson({
  fees,
  pnl,
  optimistic,
  pessimistic,
  effectsHash,
  ...counts
}: JobAccount): object {
  return {
    ...counts,
    feesUsdc: dollars(fees as Usdc),
    pnlUsdc: dollars(pnl as Usdc),
    optimisticUsdc: optimistic === undefined ? null : dollars(optimistic as Usdc),
    pessimisticUsdc: pessimistic === undefined ? null : dollars(pessimistic as Usdc),
    ...(effectsHash === "" ? {} : { effectsHash }),
  };
}

function asJson({ config, file, result }: Row): object {
  if (!result.ok) return { config, file, error: { code: result.code, message: result.message } };
  return { config, file, ...accountJson(result.account) };
}

function say(rows: readonly Row[], totals: readonly Row[], failed: number, io: Io): void {
  const traded = [...rows, ...totals].flatMap(({ config, file, result }): Traded[] =>
    result.ok ? [{ config, file, account: result.account }] : [],
  );
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

/** A scenario's profit; a run without any has none. */
export function scenario(value: number | undefined): string {
  return value === undefined ? "-" : money(value as Usdc, true);
}
