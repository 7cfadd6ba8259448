/** The `matchpoint` command as a library: run it from a program that adds strategies of its own. @module */
export type { BotConfigInput } from "@matchpoint/sdk";
export { EXIT, type ExitCode, type Io } from "./io.ts";
export { runCli, type CliOptions } from "./program.ts";
export type { StrategyRegistry } from "./strategies.ts";
