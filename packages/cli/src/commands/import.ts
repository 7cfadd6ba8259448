import { renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { mappedMarkets, mappedMatches, MAPPING, type Mapping } from "../import/mapping.ts";
import { openGridSeriesEvents } from "../import/gridSeriesEvents.ts";
import { openMarketWsJsonl } from "../import/marketWsJsonl.ts";
import { openTicksCsv } from "../import/ticksCsv.ts";
import type { Capture, CapturedFrame, OpenCapture } from "../import/capture.ts";
import { MatchpointError, RecordingWriter, type Millis } from "@matchpoint/sdk";
import { FileStorage, loadYaml } from "@matchpoint/sdk/node";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { checkRoom } from "../makeRoom.ts";
import { Display } from "../report/display.ts";
import { count, plural } from "../report/format.ts";

/** Kinds of captures that can be imported. */
const IMPORT_KINDS: Readonly<Record<Mapping["kind"], OpenCapture>> = {
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
    throw new MatchpointError("MAPPING_INVALID", `the mapping is for ${mapping.kind}, not for ${kind}`, {
      where: options.mapping,
    });
  }
  checkRoom(options.out, "recording", path);
  const capture = await IMPORT_KINDS[mapping.kind](path, mapping);
  const display = new Display(io, { quiet: options.json === true });
  const interrupt = listenForInterrupt(io);
  // Nothing half-written ever stands under the recording's own name, and what stood there stays until the new one is whole.
  const part = `${options.out}.part`;
  let written = 0;
  try {
    written = await write(part, capture, mapping, path, display, interrupt.signal);
    if (!interrupt.signal.aborted) renameSync(part, options.out);
  } finally {
    interrupt.dispose();
    rmSync(part, { force: true });
  }
  display.end();
  if (interrupt.signal.aborted) throw new MatchpointError("ABORTED", "interrupted; no recording was written");
  report(io, kind, options, capture, written, display.elapsed);
  return EXIT.OK;
}

/** Writes a capture's frames as a recording; returns how many. */
async function write(
  out: string,
  capture: Capture,
  mapping: Mapping,
  path: string,
  display: Display,
  signal: AbortSignal,
): Promise<number> {
  rmSync(out, { force: true });
  const storage = new FileStorage(dirname(out));
  const frames = capture.frames()[Symbol.asyncIterator]();
  try {
    const first = await frames.next();
    if (first.done === true) {
      const reasons = Object.entries(capture.counts.left).map(
        ([reason, times]) => `${count(times)} × ${reason}`,
      );
      throw new MatchpointError(
        "RECORDING_INVALID",
        `no frame was found in ${plural(capture.counts.read, "line")}`,
        {
          where: path,
          hint:
            reasons.length === 0
              ? "Is it the right file?"
              : `Left out: ${reasons.join(", ")}. Does the mapping fit?`,
        },
      );
    }
    const writer = new RecordingWriter({
      storage,
      segment: basename(out),
      header: {
        matchpoint_recording: 1,
        created_by: "matchpoint import",
        source: `${mapping.source} (${basename(path)})`,
        started_at: first.value.t,
        asserted_by: { by: mapping.asserted_by, mapping },
        markets: mappedMarkets(mapping, capture.tokens),
        matches: mappedMatches(mapping),
        channels: capture.channels,
      },
    });
    const encoder = new TextEncoder();
    for (
      let next: IteratorResult<CapturedFrame> = first;
      next.done !== true && !signal.aborted;
      next = await frames.next()
    ) {
      writer.frame(next.value.channel, next.value.t as Millis, encoder.encode(next.value.text));
      if (display.due()) {
        const { done, total } = capture.progress();
        display.show({
          done: writer.frames,
          unit: "frames",
          fraction: total === 0 ? undefined : done / total,
        });
      }
    }
    await writer.close();
    return writer.frames;
  } finally {
    await frames.return?.();
    await storage.close();
  }
}

function report(
  io: Io,
  kind: string,
  options: { readonly out: string; readonly json?: boolean },
  { counts }: Capture,
  frames: number,
  wallMs: number,
): void {
  const { read, left, more } = counts;
  if (options.json === true) {
    io.out(
      JSON.stringify({ kind, out: options.out, read, frames, left, ...more, wallMs: Math.round(wallMs) }),
    );
    return;
  }
  const extra = Object.entries(more).map(([name, value]) => `${count(value)} ${words(name)}`);
  io.out(
    `${options.out}: ${plural(frames, "frame")} from ${plural(read, "line")}${extra.length === 0 ? "" : ` (${extra.join(", ")})`}`,
  );
  for (const [reason, times] of Object.entries(left)) io.out(`  left out: ${count(times)} × ${reason}`);
}

/** `levelUpdates` → `level updates` */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
