import { Option, type Command } from "commander";
import { paperCheckCommand } from "../commands/paperCheck.ts";
import { queryCommand } from "../commands/query.ts";
import { reportCommand } from "../commands/report.ts";
import { verifyCommand } from "../commands/verify.ts";
import { dashboardCommand, type DashboardFlags } from "../dashboard/index.ts";
import { watchCommand, whyCommand, type InspectFlags, type WatchFlags } from "../inspect/index.ts";
import type { Desk } from "./desk.ts";
import { collect, positive, whole } from "./flags.ts";

/** Adds what is asked of a journal: `report`, `why`, `verify`, `query`, `dashboard` and `paper-check`. */
export function addJournalVerbs({ program, host, io, done }: Desk): void {
  withInspectFlags(program.command("why"))
    .description("why a market is traded or is not, and what clears it; exit code 4 when there is no run")
    .argument("<market>", "its id, or words of its name that no other has")
    .argument("[journal]", "of a run that is over or under way; absent: the run of this folder")
    .action(async (market: string, file: string | undefined, flags: InspectFlags) => {
      done(await whyCommand(market, file, flags, host, io));
    });

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
    .action(async (names: readonly string[], flags: Parameters<typeof reportCommand>[1]) => {
      done(await reportCommand(names, flags, host, io));
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
    .action(async (file: string | undefined, flags: DashboardFlags) => {
      done(await dashboardCommand(file, flags, host, io));
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
}

/** Adds `watch`. */
export function addWatchVerb({ program, host, io, done }: Desk): void {
  withInspectFlags(program.command("watch"))
    .description(
      "a board of a run in this terminal, drawn anew until it ends; exit code 3 when its process is gone, 4 when there is no run",
    )
    .argument("[journal]", "of a run that is over or under way; absent: the run of this folder")
    .option("--once", "print it once, and end")
    .option("--every <seconds>", "how often it looks (0.5 on a terminal, 10 elsewhere)", positive)
    .action(async (file: string | undefined, flags: WatchFlags) => {
      done(await watchCommand(file, flags, host, io));
    });
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
