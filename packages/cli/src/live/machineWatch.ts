import type { Clock, CoreEvent, Runtime } from "@matchpoint/sdk";
import type { DiskSpace } from "@matchpoint/sdk/node";
import type { DiskGuard } from "./diskGuard.ts";
import { watchMemory, type MemoryUse } from "./memoryWatch.ts";

/** What tells how much the machine has left; what is left out is asked of the machine itself. */
export interface MachineLooks {
  readonly disk?: (dir: string) => DiskSpace;
  readonly memory?: () => MemoryUse;
}

/** What stops a run before its machine does: sources that look at the journal's disk, and at the process's memory. */
export function watchMachine(
  guard: DiskGuard,
  runtime: Runtime,
  clock: Clock,
  signal: AbortSignal,
  { memory }: MachineLooks = {},
): readonly AsyncIterable<CoreEvent>[] {
  const isStopped = (): boolean => runtime.core.system.status !== "READY";
  return [
    guard.watch(runtime, clock, signal),
    watchMemory({ clock, signal, isStopped, ...(memory === undefined ? {} : { look: memory }) }),
  ];
}
