import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { pause, type Clock, type OperatorEvent } from "@matchpoint/sdk";

/** With more than these parts taken, the machine or V8 may end the process at any moment. */
const MOST_MEMORY = 0.85;
const MOST_HEAP = 0.9;
const EVERY_MS = 5_000;
/** Looks in a row: what is garbage comes and goes. */
const LOOKS = 3;
const MIB = 1_048_576;

/** What a process has of the machine's memory, and of its own heap's. In bytes. */
export interface MemoryUse {
  readonly resident: number;
  /** What its unit, container or machine lets it have. */
  readonly most: number;
  readonly heap: number;
  readonly mostHeap: number;
}

/** What this process has now. */
export function memoryUse(): MemoryUse {
  const { used_heap_size: heap, heap_size_limit: mostHeap } = getHeapStatistics();
  // 0, or more than there is: nothing limits it.
  const limit = process.constrainedMemory();
  const most = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { resident: process.memoryUsage.rss(), most, heap, mostHeap };
}

/** What is to be said of it, in words; `undefined`: there is room. */
export function judgeMemory({ resident, most, heap, mostHeap }: MemoryUse): string | undefined {
  const said = (what: string, taken: number, of: number): string =>
    `${what} ${Math.round(taken / MIB)} MiB of ${Math.round(of / MIB)} MiB`;
  if (resident > most * MOST_MEMORY) return said("the process takes", resident, most);
  return heap > mostHeap * MOST_HEAP ? said("its heap takes", heap, mostHeap) : undefined;
}

/**
 * Ends the entries of a run whose memory runs out, while there is still somebody to do it: exits go on. Told once; an operator's resume
 * ends it, and another look may begin it anew.
 */
export async function* watchMemory(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether entries are stopped already. */
  readonly isStopped: () => boolean;
  readonly look?: () => MemoryUse;
}): AsyncGenerator<OperatorEvent, void> {
  const { clock, signal, isStopped, look = memoryUse } = options;
  let looks = 0;
  while (!signal.aborted) {
    const reason = judgeMemory(look());
    looks = reason === undefined ? 0 : looks + 1;
    if (reason !== undefined && looks >= LOOKS && !isStopped()) {
      const command = { kind: "stop_entries", reason } as const;
      yield {
        type: "operator",
        at: clock.monotonic(),
        receivedAt: clock.wall(),
        operator: "memory",
        command,
      };
    }
    await pause(clock, EVERY_MS, signal);
  }
}
