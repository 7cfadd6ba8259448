import type { BookContinuity, BookDelta, CoreEvent } from "../../src/events/index.ts";

const stamp = (at: number) => ({ at, receivedAt: 1_780_000_000_000 + at });
const event = (value: unknown): CoreEvent => value as CoreEvent;

export const delta = (at: number, marketId: string, levels: readonly number[] = [0, 5_000, at]): BookDelta =>
  event({ type: "book_delta", ...stamp(at), marketId, levels, bestBid: -1, bestAsk: -1 }) as BookDelta;
export const snapshot = (
  at: number,
  marketId: string,
  levels: readonly number[] = [],
  outcome = 0,
): CoreEvent => event({ type: "book_snapshot", ...stamp(at), marketId, outcome, levels, synthetic: false });
export const quote = (at: number, marketId: string, bestBid = 1): CoreEvent =>
  event({ type: "best_quote", ...stamp(at), marketId, bestBid, bestAsk: 9_000 });
export const trade = (at: number, marketId: string): CoreEvent =>
  event({ type: "market_trade", ...stamp(at), marketId, outcome: 0, side: "buy", price: 5_000, size: 1 });
export const tick = (at: number, marketId: string): CoreEvent =>
  event({ type: "tick_size_changed", ...stamp(at), marketId, tick: 10 });
/** Tells a feed's own word from what the bus says itself. */
export const FEED_SAYS = "the feed says so";
export const continuity = (at: number, marketId: string, state: BookContinuity["state"]): CoreEvent =>
  event({ type: "book_continuity", ...stamp(at), marketId, state, reason: FEED_SAYS });
export const report = (at: number, orderId: string): CoreEvent =>
  event({ type: "order_report", ...stamp(at), orderId, status: "live" });
export const fill = (at: number, marketId: string, tradeId: string, status = "MATCHED"): CoreEvent =>
  event({
    type: "trade_report",
    ...stamp(at),
    tradeId,
    orderId: "o",
    marketId,
    outcome: 0,
    side: "buy",
    price: 1,
    size: 1,
    cost: 1,
    fee: 0,
    liquidity: "taker",
    status,
  });
export const claim = (at: number, matchId: string, ref?: string, game = 1): CoreEvent =>
  event({
    type: "match_claim",
    ...stamp(at),
    matchId,
    source: "s",
    tier: "A",
    upstream: "u",
    ...(ref === undefined ? {} : { ref }),
    claim: { kind: "game_started", game },
  });
export const listed = (at: number, marketId: string, matchId: string): CoreEvent =>
  event({
    type: "market_listed",
    ...stamp(at),
    market: {
      marketId,
      title: "t",
      outcomes: [
        { tokenId: `${marketId}1`, name: "A" },
        { tokenId: `${marketId}2`, name: "B" },
      ],
      subject: { kind: "series", matchId, teamOf: [0, 1] },
      tick: 100,
      minSize: 0,
      takerDelayMs: 0,
      mirrored: true,
      negRisk: false,
      acceptingOrders: true,
      clearBookOnStart: false,
    },
  });
export const command = (at: number): CoreEvent =>
  event({ type: "operator", ...stamp(at), operator: "me", command: { kind: "kill" } });
export const unreadable = (at: number, marketId?: string): CoreEvent =>
  event({
    type: "frame_quarantined",
    ...stamp(at),
    feed: "f",
    reason: "r",
    sample: "",
    ...(marketId === undefined ? {} : { marketId }),
  });

export function drain(bus: { take(): CoreEvent | undefined }): CoreEvent[] {
  const events: CoreEvent[] = [];
  for (let next = bus.take(); next !== undefined; next = bus.take()) events.push(next);
  return events;
}

/** `type@at` of each event. */
export const brief = (events: readonly CoreEvent[]): string[] =>
  events.map(({ type, at }) => `${type}@${at}`);
