import { statSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import {
  coreOfRun,
  journaledRun,
  JournalReader,
  JournalVerifier,
  MatchpointError,
  type CoreEvent,
  type JournalEntry,
  type JournalVerification,
  type VerifiableCore,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Display } from "../report/display.ts";
import { count, plural } from "../report/format.ts";
import { loadStrategy } from "../strategies.ts";
import { knownById } from "./planOfJournal.ts";
import type { Host } from "./shared.ts";

/** Bytes that are checked before anything else gets a turn. */
const BLOCK_BYTES = 131_072;

/**
 * `matchpoint verify JOURNAL`: reads every line, checks checksums and chain, feeds the recorded events, reports included, to
 * a fresh core, and demands the same effects. Exit code 3 when anything differs.
 */
export async function verifyCommand(
  file: string,
  flags: { readonly strategy: readonly string[]; readonly json?: boolean },
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const named = await Promise.all(
    flags.strategy.map((name) => loadStrategy(name, host.strategies, process.cwd())),
  );
  const known = knownById(host, named);
  const makeCore = (first: CoreEvent): VerifiableCore =>
    coreOfRun(journaledRun(first, (use) => (Object.hasOwn(known, use) ? known[use] : undefined)));
  const verifier = new JournalVerifier(makeCore);
  const display = new Display(io, { quiet: flags.json === true });
  const reader = new JournalReader({ file, crc32: nodeCrc32, sha256: nodeSha256 });
  let bytes = 0;
  const seen = { lines: 0, same: true, ended: false };
  const take = (entry: JournalEntry): void => {
    seen.lines += 1;
    seen.ended ||= entry.event.type === "run_stopping";
    seen.same &&= verifier.take(entry);
  };
  for (const block of readBlocks(file, { what: "journal", blockBytes: BLOCK_BYTES })) {
    reader.push(block, take);
    bytes += block.length;
    if (!seen.same) break;
    if (display.due())
      display.show({ done: seen.lines, unit: "lines", fraction: bytes / statSync(file).size });
    await turn();
  }
  display.end();
  const torn = seen.same ? reader.end().torn : undefined;
  const result = verifier.result();
  refuseDivergence(file, result);
  if (result.events === 0)
    throw new MatchpointError("JOURNAL_CORRUPT", "holds no event", { where: file, hint: "Is it a journal?" });
  if (flags.json === true) {
    io.out(
      JSON.stringify({
        ok: true,
        journal: file,
        events: result.events,
        deciding: result.deciding,
        effectsHash: result.chain,
        torn: torn !== undefined,
        ended: seen.ended,
      }),
    );
  } else {
    io.out(
      `${file}: ${count(result.events)} events decide the same; ${count(result.deciding)} led to effects`,
    );
    if (torn !== undefined)
      io.out(`  the last line (${torn.line}, ${plural(torn.bytes, "byte")}) is torn and was left out`);
    if (!seen.ended) io.out("  the run was not ended; the journal may be cut");
    io.out(`Effects: ${result.chain}`);
  }
  return EXIT.OK;
}

function refuseDivergence(file: string, { divergence }: JournalVerification): void {
  if (divergence === undefined) return;
  const { line, event, recorded, actual, effects } = divergence;
  const now =
    effects.length === 0
      ? "Now nothing is decided there."
      : `Now decided: ${effects.join("; ").slice(0, 500)}.`;
  throw new MatchpointError(
    "JOURNAL_DIVERGED",
    `line ${line} (${event.type}) led to other effects: recorded ${recorded ?? "none"}, now ${actual ?? "none"}`,
    { where: file, hint: `${now} The code, the configuration or a strategy has changed since.` },
  );
}
