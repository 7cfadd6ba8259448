import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { setImmediate as turn } from "node:timers/promises";
import type { Host } from "../commands/shared.ts";
import { runJob, type Job, type JobResult } from "./job.ts";

/** What a thread tells. */
type Word =
  | { readonly ready: true }
  | { readonly index: number; readonly fraction: number }
  | { readonly index: number; readonly result: JobResult };
/** What it is told. */
interface Order {
  readonly index: number;
  readonly job: Job;
}

/** How jobs are done. */
export interface PoolOptions {
  readonly host: Host;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told the part of everything that is done, and how many jobs. */
  readonly onProgress: (fraction: number, done: number) => void;
}

/**
 * Does jobs, and gives their results in the jobs' own order: it makes no difference which thread does what, nor how many there are. The
 * threads run this program again, so that they find the strategies that it was started with; where the process is not this command's
 * alone, the jobs are done here, one after the other. Jobs that were not done when the signal was given are left out.
 */
export async function runJobs(
  jobs: readonly Job[],
  options: PoolOptions,
): Promise<readonly (JobResult | undefined)[]> {
  const results: (JobResult | undefined)[] = jobs.map(() => undefined);
  const parts = jobs.map(() => 0);
  const progress = (index: number, part: number): void => {
    parts[index] = part;
    const done = results.filter((each) => each !== undefined).length;
    options.onProgress(parts.reduce((sum, each) => sum + each, 0) / jobs.length, done);
  };
  let next = 0;
  const take = (): Order | undefined => {
    if (next >= jobs.length || options.signal.aborted) return undefined;
    const index = next++;
    return { index, job: jobs[index]! };
  };
  const took = (index: number, result: JobResult): void => {
    results[index] = result;
    progress(index, 1);
  };
  if (options.host.ownProcess === true) {
    const threads = Math.min(options.threads, jobs.length);
    await Promise.all(Array.from({ length: threads }, () => inThread(take, took, progress, options.signal)));
  } else await here(take, took, progress, options);
  return results;
}

async function here(
  take: () => Order | undefined,
  took: (index: number, result: JobResult) => void,
  progress: (index: number, part: number) => void,
  { host, signal }: PoolOptions,
): Promise<void> {
  for (let order = take(); order !== undefined; order = take()) {
    const { index, job } = order;
    const result = await runJob(
      job,
      host,
      async (part) => {
        progress(index, part);
        await turn();
      },
      signal,
    );
    if (!signal.aborted) took(index, result);
  }
}

/** Has one thread after another take jobs until there are none: one that dies costs the job that it had. */
async function inThread(
  take: () => Order | undefined,
  took: (index: number, result: JobResult) => void,
  progress: (index: number, part: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let order = take(); order !== undefined;) order = await oneThread(order, take, took, progress, signal);
}

function oneThread(
  first: Order,
  take: () => Order | undefined,
  took: (index: number, result: JobResult) => void,
  progress: (index: number, part: number) => void,
  signal: AbortSignal,
): Promise<Order | undefined> {
  const worker = new Worker(process.argv[1]!, {
    argv: [...process.argv.slice(2), "--as-worker"],
    stdin: false,
    stdout: true,
  });
  return new Promise((resolve) => {
    let order: Order | undefined = first;
    let why = "its thread ended";
    const stop = (): void => void worker.terminate();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    worker.on("message", (word: Word) => {
      if ("ready" in word) worker.postMessage(order);
      else if ("fraction" in word) progress(word.index, word.fraction);
      else {
        took(word.index, word.result);
        order = take();
        worker.postMessage(order);
      }
    });
    worker.on("error", (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.on("exit", () => {
      signal.removeEventListener("abort", stop);
      if (order !== undefined && !signal.aborted)
        took(order.index, { ok: false, code: "STRATEGY_FAULT", message: why });
      resolve(order === undefined || signal.aborted ? undefined : take());
    });
  });
}

/** Does what the thread that started this one asks for, until it asks for nothing. */
export async function serveJobs(host: Host): Promise<void> {
  const port = parentPort;
  if (isMainThread || port === null) return;
  const say = (word: Word): void => {
    port.postMessage(word);
  };
  const never = new AbortController().signal;
  await new Promise<void>((resolve) => {
    port.on("message", (order: Order | undefined) => {
      if (order === undefined) {
        port.close();
        resolve();
        return;
      }
      const { index, job } = order;
      const onProgress = (fraction: number): void => {
        say({ index, fraction });
      };
      void runJob(job, host, onProgress, never).then((result) => {
        say({ index, result });
      });
    });
    say({ ready: true });
  });
}
