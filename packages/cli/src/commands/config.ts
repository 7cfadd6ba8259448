import { existsSync } from "node:fs";
import { defaultConfig, listedMarkets, MatchpointError } from "@matchpoint/sdk";
import { toYaml } from "@matchpoint/sdk/node";
import { fileJsonSchema, readConfig } from "../configFile.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plural } from "../report/format.ts";
import { idleStrategies } from "./idle.ts";
import type { Host } from "./shared.ts";

const DEFAULT_FILE = "bot.yaml";

/** `matchpoint config check|show|schema [FILE]`. */
export async function configCommand(
  action: string,
  file: string | undefined,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const path = file ?? DEFAULT_FILE;
  switch (action) {
    case "schema":
      io.out(JSON.stringify(fileJsonSchema(), null, 2));
      return EXIT.OK;
    case "show": {
      if (file === undefined && !existsSync(path)) {
        io.out(`# There is no ${path} here: these are the defaults.`);
        io.out(toYaml(defaultConfig()));
      } else io.out(toYaml(await readConfig(path, host.strategies)));
      return EXIT.OK;
    }
    case "check": {
      if (file === undefined && !existsSync(path)) {
        throw new MatchpointError("FILE_NOT_FOUND", `there is no ${path} here`, {
          hint: "Name the file: config check FILE.",
        });
      }
      const config = await readConfig(path, host.strategies);
      const { mode, strategies, markets, matches, discover, execution } = config;
      const parts = [
        plural(strategies.length, "strategy", "strategies"),
        plural(matches.length, "match", "matches"),
        plural(markets.length, "market"),
      ];
      io.out(`${path}: ok, mode ${mode}, ${parts.join(", ")}`);
      const listed = listedMarkets(config);
      for (const { marketId, unproven } of listed)
        if (unproven !== undefined) io.out(`  ${marketId} will not be traded on match facts: ${unproven}`);
      for (const line of idleStrategies(config, listed)) io.out(`  ${line}`);
      if (mode === "live") io.out("  run trades it with real money, and only when it is given --live too");
      const aimless = markets.length === 0 && discover === undefined;
      if (discover !== undefined)
        io.out("  run finds more markets by discover; the command markets lists them now");
      if (strategies.length === 0 || aimless)
        io.out(`  run refuses it: it lists no ${aimless ? "markets" : "strategies"}`);
      if (mode === "live" && execution.signature_type !== 0 && execution.funder === undefined)
        io.out(
          `  run refuses it: execution.funder is missing, the address that holds the money of signature type ${execution.signature_type}`,
        );
      return EXIT.OK;
    }
    default:
      throw new MatchpointError("USAGE", `unknown action: config ${action}`, {
        hint: "There are: config check, config show, config schema.",
      });
  }
}
