import { statSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import {
  coreOfRun,
  journaledRun,
  JournalReader,
  MatchpointError,
  type CoreEvent,
  type JournalEntry,
  type RunStarted,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { paperOptions } from "../paper.ts";
import { PaperCheck } from "../paperCheck/check.ts";
import { checkLines } from "../paperCheck/checkText.ts";
import { latencyBlock } from "../paperCheck/measured.ts";
import { optimism } from "../paperCheck/optimism.ts";
import { Display } from "../report/display.ts";
import { loadStrategy } from "../strategies.ts";
import { knownById } from "./planOfJournal.ts";
import type { Host } from "./shared.ts";

/** Options of `paper-check`. */
export interface PaperCheckFlags {
  readonly strategy: readonly string[];
  readonly latencies?: string;
  readonly json?: boolean;
}

/** Bytes that are read before anything else gets a turn. */
const BLOCK_BYTES = 131_072;

/**
 * `matchpoint paper-check JOURNAL`: sends the orders of a live run to the paper venue, into the same world at the same times, and says by
 * how much paper is too kind.
 *
 * @throws MatchpointError `USAGE` for the journal of a paper run; `JOURNAL_CORRUPT`, `JOURNAL_SCHEMA_NEWER`, `STRATEGY_NOT_FOUND`
 */
export async function paperCheckCommand(
  file: string,
  flags: PaperCheckFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const named = await Promise.all(
    flags.strategy.map((name) => loadStrategy(name, host.strategies, process.cwd())),
  );
  const known = knownById(host, named);
  const display = new Display(io, { quiet: flags.json === true });
  const reader = new JournalReader({ file, crc32: nodeCrc32, sha256: nodeSha256 });
  let check: PaperCheck | undefined;
  let lines = 0;
  let bytes = 0;
  const take = ({ event }: JournalEntry): void => {
    lines += 1;
    check ??= begin(event, file, known);
    check.take(event);
  };
  for (const block of readBlocks(file, { what: "journal", blockBytes: BLOCK_BYTES })) {
    reader.push(block, take);
    bytes += block.length;
    if (display.due()) display.show({ done: lines, unit: "lines", fraction: bytes / statSync(file).size });
    await turn();
  }
  display.end();
  reader.end();
  if (check === undefined)
    throw new MatchpointError("JOURNAL_CORRUPT", "holds no event", { where: file, hint: "Is it a journal?" });
  const result = check.end();
  const found = optimism(result.orders);
  if (flags.latencies !== undefined) writeFileSync(flags.latencies, latencyBlock(result.measured));
  if (flags.json === true) {
    io.out(
      JSON.stringify({
        journal: file,
        ...found,
        ...result,
        ...(flags.latencies === undefined ? {} : { latencies: flags.latencies }),
      }),
    );
    return EXIT.OK;
  }
  io.out(`${file}: the orders of a live run, once more on paper`);
  for (const line of checkLines(result, found, io.columns)) io.out(line);
  if (flags.latencies !== undefined)
    io.out(`Measured latencies: ${flags.latencies}, a block for the configuration file`);
  return EXIT.OK;
}

function begin(first: CoreEvent, file: string, known: ReturnType<typeof knownById>): PaperCheck {
  if (first.type === "run_started") refusePaper(first, file);
  const run = journaledRun(first, (use) => (Object.hasOwn(known, use) ? known[use] : undefined));
  return new PaperCheck(coreOfRun(run), paperOptions(run.config, run.started.runId));
}

function refusePaper({ mode }: RunStarted, file: string): void {
  if (mode === "live") return;
  throw new MatchpointError("USAGE", "is the journal of a paper run: nothing in it really happened", {
    where: file,
    hint: "Name the journal of a live run. `replay` trades the world of a paper run again.",
  });
}
