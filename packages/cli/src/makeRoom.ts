import { existsSync, realpathSync, statSync } from "node:fs";
import { MatchpointError } from "@matchpoint/sdk";
import { firstBytes } from "./player/play.ts";

const SIGNS = { journal: '"schema_version"', recording: '"matchpoint_recording"' } as const;
type Kind = keyof typeof SIGNS;

function refuse(path: string, kind: Kind, why: string): never {
  throw new MatchpointError("USAGE", `the ${kind} cannot go to ${path}: ${why}`, {
    hint: "Name another file, or take that one away.",
  });
}

/**
 * Checks where a file is to be written: an older one of the same kind may be there, nothing else. Changes nothing.
 * @throws MatchpointError `USAGE` when something else is there, or `input`, which is being read
 */
export function checkRoom(path: string, kind: Kind, input: string | undefined): void {
  if (!existsSync(path)) return;
  if (input !== undefined && existsSync(input) && realpathSync(input) === realpathSync(path))
    refuse(path, kind, "that is the input");
  const found = statSync(path);
  if (found.isDirectory()) refuse(path, kind, "that is a folder");
  if (!found.isFile()) refuse(path, kind, "that is no ordinary file");
  if (found.size > 0 && !firstBytes(path).includes(SIGNS[kind]))
    refuse(path, kind, `the file there is no ${kind}`);
}

/**
 * Makes room for a journal. A run's journal is its evidence: no other run takes its place.
 * @throws MatchpointError `USAGE` like {@link checkRoom}, and when a journal is there already
 */
export function makeRoom(path: string, input: string | undefined): void {
  if (!existsSync(path)) return;
  checkRoom(path, "journal", input);
  if (statSync(path).size > 0) refuse(path, "journal", "another run's journal is there");
}
