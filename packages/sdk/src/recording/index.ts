/** Captures of raw frames as they came from the wire. @module */
export { EventDecoder } from "./eventDecoder.ts";
export { RecordingPlayer, requireWhole, type DecoderFactory, type RecordingPlayerOptions } from "./player.ts";
export { RecordingReader } from "./reader.ts";
export type {
  RecordedFrame,
  RecordingChannel,
  RecordingEnd,
  RecordingHeader,
  RecordingSink,
} from "./types.ts";
export { RecordingWriter, type RecordingWriterOptions } from "./writer.ts";
