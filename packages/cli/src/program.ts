import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { isMatchpointError, type MatchpointError } from "@matchpoint/sdk";
import { adoptCommand } from "./commands/adopt.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { importCommand } from "./commands/import.ts";
import { marketCommand } from "./commands/marketModel.ts";
import { marketsCommand } from "./commands/markets.ts";
import { evaluateCommand, fitCommand, reportCommand } from "./commands/model.ts";
import { queryCommand } from "./commands/query.ts";
import { paperCheckCommand } from "./commands/paperCheck.ts";
import { replayCommand } from "./commands/replay.ts";
import { runCommand } from "./commands/run.ts";
import type { Host } from "./commands/shared.ts";
import { tortureCommand } from "./commands/torture.ts";
import { verifyCommand } from "./commands/verify.ts";
import { addControlCommands } from "./control/index.ts";
import { WALLET_ACTIONS, walletCommand } from "./commands/wallet.ts";
import { takeCredentials } from "./credentials.ts";
import { EXIT, type ExitCode, type Io } from "./io.ts";
import { plain } from "./report/format.ts";
import { terminal } from "./terminal.ts";
import { supervise } from "./watchdog/index.ts";

/** How {@link runCli} is called by a program of somebody's own. */
export interface CliOptions extends Partial<Host> {
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
  "STRATEGY_NOT_FOUND",
  "STRATEGY_INVALID",
  "FEED_UNAUTHORIZED",
  "CREDENTIALS_INVALID",
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
  if (options.io === undefined) takeCredentials();
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
    if (json) io.out(errorJson(error.code, bareMessage(error), error.where, error.hint));
    if (USAGE_CODES.has(error.code)) return EXIT.USAGE;
    return CHECK_CODES.has(error.code) ? EXIT.CHECK_FAILED : EXIT.ERROR;
  }
}

/** What went wrong, for the scripts that read the last line. */
function errorJson(code: string, message: string, where?: string, hint?: string): string {
  // What is not known has no key.
  return JSON.stringify({ error: { code, message, where, hint } });
}

/** An error's message without the place and the advice that are told beside it. */
function bareMessage({ message, where, hint }: MatchpointError): string {
  const start = where !== undefined && message.startsWith(`${where}: `) ? where.length + 2 : 0;
  const end = hint !== undefined && message.endsWith(`\n  ${hint}`) ? hint.length + 3 : 0;
  return message.slice(start, message.length - end);
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

const HELP_COLUMNS = 100;

function build(
  options: CliOptions,
  io: Io,
  args: readonly string[],
  done: (code: ExitCode) => void,
): Command {
  const host: Host = {
    strategies: options.strategies ?? {},
    ...(options.demo === undefined ? {} : { demo: options.demo }),
    name: options.name ?? "matchpoint",
    // With its own terminal the process is the command's alone.
    ownProcess: options.io === undefined,
  };
  const program = new Command(host.name)
    .version(version(), "-V, --version", "print the version of @matchpoint/cli")
    .description("Bots that trade esports markets on Polymarket: paper first, the same code live.")
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)")
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

  withRunFlags(program.command("demo"))
    .description("watch a paper bot trade a simulated best-of-three, with no key and no network")
    .option("--speed <x>", "times real time, or max; default: about 45 seconds in all", speed)
    .option("--title <title>", "lol or cs2", "lol")
    .option("--best-of <n>", "1, 3 or 5 games", whole, 3)
    .action(async (flags: Parameters<typeof demoCommand>[0]) => {
      done(await demoCommand(flags, host, io));
    });

  withRunFlags(program.command("run"))
    .description(
      "trade live feeds: on paper, or with --live and mode: live in the configuration with real money",
    )
    .addOption(new Option("--live", "trade real money; the configuration has to say mode: live too"))
    .option("--for <seconds>", "stop by itself after so long", positive)
    .option("--supervise", "start it again when it dies; a strategy that hung stays out")
    .action(async (flags: Parameters<typeof runCommand>[0] & { readonly supervise?: boolean }) => {
      const again = args.filter((each) => each !== "--supervise");
      done(flags.supervise === true ? await supervise(again, io) : await runCommand(flags, host, io));
    });
  addControlCommands(program, io, done);

  withRunFlags(program.command("replay"))
    .description("trade a recording, or a journal's outside world, again")
    .argument("<file...>", "recordings or journals")
    .option("--speed <x>", "times real time, or max (default)", speed)
    .option("--allow-truncated", "use what is there of a recording that breaks off")
    .action(async (files: string[], flags: Parameters<typeof replayCommand>[1]) => {
      done(await replayCommand(files, flags, host, io));
    });

  program
    .command("verify")
    .description("check a journal's chain, and that the core still decides what it decided then")
    .argument("<journal>")
    .option(
      "--strategy <file>",
      "where a strategy of the run is found; may be given more than once",
      collect,
      [],
    )
    .option("--json", "one JSON object as the last line")
    .action(async (file: string, flags: Parameters<typeof verifyCommand>[1]) => {
      done(await verifyCommand(file, flags, host, io));
    });

  program
    .command("query")
    .description("ask a journal in SQL: orders, fills, positions, matches, halts, and why nothing was done")
    .argument("<journal>")
    .argument("[sql]", "one question; without it the tables are listed")
    .option(
      "--strategy <file>",
      "where a strategy of the run is found; may be given more than once",
      collect,
      [],
    )
    .option("--db <file>", "where the database is made; default beside the journal")
    .option("--json", "one JSON object as the last line")
    .action(async (file: string, sql: string | undefined, flags: Parameters<typeof queryCommand>[2]) => {
      done(await queryCommand(file, sql, flags, host, io));
    });

  program
    .command("paper-check")
    .description("send a live journal's orders to the paper venue and say by how much paper is too kind")
    .argument("<journal>", "of a live run")
    .option(
      "--strategy <file>",
      "where a strategy of the run is found; may be given more than once",
      collect,
      [],
    )
    .option("--latencies <file>", "write the measured latencies, as a block for the configuration (YAML)")
    .option("--json", "one JSON object as the last line")
    .action(async (file: string, flags: Parameters<typeof paperCheckCommand>[1]) => {
      done(await paperCheckCommand(file, flags, host, io));
    });

  program
    .command("import")
    .description("turn a capture into a recording")
    .argument("<kind>", "polymarket-ticks-csv, market-ws-jsonl or grid-series-events")
    .argument("<path>", "the capture: a folder or a file, gzipped or not")
    .requiredOption("--mapping <file>", "what the capture does not say about itself (YAML)")
    .requiredOption("--out <file>", "the recording to write")
    .option("--json", "one JSON object as the last line")
    .action(async (kind: string, path: string, flags: Parameters<typeof importCommand>[2]) => {
      done(await importCommand(kind, path, flags, io));
    });

  program
    .command("config")
    .description("check a configuration, show it with every default, or print its JSON Schema")
    .argument("<action>", "check, show or schema")
    .argument("[file]", "default bot.yaml")
    .action(async (action: string, file: string | undefined) => {
      done(await configCommand(action, file, host, io));
    });

  program
    .command("markets")
    .description("say which markets would be traded, and why not the others")
    .option("--config <file>", "the configuration (YAML)")
    .option("--json", "one JSON object as the last line")
    .action(async (flags: Parameters<typeof marketsCommand>[0]) => {
      done(await marketsCommand(flags, host, io));
    });

  program
    .command("wallet")
    .description(
      "the account's wallet on the chain: what it holds and lets others take, and what it is told to do",
    )
    .argument("<action>", WALLET_ACTIONS.join(", "))
    .option("--config <file>", "the configuration (YAML)")
    .option("--dry-run", "say what would be sent and what it would cost, and send nothing")
    .option("--amount <dollars>", "how much to wrap, unwrap or split")
    .option("--market <id>", "only this one of the configuration's markets")
    .option("--usd <dollars>", "smoke: the most that may be at stake (5)")
    .option("--only <points>", "smoke: only these points, with commas between them")
    .option("--yes", "smoke: do not ask before real orders are sent")
    .addOption(new Option("--waits <json>").hideHelp())
    .option("--json", "one JSON object as the last line")
    .action(async (action: string, flags: Parameters<typeof walletCommand>[1]) => {
      done(await walletCommand(action, flags, host, io));
    });

  program
    .command("adopt")
    .description(
      "list what on the live account is not in the journal of its last run, and book it there on your word",
    )
    .option("--config <file>", "the configuration (YAML)")
    .option("--dry-run", "only list it; exit code 3 when there is something")
    .option("--rebates", "dollars that came in are makers' rebates: book them as profit, not as a deposit")
    .option("--yes", "do not ask")
    .option("--json", "one JSON object as the last line")
    .action(async (flags: Parameters<typeof adoptCommand>[0]) => {
      done(await adoptCommand(flags, host, io));
    });

  program
    .command("torture")
    .description(
      "put a strategy through simulated bad days: networks, venue, chain, disk and host that go wrong",
    )
    .option("--seeds <n>", "how many days (200)", whole)
    .option("--start <n>", "the first seed (1)", whole)
    .option("--minutes <n>", "go on for so long", positive)
    .option(
      "--strategy <name>",
      "a default strategy, a file or a package, in place of those that do far too much; may be given more than once",
      collect,
      [],
    )
    .option(
      "--set <key=value>",
      "a strategy's parameter, as KEY=VALUE or STRATEGY.KEY=VALUE; may be given more than once",
      collect,
      [],
    )
    .option("--only <faults>", "only these faults, with commas between them")
    .option("--seed-of-failure <n>", "run this one seed, and make its failure as small as it can be", whole)
    .option("--out <folder>", "where tests that show failures are written (here)")
    .option("--workers <n>", "processes that run seeds (one per core)", whole)
    .addOption(new Option("--as-worker").hideHelp())
    .option("--json", "one JSON object as the last line")
    .action(async (flags: Parameters<typeof tortureCommand>[0]) => {
      done(await tortureCommand(flags, host, io));
    });

  const model = program
    .command("model")
    .description("fit the probability models to data, and score them on games that they have not seen");
  model
    .command("fit")
    .description("fit a title's model: on the earlier games for the test on the later ones, then on all")
    .argument("<title>", TITLES)
    .argument("<folder>", "the games")
    .option("--out <folder>", "where to write numbers and card; this repository's own files without it")
    .option("--json", "one JSON object as the last line")
    .action(async (title: string, folder: string, flags: Parameters<typeof fitCommand>[2]) => {
      done(await fitCommand(title, folder, flags, io));
    });
  model
    .command("evaluate")
    .description("score the shipped model on any folder of games of the same format")
    .argument("<title>", TITLES)
    .argument("<folder>", "the games")
    .option("--json", "one JSON object as the last line")
    .action(async (title: string, folder: string, flags: Parameters<typeof evaluateCommand>[2]) => {
      done(await evaluateCommand(title, folder, flags, io));
    });
  model
    .command("report")
    .description("write one HTML page: how good the shipped models were, by title and moment, and the market")
    .option("--out <file>", "where to write it", "models.html")
    .option(
      "--quotes <folder>",
      "quotes of markets with outcomes, for the part about the market; left out where there are none",
    )
    .action(async (flags: Parameters<typeof reportCommand>[0]) => {
      done(await reportCommand(flags, io));
    });
  model
    .command("market")
    .description("score the prices of real esports markets as forecasts")
    .argument("<folder>", "best bids and asks with settlement labels")
    .option("--write", "write this repository's card")
    .option("--json", "one JSON object as the last line")
    .action(async (folder: string, flags: Parameters<typeof marketCommand>[1]) => {
      done(await marketCommand(folder, flags, io));
    });

  for (const [name, lines] of Object.entries(EXAMPLES)) {
    const command = name === "" ? program : program.commands.find((each) => each.name() === name);
    const text = lines.map((line) => `  $ ${program.name()} ${line}`);
    command?.addHelpText("after", `\nExamples:\n${text.join("\n")}`);
  }
  return program;
}

const TITLES = "lol, cs2, valorant or dota2";

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "": [
    "demo --seed 7",
    "replay recording.jsonl --strategy model-maker --set reference=microprice",
    "verify runs/RUN.journal.jsonl",
  ],
  model: [
    "model evaluate lol ./games --json",
    "model fit lol ./games --out ./models",
    "model report --out models.html",
  ],
  demo: [
    "demo",
    "demo --speed max --strategy ./my-strategy.ts --set minEdge=0.06",
    "demo --seed 7 --json | tail -1",
  ],
  run: [
    "run --config bot.yaml",
    "run --config bot.yaml --for 3600 --json",
    "run --supervise --config bot.yaml",
  ],
  kill: ["kill", 'kill --config bot.yaml --reason "the market moved without news" --json'],
  resume: ['resume --mode live --reason "limits lowered"', 'resume --strategy mine --reason "loop fixed"'],
  replay: ["replay recording.jsonl --strategy pair-arb", "replay runs/RUN.journal.jsonl"],
  "paper-check": ["paper-check runs/LIVE.journal.jsonl --latencies latencies.yaml"],
  import: ["import market-ws-jsonl frames.jsonl.gz --mapping mapping.yaml --out recording.jsonl"],
  wallet: [
    "wallet status --config bot.yaml",
    "wallet approve --config bot.yaml --dry-run",
    "wallet wrap --config bot.yaml --amount 100",
    "wallet redeem --config bot.yaml --json",
    "wallet smoke --config bot.yaml --usd 5",
  ],
  query: ['query runs/RUN.journal.jsonl "SELECT * FROM fills_usd"', "query runs/RUN.journal.jsonl"],
  markets: ["markets --config bot.yaml", "markets --config bot.yaml --json"],
  adopt: ["adopt --config bot.yaml --dry-run", "adopt --config bot.yaml"],
  torture: [
    "torture --strategy ./my-strategy.ts --seeds 1000",
    "torture --minutes 60 --json | tail -1",
    "torture --seed-of-failure 74",
  ],
  config: ["config check bot.yaml", "config show bot.yaml", "config schema > bot.schema.json"],
};

function withRunFlags(command: Command): Command {
  return command
    .option("--config <file>", "the configuration (YAML)")
    .option(
      "--strategy <name>",
      "a default strategy, a file or a package, instead of the configuration's; may be given more than once",
      collect,
      [],
    )
    .option(
      "--set <key=value>",
      "a strategy's parameter, as KEY=VALUE or STRATEGY.KEY=VALUE; may be given more than once",
      collect,
      [],
    )
    .option("--seed <n>", "seed of everything that is drawn at random", whole)
    .option("--journal <file>", "where the journal goes")
    .option("--no-journal", "keep none")
    .option("--json", "one JSON object as the last line of standard output");
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function speed(text: string): number {
  if (text === "max") return Infinity;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError("It must be a number above 0, or max.");
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  if (!Number.isSafeInteger(value))
    throw new InvalidArgumentError(`It must be at most ${Number.MAX_SAFE_INTEGER}.`);
  return value;
}
