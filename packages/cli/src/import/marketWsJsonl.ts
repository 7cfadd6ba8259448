import { tally, type Capture, type CaptureCounts, type CapturedFrame } from "./capture.ts";
import { captureFile, LineFile } from "./lines.ts";
import type { Mapping } from "./mapping.ts";
import { objectOf, timeOf } from "./rows.ts";

/**
 * `market-ws-jsonl`: one JSON object a line with a receive time and a frame of the market channel as it came (text, or the
 * frame itself). Which fields those are, and which lines count, the mapping says.
 */
export function openMarketWsJsonl(path: string, mapping: Mapping): Promise<Capture> {
  const file = new LineFile(captureFile(path, mapping.files.frames, "frames"));
  const counts: CaptureCounts = { read: 0, left: {}, more: {} };
  return Promise.resolve({
    channels: { market: { decoder: "polymarket-market" } },
    tokens: [],
    counts,
    progress: () => file,
    frames: () => frames(file, mapping, counts),
  });
}

async function* frames(
  file: LineFile,
  mapping: Mapping,
  counts: CaptureCounts,
): AsyncGenerator<CapturedFrame> {
  const { payload, received_ms: received, only } = mapping.lines;
  const wanted = Object.entries(only);
  for await (const line of file.lines()) {
    if (line.trim() === "") continue;
    counts.read += 1;
    const row = objectOf(line);
    const t = timeOf(row?.[received]);
    const body = row?.[payload];
    if (row === undefined || t === undefined) tally(counts.left, "line is not JSON with a receive time");
    else if (!wanted.every(([field, value]) => String(row[field]) === value))
      tally(counts.left, "line of another source");
    else if (body === undefined) tally(counts.left, `line without ${payload}`);
    else yield { t, channel: "market", text: typeof body === "string" ? body : JSON.stringify(body) };
  }
}
