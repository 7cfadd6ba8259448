import { availableParallelism } from "node:os";
import { MatchpointError } from "@matchpoint/sdk";
import { checkedParams, type Host } from "../commands/shared.ts";
import { listenForInterrupt } from "../interrupt.ts";
import type { Io } from "../io.ts";
import { kindOf } from "../player/play.ts";
import { Display } from "../report/display.ts";
import { planOfJob, type Job, type JobResult } from "./job.ts";
import { runJobs } from "./pool.ts";

/** Options of everything that runs recordings side by side. */
export interface StudyFlags {
  readonly strategy: readonly string[];
  readonly set: readonly string[];
  readonly seed?: number;
  readonly workers?: number;
  readonly allowTruncated?: boolean;
  readonly json?: boolean;
  readonly asWorker?: boolean;
}

/** What the recordings are traded with, once for each. */
export interface Variant {
  readonly config: string | undefined;
  readonly set: readonly string[];
}

/** What has been done, in the order in which it was asked for. */
export interface Done {
  readonly job: Job;
  readonly result: JobResult;
}

/**
 * Trades every recording with every variant, the recordings of a variant one after the other, and shows how far it is.
 * @throws MatchpointError for what is wrong with the command line, before the first is begun; `ABORTED` when it was interrupted
 */
export async function tradeAll(
  files: readonly string[],
  variants: readonly Variant[],
  flags: StudyFlags,
  host: Host,
  io: Io,
): Promise<readonly Done[]> {
  const { strategy, seed, allowTruncated = false } = flags;
  const base = { strategy, allowTruncated, ...(seed === undefined ? {} : { seed }) };
  const jobs = variants.flatMap(({ config, set }) =>
    files.map((file): Job => ({ file, set, ...base, ...(config === undefined ? {} : { config }) })),
  );
  await checkJobs(jobs, host);
  const results = await doJobs(jobs, flags, host, io);
  return jobs.map((job, i) => ({ job, result: results[i]! }));
}

/**
 * Looks at every job before the first is begun: what is wrong with a command line is told at once.
 * @throws MatchpointError `FILE_NOT_FOUND`, `RECORDING_INVALID`, `CONFIG_INVALID`, `USAGE`
 */
async function checkJobs(jobs: readonly Job[], host: Host): Promise<void> {
  for (const file of new Set(jobs.map((job) => job.file))) kindOf(file);
  const seen = new Set<string>();
  for (const job of jobs) {
    const key = JSON.stringify([
      job.config,
      job.strategy,
      job.set,
      job.config === undefined && kindOf(job.file),
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    const planned = await planOfJob(job, host);
    if (planned === undefined) continue;
    if (planned.strategies.length === 0)
      throw new MatchpointError("USAGE", "no strategy to trade with", {
        hint: "Name one with --strategy, or a configuration that has some with --config.",
      });
    for (const strategy of planned.strategies) checkedParams(strategy);
  }
}

/** Does all jobs, and shows how far they are. @throws MatchpointError `ABORTED` when it was interrupted */
async function doJobs(
  jobs: readonly Job[],
  flags: StudyFlags,
  host: Host,
  io: Io,
): Promise<readonly JobResult[]> {
  const interrupt = listenForInterrupt(io);
  const display = new Display(io, { quiet: flags.json === true });
  try {
    const results = await runJobs(jobs, {
      host,
      threads: flags.workers ?? availableParallelism(),
      signal: interrupt.signal,
      onProgress: (fraction, done) => {
        if (display.due()) display.show({ done, unit: "runs", fraction });
      },
    });
    display.end();
    if (interrupt.signal.aborted)
      throw new MatchpointError(
        "ABORTED",
        `interrupted after ${results.filter((each) => each !== undefined).length} of ${jobs.length} runs`,
      );
    return results.map((each) => each ?? { ok: false, code: "ABORTED", message: "was not run" });
  } finally {
    interrupt.dispose();
  }
}
