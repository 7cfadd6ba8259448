import { Option } from "commander";
import type { tortureCommand } from "../commands/torture.ts";
import type { Desk } from "./desk.ts";
import { collect, counting, positive, whole } from "./flags.ts";

/** Adds `torture`. */
export function addProofVerbs({ program, io, act }: Desk): void {
  program
    .command("torture")
    .description(
      "put a strategy through simulated bad days: networks, venue, chain, disk and host that go wrong",
    )
    .option("--seeds <n>", "how many days (200)", counting)
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
    .option(
      "--config <file>",
      "limits and thresholds (`risk`, `engine`) as in this file, in place of drawn ones",
    )
    .option("--only <faults>", "only these faults, with commas between them")
    .option("--seed-of-failure <n>", "run this one seed, and make its failure as small as it can be", whole)
    .option("--out <folder>", "where tests that show failures are written (here)")
    .option("--workers <n>", "processes that run seeds at a time (one per core)", counting)
    .addOption(new Option("--as-worker").hideHelp())
    .option("--json", "one JSON object as the last line")
    .action((flags: Parameters<typeof tortureCommand>[0]) =>
      act(async (host) => (await import("../commands/torture.ts")).tortureCommand(flags, host, io)),
    );
}
