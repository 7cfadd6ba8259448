import type { FrameDecoder } from "../contracts/index.ts";
import { MatchpointError } from "../errors.ts";
import { admitted, gapOf, type CoreEvent } from "../events/index.ts";
import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import { EventDecoder } from "./eventDecoder.ts";
import { RecordingReader } from "./reader.ts";
import type { RecordedFrame, RecordingChannel, RecordingEnd, RecordingHeader } from "./types.ts";

const MS_PER_DAY = 86_400_000;

/** Makes the decoder of a channel; `undefined` when it knows none of that name. */
export type DecoderFactory = (channel: RecordingChannel, header: RecordingHeader) => FrameDecoder | undefined;

/** How a recording is played. */
export interface RecordingPlayerOptions {
  /** Decoders beyond the built-in `events` and `claims`. */
  readonly decoders: DecoderFactory;
  /** Takes the events: first the header's matches and markets, then what the decoders make of the frames. */
  readonly emit: (event: CoreEvent) => void;
  /** Told of the header before its first event. */
  readonly onHeader?: (header: RecordingHeader) => void;
  /** Names the recording in errors. */
  readonly file?: string;
}

/**
 * Plays a recording: reads it, decodes each frame and stamps its events. Monotonic time runs from the first frame by the
 * frames' receive times; where those step back (a clock was set), it stands still.
 */
export class RecordingPlayer {
  readonly #options: RecordingPlayerOptions;
  readonly #reader: RecordingReader;
  readonly #decoders = new Map<string, FrameDecoder>();
  readonly #emit: (event: CoreEvent) => void;
  readonly #stamp: { at: Nanos; receivedAt: Millis } = { at: 0 as Nanos, receivedAt: 0 as Millis };
  #header: RecordingHeader | undefined;
  #first: Millis | undefined;
  #steppedBack = 0;

  constructor(options: RecordingPlayerOptions) {
    this.#options = options;
    const { emit } = options;
    this.#emit = (event) => {
      const taken = admitted(event);
      const gap = taken === event ? undefined : gapOf(event, taken);
      if (gap !== undefined) emit(gap);
      emit(taken);
    };
    this.#reader = new RecordingReader(
      {
        header: (header) => {
          this.#begin(header);
        },
        frame: (frame) => {
          this.#play(frame);
        },
      },
      options.file,
    );
  }

  /** Receive time of the first frame, Unix ms; `undefined` before it. */
  get startsAt(): Millis | undefined {
    return this.#first;
  }

  /** Frames that were received before the one in front of them. */
  get steppedBack(): number {
    return this.#steppedBack;
  }

  /** @throws {@link MatchpointError} `RECORDING_INVALID` with the line's number, also for a decoder that nobody has */
  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  /** Call after the last chunk. @throws {@link MatchpointError} `RECORDING_INVALID` */
  end(): RecordingEnd {
    const end = this.#reader.end();
    if (this.#first === undefined) this.#list(startOf(this.#header!));
    return end;
  }

  #begin(header: RecordingHeader): void {
    this.#header = header;
    for (const [name, channel] of Object.entries(header.channels)) {
      const decoder = builtIn(channel) ?? this.#options.decoders(channel, header);
      if (decoder === undefined) {
        throw new MatchpointError(
          "RECORDING_INVALID",
          `channel ${name} needs a decoder ${JSON.stringify(channel.decoder)}`,
          {
            where: this.#options.file ?? "recording",
            hint: "Decoders come with the adapters; is the one for this source installed?",
          },
        );
      }
      this.#decoders.set(name, decoder);
    }
    this.#options.onHeader?.(header);
  }

  /** The header's matches and markets as events: matches first, since markets refer to them. */
  #list(t: Millis): void {
    const stamp = { at: 0 as Nanos, receivedAt: t };
    for (const match of this.#header!.matches) this.#options.emit({ type: "match_listed", ...stamp, match });
    for (const market of this.#header!.markets)
      this.#options.emit({ type: "market_listed", ...stamp, market });
  }

  #play(frame: RecordedFrame): void {
    const { t } = frame;
    if (this.#first === undefined) {
      this.#first = t;
      this.#list(t);
    }
    const at = Math.round((t - this.#first) * NANOS_PER_MS);
    if (!Number.isSafeInteger(at)) throw this.#outOfTime(frame);
    if (at >= this.#stamp.at) this.#stamp.at = at as Nanos;
    else this.#steppedBack += 1;
    this.#stamp.receivedAt = t;
    const decoder = this.#decoders.get(frame.channel)!;
    decoder.decode(frame.buffer, frame.start, frame.end, this.#stamp, this.#emit);
  }

  #outOfTime({ t, line }: RecordedFrame): MatchpointError {
    const days = Math.round((t - this.#first!) / MS_PER_DAY);
    return new MatchpointError("RECORDING_INVALID", `its t is ${days} days away from the first frame's`, {
      where: `${this.#options.file ?? "recording"}: line ${line}`,
      hint: "A recording spans at most 104 days. Is a receive time missing, or in another unit than milliseconds?",
    });
  }
}

/**
 * Passes a whole recording on.
 * @throws {@link MatchpointError} `RECORDING_INVALID` when it is truncated, unless that is allowed
 */
export function requireWhole(end: RecordingEnd, allowTruncated: boolean): RecordingEnd {
  if (end.truncated === undefined || allowTruncated) return end;
  throw new MatchpointError("RECORDING_INVALID", end.truncated, {
    hint: "Get the whole file, or use what is there of it: --allow-truncated, allowTruncated in code.",
  });
}

function builtIn(channel: RecordingChannel): FrameDecoder | undefined {
  if (channel.decoder === "events") return new EventDecoder("events");
  if (channel.decoder === "claims") return new EventDecoder("claims");
  return undefined;
}

function startOf(header: RecordingHeader): Millis {
  const { started_at: started } = header;
  return (typeof started === "number" ? started : Date.parse(started)) as Millis;
}
