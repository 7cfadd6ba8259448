import { dirname, resolve } from "node:path";
import { defaultConfig, MatchpointError, parseConfig, type BotConfig, type BotConfigInput, type RunSummary } from "@matchpoint/sdk";
import { readConfig } from "../feeds.ts";
import type { Io } from "../io.ts";
import { finalReport } from "../report/finalReport.ts";
import { resultJson } from "../report/resultJson.ts";
import { chosenStrategies, defaultJournalPath, type ChosenStrategy } from "../run.ts";
import type { StrategyRegistry } from "../strategies.ts";

/** What the program that hosts the commands adds to them. */
export interface Host {
  /** Strategies by name, beside the defaults. */
  readonly strategies: StrategyRegistry;
  /** The configuration of `demo`, for hosts that want their own. */
  readonly demo?: BotConfigInput;
}

/** Options that every command which runs a bot takes. */
export interface RunFlags {
  readonly config?: string;
  readonly strategy?: readonly string[];
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly journal?: string | false;
  readonly json?: boolean;
}

/** A configuration with its strategies found. */
export interface Plan {
  readonly config: BotConfig;
  readonly strategies: readonly ChosenStrategy[];
}

/** Reads the configuration, lays the command line over it, and finds the strategies. */
export async function plan(flags: RunFlags, host: Host, fallback: BotConfigInput | undefined): Promise<Plan> {
  const file = flags.config;
  const read = file !== undefined ? readConfig(file) : fallback === undefined ? defaultConfig() : parseConfig(fallback);
  const folder = file === undefined ? process.cwd() : dirname(resolve(file));
  const named = (flags.strategy ?? []).map((use) => ({ use, params: {} }));
  const chosen = named.length === 0 ? read.strategies : named;
  const strategies = chosen.map((strategy) => ({ ...strategy, params: { ...strategy.params } }));
  overlay(strategies, flags.set ?? []);
  const config: BotConfig = { ...read, seed: flags.seed ?? read.seed, strategies };
  return { config, strategies: await chosenStrategies(config, host.strategies, named.length === 0 ? folder : process.cwd()) };
}

/** Lays `--set NAME.KEY=VALUE` over the strategies' parameters; without NAME it goes to every strategy. */
function overlay(strategies: readonly { readonly use: string; readonly name?: string | undefined; readonly params: Record<string, unknown> }[], settings: readonly string[]): void {
  for (const setting of settings) {
    const match = /^(?:([\w./-]+)\.)?(\w+)=(.*)$/.exec(setting);
    if (match === null) throw usage(`--set ${setting}`, "Write --set KEY=VALUE, or --set STRATEGY.KEY=VALUE.");
    const [, name, key, text] = match;
    const targets = strategies.filter((strategy) => name === undefined || strategy.name === name || strategy.use === name);
    if (targets.length === 0) {
      throw usage(`--set ${setting}: no strategy is called ${name}`, `This run has ${strategies.map(({ use }) => use).join(", ") || "none"}.`);
    }
    for (const { params } of targets) params[key!] = literal(text!);
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

/** The journal's path by the command line, else by the configuration. */
export function journalPath(flags: RunFlags, config: BotConfig, runId: string): string | undefined {
  if (flags.journal === false) return undefined;
  return flags.journal ?? defaultJournalPath(config, runId);
}

/** Prints a run's account: JSON as the last line of standard output, or for people. */
export function printResult(io: Io, flags: RunFlags, summary: RunSummary, extras: Parameters<typeof resultJson>[1]): void {
  if (flags.json === true) io.out(resultJson(summary, extras));
  else for (const line of finalReport(summary, extras.journal ?? undefined)) io.out(line);
}
