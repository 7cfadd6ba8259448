import type { Millis, RecordingHeader, RecordingWriter } from "@matchpoint/sdk";
import type { SimChannel, SimulatedMatch } from "../simulator/index.ts";

/** Where a frame goes in a recording. PandaScore's socket and REST answers are one channel: one decoder needs both. */
const CHANNEL_OF: Readonly<Record<SimChannel, string>> = {
  "polymarket.market": "polymarket.market",
  grid: "grid",
  "pandascore.frames": "pandascore",
  "pandascore.match": "pandascore",
  events: "events",
};

/** The header that a {@link RecordingWriter} needs for a simulated match: the match and its markets stand in it. */
export function recordingHeader(match: SimulatedMatch): RecordingHeader {
  return {
    matchpoint_recording: 1,
    created_by: "@matchpoint/testing",
    source: `simulated match ${match.description.matchId}`,
    started_at: match.startsAt,
    markets: match.markets,
    matches: [match.description],
    channels: {
      "polymarket.market": { decoder: "polymarket-market" },
      grid: { decoder: "grid-series-events" },
      pandascore: { decoder: "pandascore" },
      events: { decoder: "events" },
    },
  };
}

/**
 * Plays a match into a recording, frame by frame as it would be received. What the header lists is not told again. Does not
 * close the writer.
 *
 * @example
 * ```ts
 * import { MemoryStorage, RecordingWriter } from "@matchpoint/sdk";
 * import { recordingHeader, simulateMatch, writeRecording } from "@matchpoint/testing";
 *
 * const match = simulateMatch({ seed: 7, title: "cs2", bestOf: 1 });
 * const writer = new RecordingWriter({ storage: new MemoryStorage(), header: recordingHeader(match) });
 * writeRecording(match, writer);
 * await writer.close();
 * ```
 *
 * @returns how many frames were written
 * @throws `MatchpointError` `RECORDING_INVALID` when the writer's header does not name the channels; whatever its storage throws
 */
export function writeRecording(match: SimulatedMatch, writer: RecordingWriter): number {
  const before = writer.frames;
  for (const { receivedAtMs, channel, bytes, event } of match.frames()) {
    if (event?.type === "match_listed" || event?.type === "market_listed") continue;
    writer.frame(CHANNEL_OF[channel], receivedAtMs as Millis, bytes);
  }
  return writer.frames - before;
}
