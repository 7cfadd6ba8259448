// Writes scripts/smoke/recording.jsonl: the beginning of a simulated match, as much of it as stays small. To make it again:
//
//   node --conditions=@matchpoint/source --no-warnings scripts/smoke/make-recording.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryStorage, RecordingWriter, type Millis } from "@matchpoint/sdk";
import { recordingHeader, simulateMatch, writeRecording } from "@matchpoint/testing";

const MOST_BYTES = 360_000;

/** The recording as it should be. */
export async function makeRecording(): Promise<Uint8Array> {
  const match = simulateMatch({ seed: 11, title: "lol", bestOf: 1, leadInMs: 20_000, faults: "none" });
  const header = recordingHeader(match);
  const storage = new MemoryStorage();
  const recording = new RecordingWriter({ storage, header });
  let bytes = 0;
  // Only what comes before the limit is passed on; the recording ends there like any other.
  const short = {
    frames: 0,
    frame: (channel: string, t: Millis, frame: Uint8Array) => {
      bytes += frame.length + channel.length + 40;
      if (bytes < MOST_BYTES) recording.frame(channel, t, frame);
    },
  };
  writeRecording(match, short as unknown as RecordingWriter);
  await recording.close();
  return storage.bytes("recording.jsonl");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "recording.jsonl"), await makeRecording());
}
