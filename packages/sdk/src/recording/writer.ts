import type { Storage } from "../contracts/index.ts";
import { MatchpointError } from "../errors.ts";
import type { Millis } from "../units/index.ts";
import { checkHeader } from "./header.ts";
import type { RecordingHeader } from "./types.ts";

/** What a {@link RecordingWriter} needs. */
export interface RecordingWriterOptions {
  /** Where the bytes go. It must copy or write them before `append` returns. */
  readonly storage: Storage;
  readonly header: RecordingHeader;
  /** The storage's name for the recording. Default `recording.jsonl`. */
  readonly segment?: string;
  /** Bytes that are gathered before they go to the storage. Default 1 MiB. */
  readonly bufferBytes?: number;
}

const NEWLINE = 10;
const RETURN = 13;
const FRAME_KEY = ',"json":';

/**
 * Writes raw frames as they arrive, one per line: `{"t":<ms>,"ch":"<channel>","json":<the frame>}`. The frame stands there
 * byte for byte when it is JSON in one line; else as `"text":"<escaped>"`, or as `"base64":"…"` when it is not UTF-8. The
 * last line, `{"end":true,"lines":<frames>}`, shows that nothing is missing.
 *
 * @example
 * ```ts
 * import { MemoryStorage, RecordingWriter } from "@matchpoint/sdk";
 * const header = {
 *   matchpoint_recording: 1, created_by: "me", source: "test", started_at: 0,
 *   markets: [], matches: [], channels: { market: { decoder: "polymarket-market" } },
 * } as const;
 * const recording = new RecordingWriter({ storage: new MemoryStorage(), header });
 * recording.frame("market", 1_780_000_000_000 as never, new TextEncoder().encode("{}"));
 * await recording.close();
 * ```
 */
export class RecordingWriter {
  readonly #storage: Storage;
  readonly #segment: string;
  readonly #buffer: Uint8Array;
  readonly #channels: ReadonlyMap<string, string>;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #used = 0;
  #frames = 0;
  #ended = false;

  /** @throws {@link MatchpointError} `RECORDING_INVALID` when the header is not one */
  constructor(options: RecordingWriterOptions) {
    const header = checkHeader(options.header);
    this.#storage = options.storage;
    this.#segment = options.segment ?? "recording.jsonl";
    this.#buffer = new Uint8Array(options.bufferBytes ?? 1_048_576);
    this.#channels = new Map(
      Object.keys(header.channels).map((name) => [name, `,"ch":${JSON.stringify(name)}`]),
    );
    this.#line(JSON.stringify(header));
  }

  /** Frames written. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Takes a frame: bytes `start` to `end` of `bytes`.
   * @throws {@link MatchpointError} `RECORDING_INVALID` for a channel that the header does not name, after the end, or for a time
   *   that is no number; whatever the storage throws
   */
  frame(channel: string, t: Millis, bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    const name = this.#channels.get(channel);
    if (name === undefined) throw invalid(`the header names no channel ${JSON.stringify(channel)}`);
    if (!Number.isFinite(t)) throw invalid(`a frame's time is ${t}`);
    if (this.#ended) throw invalid("the recording has been ended");
    const prefix = `{"t":${t}${name}`;
    const frame = bytes.subarray(start, end);
    let text: string | undefined;
    try {
      text = this.#decoder.decode(frame);
    } catch {
      text = undefined;
    }
    if (text === undefined) this.#line(`${prefix},"base64":"${base64(frame)}"}`);
    else if (isOneLineJson(frame, text)) this.#verbatim(prefix + FRAME_KEY, frame);
    else this.#line(`${prefix},"text":${JSON.stringify(text)}}`);
    this.#frames += 1;
  }

  /** Hands everything to the storage. */
  flush(): void {
    const used = this.#used;
    this.#used = 0;
    if (used > 0) this.#storage.append(this.#segment, this.#buffer.subarray(0, used));
  }

  /** Resolves when everything so far would survive a power loss. */
  async sync(): Promise<void> {
    this.flush();
    await this.#storage.sync();
  }

  /** Writes the last line, syncs and lets go of the storage. */
  async close(): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      this.#line(`{"end":true,"lines":${this.#frames}}`);
    }
    await this.sync();
    await this.#storage.close();
  }

  #line(text: string): void {
    this.#put(this.#encoder.encode(`${text}\n`));
  }

  #verbatim(prefix: string, frame: Uint8Array): void {
    this.#put(this.#encoder.encode(prefix));
    this.#put(frame);
    this.#put(FRAME_END);
  }

  #put(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#buffer.length) this.flush();
    if (bytes.length > this.#buffer.length) {
      this.#storage.append(this.#segment, bytes);
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }
}

const FRAME_END = /* @__PURE__ */ new Uint8Array([125, NEWLINE]);

function isOneLineJson(bytes: Uint8Array, text: string): boolean {
  if (bytes.indexOf(NEWLINE) !== -1 || bytes.indexOf(RETURN) !== -1) return false;
  // Readers skip blanks around a frame, so a frame that has its own would come back without them.
  if (text.trim().length !== text.length) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function invalid(what: string): MatchpointError {
  return new MatchpointError("RECORDING_INVALID", what);
}
