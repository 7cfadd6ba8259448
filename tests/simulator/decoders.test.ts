import { createGridDecoder, createPandascoreDecoder } from "@matchpoint/adapters-esports";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import {
  MarketBook,
  MemoryStorage,
  NANOS_PER_MS,
  RecordingPlayer,
  RecordingWriter,
  type BookEvent,
  type CoreEvent,
  type DecoderFactory,
  type FrameDecoder,
  type MarketId,
  type Millis,
  type Nanos,
} from "@matchpoint/sdk";
import {
  recordingHeader,
  simulateMatch,
  writeRecording,
  type SimulatedMatch,
  type SimulationOptions,
} from "@matchpoint/testing";
import { describe, expect, it } from "vitest";

const BOOK_EVENTS = new Set([
  "book_snapshot",
  "book_delta",
  "best_quote",
  "market_trade",
  "tick_size_changed",
  "book_continuity",
]);

interface Told {
  readonly source: string;
  readonly kind: string;
  readonly game: number;
  readonly winner: number | undefined;
  readonly at: number;
}

/** A match through the decoders that run behind the live sockets. */
class Decoded {
  readonly market;
  readonly grid;
  readonly pandascore;
  readonly hostile = new Map<string, number>();
  readonly quarantined = new Map<string, number>();
  /** Frames that were put aside though they were good, or taken though they were not. */
  readonly misjudged: string[] = [];
  readonly told: Told[] = [];
  readonly books = new Map<MarketId, MarketBook>();
  readonly #decoders: Readonly<Record<string, FrameDecoder>>;

  constructor(match: SimulatedMatch, onEvent?: (event: CoreEvent) => void) {
    const matches = [match.description];
    this.market = createMarketDecoder(new TokenIndex(match.markets));
    this.grid = createGridDecoder({ matches });
    this.pandascore = createPandascoreDecoder({ matches });
    this.#decoders = {
      "polymarket.market": this.market,
      grid: this.grid,
      "pandascore.frames": this.pandascore,
      "pandascore.match": this.pandascore,
    };
    for (const market of match.markets) this.books.set(market.marketId, new MarketBook(market));
    for (const frame of match.frames()) {
      const receivedAt = frame.receivedAtMs as Millis;
      const stamp = { at: ((receivedAt - match.startsAt) * NANOS_PER_MS) as Nanos, receivedAt };
      const emit = (event: CoreEvent): void => {
        this.#take(event, frame.receivedAtMs);
        onEvent?.(event);
      };
      if (frame.event !== undefined) {
        emit({ ...frame.event, ...stamp });
        continue;
      }
      const before = this.quarantined.get(frame.channel) ?? 0;
      const count = (event: CoreEvent): void => {
        if (event.type === "frame_quarantined") add(this.quarantined, frame.channel);
        emit(event);
      };
      this.#decoders[frame.channel]!.decode(frame.bytes, 0, frame.bytes.length, stamp, count);
      const aside = (this.quarantined.get(frame.channel) ?? 0) - before;
      if (frame.fault === "hostile") add(this.hostile, frame.channel);
      if (aside !== (frame.fault === "hostile" ? 1 : 0)) {
        this.misjudged.push(
          `${frame.channel} ${frame.fault ?? ""} ${new TextDecoder().decode(frame.bytes.subarray(0, 120))}`,
        );
      }
    }
  }

  #take(event: CoreEvent, at: number): void {
    if (event.type === "match_claim") {
      const { claim, source } = event;
      const winner = "winner" in claim ? claim.winner : undefined;
      this.told.push({ source, kind: claim.kind, game: "game" in claim ? (claim.game ?? 0) : 0, winner, at });
    } else if (BOOK_EVENTS.has(event.type)) {
      const change = event as BookEvent;
      this.books.get(change.marketId)!.apply(change);
    }
  }

  /** What a source says last of a game (0: the series). */
  last(source: string, kind: string, game: number): Told | undefined {
    return this.told.findLast((each) => each.source === source && each.kind === kind && each.game === game);
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function expectTruth(match: SimulatedMatch, decoded: Decoded): void {
  const reference = match.reference();
  for (const source of ["grid", "pandascore"]) {
    for (const { game, winner } of reference.games) {
      expect([source, game, decoded.last(source, "game_won", game)?.winner]).toEqual([source, game, winner]);
    }
    expect(decoded.last(source, "series_won", 0)?.winner).toBe(reference.winner);
  }
}

const CASES: readonly SimulationOptions[] = [
  { seed: 101, title: "lol", bestOf: 1, faults: "none" },
  { seed: 102, title: "cs2", bestOf: 1, faults: "none" },
  { seed: 103, title: "lol", bestOf: 3, faults: "all" },
  { seed: 104, title: "cs2", bestOf: 1, faults: "all" },
];

describe("the real decoders", { timeout: 60_000 }, () => {
  it.each(CASES)(
    "take every frame of a simulated match and put aside only what no decoder may accept: $title $faults $seed",
    (options) => {
      const match = simulateMatch({
        ...options,
        market: { hostile: 0.002 },
        grid: { hostile: 0.05 },
        pandascore: { hostile: 0.05 },
      });
      const decoded = new Decoded(match);
      expect(decoded.misjudged).toEqual([]);
      expect(decoded.hostile.size).toBe(4);
      expect(decoded.quarantined).toEqual(decoded.hostile);
      for (const book of decoded.books.values()) {
        expect(book.status).toBe("live");
        const { mismatches, crossed, offGrid, corrections } = book.stats;
        expect({ mismatches, crossed, offGrid, corrections }).toEqual({
          mismatches: 0,
          crossed: 0,
          offGrid: 0,
          corrections: 0,
        });
      }
      expectTruth(match, decoded);
    },
  );

  it("hear of a won game from GRID about a second after it happened, from PandaScore some seconds later", () => {
    const match = simulateMatch({ seed: 107, title: "lol", bestOf: 1, faults: "none" });
    const decoded = new Decoded(match);
    for (const { game, wonAtMs } of match.reference().games) {
      if (wonAtMs === undefined) continue;
      const grid = decoded.last("grid", "game_won", game)!.at - wonAtMs;
      const panda = decoded.last("pandascore", "game_won", game)!.at - wonAtMs;
      expect(grid).toBeGreaterThanOrEqual(400);
      expect(grid).toBeLessThan(3_000);
      expect(panda).toBeGreaterThan(4_000);
      expect(panda).toBeLessThan(30_000);
    }
  });

  it("hear a retraction of what was claimed wrongly or taken back", () => {
    const faults = { false_win: true, rollback: true, wrong_winner: true } as const;
    const match = simulateMatch({ seed: 109, title: "cs2", bestOf: 1, faults });
    const { told } = new Decoded(match);
    const said = (source: string, kind: string): number =>
      told.filter((each) => each.source === source && each.kind === kind).length;
    expect(said("grid", "source_invalid")).toBe(2);
    expect(said("grid", "source_valid")).toBe(2);
    expect(said("grid", "retracted")).toBeGreaterThanOrEqual(2);
    expect(said("pandascore", "retracted")).toBeGreaterThanOrEqual(1);
  });
});

describe("a recording of a simulated match", { timeout: 60_000 }, () => {
  it("plays the same events as the match itself", async () => {
    const match = simulateMatch({ seed: 110, title: "cs2", bestOf: 1, faults: "all" });
    const direct: CoreEvent[] = [];
    new Decoded(match, (event) => direct.push(event));
    const storage = new MemoryStorage();
    const writer = new RecordingWriter({ storage, header: recordingHeader(match) });
    const written = writeRecording(match, writer);
    await writer.close();
    const played: CoreEvent[] = [];
    const player = new RecordingPlayer({ decoders, emit: (event) => played.push(copy(event)) });
    player.push(storage.bytes("recording.jsonl"));
    const end = player.end();
    expect([end.truncated, end.frames]).toEqual([undefined, written]);
    const listings = 1 + match.markets.length;
    expect(played.length).toBe(direct.length);
    expect(played.slice(listings).map(timeless)).toEqual(direct.slice(listings).map(timeless));
    expect(played.slice(0, listings).map((event) => event.type)).toEqual(
      direct.slice(0, listings).map((event) => event.type),
    );
  });
});

const decoders: DecoderFactory = (channel, header) => {
  if (channel.decoder === "polymarket-market") return createMarketDecoder(new TokenIndex(header.markets));
  if (channel.decoder === "grid-series-events") return createGridDecoder({ matches: header.matches });
  return channel.decoder === "pandascore" ? createPandascoreDecoder({ matches: header.matches }) : undefined;
};

function copy(event: CoreEvent): CoreEvent {
  return { ...event };
}

/** The event without monotonic time, whose zero is another in a recording. */
function timeless(event: CoreEvent): object {
  return { ...event, at: 0 };
}
