import type { Command } from "commander";
import type { Host } from "../commands/shared.ts";
import type { ExitCode, Io } from "../io.ts";

/** What a verb is added to, and what it has. */
export interface Desk {
  readonly program: Command;
  readonly host: Host;
  readonly io: Io;
  /** What the command line was called with. */
  readonly args: readonly string[];
  /** Says with what the process ends. */
  readonly done: (code: ExitCode) => void;
}
