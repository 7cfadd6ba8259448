import { dirname, resolve } from "node:path";
import {
  configInvalid,
  defaultConfig,
  MatchpointError,
  parseConfig,
  type BotConfig,
  type BotConfigInput,
  type Core,
  type RunSummary,
} from "@matchpoint/sdk";
import { readConfig } from "../configFile.ts";
import type { TypedInput } from "../console.ts";
import type { Io } from "../io.ts";
import type { MachineLooks } from "../live/index.ts";
import { finalReport } from "../report/finalReport.ts";
import { resultJson, type RunExtras } from "../report/resultJson.ts";
import { Secrets, type Environment } from "../secrets/index.ts";
import { chosenStrategies, defaultJournalPath, type ChosenStrategy } from "../run.ts";
import { paramProblems, type StrategyRegistry } from "../strategies.ts";

/** What the program that hosts the commands adds to them. */
export interface Host {
  /** Strategies by name, beside the defaults. */
  readonly strategies: StrategyRegistry;
  /**
   * Files of those strategies by the same names, as paths or `file:` URLs: a thread that shows a run cannot be handed a class, and has to
   * load it. Of a strategy without one the dashboard shows the books alone.
   */
  readonly strategyFiles?: Readonly<Record<string, string>>;
  /** The configuration of `demo`, for hosts that want their own. */
  readonly demo?: BotConfigInput;
  /** What the program calls itself. */
  readonly name?: string;
  /** Whether the process is the command's alone: only then may a run that hangs end it. Default: false. */
  readonly ownProcess?: boolean;
  /** Where the environment's secrets are. */
  readonly environment: Environment;
  /** Where an operator types; default: standard input. */
  readonly input?: TypedInput;
  /** What the machine has left, as a live run is told; default: what the machine says. */
  readonly machine?: MachineLooks;
}

/** The secrets of a configuration that was read from a file, or of none. */
export function secretsOf(
  config: BotConfig,
  file: string | undefined,
  { environment }: Host,
  io: Io,
): Secrets {
  const folder = file === undefined ? process.cwd() : dirname(resolve(file));
  return new Secrets(config, { environment, folder, io });
}

/** Options that every command which runs a bot takes. */
export interface RunFlags {
  readonly config?: string;
  readonly strategy?: readonly string[];
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly journal?: string | false;
  readonly json?: boolean;
  /** Show the run in a browser. */
  readonly dashboard?: boolean;
}

/** A configuration with its strategies found. */
export interface Plan {
  readonly config: BotConfig;
  readonly strategies: readonly ChosenStrategy[];
}

/** Reads the configuration, lays the command line over it, and finds the strategies. */
export async function plan(flags: RunFlags, host: Host, fallback: BotConfigInput | undefined): Promise<Plan> {
  const file = flags.config;
  const read =
    file !== undefined
      ? await readConfig(file, host.strategies)
      : fallback === undefined
        ? defaultConfig()
        : parseConfig(fallback);
  const named = (flags.strategy ?? []).map((use) => ({ use, params: {} }));
  const config: BotConfig = {
    ...read,
    seed: flags.seed ?? read.seed,
    strategies: (named.length === 0 ? read.strategies : named).map((one) => ({
      ...one,
      params: { ...one.params },
    })),
  };
  const folder = folderOf(flags);
  const strategies = await chosenStrategies(config, host.strategies, folder);
  overlay(strategies, flags.set ?? []);
  for (const strategy of strategies) checkedParams(strategy);
  return { config, strategies };
}

/** Where relative paths of strategies start: at the configuration that names them, at the working directory when the command line does. */
export function folderOf({ config, strategy }: RunFlags): string {
  return config === undefined || (strategy ?? []).length > 0 ? process.cwd() : dirname(resolve(config));
}

/** Lays `--set NAME.KEY=VALUE` over the strategies' parameters; without NAME it goes to every strategy. */
export function overlay(strategies: readonly ChosenStrategy[], settings: readonly string[]): void {
  for (const setting of settings) {
    const match = /^(?:([\w./-]+)\.)?(\w+)=(.*)$/s.exec(setting);
    if (match === null)
      throw usage(`--set ${setting}`, "Write --set KEY=VALUE, or --set STRATEGY.KEY=VALUE.");
    const [, name, key, text] = match as unknown as readonly [string, string | undefined, string, string];
    const targets = strategies.filter(
      ({ use, name: own }) => name === undefined || own === name || use.id === name,
    );
    if (targets.length === 0) {
      const names = strategies.map(({ use, name: own }) => own ?? use.id).join(", ");
      throw usage(
        name === undefined
          ? `--set ${setting}: there is no strategy to set it for`
          : `--set ${setting}: no strategy is called ${name}`,
        names === "" ? "Name one with --strategy." : `This run has ${names}.`,
      );
    }
    for (const { params } of targets) {
      Object.defineProperty(params, key, {
        value: literal(text),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
}

function literal(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function usage(message: string, hint: string): MatchpointError {
  return new MatchpointError("USAGE", message, { hint });
}

/** Checks a strategy's parameters. @throws MatchpointError `CONFIG_INVALID` saying everything that is wrong with them */
export function checkedParams({ use, name, params }: ChosenStrategy): void {
  const problems = paramProblems(use, params).map(
    ({ path, message }) => `${name ?? use.id}.${path.join(".")}: ${message}`,
  );
  if (problems.length > 0) throw configInvalid(problems);
}

/** Where the journal goes by the command line, else by the configuration. */
export function journalPath(flags: RunFlags, config: BotConfig, runId: string): string | undefined {
  if (flags.journal === false) return undefined;
  return typeof flags.journal === "string" ? flags.journal : defaultJournalPath(config, runId);
}

/** Prints a run's account: JSON as the last line of standard output, or for people. */
export function printResult(
  io: Io,
  flags: RunFlags,
  summary: RunSummary,
  core: Core,
  extras: RunExtras,
): void {
  if (flags.json === true) io.out(resultJson(summary, extras));
  else for (const line of finalReport(summary, core, extras, io.columns)) io.out(line);
}
