import { Option } from "commander";
import { paperCheckCommand } from "../commands/paperCheck.ts";
import { queryCommand } from "../commands/query.ts";
import { verifyCommand } from "../commands/verify.ts";
import { dashboardCommand, type DashboardFlags } from "../dashboard/index.ts";
import type { Desk } from "./desk.ts";
import { collect, whole } from "./flags.ts";

/** Adds what is asked of a journal: `verify`, `query`, `dashboard` and `paper-check`. */
export function addJournalVerbs({ program, host, io, done }: Desk): void {
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
      done(await dashboardCommand(file, flags, io));
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
