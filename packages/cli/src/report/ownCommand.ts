import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { DEFAULT_STRATEGIES, type BotConfig } from "@matchpoint/sdk";
import type { Host, RunFlags } from "../commands/shared.ts";

/** How this program was called, so that a line which names its next command can be pasted. `name` is what it calls itself. */
export function ownCommand(name: string, env = process.env, argv: readonly string[] = process.argv): string {
  const { npm_lifecycle_event: script = "", npm_package_json: manifest = "" } = env;
  if ((script === "start" || script === "bot") && hasScript(manifest, "bot")) return "npm run bot --";
  const program = argv[1] ?? "";
  const file = basename(program);
  if (program.includes("/node_modules/.bin/")) return `npx ${file}`;
  if (file === name || /^bin\.[jt]s$/.test(file) || program === "") return name;
  const path = relative(process.cwd(), program);
  return ["node", ...process.execArgv, quoted(path.startsWith("..") ? program : path)].join(" ");
}

/** A strategy's file, named from the configuration's folder. */
const RELATIVE = /^\.{1,2}\/|^[^/].*\.[cm]?[jt]s$/;

/** The command that checks a run's journal, with the strategies named that are found by file or package only. */
export function verifyLine(host: Host, config: BotConfig, flags: RunFlags, journal: string): string {
  const byFlag = (flags.strategy ?? []).length > 0 || flags.config === undefined;
  const strange = config.strategies
    .map(({ use }) => use)
    .filter((use) => !Object.hasOwn(DEFAULT_STRATEGIES, use) && !Object.hasOwn(host.strategies, use))
    .map((use) => (byFlag || !RELATIVE.test(use) ? use : join(dirname(flags.config ?? ""), use)));
  const words = ["verify", journal, ...strange.flatMap((use) => ["--strategy", use])];
  return `Next: ${ownCommand(host.name ?? "matchpoint")} ${words.map(quoted).join(" ")}`;
}

function hasScript(manifest: string, script: string): boolean {
  try {
    const { scripts } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly scripts?: object };
    return scripts !== undefined && Object.hasOwn(scripts, script);
  } catch {
    return false; // whatever npm had there, it is no manifest any more
  }
}

/** A word of a command line, quoted where a shell would take it apart. */
export function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
