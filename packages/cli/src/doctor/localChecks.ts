import type { Io } from "../io.ts";
import { Bench, type BenchOptions } from "./bench.ts";
import { printChecklist } from "./print.ts";
import { runChecks } from "./runner.ts";
import { CHECKS } from "./table.ts";

/** What a paper run is checked with. */
export interface LocalCheckOptions extends Pick<BenchOptions, "config" | "secrets" | "clock" | "signal"> {
  readonly file: string | undefined;
  readonly journalPath: string | undefined;
}

/** Prints what can be said of this machine before a paper run. It stops nothing: what a run cannot do without refuses it by itself. */
export async function showLocalChecks(options: LocalCheckOptions, io: Io): Promise<void> {
  const { config, secrets, clock, signal, file, journalPath } = options;
  const bench = new Bench({
    ...{ config, secrets, clock, signal },
    mode: "paper",
    ...(file === undefined ? {} : { file }),
    ...(journalPath === undefined ? {} : { journalPath }),
  });
  const made = await runChecks(bench, { table: CHECKS.filter(({ local }) => local === true) });
  io.out("Checks before paper trading (`matchpoint doctor` makes all that there are):");
  printChecklist(
    made.filter(({ idle }) => !idle),
    io,
  );
}
