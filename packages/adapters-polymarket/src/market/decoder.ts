import type { CoreEvent, FrameDecoder, FrameQuarantined, MarketId, ReceiveStamp } from "@matchpoint/sdk";
import { FrameParser } from "./parseFrame.ts";
import { FrameScanner } from "./scanFrame.ts";
import { FrameStage, type StageCounts } from "./stage.ts";
import type { TokenIndex } from "./tokenIndex.ts";

/** The name under which frames of the market channel are quarantined. */
export const MARKET_FEED = "polymarket-market";

/** Characters of a frame that are kept as evidence. */
export const SAMPLE = 200;
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Counters of a decoder. */
export interface MarketDecoderStats extends Readonly<StageCounts> {
  /** Frames read from their bytes. */
  readonly scanned: number;
  /** Frames read through `JSON.parse`. */
  readonly parsed: number;
  /** Text that is no JSON: `PONG`, `NO NEW ASSETS`. */
  readonly control: number;
  readonly quarantined: number;
  readonly events: number;
}

/** A {@link FrameDecoder} that tells what it did. */
export interface MarketDecoder extends FrameDecoder {
  readonly stats: MarketDecoderStats;
}

/** Options of {@link createMarketDecoder}. */
export interface MarketDecoderOptions {
  /** `parser` leaves out the byte scanner: the same events, slower. For tests and for comparison. */
  readonly read?: "fastest" | "parser";
}

/**
 * Decodes frames of Polymarket's market channel (and answers of `GET /book`) for the markets of an index.
 *
 * Every frame counts whole or not at all: what cannot be read exactly becomes one `frame_quarantined` and nothing else. Prices of
 * mirrored markets come out as those of outcome 0.
 *
 * @example
 * ```ts
 * import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
 * import type { Millis, Nanos } from "@matchpoint/sdk";
 *
 * const decoder = createMarketDecoder(new TokenIndex([]));
 * const frame = new TextEncoder().encode('{"event_type":"new_market"}');
 * decoder.decode(frame, 0, frame.length, { at: 0 as Nanos, receivedAt: 1_790_000_000_000 as Millis }, console.log);
 * decoder.stats.ignored; // 1
 * ```
 */
export function createMarketDecoder(index: TokenIndex, options: MarketDecoderOptions = {}): MarketDecoder {
  return new Decoder(index, options.read !== "parser");
}

class Decoder implements MarketDecoder {
  private readonly index: TokenIndex;
  private readonly stage = new FrameStage();
  private readonly scanner: FrameScanner | undefined;
  private readonly parser: FrameParser;
  private scanned = 0;
  private parsed = 0;
  private control = 0;
  private quarantined = 0;
  private events = 0;

  constructor(index: TokenIndex, scan: boolean) {
    this.index = index;
    this.scanner = scan ? new FrameScanner(index, this.stage) : undefined;
    this.parser = new FrameParser(index, this.stage);
  }

  get stats(): MarketDecoderStats {
    const { scanned, parsed, control, quarantined, events } = this;
    return { scanned, parsed, control, quarantined, events, ...this.stage.counts };
  }

  decode(
    frame: Uint8Array,
    start: number,
    end: number,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    const { scanner, stage } = this;
    if (scanner !== undefined) {
      stage.begin(stamp);
      if (scanner.scan(frame, start, end)) {
        this.scanned++;
        this.events += stage.commit(emit);
        return;
      }
    }
    this.read(frame, start, end, stamp, emit);
  }

  private read(
    frame: Uint8Array,
    start: number,
    end: number,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    const text = UTF8.decode(frame.subarray(start, end));
    if (text === "PONG" || text === "NO NEW ASSETS") {
      this.control++;
      return;
    }
    this.stage.begin(stamp);
    const refusal = this.parser.parse(text);
    if (refusal === undefined) {
      this.parsed++;
      this.events += this.stage.commit(emit);
      return;
    }
    this.quarantined++;
    const market: MarketId | undefined =
      refusal.tokenId === undefined ? undefined : this.index.get(refusal.tokenId)?.market.marketId;
    const event: FrameQuarantined = {
      type: "frame_quarantined",
      feed: MARKET_FEED,
      reason: refusal.reason,
      sample: text.slice(0, SAMPLE),
      at: stamp.at,
      receivedAt: stamp.receivedAt,
    };
    emit(market === undefined ? event : { ...event, marketId: market });
  }
}
