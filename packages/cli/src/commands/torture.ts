import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  FAULT_KINDS,
  poisoned,
  reproduction,
  shrinkFailure,
  TortureTally,
  tortureSeed,
  type FailedSeed,
  type FaultKind,
  type ReproductionStrategy,
  type SeedOutcome,
  type TortureOptions,
} from "@matchpoint/testing";
import { MatchpointError, nearest, type StrategyUse } from "@matchpoint/sdk";
import { readConfig } from "../configFile.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { count, duration, plain, plural } from "../report/format.ts";
import { loadStrategy } from "../strategies.ts";
import { tortureReport } from "../torture/report.ts";
import { serveSeeds, TortureWorkers } from "../torture/workers.ts";
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

/** `matchpoint torture`: puts strategies through simulated bad days. Exit code 3: something happened that must not. */
export async function tortureCommand(flags: TortureFlags, host: Host, io: Io): Promise<ExitCode> {
  const torture = await optionsOf(flags, host);
  if (flags.asWorker === true) {
    // The terminal interrupts all processes at once: the one that has started this one says when to end.
    process.on("SIGINT", () => undefined);
    await serveSeeds((seed) => poisoned(() => tortureSeed(seed, torture)));
    return EXIT.OK;
  }
  if (flags.out !== undefined) makeFolder(flags.out);
  const tally = new TortureTally();
  const began = performance.now();
  const interrupt = listenForInterrupt(io);
  if (flags.seedOfFailure !== undefined) tally.add(await tortureSeed(flags.seedOfFailure, torture));
  else await campaign(flags, torture, tally, io, interrupt.signal);
  interrupt.dispose();
  const cut = interrupt.signal.aborted;
  if (cut) io.err("Interrupted: this is what came of the seeds until then.");
  const report = tally.report((performance.now() - began) / 1_000);
  for (const line of tortureReport(report, tally)) if (flags.json !== true) io.out(line);
  if (flags.seedOfFailure !== undefined)
    for (const failed of tally.failed) for (const line of failureLines(failed)) io.err(line);
  for (const { seed } of tally.failed.slice(0, cut ? 0 : SHRUNK))
    await shrink(seed, flags, torture, host, io);
  if (flags.json === true) io.out(JSON.stringify(report));
  if (tally.failed.length > 0) return EXIT.CHECK_FAILED;
  // Seeds that were not run prove nothing.
  return cut ? EXIT.ERROR : EXIT.OK;
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

/** Many seeds, in this process or in several. */
async function campaign(
  flags: TortureFlags,
  torture: TortureOptions,
  tally: TortureTally,
  io: Io,
  interrupted: AbortSignal,
): Promise<void> {
  const { start = 1, minutes } = flags;
  const seeds = flags.seeds ?? (minutes === undefined ? SEEDS : Infinity);
  const until = minutes === undefined ? Infinity : performance.now() + minutes * 60_000;
  const began = performance.now();
  // The first line says that it runs.
  let shown = began - LINE_MS + FIRST_MS;
  let next = start;
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
    if (enough || next - start >= seeds || performance.now() >= until) return undefined;
    return next++;
  };
  const told = (outcome: SeedOutcome): void => {
    const known = tally.failed.length;
    tally.add(outcome);
    // Told as it is found: a long campaign may be cut off.
    for (const failed of tally.failed.slice(known)) {
      if (io.interactive) io.redraw(undefined);
      for (const line of failureLines(failed)) io.err(line);
    }
    show(false);
  };
  const workers = Math.min(flags.workers ?? availableParallelism(), seeds);
  if (workers > 1) await new TortureWorkers(workers).run(take, told, interrupted);
  else for (let seed = take(); seed !== undefined; seed = take()) told(await tortureSeed(seed, torture));
  show(true);
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

/** Makes a failure small, and writes the test that shows it. */
async function shrink(
  seed: number,
  flags: TortureFlags,
  torture: TortureOptions,
  host: Host,
  io: Io,
): Promise<void> {
  const found = await shrinkFailure(seed, torture);
  if (found === undefined) {
    io.err(
      `seed ${seed} did not fail again: it is not deterministic. Does the strategy look at a clock, or draw random numbers?`,
    );
    return;
  }
  const folder = resolve(flags.out ?? ".");
  const path = join(folder, `torture-seed-${seed}.test.ts`);
  writeFileSync(path, reproduction(found, await importsOf(flags, host, folder), torture.config));
  const needed = found.only.length === 0 ? "no fault at all" : found.only.join(", ");
  io.err(
    `seed ${seed}, made small in ${plural(found.runs, "run")}: it takes ${needed} (${plural(found.keep.length, "decision")}). ${path} shows it.`,
  );
}

async function optionsOf(flags: TortureFlags, host: Host): Promise<TortureOptions> {
  const strategies: StrategyUse[] = [];
  for (const name of flags.strategy ?? [])
    strategies.push({ use: await loadStrategy(name, host.strategies, process.cwd()), params: {} });
  overlay(strategies as never, flags.set ?? []);
  for (const strategy of strategies) checkedParams(strategy as never);
  const only = flags.only === undefined ? undefined : faultsOf(flags.only);
  const config = flags.config === undefined ? undefined : await limitsOf(flags.config, host);
  return {
    ...(config === undefined ? {} : { config }),
    ...(strategies.length === 0 ? {} : { strategies }),
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

/** How a test imports the strategies that were named. */
async function importsOf(
  flags: TortureFlags,
  host: Host,
  folder: string,
): Promise<readonly ReproductionStrategy[]> {
  const imports: ReproductionStrategy[] = [];
  for (const name of flags.strategy ?? []) {
    const use = await loadStrategy(name, host.strategies, process.cwd());
    const isFile = /^\.{0,2}\/|\.[cm]?[jt]s$/.test(name);
    const from = isFile
      ? relativeTo(folder, resolve(name))
      : Object.hasOwn(host.strategies, name)
        ? name
        : "@matchpoint/sdk";
    const module: object = isFile ? ((await import(pathToFileURL(resolve(name)).href)) as object) : {};
    const own = Object.entries(module).find(([, value]) => value === use)?.[0];
    const isDefault = own === "default";
    imports.push({ name: isDefault || own === undefined ? use.name : own, from, isDefault });
  }
  return imports;
}

function relativeTo(folder: string, file: string): string {
  const path = relative(folder, file).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}
