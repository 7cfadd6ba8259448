import {
  defaultConfig,
  id,
  LADDER,
  type CoreEvent,
  type IntentId,
  type MarketId,
  type Millis,
  type Nanos,
  type OrderId,
  type Price,
  type Shares,
  type StrategyId,
  type TradeId,
  type Usdc,
} from "@matchpoint/sdk";
import { STARTS_AT, testMarket } from "../tape.ts";

/** What a made-up live run has done. */
export interface BigJournalOptions {
  readonly lines: number;
  /** Which part of the lines tells of its own orders and trades; the rest are books. */
  readonly own: number;
  readonly markets?: number;
  /** From one line to the next, in ms. Default 20. */
  readonly everyMs?: number;
  /** How many orders rest at once before the oldest is cancelled. Default 40. */
  readonly resting?: number;
  /** Whether its last record says that it ended in good order. */
  readonly ended?: boolean;
}

const hex = (kind: string, n: number): string => `0x${kind}${n.toString(16).padStart(63, "0")}`;
const CONFIG = JSON.parse(JSON.stringify(defaultConfig())) as unknown;
const SHARES = 10_000_000;

/** The events of a live run: it bids on both sides of its markets, most bids are cancelled, every fifth is filled and confirmed. */
export function* bigJournal(options: BigJournalOptions): Generator<CoreEvent, void, undefined> {
  const { lines, own, markets = 20, everyMs = 20, resting = 40, ended = false } = options;
  let n = 0;
  const stamp = (): { at: Nanos; receivedAt: Millis } => {
    const ms = n++ * everyMs;
    return { at: (ms * 1e6) as Nanos, receivedAt: (STARTS_AT + ms) as Millis };
  };
  yield {
    type: "run_started",
    ...stamp(),
    runId: id("run-big"),
    mode: "live",
    seed: 1,
    account: "0xabc on chain 137 at clob.polymarket.com",
    capabilities: { orderTypes: ["FAK", "FOK", "GTC", "GTD"], postOnly: true, merge: true, split: true },
    config: CONFIG,
    strategies: [{ id: id<StrategyId>("maker"), use: "model-maker", params: {} }],
  };
  yield { type: "balance_report", ...stamp(), collateral: 1e15 as Usdc };
  const ids = Array.from({ length: markets }, (_, i) => id<MarketId>(hex("a", i)));
  for (const [i, marketId] of ids.entries()) {
    const outcomes = [0, 1].map((k) => ({ tokenId: id(`${1_000 + 2 * i + k}`), name: `t${k}` }));
    yield {
      type: "market_listed",
      market: testMarket({ marketId, outcomes: outcomes as never }),
      ...stamp(),
    };
  }
  const told = ownEvents(ids, stamp, resting);
  let owed = 0;
  const last = ended ? lines - 2 : lines;
  while (n < last) {
    owed += own;
    if (owed >= 1) {
      owed -= 1;
      yield told.next().value;
    } else yield delta(ids, n, stamp());
  }
  if (!ended) return;
  yield { type: "run_stopping", reason: "stopped", ...stamp() };
  yield { type: "run_stopped", clean: true, openOrders: 0, ...stamp() };
}

function delta(ids: readonly MarketId[], n: number, stamp: { at: Nanos; receivedAt: Millis }): CoreEvent {
  const bid = 3_000 + 100 * (n % 30);
  return {
    type: "book_delta",
    marketId: ids[n % ids.length]!,
    levels: [LADDER.BID_0, bid, 12_340_000 + n, LADDER.ASK_0, bid + 200, n % 3 === 0 ? 0 : 55_000_000],
    bestBid: bid,
    bestAsk: bid + 100,
    publishedAt: (stamp.receivedAt - 40) as Millis,
    ...stamp,
  };
}

/** Every order with all that is told of it: four to eight lines. */
function* ownEvents(
  ids: readonly MarketId[],
  stamp: () => { at: Nanos; receivedAt: Millis },
  resting: number,
): Generator<CoreEvent, never, undefined> {
  const open: OrderId[] = [];
  for (let k = 1; ; k++) {
    const orderId = id<OrderId>(hex("b", k));
    const marketId = ids[k % ids.length]!;
    const outcome = (k >> 3) % 2 === 0 ? 0 : 1;
    const price = (3_000 + 100 * (k % 20)) as Price;
    const intentId = id<IntentId>(`maker-${k}`);
    yield {
      type: "order_prepared",
      ...stamp(),
      intentId,
      orderId,
      posture: "directional",
      intent: {
        intentId,
        strategyId: id<StrategyId>("maker"),
        marketId,
        outcome: outcome,
        side: "buy",
        orderType: "GTC",
        postOnly: true,
        limit: price,
        size: SHARES as Shares,
        purpose: "entry",
        reason: "bid below fair",
      },
    };
    yield { type: "order_report", orderId, status: "sent", ...stamp() };
    yield { type: "order_report", orderId, status: "live", ...stamp() };
    if (k % 5 === 0) {
      for (const status of ["MATCHED", "MINED", "CONFIRMED"] as const)
        yield {
          type: "trade_report",
          ...stamp(),
          tradeId: id<TradeId>(hex("c", k)),
          orderId,
          marketId,
          outcome: outcome,
          side: "buy",
          price,
          size: SHARES as Shares,
          cost: (price * 1_000) as Usdc,
          fee: 0 as Usdc,
          liquidity: "maker",
          status,
        };
      continue;
    }
    open.push(orderId);
    // A few rest for long.
    if (open.length > resting)
      yield { type: "order_report", orderId: open.shift()!, status: "canceled", ...stamp() };
  }
}
