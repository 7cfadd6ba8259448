import { MatchpointError, type Usdc } from "@matchpoint/sdk";
import type { Host } from "../commands/shared.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { dollars, money, plain, plural, wrap } from "../report/format.ts";
import { realismLine } from "../report/realism.ts";
import { table, type Column } from "../report/table.ts";
import { axisOf, gridOf, type Point } from "./grid.ts";
import type { JobAccount } from "./job.ts";
import { serveJobs } from "./pool.ts";
import { tradeAll, type StudyFlags } from "./study.ts";
import { accountJson, realismOf, scenario, sumOf } from "./sums.ts";

/** Options of `sweep`. */
export interface SweepFlags extends StudyFlags {
  readonly config?: string;
  readonly top?: number;
}

/** A point of the grid with what it came to on all recordings. */
interface Row {
  readonly point: Point;
  readonly account: JobAccount;
  /** Of the recording on which it did worst. */
  readonly worst: number;
  /** On how many recordings it made a profit. */
  readonly won: number;
  readonly failed: string | undefined;
}

const MOST = 10_000;
const TOP = 20;

/**
 * `matchpoint sweep RECORDING... --set KEY=1,2,3`: trades the recordings with every combination of the values, checked by the strategy's
 * own schema, and lists them by profit, with a word on how much of the best is luck. Exit code 1 when a run failed.
 */
export async function sweepCommand(
  files: readonly string[],
  flags: SweepFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  if (flags.asWorker === true) {
    await serveJobs(host);
    return EXIT.OK;
  }
  const axes = flags.set.map(axisOf);
  if (axes.every(({ values }) => values.length < 2))
    throw new MatchpointError("USAGE", "nothing is swept", {
      hint: "Give a parameter several values, with commas between them: --set safety_margin=0.01,0.02,0.04.",
    });
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size * files.length > MOST)
    throw new MatchpointError(
      "USAGE",
      `${size} combinations on ${plural(files.length, "recording")} are too many`,
      {
        hint: `At most ${MOST} runs at a time; the best of so many would be luck anyway.`,
      },
    );
  const points = gridOf(axes);
  const { config } = flags;
  const variants = points.map(({ set }) => ({ config, set }));
  const done = await tradeAll(files, variants, flags, host, io);
  const rows = points.map((point, i): Row => {
    const own = done.slice(i * files.length, (i + 1) * files.length).map(({ result }) => result);
    const accounts = own.flatMap((result) => (result.ok ? [result.account] : []));
    const failure = own.find((result) => !result.ok);
    return {
      point,
      account: sumOf(accounts),
      worst: Math.min(...accounts.map(({ pnl }) => pnl)),
      won: accounts.filter(({ pnl }) => pnl > 0).length,
      failed: failure?.ok === false ? `${failure.message} (${failure.code})` : undefined,
    };
  });
  // Where two are as good, the grid's own order stands: the result does not depend on which thread was first.
  const sorted = rows
    .filter(({ failed }) => failed === undefined)
    .sort((a, b) => b.account.pnl - a.account.pnl);
  const failures = rows.filter(({ failed }) => failed !== undefined);
  const luck = luckOf(sorted, files.length);
  const realism = realismOf(done.map(({ result }) => result));
  if (flags.json === true) {
    io.out(
      JSON.stringify({
        recordings: files,
        grid: Object.fromEntries(axes.map(({ key, values }) => [key, values])),
        tried: points.length,
        rows: sorted.map(rowJson),
        failed: failures.map(({ point, failed }) => ({ params: point.params, error: failed })),
        luck,
        realism,
      }),
    );
  } else {
    const varied = axes.filter(({ values }) => values.length > 1).map(({ key }) => key);
    const shown = sorted.slice(0, flags.top ?? TOP);
    if (shown.length > 0)
      for (const line of table(columns(varied, files.length), shown, io.columns)) io.out(line);
    if (shown.length < sorted.length) io.out(`and ${sorted.length - shown.length} more; --top shows them`);
    for (const { point, failed } of failures)
      io.err(`error: ${plain(`${point.set.join(" ")}: ${failed ?? ""}`)}`);
    for (const hint of new Set(done.flatMap(({ result }) => (result.ok ? [] : (result.hint ?? [])))))
      io.err(`  ${plain(hint)}`);
    if (realism.length > 0)
      for (const line of wrap(realismLine(realism), Math.min(io.columns, 100))) io.out(line);
    if (sorted.length > 0) for (const line of wrap(luck.warning, Math.min(io.columns, 100))) io.out(line);
  }
  return failures.length === 0 ? EXIT.OK : EXIT.ERROR;
}

interface Luck {
  readonly meanUsdc: number;
  readonly deviationUsdc: number;
  /** What the best of so many may come to where none is better than another. */
  readonly bestByLuckUsdc: number;
  readonly warning: string;
}

/** How far above the others the best would stand if luck alone parted them: sqrt(2 ln n) deviations at most are expected. */
function luckOf(rows: readonly Row[], recordings: number): Luck {
  const n = rows.length;
  const profits = rows.map(({ account }) => account.pnl);
  const mean = profits.reduce((sum, each) => sum + each, 0) / Math.max(1, n);
  const variance = profits.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, n - 1);
  const deviation = Math.sqrt(variance);
  const expected = mean + deviation * Math.sqrt(2 * Math.log(Math.max(1, n)));
  const [best] = profits;
  const micro = (value: number): Usdc => Math.round(value) as Usdc;
  const against =
    best === undefined
      ? ""
      : ` If luck alone parted them, the best would be expected to reach up to ${money(micro(expected), true, 2)}; it has ${money(micro(best), true, 2)}.`;
  return {
    meanUsdc: dollars(micro(mean)),
    deviationUsdc: dollars(micro(deviation)),
    bestByLuckUsdc: dollars(micro(expected)),
    warning:
      `Warning: ${plural(n, "combination")} ${n === 1 ? "was" : "were"} tried on ${plural(recordings, "recording")}: the best of many looks good by luck.${against}` +
      " Judge a choice by recordings that were not in the sweep.",
  };
}

function rowJson({ point, account, worst, won }: Row): object {
  return {
    params: point.params,
    ...accountJson(account),
    worstUsdc: dollars(worst as Usdc),
    recordingsWithProfit: won,
  };
}

function columns(keys: readonly string[], recordings: number): readonly Column<Row>[] {
  const perRecording: readonly Column<Row>[] = [
    { title: "WORST", align: "right", cell: ({ worst }) => money(worst as Usdc, true) },
    { title: "WON", align: "right", cell: ({ won }) => `${won}/${recordings}` },
  ];
  return [
    ...keys.map((key): Column<Row> => ({
      title: key,
      align: "right",
      cell: ({ point }) => point.params[key] ?? "",
    })),
    { title: "ORDERS", align: "right", cell: ({ account }) => String(account.orders) },
    { title: "FILLS", align: "right", cell: ({ account }) => String(account.fills) },
    { title: "FEES", align: "right", cell: ({ account }) => money(account.fees as Usdc) },
    { title: "P&L", align: "right", cell: ({ account }) => money(account.pnl as Usdc, true) },
    { title: "PESSIMISTIC", align: "right", cell: ({ account }) => scenario(account.pessimistic) },
    ...(recordings === 1 ? [] : perRecording),
  ];
}
