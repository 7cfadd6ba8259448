import { MemoryStorage } from "../../src/journal/index.ts";
import {
  RecordingReader,
  RecordingWriter,
  type RecordingEnd,
  type RecordingHeader,
} from "../../src/recording/index.ts";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const HEADER: RecordingHeader = {
  matchpoint_recording: 1,
  created_by: "test",
  source: "nowhere",
  started_at: "2026-06-07T20:00:00Z",
  markets: [],
  matches: [],
  channels: {
    market: { decoder: "polymarket-market" },
    "grid:1": { decoder: "grid-series-events", series: "1" },
    own: { decoder: "events" },
  },
};

/** One frame to record. */
export interface Frame {
  readonly channel: string;
  readonly t: number;
  readonly bytes: Uint8Array;
}

export async function record(
  frames: readonly Frame[],
  header: RecordingHeader = HEADER,
): Promise<Uint8Array> {
  const storage = new MemoryStorage();
  const writer = new RecordingWriter({ storage, header, bufferBytes: 4_096 });
  for (const { channel, t, bytes } of frames) writer.frame(channel, t as never, bytes);
  await writer.close();
  return storage.bytes("recording.jsonl");
}

export function chunksOf(bytes: Uint8Array, step: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.slice(at, at + step));
  return chunks;
}

export function readBack(chunks: readonly Uint8Array[]): {
  readonly headers: readonly RecordingHeader[];
  readonly frames: readonly (Frame & { readonly line: number })[];
  readonly end: RecordingEnd;
} {
  const headers: RecordingHeader[] = [];
  const frames: (Frame & { readonly line: number })[] = [];
  const reader = new RecordingReader({
    header: (header) => headers.push(header),
    frame: ({ channel, t, buffer, start, end, line }) =>
      frames.push({ channel, t, bytes: buffer.slice(start, end), line }),
  });
  for (const chunk of chunks) reader.push(chunk);
  return { headers, frames, end: reader.end() };
}

export function failure(run: () => unknown): { readonly code: string; readonly message: string } | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
}

export const headerLine = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({ ...HEADER, ...changes });
