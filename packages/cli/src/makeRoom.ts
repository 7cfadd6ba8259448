import { existsSync, realpathSync, rmSync, statSync } from "node:fs";
import { MatchpointError } from "@matchpoint/sdk";
import { firstBytes } from "./player/play.ts";

const SIGNS = { journal: '"schema_version"', recording: '"matchpoint_recording"' } as const;

/**
 * Makes room for a file that is to be written: an older one of the same kind goes, anything else stays where it is.
 * @throws MatchpointError `USAGE` when something else is there, or `input`, which is being read
 */
export function makeRoom(path: string, kind: keyof typeof SIGNS, input: string | undefined): void {
  if (!existsSync(path)) return;
  const refuse = (why: string): never => {
    throw new MatchpointError("USAGE", `the ${kind} cannot go to ${path}: ${why}`, {
      hint: "Name another file.",
    });
  };
  if (input !== undefined && existsSync(input) && realpathSync(input) === realpathSync(path))
    refuse("that is the input");
  const found = statSync(path);
  if (found.isDirectory()) refuse("that is a folder");
  if (!found.isFile()) refuse("that is no ordinary file");
  if (found.size > 0 && !firstBytes(path).includes(SIGNS[kind])) refuse(`the file there is no ${kind}`);
  rmSync(path);
}
