import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import {
  FAULT_KINDS,
  reproduction,
  TortureTally,
  type FailedSeed,
  type FaultKind,
  type TortureOptions,
} from "@matchpoint/testing";
import { MatchpointError, nearest } from "@matchpoint/sdk";
import { readConfig } from "../configFile.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { count, duration, plain, plural } from "../report/format.ts";
import { loadStrategy } from "../strategies.ts";
import { ConductTally } from "../torture/conduct.ts";
import { importsOf, type NamedStrategy } from "../torture/imports.ts";
import { faultLines, hungLines, tortureReport } from "../torture/report.ts";
import { SeedsHere, seedWorker, type Outcome, type SeedRunner } from "../torture/runner.ts";
import { serveSeeds } from "../torture/serve.ts";
import { TortureWorkers } from "../torture/workers.ts";
import { checkedParams, overlay, type Host } from "./shared.ts";

/** Options of `torture`. */
export interface TortureFlags {
  readonly seeds?: number;
  readonly start?: number;
  readonly minutes?: number;
  readonly strategy?: readonly string[];
  readonly set?: readonly string[];
  readonly config?: string;
  readonly only?: string;
  readonly workers?: number;
  readonly out?: string;
  readonly seedOfFailure?: number;
  readonly json?: boolean;
  /** This process is one of the workers of another. */
  readonly asWorker?: boolean;
}

const SEEDS = 200;
const SHOW_MS = 250;
const LINE_MS = 10_000;
const FIRST_MS = 1_000;
/** Seeds that fail after which no new one is begun: what is wrong is wrong. */
const ENOUGH = 20;
/** Failures that are made small at the end. */
const SHRUNK = 2;

/**
 * `matchpoint torture`: puts strategies through simulated bad days. Exit code 3: something happened that must not, a hook of a strategy
 * that was named failed, or one did not end.
 */
export async function tortureCommand(flags: TortureFlags, host: Host, io: Io): Promise<ExitCode> {
  // A terminal or a time limit ends all processes at once: the one that has started this one says when to end.
  if (flags.asWorker === true)
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  const strategies = await strategiesOf(flags, host);
  const torture = await optionsOf(flags, strategies, host);
  if (flags.asWorker === true) {
    await serveSeeds(seedWorker(torture));
    return EXIT.OK;
  }
  if (flags.out !== undefined) makeFolder(flags.out);
  const tally = new TortureTally();
  const conduct = new ConductTally();
  const began = performance.now();
  const interrupt = listenForInterrupt(io);
  const runner = runnerOf(flags, host, torture);
  const hung = await campaign(flags, { runner, tally, conduct }, io, interrupt.signal);
  interrupt.dispose();
  const cut = interrupt.signal.aborted;
  if (cut) io.err("Interrupted: this is what came of the seeds until then.");
  const report = tally.report((performance.now() - began) / 1_000);
  for (const line of tortureReport(report, tally, conduct)) if (flags.json !== true) io.out(line);
  for (const line of faultLines(conduct)) io.err(line);
  const names = strategies.map(({ given }) => given);
  for (const line of hung === undefined ? [] : hungLines(hung, names)) io.err(line);
  for (const { seed } of tally.failed.slice(0, cut ? 0 : SHRUNK))
    await shrink(seed, flags, { runner, torture, strategies }, host, io);
  const ofStrategies = strategies.length === 0 ? {} : { strategies: conduct.all() };
  if (flags.json === true)
    io.out(JSON.stringify({ ...report, ...ofStrategies, ...(hung === undefined ? {} : { hung }) }));
  if (tally.failed.length > 0 || conduct.failed().length > 0 || hung !== undefined) return EXIT.CHECK_FAILED;
  if (tally.seeds === 0) io.err("No seed was run: nothing was tried. Give it more time.");
  // Seeds that were not run prove nothing.
  return cut || tally.seeds === 0 ? EXIT.ERROR : EXIT.OK;
}

/** Processes that do nothing else, also for one seed: what a run is not to look at can be taken away there, and what a seed leaves ends with them. */
function runnerOf(flags: TortureFlags, host: Host, torture: TortureOptions): SeedRunner {
  // What a program of somebody's own was started with is not the command's.
  if (host.ownProcess !== true) return new SeedsHere(torture);
  const one = flags.seedOfFailure !== undefined;
  const count = one ? 1 : Math.min(flags.workers ?? availableParallelism(), flags.seeds ?? Infinity);
  return new TortureWorkers({ count, talks: one });
}

/** What a long campaign has found must not be lost at its end. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new MatchpointError("USAGE", `--out ${plain(folder)} is no folder that can be written to`, {
      hint: "Name a folder; it is made when it is not there.",
      cause,
    });
  }
}

/** Who runs seeds, and what adds up what comes of them. */
interface Desk {
  readonly runner: SeedRunner;
  readonly tally: TortureTally;
  readonly conduct: ConductTally;
}

/** Many seeds, or the one that has failed. Gives the one that did not end. */
async function campaign(
  flags: TortureFlags,
  desk: Desk,
  io: Io,
  interrupted: AbortSignal,
): Promise<number | undefined> {
  const { tally, conduct, runner } = desk;
  const { start = 1, minutes } = flags;
  const one = flags.seedOfFailure;
  const [first, seeds] =
    one === undefined ? [start, flags.seeds ?? (minutes === undefined ? SEEDS : Infinity)] : [one, 1];
  const until = minutes === undefined ? Infinity : performance.now() + minutes * 60_000;
  const began = performance.now();
  // The first line says that it runs.
  let shown = began - LINE_MS + FIRST_MS;
  let next = first;
  const show = (last: boolean): void => {
    const now = performance.now();
    if (!last && now - shown < (io.interactive && flags.json !== true ? SHOW_MS : LINE_MS)) return;
    shown = now;
    const line = progress(tally, now - began, seeds, minutes);
    if (flags.json === true) io.err(line);
    else if (io.interactive) io.redraw(last ? undefined : line);
    else if (!last) io.out(line);
  };
  const take = (): number | undefined => {
    const enough = tally.failed.length >= ENOUGH || interrupted.aborted;
    if (enough || next - first >= seeds || performance.now() >= until) return undefined;
    return next++;
  };
  const told = (outcome: Outcome): void => {
    const known = tally.failed.length;
    tally.add(outcome);
    conduct.add(outcome.seed, outcome.conduct);
    // Told as it is found: a long campaign may be cut off.
    for (const failed of tally.failed.slice(known)) {
      if (io.interactive) io.redraw(undefined);
      for (const line of failureLines(failed)) io.err(line);
    }
    if (one === undefined) show(false);
  };
  const hung = await runner.run(take, told, interrupted);
  if (one === undefined) show(true);
  return hung;
}

function progress(tally: TortureTally, ms: number, seeds: number, minutes: number | undefined): string {
  const rate = tally.seeds / (ms / 1_000);
  const of = Number.isFinite(seeds) ? ` of ${count(seeds)}` : "";
  const left = Math.min(
    ((seeds - tally.seeds) / Math.max(rate, 1e-9)) * 1_000,
    (minutes ?? Infinity) * 60_000 - ms,
  );
  const failed = tally.failed.length === 0 ? "none failed" : `${plural(tally.failed.length, "seed")} FAILED`;
  const eta = Number.isFinite(left) ? `, ${duration(left)} left` : "";
  return `${count(tally.seeds)}${of} seeds, ${rate.toFixed(1)} a second, ${failed}${eta}`;
}

function failureLines({ seed, violations }: FailedSeed): string[] {
  const shown = violations.slice(0, 3).map(({ invariant, message, at }) => {
    return `  ${invariant} at ${(at / 1e9).toFixed(3)} s: ${plain(message).slice(0, 300)}`;
  });
  const more = violations.length > 3 ? [`  and ${plural(violations.length - 3, "more violation")}`] : [];
  return [`seed ${seed} failed:`, ...shown, ...more];
}

/** What a failure is of. */
interface Tried {
  readonly runner: SeedRunner;
  readonly torture: TortureOptions;
  readonly strategies: readonly NamedStrategy[];
}

/** Makes a failure small, and writes the test that shows it. */
async function shrink(
  seed: number,
  flags: TortureFlags,
  { runner, torture, strategies }: Tried,
  host: Host,
  io: Io,
): Promise<void> {
  const found = await runner.shrink(seed);
  if (found === undefined) {
    io.err(
      `seed ${seed} did not fail again: it is not deterministic. Does the strategy keep something in a variable of its module?`,
    );
    return;
  }
  const folder = resolve(flags.out ?? ".");
  const path = join(folder, `torture-seed-${seed}.test.ts`);
  const { imports, unknown } = await importsOf(strategies, host, folder);
  writeFileSync(path, reproduction(found, imports, torture.config));
  const needed = found.only.length === 0 ? "no fault at all" : found.only.join(", ");
  io.err(
    `seed ${seed}, made small in ${plural(found.runs, "run")}: it takes ${needed} (${plural(found.keep.length, "decision")}). ${path} shows it.`,
  );
  for (const name of unknown)
    io.err(`  Write into it where ${plain(name)} is: this program does not tell the file of it.`);
}

/** The strategies that were named, with their parameters. */
async function strategiesOf(flags: TortureFlags, host: Host): Promise<readonly NamedStrategy[]> {
  const strategies: NamedStrategy[] = [];
  for (const given of flags.strategy ?? [])
    strategies.push({ given, use: await loadStrategy(given, host.strategies, process.cwd()), params: {} });
  overlay(strategies as never, flags.set ?? []);
  for (const strategy of strategies) checkedParams(strategy as never);
  return strategies;
}

async function optionsOf(
  flags: TortureFlags,
  strategies: readonly NamedStrategy[],
  host: Host,
): Promise<TortureOptions> {
  const only = flags.only === undefined ? undefined : faultsOf(flags.only);
  const config = flags.config === undefined ? undefined : await limitsOf(flags.config, host);
  return {
    ...(config === undefined ? {} : { config }),
    ...(strategies.length === 0
      ? {}
      : { strategies: strategies.map(({ use, params }) => ({ use, params })) }),
    ...(only === undefined ? {} : { only }),
  };
}

/** What of a configuration file concerns a simulated day: its limits and thresholds. */
async function limitsOf(file: string, host: Host): Promise<NonNullable<TortureOptions["config"]>> {
  const { risk, engine } = await readConfig(file, host.strategies);
  return { risk, engine };
}

function faultsOf(text: string): readonly FaultKind[] {
  return text.split(",").map((given) => {
    const kind = given.trim() as FaultKind;
    if (FAULT_KINDS.includes(kind)) return kind;
    const meant = nearest(kind, FAULT_KINDS);
    throw new MatchpointError("USAGE", `there is no fault ${plain(kind)}`, {
      hint: meant === undefined ? `There are ${FAULT_KINDS.join(", ")}.` : `Did you mean ${meant}?`,
    });
  });
}
