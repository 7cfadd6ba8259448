import { statSync } from "node:fs";
import {
  isOutside,
  JournalReader,
  MatchpointError,
  RecordingPlayer,
  requireWhole,
  type CoreEvent,
  type FrameDecoder,
  type JournalEntry,
  type RecordingEnd,
  type RunStarted,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import { existing } from "../import/lines.ts";
import { channelDecoder } from "./decoders.ts";

/** What was played. */
export interface Played {
  readonly kind: "recording" | "journal";
  readonly file: string;
  /** Events given to the run. */
  readonly events: number;
  /** Frames of a recording, or lines of a journal. */
  readonly lines: number;
  readonly bytes: number;
  /** Why the file is not whole, when that was allowed or is harmless. */
  readonly truncated: string | undefined;
  /** What the decoders counted, per channel. */
  readonly channels: Readonly<Record<string, unknown>>;
}

/** How a file is played. */
export interface PlayOptions {
  readonly emit: (event: CoreEvent) => void;
  /** Told what a journal's run was made of, before its first event. */
  readonly onRun?: (started: RunStarted) => Promise<void>;
  readonly allowTruncated: boolean;
  /** Bytes that are played without a pause. */
  readonly blockBytes: number;
  /** Ends the playing between two blocks; what was not played then is not missing. */
  readonly signal: AbortSignal;
  /** Called between blocks with the share of bytes read; a promise makes the player wait. */
  readonly between?: (fraction: number) => Promise<void> | void;
}

/**
 * Plays a recording through the real decoders, or a journal's outside world.
 * @throws MatchpointError `FILE_NOT_FOUND`, `RECORDING_INVALID`, `JOURNAL_CORRUPT`, `JOURNAL_SCHEMA_NEWER`
 */
export async function playFile(file: string, options: PlayOptions): Promise<Played> {
  const kind = kindOf(file);
  return kind === "recording" ? playRecording(file, options) : playJournal(file, options);
}

async function playRecording(file: string, options: PlayOptions): Promise<Played> {
  const decoders = new Map<string, FrameDecoder>();
  let events = 0;
  const player = new RecordingPlayer({
    file,
    decoders: (channel, header) => {
      const decoder = channelDecoder(channel, header);
      if (decoder !== undefined) decoders.set(channel.decoder, decoder);
      return decoder;
    },
    emit: (event) => {
      events += 1;
      options.emit(event);
    },
  });
  const bytes = await blocks(
    file,
    (chunk) => {
      player.push(chunk);
    },
    options,
  );
  const end: RecordingEnd = requireWhole(player.end(), options.allowTruncated || options.signal.aborted);
  const channels = Object.fromEntries(
    [...decoders].map(([name, decoder]) => [name, (decoder as { stats?: unknown }).stats ?? null]),
  );
  return { kind: "recording", file, events, lines: end.frames, bytes, truncated: end.truncated, channels };
}

async function playJournal(file: string, options: PlayOptions): Promise<Played> {
  let events = 0;
  const reader = new JournalReader({ file, crc32: nodeCrc32, sha256: nodeSha256 });
  // Strategies are loaded before the first event is played, and that takes a moment: what is read meanwhile waits.
  let waiting: CoreEvent[] | undefined = [];
  let started: RunStarted | undefined;
  const play = (event: CoreEvent): void => {
    if (!isOutside(event)) return;
    events += 1;
    options.emit(event);
  };
  const take = ({ event }: JournalEntry): void => {
    if (event.type === "run_started") started ??= event;
    if (waiting === undefined) play(event);
    else waiting.push(event);
  };
  const release = async (): Promise<void> => {
    if (waiting === undefined || started === undefined) return;
    await options.onRun?.(started);
    for (const event of waiting) play(event);
    waiting = undefined;
  };
  const bytes = await blocks(
    file,
    (chunk) => {
      reader.push(chunk, take);
    },
    {
      ...options,
      between: async (fraction) => {
        await release();
        await options.between?.(fraction);
      },
    },
  );
  const end = reader.end();
  if (started === undefined && end.lines > 0) {
    throw new MatchpointError("JOURNAL_CORRUPT", "the journal does not begin with run_started", {
      where: file,
    });
  }
  const torn = options.signal.aborted ? undefined : end.torn;
  const truncated = torn === undefined ? undefined : `the last line (${torn.line}) is torn and was cut`;
  return { kind: "journal", file, events, lines: end.lines, bytes, truncated, channels: {} };
}

async function blocks(
  file: string,
  push: (chunk: Uint8Array) => void,
  options: PlayOptions,
): Promise<number> {
  const total = statSync(file).size;
  let done = 0;
  for (const block of readBlocks(file, { blockBytes: options.blockBytes })) {
    push(block);
    done += block.length;
    if (options.between !== undefined) await options.between(done / total);
    if (options.signal.aborted) break;
  }
  return done;
}

/**
 * What a file is, by its first bytes.
 * @throws MatchpointError `FILE_NOT_FOUND` for what is no file, `RECORDING_INVALID` for one of another kind
 */
export function kindOf(file: string): Played["kind"] {
  if (!statSync(existing(file)).isFile()) {
    throw new MatchpointError("FILE_NOT_FOUND", `${file} is a folder, not a file`, {
      hint: "Name the recording or the journal itself.",
    });
  }
  const text = firstBytes(file);
  if (text.includes('"matchpoint_recording"')) return "recording";
  if (text.includes('"schema_version"')) return "journal";
  throw new MatchpointError(
    "RECORDING_INVALID",
    text === "" ? "the file is empty" : "is neither a recording nor a journal",
    {
      where: file,
      hint: "Captures of other kinds are turned into recordings with `import`.",
    },
  );
}

/** The beginning of a file, enough to see what it is. */
export function firstBytes(file: string): string {
  for (const block of readBlocks(file, { blockBytes: 4_096 })) return Buffer.from(block).toString("utf8");
  return "";
}
