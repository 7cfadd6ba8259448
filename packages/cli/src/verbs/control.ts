import { Option, type Command } from "commander";
import type { ControlFlags } from "../control/client.ts";
import type { ResumeFlags } from "../control/stopCommands.ts";
import type { Desk } from "./desk.ts";

const REASON = "why, for the journal";

/** Adds `kill`, `stop-entry`, `halt`, `resume`, `status` and `truth`. */
export function addControlVerbs({ program, io, act }: Desk): void {
  withFlags(program.command("kill"))
    .description("stop everything now: cancel every order, prove that none is open, and stay stopped")
    .option("--reason <text>", REASON)
    .action((flags: ControlFlags) =>
      act(async ({ environment }) =>
        (await import("../control/kill.ts")).killCommand(flags, environment, io),
      ),
    );
  withFlags(program.command("stop-entry"))
    .description("begin nothing new; what is held may still be reduced or hedged")
    .option("--reason <text>", REASON)
    .action((flags: ControlFlags) =>
      act(async () => (await import("../control/stopCommands.ts")).stopEntryCommand(flags, io)),
    );
  withFlags(program.command("halt"))
    .description("halt one market, or all: its orders are cancelled and nothing new is placed")
    .argument("[market]", "its id; absent: every market")
    .option("--reason <text>", REASON)
    .action((market: string | undefined, flags: ControlFlags) =>
      act(async () => (await import("../control/stopCommands.ts")).haltCommand(market, flags, io)),
    );
  withFlags(program.command("resume"))
    .description("go on after a kill, a stop-entry or a halt; nothing else ever does")
    .argument("[market]", "its id; absent: the whole run")
    .option("--reason <text>", `${REASON}; it has to be given`)
    .option("--strategy <name>", "let a disabled strategy take part in the next start again")
    .action((market: string | undefined, flags: ResumeFlags) =>
      act(async () => (await import("../control/stopCommands.ts")).resumeCommand(market, flags, io)),
    );
  withFlags(program.command("status"))
    .description("what runs and what is stopped; exit code 3 when a run may not trade, 4 when there is none")
    .action((flags: ControlFlags) =>
      act(async () => (await import("../control/stopCommands.ts")).statusCommand(flags, io)),
    );
  withFlags(program.command("truth"))
    .description(
      "state a fact of a match to the runs that are under way; exit code 3 when one does not take it, 4 when there is none",
    )
    .argument("<action>", "state")
    .argument("<fact...>", 'a match and what is so, such as m1 game 2 won by "T1"')
    .action((action: string, words: string[], flags: ControlFlags) =>
      act(async () => (await import("../control/truthCommand.ts")).truthCommand(action, words, flags, io)),
    );
}

function withFlags(command: Command): Command {
  return command
    .option("--config <file>", "the configuration of the runs that are meant")
    .option("--dir <folder>", "where their journals are (journal.dir); default runs")
    .addOption(new Option("--mode <mode>", "only live or only paper runs"))
    .option("--json", "one JSON object as the last line");
}
