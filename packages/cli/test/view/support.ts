import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEFAULT_STRATEGIES, readJournal, type JournalEntry, type StrategyClass } from "@matchpoint/sdk";
import { runCli } from "../../src/index.ts";
import type { Io } from "../../src/io.ts";
import { RunView } from "../../src/view/index.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");
const KNOWN: Readonly<Record<string, StrategyClass>> = { ...DEFAULT_STRATEGIES };

/** A run of a short recording: what it said at its end, and its journal. */
export interface RecordedRun {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the command's own JSON, looked at field by field
  readonly summary: Record<string, any>;
  readonly journal: Uint8Array;
  readonly entries: readonly JournalEntry[];
}

/** Trades the recording of the smoke test with two strategies. */
export async function recordedRun(): Promise<RecordedRun> {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-view-"));
  try {
    const journal = join(folder, "run.journal.jsonl");
    const out: string[] = [];
    const io: Io = {
      out: (line) => void out.push(line),
      err: (line) => void out.push(line),
      redraw: () => undefined,
      columns: 100,
      interactive: false,
      closed: new AbortController().signal,
    };
    const maker = ["--strategy", "model-maker", "--set", "model-maker.reference=microprice"];
    const recording = join(ROOT, "scripts/smoke/recording.jsonl");
    const args = ["replay", recording, "--strategy", "pair-arb", ...maker, "--json", "--journal", journal];
    await runCli(args, { io });
    const bytes = readFileSync(journal);
    const summary = JSON.parse(out.at(-1)!) as RecordedRun["summary"];
    return { summary, journal: bytes, entries: [...readJournal(bytes)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A view of entries. */
export function viewOf(
  entries: Iterable<JournalEntry>,
  options: { readonly known?: Readonly<Record<string, StrategyClass>>; readonly booksOnly?: string } = {},
): RunView {
  const { known = KNOWN, booksOnly } = options;
  const view = new RunView({
    find: (use) => known[use],
    ...(booksOnly === undefined ? {} : { booksOnly }),
  });
  for (const entry of entries) view.take(entry);
  return view;
}
