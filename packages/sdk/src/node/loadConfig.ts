import { BOT_CONFIG, requireMode, type BotConfig } from "../config/index.ts";
import { loadYaml, parseYaml } from "./yamlFile.ts";

/** How a configuration file is loaded. */
export interface LoadConfigOptions {
  /** Whether the command line says `--live`; both must say it. */
  readonly live?: boolean;
}

/**
 * Reads and checks a configuration file. Says everything that is wrong with it, each with line and column. The
 * environment is not read.
 *
 * @throws `MatchpointError` `FILE_NOT_FOUND`, `CONFIG_INVALID`, `CONFIG_LIVE_REFUSED`
 */
export function loadConfig(path: string, options: LoadConfigOptions = {}): BotConfig {
  const config = loadYaml(path, BOT_CONFIG, { what: "configuration file", code: "CONFIG_INVALID" });
  requireMode(config, options.live ?? false, path);
  return config;
}

/**
 * Checks a configuration's YAML (or JSON). `file` names it in errors.
 * @throws `MatchpointError` `CONFIG_INVALID`
 */
export function parseConfigText(text: string, file: string): BotConfig {
  return parseYaml(text, file, BOT_CONFIG, "CONFIG_INVALID");
}
