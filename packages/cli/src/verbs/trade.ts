import { Option, type Command } from "commander";
import type { demoCommand } from "../commands/demo.ts";
import type { replayCommand } from "../commands/replay.ts";
import type { runCommand } from "../commands/run.ts";
import type { BacktestFlags, SweepFlags } from "../study/index.ts";
import type { Desk } from "./desk.ts";
import { collect, counting, positive, SHOW, speed, whole, withObserverFlags, withRunFlags } from "./flags.ts";

/** Adds `demo`, `run`, `replay`, `backtest` and `sweep`. */
export function addTradeVerbs({ program, io, args, act }: Desk): void {
  const stays = process.env["npm_config_stay"] === "true";
  withObserverFlags(withRunFlags(program.command("demo")), stays)
    .description("watch a paper bot trade a simulated best-of-three, with no key and no network")
    .option("--speed <x>", "times real time, or max; default: about 45 seconds in all", speed)
    .option("--title <title>", "lol or cs2", "lol")
    .option("--best-of <n>", "1, 3 or 5 games", whole, 3)
    .action((flags: Parameters<typeof demoCommand>[0]) =>
      act(async (host) => (await import("../commands/demo.ts")).demoCommand(flags, host, io)),
    );

  withRunFlags(program.command("run"))
    .description(
      "trade live feeds: on paper, or with --live and mode: live in the configuration with real money",
    )
    .addOption(new Option("--live", "trade real money; the configuration has to say mode: live too"))
    .option("--dashboard", SHOW)
    .option("--for <seconds>", "stop by itself after so long", positive)
    .option(
      "--log <where>",
      "JSON lines of what it does: none, stderr or a file, whatever the configuration says",
    )
    .option("--supervise", "start it again when it dies; a strategy that hung stays out")
    .action((flags: Parameters<typeof runCommand>[0] & { readonly supervise?: boolean }) =>
      act(async (host) => {
        if (flags.supervise !== true) return (await import("../commands/run.ts")).runCommand(flags, host, io);
        const again = args.filter((each) => each !== "--supervise");
        const { supervise } = await import("../watchdog/index.ts");
        return supervise(again, io, { env: host.environment.whole() });
      }),
    );

  withObserverFlags(withRunFlags(program.command("replay")))
    .description("trade a recording, or a journal's outside world, again")
    .argument("<file...>", "recordings or journals")
    .option("--speed <x>", "times real time, or max (default)", speed)
    .option("--allow-truncated", "use what is there of a recording that breaks off")
    .action((files: string[], flags: Parameters<typeof replayCommand>[1]) =>
      act(async (host) => (await import("../commands/replay.ts")).replayCommand(files, flags, host, io)),
    );

  withStudyFlags(program.command("backtest"))
    .description(
      "trade recordings with several configurations, in threads, and put the accounts side by side",
    )
    .option("--config <file>", "a configuration (YAML); may be given more than once", collect, [])
    .action((files: string[], flags: BacktestFlags) =>
      act(async (host) => (await import("../study/index.ts")).backtestCommand(files, flags, host, io)),
    );

  withStudyFlags(program.command("sweep"))
    .description("trade recordings with every combination of parameters' values, and list them by profit")
    .option("--config <file>", "the configuration (YAML)")
    .option("--top <n>", "how many are listed (20)", counting)
    .action((files: string[], flags: SweepFlags) =>
      act(async (host) => (await import("../study/index.ts")).sweepCommand(files, flags, host, io)),
    );
}

function withStudyFlags(command: Command): Command {
  const values = command.name() === "sweep" ? "VALUE,VALUE,..." : "VALUE";
  return command
    .argument("<file...>", "recordings or journals")
    .option(
      "--strategy <name>",
      "a default strategy, a file or a package, instead of the configuration's; may be given more than once",
      collect,
      [],
    )
    .option(
      "--set <key=value>",
      `a strategy's parameter, as KEY=${values} or STRATEGY.KEY=${values}; may be given more than once`,
      collect,
      [],
    )
    .option("--seed <n>", "seed of everything that is drawn at random", whole)
    .option("--workers <n>", "threads (one per core)", counting)
    .option("--allow-truncated", "use what is there of a recording that breaks off")
    .addOption(new Option("--as-worker").hideHelp())
    .option("--json", "one JSON object as the last line");
}
