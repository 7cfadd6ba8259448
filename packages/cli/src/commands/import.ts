import { rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { mappedMarkets, mappedMatches, MAPPING, type Mapping } from "../import/mapping.ts";
import { openGridSeriesEvents } from "../import/gridSeriesEvents.ts";
import { openMarketWsJsonl } from "../import/marketWsJsonl.ts";
import { openTicksCsv } from "../import/ticksCsv.ts";
import type { OpenCapture } from "../import/capture.ts";
import { MatchpointError, RecordingWriter, type Millis } from "@matchpoint/sdk";
import { FileStorage, loadYaml } from "@matchpoint/sdk/node";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { count } from "../report/format.ts";
import { ProgressLine } from "../report/progressLine.ts";

/** Kinds of captures that can be imported. */
export const IMPORT_KINDS: Readonly<Record<Mapping["kind"], OpenCapture>> = {
  "polymarket-ticks-csv": openTicksCsv,
  "market-ws-jsonl": openMarketWsJsonl,
  "grid-series-events": openGridSeriesEvents,
};

/** `matchpoint import KIND PATH --mapping MAP.yaml --out FILE`: turns somebody's capture into a recording. */
export async function importCommand(
  kind: string,
  path: string,
  options: { readonly mapping: string; readonly out: string; readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  if (!Object.hasOwn(IMPORT_KINDS, kind)) {
    throw new MatchpointError("USAGE", `unknown kind of capture: ${kind}`, {
      hint: `Known kinds: ${Object.keys(IMPORT_KINDS).join(", ")}.`,
    });
  }
  const mapping = loadYaml(options.mapping, MAPPING, { what: "mapping", code: "MAPPING_INVALID" });
  if (mapping.kind !== kind) {
    throw new MatchpointError("MAPPING_INVALID", `the mapping is for ${mapping.kind}, not for ${kind}`, { where: options.mapping });
  }
  const capture = await IMPORT_KINDS[mapping.kind](path, mapping);
  const markets = mappedMarkets(mapping, capture.tokens);
  rmSync(options.out, { force: true });
  const storage = new FileStorage(dirname(options.out));
  const progress = new ProgressLine(io, { quiet: options.json === true });
  let written = 0;
  try {
    const frames = capture.frames()[Symbol.asyncIterator]();
    const first = await frames.next();
    const writer = new RecordingWriter({
      storage,
      segment: basename(options.out),
      header: {
        matchpoint_recording: 1,
        created_by: "matchpoint import",
        source: `${mapping.source} (${basename(path)})`,
        started_at: first.done === true ? 0 : first.value.t,
        asserted_by: { by: mapping.asserted_by, mapping },
        markets,
        matches: mappedMatches(mapping),
        channels: capture.channels,
      },
    });
    const encoder = new TextEncoder();
    for (let next = first; next.done !== true; next = await frames.next()) {
      writer.frame(next.value.channel, next.value.t as Millis, encoder.encode(next.value.text));
      written += 1;
      if (progress.due()) {
        const { done, total } = capture.progress();
        progress.show({ done: written, fraction: total === 0 ? undefined : done / total, elapsedMs: progress.elapsed });
      }
    }
    await writer.close();
  } finally {
    await storage.close();
  }
  progress.end();
  const { read, left, more } = capture.counts;
  if (options.json === true) {
    io.out(JSON.stringify({ kind, out: options.out, read, frames: written, left, ...more, wallMs: Math.round(progress.elapsed) }));
    return EXIT.OK;
  }
  const extra = Object.entries(more).map(([name, value]) => `${count(value)} ${name}`);
  io.out(`${options.out}: ${count(written)} frames from ${count(read)} lines${extra.length === 0 ? "" : ` (${extra.join(", ")})`}`);
  for (const [reason, times] of Object.entries(left)) io.out(`  left out: ${count(times)} × ${reason}`);
  return EXIT.OK;
}
