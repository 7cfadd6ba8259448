import { Option, type Command } from "commander";
import type { paperCheckCommand } from "../commands/paperCheck.ts";
import type { queryCommand } from "../commands/query.ts";
import type { reportCommand } from "../commands/report.ts";
import type { verifyCommand } from "../commands/verify.ts";
import type { DashboardFlags } from "../dashboard/index.ts";
import type { InspectFlags, WatchFlags } from "../inspect/index.ts";
import type { Desk } from "./desk.ts";
import { collect, positive, whole } from "./flags.ts";

/** Adds what is asked of a journal: `report`, `why`, `verify`, `query`, `dashboard` and `paper-check`. */
export function addJournalVerbs({ program, io, act }: Desk): void {
  withInspectFlags(program.command("why"))
    .description("why a market is traded or is not, and what clears it; exit code 4 when there is no run")
    .argument("<market>", "its id, or words of its name that no other has")
    .argument("[journal]", "of a run that is over or under way; absent: the run of this folder")
    .action((market: string, file: string | undefined, flags: InspectFlags) =>
      act(async (host) => (await import("../inspect/index.ts")).whyCommand(market, file, flags, host, io)),
    );

  program
    .command("report")
    .description("write one page about runs of one strategy, with a verdict: DEPLOY or NO-DEPLOY, and why")
    .argument("<run...>", "journals, or ids of runs in the folder of journals")
    .option(
      "--strategy <file>",
      "where a strategy of the run is found; may be given more than once",
      collect,
      [],
    )
    .option("--out <file>", "where the page goes, with its tables beside it; default beside the journal")
    .option("--dir <folder>", "where the journals are (journal.dir); default runs")
    .option("--config <file>", "the configuration that says where the journals are")
    .option("--json", "one JSON object as the last line")
    .action((names: readonly string[], flags: Parameters<typeof reportCommand>[1]) =>
      act(async (host) => (await import("../commands/report.ts")).reportCommand(names, flags, host, io)),
    );

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
    .action((file: string, flags: Parameters<typeof verifyCommand>[1]) =>
      act(async (host) => (await import("../commands/verify.ts")).verifyCommand(file, flags, host, io)),
    );

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
    .action((file: string, sql: string | undefined, flags: Parameters<typeof queryCommand>[2]) =>
      act(async (host) => (await import("../commands/query.ts")).queryCommand(file, sql, flags, host, io)),
    );

  program
    .command("dashboard")
    .description(
      "show a run in a browser, from its journal and with its whole past; exit code 4 when there is none",
    )
    .argument(
      "[journal]",
      "of a run that is over or under way; absent: where the runs of this folder are shown",
    )
    .option(
      "--strategy <file>",
      "where a strategy of the run is found; may be given more than once",
      collect,
      [],
    )
    .option("--port <n>", "where it listens; default: any free port", whole)
    .option("--config <file>", "the configuration of the runs that are meant")
    .option("--dir <folder>", "where their journals are (journal.dir); default runs")
    .addOption(new Option("--mode <mode>", "only live or only paper runs"))
    .option("--json", "one JSON object as the last line")
    .action((file: string | undefined, flags: DashboardFlags) =>
      act(async (host) => (await import("../dashboard/index.ts")).dashboardCommand(file, flags, host, io)),
    );

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
    .action((file: string, flags: Parameters<typeof paperCheckCommand>[1]) =>
      act(async (host) =>
        (await import("../commands/paperCheck.ts")).paperCheckCommand(file, flags, host, io),
      ),
    );
}

/** Adds `watch`. */
export function addWatchVerb({ program, io, act }: Desk): void {
  withInspectFlags(program.command("watch"))
    .description(
      "a board of a run in this terminal, drawn anew until it ends; exit code 3 when its process is gone, 4 when there is no run",
    )
    .argument("[journal]", "of a run that is over or under way; absent: the run of this folder")
    .option("--once", "print it once, and end")
    .option("--every <seconds>", "how often it looks (0.5 on a terminal, 10 elsewhere)", positive)
    .action((file: string | undefined, flags: WatchFlags) =>
      act(async (host) => (await import("../inspect/index.ts")).watchCommand(file, flags, host, io)),
    );
}

function withInspectFlags(command: Command): Command {
  return command
    .option(
      "--strategy <file>",
      "where a strategy of the run is found; may be given more than once",
      collect,
      [],
    )
    .option("--config <file>", "the configuration of the run that is meant")
    .option("--dir <folder>", "where journals are (journal.dir); default runs")
    .addOption(new Option("--mode <mode>", "only a live or only a paper run"))
    .option("--json", "one JSON object as the last line; watch: one for each look");
}
