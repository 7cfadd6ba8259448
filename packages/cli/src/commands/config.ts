import { existsSync } from "node:fs";
import { defaultConfig, listedMarkets, MatchpointError, type BotConfig } from "@matchpoint/sdk";
import { toYaml } from "@matchpoint/sdk/node";
import { fileJsonSchema, readConfig } from "../configFile.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plural } from "../report/format.ts";
import { idleStrategies } from "./idle.ts";
import type { Host } from "./shared.ts";

const DEFAULT_FILE = "bot.yaml";

/** Options of `config`. */
export interface ConfigFlags {
  readonly json?: boolean;
}

/** What a configuration that is in order says of itself. */
interface Checked {
  readonly mode: string;
  readonly strategies: number;
  readonly matches: number;
  readonly markets: number;
  /** Whether a run finds more markets by itself. */
  readonly discovers: boolean;
  /** What is to be known of it. */
  readonly notes: readonly string[];
  /** Why `run` would refuse it all the same. */
  readonly refused: readonly string[];
}

/** `matchpoint config check|show|schema [FILE]`. */
export async function configCommand(
  action: string,
  file: string | undefined,
  flags: ConfigFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const path = file ?? DEFAULT_FILE;
  const json = flags.json === true;
  switch (action) {
    case "schema":
      io.out(JSON.stringify(fileJsonSchema(), null, json ? undefined : 2));
      return EXIT.OK;
    case "show": {
      const none = file === undefined && !existsSync(path);
      const config = none ? defaultConfig() : await readConfig(path, host.strategies);
      if (json) {
        io.out(JSON.stringify({ file: none ? null : path, config }));
        return EXIT.OK;
      }
      if (none) io.out(`# There is no ${path} here: these are the defaults.`);
      io.out(toYaml(config));
      return EXIT.OK;
    }
    case "check": {
      if (file === undefined && !existsSync(path)) {
        throw new MatchpointError("FILE_NOT_FOUND", `there is no ${path} here`, {
          hint: "Name the file: config check FILE.",
        });
      }
      const found = checked(await readConfig(path, host.strategies));
      if (json) io.out(JSON.stringify({ ok: true, file: path, ...found }));
      else tell(path, found, io);
      return EXIT.OK;
    }
    default:
      throw new MatchpointError("USAGE", `unknown action: config ${action}`, {
        hint: "There are: config check, config show, config schema.",
      });
  }
}

function checked(config: BotConfig): Checked {
  const { mode, strategies, markets, matches, discover, execution } = config;
  const listed = listedMarkets(config);
  const notes = [
    ...listed.flatMap(({ marketId, unproven }) =>
      unproven === undefined ? [] : [`${marketId} will not be traded on match facts: ${unproven}`],
    ),
    ...idleStrategies(config, listed),
  ];
  if (mode === "live") notes.push("run trades it with real money, and only when it is given --live too");
  if (discover !== undefined)
    notes.push("run finds more markets by discover; the command markets lists them now");
  const refused: string[] = [];
  if (markets.length === 0 && discover === undefined) refused.push("it lists no markets");
  else if (strategies.length === 0) refused.push("it lists no strategies");
  if (mode === "live" && execution.signature_type !== 0 && execution.funder === undefined)
    refused.push(
      `execution.funder is missing, the address that holds the money of signature type ${execution.signature_type}`,
    );
  return {
    mode,
    strategies: strategies.length,
    matches: matches.length,
    markets: markets.length,
    discovers: discover !== undefined,
    notes,
    refused,
  };
}

function tell(path: string, { mode, strategies, matches, markets, notes, refused }: Checked, io: Io): void {
  const parts = [
    plural(strategies, "strategy", "strategies"),
    plural(matches, "match", "matches"),
    plural(markets, "market"),
  ];
  io.out(`${path}: ok, mode ${mode}, ${parts.join(", ")}`);
  for (const note of notes) io.out(`  ${note}`);
  for (const why of refused) io.out(`  run refuses it: ${why}`);
}
