import { join } from "node:path";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  id,
  type BotConfig,
  type EventSink,
  type ExecutionFold,
  type MarketFilter,
  type Mode,
  type RebuiltAccount,
  type Runtime,
  type RunSummary,
  type StrategyClass,
  type Usdc,
} from "@matchpoint/sdk";
import { openJournal, type FileStorageOptions, type OpenJournal } from "@matchpoint/sdk/node";
import { buildOfCode } from "./build.ts";
import { isolationOf, type Isolation } from "./isolation/index.ts";
import { makeRoom } from "./makeRoom.ts";
import { paperOptions, withLatencyTable } from "./paper.ts";
import { Snapshots } from "./snapshots/index.ts";
import { loadStrategy, type StrategyRegistry } from "./strategies.ts";

/** A strategy of the run, found and with its parameters as given. */
export interface ChosenStrategy {
  readonly use: StrategyClass;
  readonly name?: string;
  readonly params: unknown;
  readonly markets?: MarketFilter;
  /** Set when it is to run in a thread of its own. */
  readonly isolation?: Isolation;
}

/** A run under way: the runtime and its journal. */
export interface BotRun {
  readonly runtime: Runtime;
  readonly journalPath: string | undefined;
  /** How many orders the paper venue has open; absent: the venue is none of this process. */
  openAtVenue?(): number;
  /** What is written beside the journal of a live run, so that the next start need not read all of it. */
  readonly snapshots: Snapshots | undefined;
  /** Resolves when what the journal holds so far would survive a power loss. */
  sync(): Promise<void>;
  /** Ends the run, settles it and closes the journal. */
  finish(reason: string): Promise<RunSummary>;
  /** Closes the journal of a run that cannot go on, with what it holds. */
  abandon(): Promise<void>;
}

/** What a run is made of. */
export interface RunOptions {
  readonly config: BotConfig;
  readonly strategies: readonly ChosenStrategy[];
  readonly runId: string;
  /** Wall clock of its first event, Unix ms. */
  readonly startsAt: number;
  /** Where the journal goes; `undefined` keeps none. */
  readonly journalPath: string | undefined;
  /** The file that the run reads from: its journal may not take that one's place. */
  readonly input?: string;
  /** What the journal may fall back on when the disk is full; a run that does not say keeps none. */
  readonly storage?: FileStorageOptions;
}

/** Where a run's orders go. */
export interface RunVenue {
  readonly mode: Mode;
  readonly execution: ExecutionFold;
  /** Dollars on the account; absent: the configuration's, on paper. */
  readonly collateral?: Usdc;
  /** The account as an earlier run of it left it. */
  readonly carried?: RebuiltAccount;
  readonly account?: string;
}

/** Starts a paper run. It can sign nothing: no key is asked for and none is held. */
export function startPaperRun(options: RunOptions): BotRun {
  const config = withLatencyTable(options.config);
  const execution = createPaperBroker(paperOptions(config, options.runId));
  const run = startRun({ ...options, config }, { mode: "paper", execution });
  return { ...run, openAtVenue: () => execution.view.openOrders().length };
}

/** Starts a run on a venue. */
export function startRun(options: RunOptions, venue: RunVenue): BotRun {
  const { config, runId, startsAt, journalPath } = options;
  let journal: OpenJournal | undefined;
  if (journalPath !== undefined) {
    makeRoom(journalPath, options.input);
    journal = openJournal(journalPath, {
      ...options.storage,
      runId: id(runId),
      bootId: runId,
    });
  }
  // On paper nothing goes on from a journal.
  const build = venue.mode === "live" ? buildOfCode() : undefined;
  const snapshots =
    journal === undefined || venue.mode !== "live" ? undefined : snapshotsOf(journal, options);
  const runtime = createRuntime({
    config,
    strategies: options.strategies,
    ...venue,
    ...(build === undefined ? {} : { build }),
    runId,
    startsAt,
    ...(journal === undefined
      ? {}
      : { journal: snapshots === undefined ? journal : watched(journal, snapshots) }),
  });
  if (journal !== undefined) {
    // A journal that cannot be written is refused now, not when its first buffer is full.
    journal.writer.flush();
    journal.storage.syncNow();
  }
  return {
    runtime,
    journalPath,
    snapshots,
    sync: async () => {
      await journal?.sync();
    },
    finish: async (reason) => {
      const summary = runtime.finish(reason);
      snapshots?.close();
      await journal?.close();
      return summary;
    },
    abandon: async () => {
      snapshots?.close();
      // What stopped the run is told; that its journal could not be closed either adds nothing.
      await journal?.close().catch(() => undefined);
    },
  };
}

function snapshotsOf(journal: OpenJournal, { config, journalPath }: RunOptions): Snapshots {
  return new Snapshots({
    journal: journalPath!,
    every: config.journal.snapshot_every,
    sync: () => journal.sync(),
  });
}

/** A journal whose lines are counted. */
function watched(journal: OpenJournal, snapshots: Snapshots): EventSink {
  return {
    append: (event, effectsHash) => {
      journal.append(event, effectsHash);
      snapshots.wrote(event);
    },
  };
}

/** Runs that this process has started. */
let started = 0;

/** A run's id: what it is, and when, by which process and as its how manieth it was started. No two runs have the same. */
export function newRunId(what: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, "").slice(0, 15);
  started += 1;
  return `${what}-${stamp}-${process.pid}${started === 1 ? "" : `-${started}`}`;
}

/** Where a run's journal goes unless the command line says otherwise. */
export function defaultJournalPath(config: BotConfig, runId: string): string | undefined {
  return config.journal.enabled ? join(config.journal.dir, `${runId}.journal.jsonl`) : undefined;
}

/** Finds the strategies that the configuration names. `folder` is where its relative paths start. */
export async function chosenStrategies(
  config: BotConfig,
  known: StrategyRegistry,
  folder: string,
): Promise<readonly ChosenStrategy[]> {
  return Promise.all(
    config.strategies.map(async ({ use, name, params, markets, ...given }) => {
      const isolation = isolationOf({ use, ...given }, folder, Object.hasOwn(known, use));
      return {
        use: await loadStrategy(use, known, folder),
        params,
        ...(name === undefined ? {} : { name }),
        ...(markets === undefined ? {} : { markets }),
        ...(isolation === undefined ? {} : { isolation }),
      };
    }),
  );
}
