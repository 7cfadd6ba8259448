// Loaded into the bot's process before its own code: answers when it is asked what only the process itself can know. It changes nothing of
// what it watches, but for the collections that are asked for.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { isMainThread, type Worker } from "node:worker_threads";

/** What is asked: a collection, or none; by how many ms a loop is late. */
export interface Asked {
  readonly collect: boolean;
  readonly lateMs: number;
}

/** What the process says of itself. */
export interface Told {
  readonly rss: number;
  /** What is used of the main thread's heap; right after a collection when one was asked for. */
  readonly heap: number;
  /** What is used of the heaps of its other threads, not collected. */
  readonly threads: number;
  /** Looks at the loop since it was asked last, and how many found it late. A collection that was asked for is not looked at. */
  readonly loop: { readonly count: number; readonly late: number };
  /** Errors and rejections that nobody caught, in their own words. */
  readonly uncaught: readonly string[];
}

const RESOLUTION_MS = 10;
const NANOS = 1_000_000;
/** After a collection that was asked for, until what has waited meanwhile is done. */
const REST_MS = 1_000;

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const threads = new Set<Worker>();
  process.on("worker", (worker) => {
    threads.add(worker);
    worker.once("exit", () => threads.delete(worker));
  });
  const uncaught: string[] = [];
  process.on("uncaughtExceptionMonitor", (error) => uncaught.push(String(error)));
  process.on("unhandledRejection", (reason) => {
    uncaught.push(`rejection: ${String(reason)}`);
    // Nobody else listens: it ends the process, as it would without this.
    if (process.listenerCount("unhandledRejection") === 1) throw reason as Error;
  });
  const tell = async ({ collect, lateMs }: Asked): Promise<Told> => {
    // The histogram has the time from one look to the next.
    const loop = { count: delay.count, late: beyond(delay, (lateMs + RESOLUTION_MS) * NANOS) };
    delay.reset();
    if (collect) {
      delay.disable();
      globalThis.gc!();
      setTimeout(() => delay.enable(), REST_MS).unref();
    }
    const heap = getHeapStatistics().used_heap_size;
    const others = await Promise.all([...threads].map(heapOf));
    return {
      rss: process.memoryUsage.rss(),
      heap,
      threads: others.reduce((sum, each) => sum + each, 0),
      loop,
      uncaught,
    };
  };
  process.on("message", (asked: Asked) => {
    void tell(asked).then((told) => process.send?.(told));
  });
  // That somebody may ask must not keep the process alive.
  process.channel?.unref();
}

/** How many values are greater than one, by halving: a histogram says values by how many are below, and not the other way round. */
function beyond(histogram: ReturnType<typeof monitorEventLoopDelay>, nanos: number): number {
  const { count } = histogram;
  if (count === 0 || histogram.max <= nanos) return 0;
  let [within, over] = [0, count];
  while (over - within > 1) {
    const middle = Math.floor((within + over) / 2);
    if (histogram.percentile((middle / count) * 100) <= nanos) within = middle;
    else over = middle;
  }
  return count - within;
}

/** A thread that is just ending has none. */
async function heapOf(worker: Worker): Promise<number> {
  try {
    return (await worker.getHeapStatistics()).used_heap_size;
  } catch {
    return 0;
  }
}
