import {
  coreOfRun,
  DEFAULT_STRATEGIES,
  journaledRun,
  JournalVerifier,
  MatchpointError,
  type CoreEvent,
  type StrategyClass,
  type VerifiableCore,
} from "@matchpoint/sdk";
import { readJournalFile } from "@matchpoint/sdk/node";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { count } from "../report/format.ts";
import { loadStrategy, strategiesById } from "../strategies.ts";
import type { Host } from "./shared.ts";

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
  const extra: Record<string, StrategyClass> = {};
  for (const name of flags.strategy) {
    const found = await loadStrategy(name, host.strategies, process.cwd());
    extra[found.id] = found;
  }
  const known: Readonly<Record<string, StrategyClass>> = { ...DEFAULT_STRATEGIES, ...strategiesById(host.strategies), ...extra };
  const makeCore = (first: CoreEvent): VerifiableCore =>
    coreOfRun(journaledRun(first, (use) => (Object.hasOwn(known, use) ? known[use] : undefined)));
  const verifier = new JournalVerifier(makeCore);
  const entries = readJournalFile(file);
  let next = entries.next();
  while (next.done !== true && verifier.take(next.value)) next = entries.next();
  const end = next.done === true ? next.value : undefined;
  const result = verifier.result();
  const { divergence } = result;
  if (divergence !== undefined) {
    throw new MatchpointError(
      "JOURNAL_DIVERGED",
      `line ${divergence.line} (${divergence.event.type}) led to other effects: recorded ${divergence.recorded ?? "none"}, now ${divergence.actual ?? "none"}`,
      {
        where: file,
        hint:
          divergence.effects.length === 0
            ? "Now nothing is decided there. The code, the configuration or a strategy has changed since."
            : `Now decided: ${divergence.effects.join("; ")}. The code, the configuration or a strategy has changed since.`,
      },
    );
  }
  if (result.events === 0) throw new MatchpointError("JOURNAL_CORRUPT", "holds no event", { where: file });
  if (flags.json === true) {
    io.out(JSON.stringify({ ok: true, journal: file, events: result.events, deciding: result.deciding, effectsHash: result.chain, torn: end?.torn !== undefined }));
  } else {
    io.out(`${file}: ${count(result.events)} events verified, ${count(result.deciding)} of them led to effects`);
    if (end?.torn !== undefined) io.out(`  the last line (${end.torn.line}, ${end.torn.bytes} bytes) is torn and was cut`);
    io.out(`Effects: ${result.chain}`);
  }
  return EXIT.OK;
}
