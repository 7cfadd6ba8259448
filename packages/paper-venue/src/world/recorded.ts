import {
  JournalReader,
  MatchpointError,
  RecordingPlayer,
  type CoreEvent,
  type FrameDecoder,
  type MarketDescription,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import type { VenueListing } from "./listing.ts";

/** Markets as somebody recorded them, for a venue to live by. */
export interface RecordedMarkets {
  readonly listings: readonly VenueListing[];
  /** What happened in them, oldest first, read as it is taken; `at` counts from the first. */
  events(): Generator<CoreEvent, void, undefined>;
}

const TOLD: ReadonlySet<string> = new Set<CoreEvent["type"]>([
  "book_snapshot",
  "book_delta",
  "best_quote",
  "tick_size_changed",
  "book_continuity",
  "market_trade",
  "market_resolution",
]);

/**
 * Opens a journal, or a recording whose channels hold events: its books, trades and resolutions.
 *
 * @throws `MatchpointError` `FILE_NOT_FOUND`; `RECORDING_INVALID` or `JOURNAL_CORRUPT` when it is neither, holds no book, or holds books
 * only as frames of the wire, which the adapters decode
 */
export function openRecorded(file: string): RecordedMarkets {
  const markets = new Map<string, MarketDescription>();
  let books = 0;
  for (const event of eventsOf(file)) {
    if (event.type === "market_listed" && !markets.has(event.market.marketId))
      markets.set(event.market.marketId, event.market);
    else if (event.type.startsWith("book_")) books += 1;
  }
  if (books === 0 || markets.size === 0)
    throw new MatchpointError("RECORDING_INVALID", "holds no book of a market", {
      where: file,
      hint: "Give the journal of a run or replay that followed books.",
    });
  return {
    listings: [...markets.values()].map(listed),
    *events() {
      let first: number | undefined;
      for (const event of eventsOf(file)) {
        if (!TOLD.has(event.type)) continue;
        first ??= event.at;
        yield { ...event, at: (event.at - first) as CoreEvent["at"] };
      }
    },
  };
}

function* eventsOf(file: string): Generator<CoreEvent, void, undefined> {
  let found: CoreEvent[] = [];
  const take = (event: CoreEvent): void => void found.push(event);
  let push: ((block: Uint8Array) => void) | undefined;
  for (const block of readBlocks(file, { what: "recording" })) {
    push ??= opened(file, block, take);
    push(block);
    yield* found;
    found = [];
  }
}

/** Reads on by what the file begins with. */
function opened(
  file: string,
  beginning: Uint8Array,
  take: (event: CoreEvent) => void,
): (block: Uint8Array) => void {
  const text = Buffer.from(beginning.subarray(0, 4_096)).toString("utf8");
  if (text.includes('"matchpoint_recording"')) {
    const player = new RecordingPlayer({
      file,
      decoders: ({ decoder }) => others(file, decoder),
      emit: take,
    });
    return (block) => {
      player.push(block);
    };
  }
  if (!text.includes('"schema_version"'))
    throw new MatchpointError("RECORDING_INVALID", "is neither a recording nor a journal", { where: file });
  const reader = new JournalReader({ file, crc32: nodeCrc32, sha256: nodeSha256 });
  return (block) => {
    reader.push(block, ({ event }) => {
      take(event);
    });
  };
}

/** Sources of match facts say nothing of books. */
function others(file: string, decoder: string): FrameDecoder {
  if (decoder === "polymarket-market")
    throw new MatchpointError("RECORDING_INVALID", "holds books as frames of the wire, not as events", {
      where: file,
      hint: "Replay it (`matchpoint replay FILE`), and give the journal of that.",
    });
  return { decode: () => undefined };
}

function listed(description: MarketDescription, index: number): VenueListing {
  const { outcomes, title, startsAt } = description;
  return {
    description: { ...description, acceptingOrders: true },
    slug: `recorded-${index}`,
    match: {
      id: String(90_000 + index),
      slug: `recorded-${index}`,
      title,
      gameId: 1_590_000 + index,
      league: "recorded",
      seriesSlug: "recorded",
      tournament: "",
      tags: [],
      teams: [outcomes[0].name, outcomes[1].name],
      bestOf: 1,
      startsAt: startsAt ?? (0 as NonNullable<typeof startsAt>),
    },
    sportsMarketType: "moneyline",
    groupItemTitle: "Match Winner",
  };
}
