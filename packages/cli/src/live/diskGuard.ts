import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { MatchpointError, type BotConfig, type Clock, type CoreEvent, type Runtime } from "@matchpoint/sdk";
import {
  diskLimits,
  DiskReserve,
  diskSpace,
  judgeDisk,
  stoppedFor,
  watchDisk,
  type DiskSpace,
} from "@matchpoint/sdk/node";

const MIB = 1_048_576;

/** What keeps a live run from a journal that cannot be written. */
export interface DiskGuard {
  readonly reserve: DiskReserve;
  /** What is not well at the start, in words. */
  readonly warning: string | undefined;
  /** Looks at the disk while the run trades. */
  watch(runtime: Runtime, clock: Clock, signal: AbortSignal): AsyncIterable<CoreEvent>;
}

/**
 * Takes the reserve of a live run, and looks whether the journal's disk has room.
 * @throws MatchpointError `CONFIG_LIVE_REFUSED` when it has so little that the run would be halted at once
 */
export function guardDisk(
  { journal }: BotConfig,
  journalPath: string,
  look: (dir: string) => DiskSpace = diskSpace,
): DiskGuard {
  const dir = dirname(journalPath);
  mkdirSync(dir, { recursive: true });
  const reserve = new DiskReserve(join(dir, "disk-reserve"), journal.reserve_mib * MIB);
  const kept = reserve.fill();
  const limits = diskLimits(journal);
  const command = judgeDisk(dir, look(dir), limits);
  if (!kept || command?.kind === "halt") {
    const found =
      command?.reason ?? `the disk of ${dir} has no room for a reserve of ${journal.reserve_mib} MiB`;
    throw new MatchpointError("CONFIG_LIVE_REFUSED", found, {
      where: dir,
      hint: "Free some of it, or point journal.dir elsewhere: an order that cannot be journaled is not sent.",
    });
  }
  return {
    reserve,
    warning: command?.reason,
    watch: ({ core }, clock, signal) =>
      watchDisk({
        ...limits,
        dir,
        clock,
        signal,
        look,
        wasFull: () => reserve.used,
        isStopped: stoppedFor(core),
      }),
  };
}
