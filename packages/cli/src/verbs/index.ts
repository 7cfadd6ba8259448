/** The verbs of the command line: their names, flags and help, and nothing that takes long to load. What they do is in `commands/`. @module */
import { addAccountVerbs } from "./account.ts";
import { addControlVerbs } from "./control.ts";
import type { Desk } from "./desk.ts";
import { addExamples } from "./examples.ts";
import { addJournalVerbs, addWatchVerb } from "./journal.ts";
import { addModelVerbs } from "./model.ts";
import { addProofVerbs } from "./proof.ts";
import { addSetupVerbs } from "./setup.ts";
import { addTradeVerbs } from "./trade.ts";

export type { Desk } from "./desk.ts";

/** Adds all verbs, in the order in which help lists them. */
export function addVerbs(desk: Desk): void {
  const { program } = desk;
  program.commandsGroup("Trade:");
  addTradeVerbs(desk);
  program.commandsGroup("Watch and stop:");
  addWatchVerb(desk);
  addControlVerbs(desk);
  program.commandsGroup("Ask a journal:");
  addJournalVerbs(desk);
  program.commandsGroup("Set up:");
  addSetupVerbs(desk);
  addAccountVerbs(desk);
  program.commandsGroup("Prove:");
  addProofVerbs(desk);
  addModelVerbs(desk);
  program.commandsGroup("Help:");
  program.helpCommand(true);
  addExamples(program);
}
