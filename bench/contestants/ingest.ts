// Frames in; books kept; user code called. Every peer gets what its own socket would give it, in this process.
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import {
  createRuntime,
  defaultConfig,
  MarketBook,
  Strategy,
  type BookContext,
  type CoreEvent,
  type ExecutionFold,
  type MarketId,
  type Millis,
  type Nanos,
} from "@matchpoint/sdk";
import { z } from "zod";
import { keep, type Contestant, type Setup, type Task } from "../contestant.ts";
import { FRAME_MS, makeTraffic, STARTS_AT, type Traffic } from "../traffic.ts";

const NANOS = FRAME_MS * 1_000_000;

/** The frames of every suite but the replay's. */
export const traffic = ({ quick }: Task): Traffic => makeTraffic(quick ? 6_000 : 20_000);

/** `JSON.parse` of text that is there already. */
export const parseText: Setup = (task) => {
  const texts = traffic(task).frames.map((frame) => frame.toString());
  return rounds(5, texts.length, () => parsed(texts));
};

/** `JSON.parse` of bytes, as they come from a socket. */
export const parseBytes: Setup = (task) => {
  const { frames } = traffic(task);
  return rounds(5, frames.length, () => {
    let check = 0;
    for (const frame of frames) check += (JSON.parse(frame.toString()) as unknown[]).length;
    return check;
  });
};

function parsed(texts: readonly string[]): number {
  let check = 0;
  for (const text of texts) check += (JSON.parse(text) as unknown[]).length;
  return check;
}

/** Decoder, book and a direct call. */
export const book: Setup = (task) => {
  const { frames, markets } = traffic(task);
  return rounds(10, frames.length, () => {
    const decoder = createMarketDecoder(new TokenIndex(markets));
    const books = new Map<string, MarketBook>(
      markets.map((market) => [market.marketId, new MarketBook(market)]),
    );
    keep([decoder, books]);
    let check = 0;
    const onBook = (changed: MarketBook): void => {
      check += changed.bid(0) + changed.ask(0);
    };
    const emit = (event: CoreEvent): void => {
      const { marketId } = event as { marketId: MarketId };
      const known = books.get(marketId)!;
      if (known.apply(event as Parameters<MarketBook["apply"]>[0]) !== 0) onBook(known);
    };
    const stamp = { at: 0 as Nanos, receivedAt: STARTS_AT as Millis };
    for (const frame of frames) decoder.decode(frame, 0, frame.length, stamp, emit);
    return check;
  });
};

/** Reads the book on each change, as little as a strategy can do. */
class Watcher extends Strategy<typeof Watcher.params> {
  static readonly id = "watcher";
  static readonly posture = "directional";
  static readonly params = z.strictObject({});
  static seen = 0;

  override onBook(ctx: BookContext): void {
    Watcher.seen += ctx.book.bid(0) + ctx.book.ask(0);
  }
}

/** A venue that nothing is ever sent to: what is left is the way from the frame to the strategy. */
const IDLE: ExecutionFold = {
  capabilities: { orderTypes: ["GTC"], postOnly: true, merge: false, split: false },
  prepare: () => {
    throw new TypeError("no order is expected");
  },
  observe: () => undefined,
  submit: () => undefined,
  nextDue: () => undefined,
  advance: () => undefined,
};

/** Decoder, runtime (session, core, book) and a strategy's hook; no journal, no paper venue. */
export const core: Setup = (task) => {
  const { frames, markets } = traffic(task);
  return rounds(10, frames.length, () => {
    const runtime = createRuntime({
      config: defaultConfig(),
      strategies: [{ use: Watcher, params: {} }],
      execution: IDLE,
      runId: "bench",
      startsAt: STARTS_AT,
    });
    for (const market of markets) {
      runtime.offer({ type: "market_listed", market, at: 0 as Nanos, receivedAt: STARTS_AT as Millis });
    }
    const decoder = createMarketDecoder(new TokenIndex(markets));
    keep([decoder, runtime]);
    const before = Watcher.seen;
    const emit = (event: CoreEvent): void => {
      runtime.offer(event);
    };
    const stamp = { at: 0 as Nanos, receivedAt: STARTS_AT as Millis };
    let at = 0;
    for (const frame of frames) {
      at += NANOS;
      stamp.at = at as Nanos;
      decoder.decode(frame, 0, frame.length, stamp, emit);
    }
    return Watcher.seen - before;
  });
};

/** A round of several passes over the traffic. */
function rounds(passes: number, frames: number, pass: () => number): Contestant {
  return {
    size: passes * frames,
    round: () => {
      let check = 0;
      for (let i = 0; i < passes; i++) check += pass();
      return check;
    },
  };
}
