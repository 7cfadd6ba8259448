import { tally, type Capture, type CaptureCounts, type CapturedFrame } from "./capture.ts";
import { captureFile, LineFile } from "./lines.ts";
import type { Mapping } from "./mapping.ts";
import { objectOf, timeOf } from "./rows.ts";

/**
 * `grid-series-events`: a downloaded series, one transaction a line. Downloads carry no receive time, so each transaction is
 * taken to have arrived `lag_ms` after it happened, never before the one above it.
 */
export function openGridSeriesEvents(path: string, mapping: Mapping): Promise<Capture> {
  const file = new LineFile(captureFile(path, mapping.files.transactions, "transactions"));
  const counts: CaptureCounts = { read: 0, left: {}, more: {} };
  return Promise.resolve({
    channels: { grid: { decoder: "grid-series-events" } },
    tokens: [],
    counts,
    progress: () => file,
    frames: () => frames(file, mapping.lag_ms, counts),
  });
}

async function* frames(file: LineFile, lagMs: number, counts: CaptureCounts): AsyncGenerator<CapturedFrame> {
  let last = 0;
  for await (const line of file.lines()) {
    if (line.trim() === "") continue;
    counts.read += 1;
    const occurred = timeOf(Date.parse(String(objectOf(line)?.["occurredAt"])));
    if (occurred === undefined) {
      tally(counts.left, "line without occurredAt");
      continue;
    }
    last = Math.max(last, occurred + lagMs);
    yield { t: last, channel: "grid", text: line };
  }
}
