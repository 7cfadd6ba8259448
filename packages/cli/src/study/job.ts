import { isMatchpointError, type CoreEvent, type RunStarted, type RunSummary } from "@matchpoint/sdk";
import { bareMessage } from "../bareMessage.ts";
import { planOfJournal, type JournalPlan } from "../commands/planOfJournal.ts";
import { DEFAULT_PLAN } from "../commands/replay.ts";
import { plan, type Host, type Plan } from "../commands/shared.ts";
import { kindOf, playFile } from "../player/play.ts";
import { startPaperRun, type BotRun } from "../run.ts";
import { DaysSeen, factsOf, type JobFacts } from "./facts.ts";

/** One run of one recording: plain data, so that a thread can be given it. */
export interface Job {
  readonly file: string;
  readonly config?: string;
  readonly strategy: readonly string[];
  readonly set: readonly string[];
  readonly seed?: number;
  readonly allowTruncated: boolean;
}

/** What a run came to. Money in micro-dollars. */
export interface JobAccount {
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly denied: number;
  readonly skipped: number;
  readonly fees: number;
  readonly pnl: number;
  /** With resting orders filled as an optimist and as a pessimist has them filled. */
  readonly optimistic?: number;
  readonly pessimistic?: number;
  readonly effectsHash: string;
}

/** A run that ended, or what kept it from that. */
export type JobResult =
  | { readonly ok: true; readonly account: JobAccount; readonly facts: JobFacts }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly hint?: string };

const FAST_BYTES = 131_072;
/** The same in every thread and at every time: nothing of a run may depend on who ran it. */
const RUN_ID = "study";

/** The plan of a job; of a journal without a configuration it is in the journal. */
export async function planOfJob(job: Job, host: Host): Promise<Plan | undefined> {
  if (job.config === undefined && kindOf(job.file) === "journal") return undefined;
  return plan(job, host, DEFAULT_PLAN);
}

/** Does a job. What is wrong with its recording is its result. */
export async function runJob(
  job: Job,
  host: Host,
  onProgress: (fraction: number) => Promise<void> | void,
  signal: AbortSignal,
): Promise<JobResult> {
  let run: BotRun | undefined;
  const days = new DaysSeen();
  try {
    let planned: Plan | JournalPlan | undefined = await planOfJob(job, host);
    await playFile(job.file, {
      emit: (event: CoreEvent) => {
        run ??= startPaperRun({
          config: planned!.config,
          strategies: planned!.strategies,
          runId: RUN_ID,
          startsAt: event.receivedAt,
          journalPath: undefined,
        });
        days.see(event.receivedAt);
        run.runtime.offer(event);
      },
      onRun: async (started: RunStarted) => {
        planned ??= await planOfJournal(started, job, host);
      },
      allowTruncated: job.allowTruncated,
      blockBytes: FAST_BYTES,
      signal,
      between: onProgress,
    });
    if (run === undefined) return { ok: false, code: "RECORDING_INVALID", message: "holds no event" };
    const summary = await run.finish("end of the recording");
    const facts = factsOf(run, summary, days, planned!.strategies);
    return { ok: true, account: accountOf(summary), facts };
  } catch (error) {
    await run?.abandon();
    return failure(error);
  }
}

/** What went wrong, as data. */
export function failure(error: unknown): Extract<JobResult, { readonly ok: false }> {
  if (isMatchpointError(error)) {
    const { code, hint } = error;
    return { ok: false, code, message: bareMessage(error), ...(hint === undefined ? {} : { hint }) };
  }
  return { ok: false, code: "UNFORESEEN", message: error instanceof Error ? error.message : String(error) };
}

function accountOf(summary: RunSummary): JobAccount {
  const { events, orders, fills, denied, skipped, fees, pnl, scenarios, effectsHash } = summary;
  const of = (wanted: string): number | undefined =>
    scenarios?.accounts.find(({ name }) => name === wanted)?.pnl;
  const [optimistic, pessimistic] = [of("optimistic"), of("pessimistic")];
  return {
    events,
    orders,
    fills,
    denied,
    skipped,
    fees,
    pnl,
    ...(optimistic === undefined ? {} : { optimistic }),
    ...(pessimistic === undefined ? {} : { pessimistic }),
    effectsHash,
  };
}
