import { Option } from "commander";
import { demoCommand } from "../commands/demo.ts";
import { replayCommand } from "../commands/replay.ts";
import { runCommand } from "../commands/run.ts";
import { supervise } from "../watchdog/index.ts";
import type { Desk } from "./desk.ts";
import { positive, speed, whole, withRunFlags } from "./flags.ts";

const SHOW = "show it in a browser on this machine; the address is printed first";

/** Adds `demo`, `run` and `replay`. */
export function addTradeVerbs({ program, host, io, args, done }: Desk): void {
  withRunFlags(program.command("demo"))
    .description("watch a paper bot trade a simulated best-of-three, with no key and no network")
    .option("--speed <x>", "times real time, or max; default: about 45 seconds in all", speed)
    .option("--title <title>", "lol or cs2", "lol")
    .option("--best-of <n>", "1, 3 or 5 games", whole, 3)
    .option("--dashboard", SHOW)
    .option(
      "--stay",
      "show it, and go on showing the finished run until Ctrl-C",
      process.env["npm_config_stay"] === "true",
    )
    .action(async (flags: Parameters<typeof demoCommand>[0]) => {
      done(await demoCommand(flags, host, io));
    });

  withRunFlags(program.command("run"))
    .description(
      "trade live feeds: on paper, or with --live and mode: live in the configuration with real money",
    )
    .addOption(new Option("--live", "trade real money; the configuration has to say mode: live too"))
    .option("--dashboard", SHOW)
    .option("--for <seconds>", "stop by itself after so long", positive)
    .option("--supervise", "start it again when it dies; a strategy that hung stays out")
    .action(async (flags: Parameters<typeof runCommand>[0] & { readonly supervise?: boolean }) => {
      const again = args.filter((each) => each !== "--supervise");
      done(
        flags.supervise === true
          ? await supervise(again, io, { env: host.environment.whole() })
          : await runCommand(flags, host, io),
      );
    });

  withRunFlags(program.command("replay"))
    .description("trade a recording, or a journal's outside world, again")
    .argument("<file...>", "recordings or journals")
    .option("--speed <x>", "times real time, or max (default)", speed)
    .option("--allow-truncated", "use what is there of a recording that breaks off")
    .action(async (files: string[], flags: Parameters<typeof replayCommand>[1]) => {
      done(await replayCommand(files, flags, host, io));
    });
}
