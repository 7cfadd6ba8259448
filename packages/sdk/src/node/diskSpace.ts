import { statfsSync } from "node:fs";
import { pause, type Clock } from "../clock/index.ts";
import type { BotConfig } from "../config/index.ts";
import type { OperatorCommand, OperatorEvent } from "../events/index.ts";
import type { Runtime } from "../runtime/index.ts";

/** Room on a disk, in bytes. */
export interface DiskSpace {
  /** What this process may still use. */
  readonly free: number;
  readonly total: number;
}

/** The room on the disk of a folder. @throws what `statfs` throws */
export function diskSpace(dir: string): DiskSpace {
  const { bavail, bsize, blocks } = statfsSync(dir);
  return { free: bavail * bsize, total: blocks * bsize };
}

/** From which room on what is stopped. */
export interface DiskLimits {
  /** Below this many free bytes nothing new is begun. */
  readonly minFree: number;
  /** The same as a part of the whole disk, 0 to 1. */
  readonly minFreePart: number;
  /** Below this many free bytes every market is halted and every order cancelled. */
  readonly haltFree: number;
}

/** How a disk is watched. */
export interface DiskWatchOptions extends DiskLimits {
  /** The journal's folder. */
  readonly dir: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From one look to the next, in ms. Default 2,000. */
  readonly everyMs?: number;
  /** Whether the run is stopped as far as `command` would stop it; then nothing is said again. Default: it was told once. */
  readonly isStopped?: (command: "stop_entries" | "halt") => boolean;
  /** Whether the reserve was used: the disk was full already. */
  readonly wasFull?: () => boolean;
  /** Default {@link diskSpace}. */
  readonly look?: (dir: string) => DiskSpace;
}

/** With less than the reserve and this the journal would be next. */
const LAST_MIB = 16;
const EVERY_MS = 2_000;
/** So many looks in a row without an answer stop entries. */
const UNKNOWN = 3;
const MIB = 1_048_576;
const GIB = 1_024 * MIB;

/** From which room on a configured run is stopped. */
export function diskLimits(journal: BotConfig["journal"]): DiskLimits {
  return {
    minFree: journal.min_free_gib * GIB,
    minFreePart: journal.min_free_part,
    haltFree: LAST_MIB * MIB,
  };
}

/** Whether a run is stopped as far as the watch of its disk would stop it: {@link DiskWatchOptions.isStopped}. */
export function stoppedFor(core: Runtime["core"]): (command: "stop_entries" | "halt") => boolean {
  return (command) =>
    command === "halt"
      ? // Where every market is resolved another one may be listed.
        core.haltedByOperator &&
        core.markets().every(({ trading }) => trading.causes.has("manual") || trading.status === "RESOLVED")
      : core.system.status !== "READY";
}

/** What a disk's room means for a run; `undefined`: nothing. */
export function judgeDisk(
  dir: string,
  { free, total }: DiskSpace,
  { minFree, minFreePart, haltFree }: DiskLimits,
): Extract<OperatorCommand, { readonly kind: "halt" | "stop_entries" }> | undefined {
  const room = `the disk of ${dir} has ${shown(free)} left`;
  if (free < haltFree)
    return { kind: "halt", reason: `${room}, less than ${shown(haltFree)}: the journal would be next` };
  if (free < minFree) return { kind: "stop_entries", reason: `${room}, less than ${shown(minFree)}` };
  if (free < total * minFreePart)
    return { kind: "stop_entries", reason: `${room}, less than ${minFreePart * 100} % of it` };
  return undefined;
}

/**
 * Watches the room on the journal's disk while a run trades, as a source for `runLive`: when it grows short entries stop, and when it is
 * nearly gone every market is halted, which cancels all orders, while there is still room to journal that. A person frees the disk and
 * resumes; while it is not free the run is stopped again.
 *
 * @example
 * ```ts
 * import { SystemClock } from "@matchpoint/sdk";
 * import { watchDisk } from "@matchpoint/sdk/node";
 * const GIB = 1_073_741_824;
 * const signal = new AbortController().signal;
 * const source = watchDisk({ dir: "runs", clock: new SystemClock(), signal, minFree: GIB, minFreePart: 0.05, haltFree: GIB / 8 });
 * ```
 */
export async function* watchDisk(options: DiskWatchOptions): AsyncGenerator<OperatorEvent, void> {
  const { dir, clock, signal, everyMs = EVERY_MS, look = diskSpace, wasFull = () => false } = options;
  let unknown = 0;
  let told: string | undefined;
  while (!signal.aborted) {
    const space = attempt(() => look(dir));
    unknown = space === undefined ? unknown + 1 : 0;
    const command = wasFull()
      ? FULL(dir)
      : space === undefined
        ? nothing(dir, unknown)
        : judgeDisk(dir, space, options);
    const stopped = command !== undefined && (options.isStopped?.(command.kind) ?? told === command.kind);
    told = command?.kind;
    if (command !== undefined && !stopped)
      yield { type: "operator", at: clock.monotonic(), receivedAt: clock.wall(), operator: "disk", command };
    await pause(clock, everyMs, signal);
  }
}

const FULL = (dir: string) =>
  ({ kind: "halt", reason: `the disk of ${dir} is full: what was kept in reserve is being used` }) as const;

function nothing(
  dir: string,
  unknown: number,
): Extract<OperatorCommand, { kind: "stop_entries" }> | undefined {
  if (unknown < UNKNOWN) return undefined;
  return { kind: "stop_entries", reason: `nobody says how much room the disk of ${dir} has left` };
}

function shown(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.floor(bytes / MIB)} MiB`;
}

function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
