// The negative control on a real recording in play: the score came more than 20 s after the market had moved. With the guard
// on, the temporal strategy stays out; with the guard off it pays what the market asks once it knows.
//
//   npm run negative-control -- ../shared/data/polymarket-ticks-nhl-inplay-2026-06-07
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../packages/cli/src/io.ts";
import { runCli } from "../packages/cli/src/program.ts";
import {
  MARK_MS,
  playControl,
  SOURCE,
  watchCapture,
  type Entry,
  type Goal,
  type Played,
} from "./negative-control/control.ts";

const MAPPING = join(import.meta.dirname, "../examples/reference-bot/mappings/nhl-inplay-2026-06-07.yaml");
/** Wide enough that only the lag stands in the way: any edge at all, however large. */
const WIDE = { edge_threshold: 0, edge_max: 1, signal_window_ms: 15_000 };
/** A feed that is so much ahead of the market has time for the venue's delay of 3 s. */
const AHEAD_MS = 5_000;

/** Of the import only what is said when it goes wrong is shown. */
const said: string[] = [];
const ERRORS_ONLY: Io = {
  out: () => undefined,
  err: (line) => said.push(line),
  redraw: () => undefined,
  interactive: false,
  columns: 100,
  closed: new AbortController().signal,
};

const print = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
const seconds = (ms: number | undefined): string =>
  ms === undefined ? "unknown" : `${(ms / 1_000).toFixed(1)} s`;
const cents = (dollars: number): string => `${(dollars * 100).toFixed(1)} c`;
const dollars = (micros: number): string => `$${(micros / 1e6).toFixed(2)}`;

function showGoals(goals: readonly Goal[]): void {
  print("Goal   market moved   score shown    lag      move     mid before   mid when shown");
  for (const { score, movedAt, shownAt, movedCents, midBefore, midShown } of goals) {
    const lag = movedAt === undefined ? undefined : shownAt - movedAt;
    const moved = movedAt === undefined ? "not at all".padEnd(12) : clock(movedAt);
    print(
      `${score.padEnd(5)}  ${moved}   ${clock(shownAt)}   ${seconds(lag).padEnd(7)}  ${`${movedCents} c`.padEnd(7)}  ${cents(midBefore).padEnd(11)}  ${cents(midShown)}`,
    );
  }
}

function showEntry(entry: Entry): void {
  const { at, outcome, p, mid, shares, price, feePerShare, midAfter, midAtEnd } = entry;
  print(`  ${clock(at)} buy ${outcome}: model ${cents(p)}, mid ${cents(mid)}`);
  if (shares === 0) return print("    nothing filled");
  print(`    filled ${shares.toFixed(2)} at ${cents(price)}, fee ${cents(feePerShare)} a share`);
  print(
    `    predicted if the market knew: ${cents(mid - price - feePerShare)} a share (mid less price and fee)`,
  );
  print(
    `    marked at the mid ${MARK_MS / 1_000} s later, ${cents(midAfter)}: ${cents(midAfter - price - feePerShare)} a share`,
  );
  print(
    `    marked at the mid at the end, ${cents(midAtEnd)}: ${cents(midAtEnd - price - feePerShare)} a share`,
  );
}

function show({ name, summary, entries, reasons }: Played): void {
  const { orders, fills, fees, pnl } = summary;
  print();
  print(`${name}: ${orders} orders, ${fills} fills, fees ${dollars(fees)}, P&L ${dollars(pnl)}`);
  for (const entry of entries) showEntry(entry);
  for (const [reason, count, last] of reasons) print(`  ${String(count).padStart(6)} ${reason} ${last}`);
}

async function control(folder: string): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "matchpoint-control-"));
  try {
    const recording = join(scratch, "capture.recording.jsonl");
    const mapping = ["--mapping", MAPPING, "--out", recording, "--json"];
    const code = await runCli(["import", "polymarket-ticks-csv", folder, ...mapping], { io: ERRORS_ONLY });
    if (code !== 0) {
      process.stderr.write(`${said.join("\n")}\n`);
      return code;
    }
    const { goals, drift } = await watchCapture(recording);
    print();
    showGoals(goals);
    print();
    print(
      `The mid over any ${MARK_MS / 1_000} s: ${cents(drift.mean)} on average, standard deviation ${cents(drift.sd)} (${drift.n} intervals)`,
    );
    const lead = new Map(goals.map(({ score, shownAt, movedAt }) => [score, shownAt - (movedAt ?? shownAt)]));
    const on = await playControl(recording, { name: "Guard on, default parameters", guard: "on" });
    const { lag } = on.sources.find(({ source }) => source === SOURCE)!;
    print();
    print(
      `Measured lag of ${SOURCE}: ${lag.n} samples, p50 ${seconds(lag.p50Ms)}, p90 ${seconds(lag.p90Ms)}, max ${seconds(lag.maxMs)}; declared ${seconds(lag.declaredMs)}; counts as ${seconds(lag.lagMs)}; may take: ${lag.mayTake ? "yes" : "no"}`,
    );
    show(on);
    show(await playControl(recording, { name: "Guard on, any edge", guard: "on", params: WIDE }));
    show(await playControl(recording, { name: "Guard off, default parameters", guard: "off" }));
    show(await playControl(recording, { name: "Guard off, any edge", guard: "off", params: WIDE }));
    show(
      await playControl(recording, {
        name: `Guard off, any edge, scores ${AHEAD_MS / 1_000} s before the market moved (what a feed in time would have brought)`,
        guard: "off",
        params: WIDE,
        earlierMs: ({ claim }) => {
          const score = claim.kind === "game_progress" ? claim.progress.score?.join("-") : undefined;
          const late = score === undefined ? undefined : lead.get(score);
          return late === undefined ? 0 : late + AHEAD_MS;
        },
      }),
    );
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  print("usage: npm run negative-control -- CAPTURE_FOLDER");
  process.exitCode = 2;
} else process.exitCode = await control(folder);
