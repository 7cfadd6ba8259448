import { z } from "zod";
import { MatchpointError } from "../errors.ts";
import type { Mode } from "../events/index.ts";
import { BOT_CONFIG, type BotConfig, type BotConfigInput } from "./botConfig.ts";
import { pathText, problemsOf, type ConfigProblem } from "./problems.ts";

/** A configuration that holds, or everything that is wrong with it. */
export type ConfigResult =
  | { readonly ok: true; readonly config: BotConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks plain data (parsed YAML or JSON) and fills in defaults. Reports all problems, not only the first. */
export function checkConfig(input: unknown): ConfigResult {
  const given = input ?? {};
  const result = BOT_CONFIG.safeParse(given);
  if (result.success) return { ok: true, config: result.data };
  return { ok: false, problems: problemsOf(BOT_CONFIG, given, result.error.issues) };
}

/**
 * Checks plain data and fills in defaults.
 *
 * @example
 * ```ts
 * import { parseConfig } from "@matchpoint/sdk";
 * const config = parseConfig({ risk: { max_order_usdc: 20 }, strategies: [{ use: "pair-arb" }] });
 * config.mode; // "paper"
 * ```
 * @throws {@link MatchpointError} `CONFIG_INVALID` listing every problem
 */
export function parseConfig(input: BotConfigInput): BotConfig {
  const result = checkConfig(input);
  if (result.ok) return result.config;
  const lines = result.problems.map(
    ({ path, message }) => `${pathText(path) || "configuration"}: ${message}`,
  );
  throw configInvalid(lines);
}

/** The error for a list of problems, each already with its place. */
export function configInvalid(lines: readonly string[]): MatchpointError {
  const many = lines.length === 1 ? lines[0]! : `${lines.length} problems\n  ${lines.join("\n  ")}`;
  return new MatchpointError("CONFIG_INVALID", many, { context: { problems: lines } });
}

/** The configuration of an empty file: paper mode, every limit at its default, no strategies. */
export function defaultConfig(): BotConfig {
  return BOT_CONFIG.parse({});
}

/**
 * What a run is to trade against. Real money needs two yeses, in the configuration and on the command line, so that
 * neither a copied file nor a mistyped flag is enough.
 *
 * @throws {@link MatchpointError} `CONFIG_LIVE_REFUSED` when only one of them says live
 */
export function requireMode(config: BotConfig, liveFlag: boolean, file = "the configuration"): Mode {
  if (config.mode === "live" && !liveFlag) {
    throw new MatchpointError("CONFIG_LIVE_REFUSED", `${file} says mode: live, but --live was not given`, {
      hint: "Add --live to trade real money, or set mode: paper.",
    });
  }
  if (config.mode !== "live" && liveFlag) {
    throw new MatchpointError(
      "CONFIG_LIVE_REFUSED",
      `--live was given, but ${file} says mode: ${config.mode}`,
      {
        hint: "Set mode: live to trade real money, or leave --live out.",
      },
    );
  }
  return config.mode;
}

/** JSON Schema (2020-12) of the configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return { title: "Matchpoint bot configuration", ...z.toJSONSchema(BOT_CONFIG, { io: "input" }) };
}
