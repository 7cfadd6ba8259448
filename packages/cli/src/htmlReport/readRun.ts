import { createHash, type Hash } from "node:crypto";
import { statSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import {
  EffectsHasher,
  isMatchpointError,
  isOutside,
  JournalReader,
  MatchpointError,
  type CoreEvent,
  type JournalEntry,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import { RunView, type FindStrategy } from "../view/index.ts";
import { Blotter, type FillRow, type OrderRow } from "./blotter.ts";
import { PaperAgain, type PaperFacts } from "./paperAgain.ts";

/** What a day (UTC, of the run's time) brought, in micro-dollars. */
export interface DayRow {
  readonly day: string;
  readonly pnl: number;
}

/** A run, read from its journal to the end. */
export interface ReadRun {
  readonly file: string;
  readonly view: RunView;
  readonly orders: readonly OrderRow[];
  readonly fills: readonly FillRow[];
  readonly days: readonly DayRow[];
  /** What the runs brought whose account this one went on with, in micro-dollars: none of it belongs to a day of this run. */
  readonly earlier: number;
  readonly paper: PaperFacts;
  /** Why it ended, in the run's words. */
  readonly reason: string | undefined;
  readonly torn: { readonly line: number; readonly bytes: number } | undefined;
  readonly bytes: number;
  readonly hashes: RunHashes;
}

/** What tells runs and their data apart. */
export interface RunHashes {
  /** SHA-256 of the journal's bytes. */
  readonly journal: string;
  /** SHA-256 of what came from outside (markets, books, match facts, operators): the same for runs of the same data. */
  readonly data: string;
  /** SHA-256 of the configuration and the strategies with their parameters, as JSON with sorted keys. */
  readonly config: string;
  /** Chained hash of all that was decided; what `verify` and the run itself print. Absent where nothing could be decided again. */
  readonly effects: string | undefined;
}

/** How a journal is read. */
export interface ReadOptions {
  readonly find: FindStrategy;
  /** Told the part that is done. */
  readonly between?: (fraction: number, lines: number) => void;
}

const BLOCK_BYTES = 262_144;
const DAY_MS = 86_400_000;
const MS = 1_000_000;

/**
 * Reads a journal and folds it into all that is reported of its run. Where the run's strategies are not known or decide otherwise now,
 * its books alone are shown, and the view says so.
 * @throws MatchpointError `FILE_NOT_FOUND`, `JOURNAL_CORRUPT` with line and byte, `JOURNAL_SCHEMA_NEWER`
 */
export async function readRun(file: string, options: ReadOptions): Promise<ReadRun> {
  try {
    return await readOnce(file, options, undefined);
  } catch (error) {
    if (!isMatchpointError(error) || error.code !== "JOURNAL_DIVERGED") throw error;
    const why = `${error.message.split("\n")[0]!}.`;
    return readOnce(file, options, why);
  }
}

async function readOnce(file: string, options: ReadOptions, books: string | undefined): Promise<ReadRun> {
  const { find, between } = options;
  const view = new RunView({ find, ...(books === undefined ? {} : { booksOnly: books }) });
  const blotter = new Blotter();
  const days = new Days();
  const effects = new EffectsHasher();
  const data = createHash("sha256");
  const whole = createHash("sha256");
  let again: PaperAgain | undefined;
  let reason: string | undefined;
  const take = (entry: JournalEntry): void => {
    const { event } = entry;
    days.before(event.at, view);
    const decided = view.take(entry);
    days.after(event, view);
    effects.add(decided);
    blotter.take(event, decided, view);
    if (event.type === "run_started" && event.mode === "paper" && view.lacks.length === 0)
      again = new PaperAgain(find);
    again?.take(event);
    if (event.type === "run_stopping") reason = event.reason;
    else if (isOutside(event)) addEvent(data, event);
  };
  const reader = new JournalReader({ file, crc32: nodeCrc32, sha256: nodeSha256 });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  let bytes = 0;
  for (const block of readBlocks(file, { what: "journal", blockBytes: BLOCK_BYTES })) {
    whole.update(block);
    reader.push(block, take);
    bytes += block.length;
    between?.(size === 0 ? 1 : bytes / size, view.seq);
    await turn();
  }
  const { torn } = reader.end();
  if (view.isEmpty)
    throw new MatchpointError("JOURNAL_CORRUPT", "holds no event", { where: file, hint: "Is it a journal?" });
  const folded = view.lacks.length === 0;
  const { config, strategies, mode } = view.started;
  const lack = mode === "live" ? {} : { lack: "its decisions cannot be made again" };
  return {
    file,
    view,
    orders: blotter.orders,
    fills: blotter.fills,
    days: days.end(view),
    earlier: days.earlier,
    paper: again === undefined ? lack : await again.end(effects.chain),
    reason,
    torn,
    bytes,
    hashes: {
      journal: whole.digest("hex"),
      data: data.digest("hex"),
      config: createHash("sha256").update(sortedJson({ config, strategies })).digest("hex"),
      effects: folded ? effects.chain : undefined,
    },
  };
}

function addEvent(hash: Hash, event: unknown): void {
  hash.update(JSON.stringify(event)).update("\n");
}

/** JSON whose keys are sorted: the same for the same content. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/**
 * Profit by UTC day: what is held counts as valued when the day changes, and as it cost when the run took it over from an earlier one.
 */
class Days {
  readonly #rows: DayRow[] = [];
  #day: number | undefined;
  #before = 0;
  /** What the account that was taken over had brought. */
  earlier = 0;

  /** A day ends with the last event of it. */
  before(at: number, view: RunView): void {
    if (this.#day === undefined) return;
    const day = dayOf(at, view);
    if (day === this.#day) return;
    this.#close(this.#day, view);
    this.#day = day;
  }

  after(event: CoreEvent, view: RunView): void {
    this.#day ??= dayOf(event.at, view);
    if (event.type !== "adopted" || event.what.kind !== "account") return;
    this.earlier = this.#before = view.core.pnl.total.pnl;
  }

  end(view: RunView): readonly DayRow[] {
    this.#close(this.#day ?? Math.floor(view.t / DAY_MS), view);
    return this.#rows;
  }

  #close(day: number, view: RunView): void {
    const { pnl } = view.core.pnl.total;
    this.#rows.push({ day: new Date(day * DAY_MS).toISOString().slice(0, 10), pnl: pnl - this.#before });
    this.#before = pnl;
  }
}

function dayOf(at: number, { started }: RunView): number {
  return Math.floor((started.receivedAt + (at - started.at) / MS) / DAY_MS);
}
