import { readFileSync } from "node:fs";
import { Command, CommanderError, Help } from "commander";
import type { Host } from "./commands/shared.ts";
import { EXIT, type ExitCode, type Io } from "./io.ts";
import { terminal } from "./terminal.ts";
import { addVerbs, type Desk } from "./verbs/index.ts";

/** How {@link runCli} is called by a program of somebody's own. */
export interface CliOptions extends Partial<Omit<Host, "environment" | "ownProcess" | "input" | "machine">> {
  /** Name in help, usage and the commands that it proposes; default `matchpoint`. */
  readonly name?: string;
  readonly io?: Io;
}

const USAGE_CODES = new Set([
  "USAGE",
  "CONFIG_INVALID",
  "CONFIG_LIVE_REFUSED",
  "MAPPING_INVALID",
  "FILE_NOT_FOUND",
  "MARKET_UNKNOWN",
  "MATCH_UNKNOWN",
  "STRATEGY_NOT_FOUND",
  "STRATEGY_INVALID",
  "FEED_UNAUTHORIZED",
  "CREDENTIALS_INVALID",
  "SECRET_MISSING",
  "SECRET_UNSAFE",
  "SECRET_DENIED",
]);
const CHECK_CODES = new Set([
  "ACCOUNT_UNEXPLAINED",
  "CLOCK_SKEWED",
  "JOURNAL_CORRUPT",
  "JOURNAL_DIVERGED",
  "JOURNAL_SCHEMA_NEWER",
  "LEDGER_UNBALANCED",
]);

/**
 * Runs the command line. Exit codes: 0 ok, 1 error, 2 usage or configuration, 3 a check failed, 4 no run was found, 70 the watchdog
 * ended a run that hung.
 *
 * @example
 * ```ts
 * import { runCli } from "@matchpoint/cli";
 * process.exitCode = await runCli(process.argv.slice(2));
 * ```
 */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<ExitCode> {
  const io = options.io ?? terminal();
  const json = args.includes("--json");
  let exit: ExitCode = EXIT.OK;
  const program = build(options, io, args, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.OK;
      if (json) io.out(errorJson("USAGE", error.message.replace(/^error: /, "")));
      return EXIT.USAGE;
    }
    // Loaded only now: help and version need nothing of it.
    const [{ isMatchpointError }, { bareMessage }, { plain }] = await Promise.all([
      import("@matchpoint/sdk"),
      import("./bareMessage.ts"),
      import("./report/format.ts"),
    ]);
    const debug = (process.env["MATCHPOINT_DEBUG"] ?? "") !== "";
    if (debug && error instanceof Error) io.err(error.stack ?? "");
    if (!isMatchpointError(error)) {
      io.err(`error: ${plain(error instanceof Error ? `${error.name}: ${error.message}` : String(error))}`);
      if (!debug)
        io.err("  This is not an error that was foreseen. MATCHPOINT_DEBUG=1 shows where it comes from.");
      if (json) io.out(errorJson("UNFORESEEN", error instanceof Error ? error.message : String(error)));
      return EXIT.ERROR;
    }
    io.err(`error: ${error.message}`);
    io.err(`  ${error.code} · ${error.docsUrl}`);
    if (json)
      io.out(
        errorJson(error.code, bareMessage(error), error.where, error.hint, placed(error.context["problems"])),
      );
    if (USAGE_CODES.has(error.code)) return EXIT.USAGE;
    return CHECK_CODES.has(error.code) ? EXIT.CHECK_FAILED : EXIT.ERROR;
  }
}

/** What went wrong, for the scripts that read the last line. */
function errorJson(
  code: string,
  message: string,
  where?: string,
  hint?: string,
  problems?: readonly Problem[],
): string {
  // What is not known has no key.
  return JSON.stringify({ error: { code, message, where, hint, problems } });
}

/** One of the things that are wrong with a file. */
interface Problem {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Problems, each a line `file:12:3 …`, by their parts. */
function placed(problems: unknown): readonly Problem[] | undefined {
  if (!Array.isArray(problems)) return undefined;
  return (problems as readonly string[]).map((text) => {
    const [, file, line, column, message] = /^(.+?):(\d+):(\d+) (.*)$/s.exec(text) ?? [];
    if (file === undefined || message === undefined) return { message: text };
    return { file, line: Number(line), column: Number(column), message };
  });
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

const HELP_COLUMNS = 100;

/** The command line as it is built, for the documentation that is made of its help. */
export function describeCli(): Command {
  const closed = new AbortController().signal;
  const nothing = (): void => undefined;
  const io: Io = {
    out: nothing,
    err: nothing,
    redraw: nothing,
    interactive: false,
    columns: HELP_COLUMNS,
    closed,
  };
  return build({ io }, io, [], nothing);
}

function build(
  options: CliOptions,
  io: Io,
  args: readonly string[],
  done: (code: ExitCode) => void,
): Command {
  const name = options.name ?? "matchpoint";
  const program = new Command(name)
    .version(version(), "-V, --version", "print the version of @matchpoint/cli")
    .description("Bots that trade esports markets on Polymarket: paper first, the same code live.")
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)")
    .configureHelp({
      // That nothing was given yet is no default that a reader wants to know of.
      optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: \[\]\)$/, ""),
    })
    .configureOutput({
      writeOut: (text) => {
        io.out(text.trimEnd());
      },
      writeErr: (text) => {
        io.err(text.trimEnd());
      },
      getOutHelpWidth: () => Math.min(io.columns, HELP_COLUMNS),
      getErrHelpWidth: () => Math.min(io.columns, HELP_COLUMNS),
    });

  const act: Desk["act"] = async (body) => {
    done(await body(await hostOf(options, name)));
  };
  addVerbs({ program, io, args, act });
  return program;
}

async function hostOf(options: CliOptions, name: string): Promise<Host> {
  const { Environment } = await import("./secrets/environment.ts");
  // With its own terminal the process is the command's alone.
  const ownProcess = options.io === undefined;
  return {
    strategies: options.strategies ?? {},
    ...(options.strategyFiles === undefined ? {} : { strategyFiles: options.strategyFiles }),
    ...(options.demo === undefined ? {} : { demo: options.demo }),
    name,
    ownProcess,
    environment: new Environment(process.env, ownProcess),
  };
}
