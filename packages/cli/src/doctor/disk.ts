import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { diskLimits, diskSpace, judgeDisk } from "@matchpoint/sdk/node";
import type { Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, ok, warn, type Outcome } from "./finding.ts";

const MIB = 1_048_576;
const ELSEWHERE = "Make it writable, or point journal.dir elsewhere.";

/** The disk and the journal. */
export const DISK_CHECKS: readonly Check[] = [
  {
    id: "journal",
    title: "Journal",
    looksAt: "whether a file can be written and synced where the journal goes",
    needs: ["config"],
    modes: "any",
    local: true,
    run: (bench) => (journalled(bench) ? writable(folderOf(bench)) : unjournalled(bench)),
  },
  {
    id: "disk",
    title: "Disk",
    looksAt: "the room on the journal's disk",
    needs: ["journal"],
    modes: "any",
    local: true,
    run: (bench) => {
      if (!journalled(bench)) return idle("no journal is kept");
      const { journal } = bench.config;
      const dir = nearestFolder(folderOf(bench));
      const space = diskSpace(dir);
      const command = judgeDisk(dir, space, diskLimits(journal));
      const fix =
        "Free some of it, or point journal.dir elsewhere: an order that cannot be journaled is not sent.";
      if (command?.kind === "halt") return fail(command.reason ?? "the disk is nearly full", fix);
      if (bench.live && space.free < journal.reserve_mib * MIB)
        return fail(`the disk of ${dir} has no room for a reserve of ${journal.reserve_mib} MiB`, fix);
      if (command !== undefined) return warn(command.reason ?? "the disk is filling up", fix);
      return ok(`${Math.floor(space.free / MIB)} MiB are free on the disk of ${dir}`);
    },
  },
];

function journalled({ config, options }: Bench): boolean {
  return config.journal.enabled || options.journalPath !== undefined;
}

function unjournalled({ live }: Bench): Outcome {
  const found = "journal.enabled is false: the run leaves nothing to verify";
  return live ? fail(found, "Set it to true: an order that is not written down is not sent.") : idle(found);
}

function folderOf({ config, options }: Bench): string {
  return resolve(options.journalPath === undefined ? config.journal.dir : dirname(options.journalPath));
}

/** The folder itself, or the one in which it would be made. */
function nearestFolder(dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : nearestFolder(dirname(dir));
}

/** Writes a file and takes it away again: what permissions promise is not always so. */
function writable(dir: string): Outcome {
  const there = nearestFolder(dir);
  try {
    if (!statSync(there).isDirectory()) return fail(`${there} is no folder`, ELSEWHERE);
    const path = join(there, `.matchpoint-doctor-${process.pid}`);
    const descriptor = openSync(path, "w", 0o600);
    try {
      writeSync(descriptor, "x");
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
      rmSync(path, { force: true });
    }
  } catch (error) {
    const { code = "it fails" } = error as NodeJS.ErrnoException;
    return fail(`nothing can be written to ${there}: ${code}`, ELSEWHERE);
  }
  return ok(there === dir ? `${dir} can be written` : `${dir} will be made, in a folder that can be written`);
}
