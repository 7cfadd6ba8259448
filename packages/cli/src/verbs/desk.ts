import type { Command } from "commander";
import type { Host } from "../commands/shared.ts";
import type { ExitCode, Io } from "../io.ts";

/** What a verb is added to, and what it has. */
export interface Desk {
  readonly program: Command;
  readonly io: Io;
  /** What the command line was called with. */
  readonly args: readonly string[];
  /** Does what a verb is for. What that takes is loaded then and not before: help, and a kill, wait for nothing else. */
  readonly act: (body: (host: Host) => Promise<ExitCode>) => Promise<void>;
}
