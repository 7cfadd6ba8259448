import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesWithSecrets, secretsIn } from "../../scripts/canary.ts";

const folders: string[] = [];
const children: ChildProcess[] = [];
/** Secrets that commands have printed. */
const printed: string[] = [];

/** A fresh folder that is gone after the tests of its file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-cli-"));
  folders.push(folder);
  return folder;
}

/** A process that does not outlive the tests of its file. */
export function killedAtEnd(child: ChildProcess): void {
  children.push(child);
}

/** What a command has printed, once it has been searched for secrets. */
export function searched<E extends { readonly out: string; readonly err: string }>(
  args: readonly string[],
  ended: E,
): E {
  for (const name of secretsIn(ended.out + ended.err)) printed.push(`${args.join(" ")}: ${name}`);
  return ended;
}

/** Ends the tests of a file: whatever a command did in them, it may not have printed or kept a secret. */
export function clearLeftovers(): void {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  const kept = folders.flatMap((folder) => filesWithSecrets(folder).found);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  const found = [...kept, ...printed.splice(0)];
  if (found.length > 0) throw new Error(`secrets in what commands left:\n${found.join("\n")}`);
}
