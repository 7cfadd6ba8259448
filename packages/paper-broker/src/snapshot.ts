import {
  ladderOf,
  MatchpointError,
  PRICE_ONE,
  type BookStatus,
  type ExecutionReport,
  type MarketDescription,
  type Millis,
  type Nanos,
  type OrderId,
  type Outcome,
  type Price,
  type Usdc,
} from "@matchpoint/sdk";
import type { AccountState } from "./account.ts";
import type { Action, Due } from "./agenda.ts";
import { PaperMarket } from "./market.ts";
import type { PaperAction, PaperOrder, PaperStats, PaperTrade } from "./records.ts";
import type { Venue } from "./venue.ts";

const VERSION = 1;
const SIDES = ["bid", "ask"] as const;

interface SavedMarket {
  readonly description: MarketDescription;
  readonly tick: Price;
  readonly status: BookStatus;
  readonly seenWhole: readonly [boolean, boolean];
  readonly doubted: boolean;
  readonly at: number;
  /** Flat triples `ladder, price, size`. */
  readonly levels: readonly number[];
  readonly taken: readonly (readonly [number, number])[];
  readonly resting: readonly OrderId[];
  readonly payouts: readonly [Usdc, Usdc] | null;
  readonly clearAt: number | null;
}

/** A paper broker's whole state as plain JSON. Restore it only into a broker with the same options. */
export interface PaperSnapshot {
  readonly version: number;
  readonly runId: string;
  readonly now: number;
  readonly seq: number;
  readonly wallOffset: number | null;
  readonly account: AccountState;
  readonly markets: readonly SavedMarket[];
  readonly open: readonly PaperOrder[];
  readonly done: readonly PaperOrder[];
  /** Trades with their numbers, oldest first. */
  readonly trades: readonly (readonly [number, PaperTrade])[];
  /** Pending trades that are no longer among the remembered ones. */
  readonly forgotten: readonly PaperTrade[];
  readonly tradeCount: number;
  readonly chain: readonly PaperAction[];
  readonly actions: readonly Due<Action>[];
  readonly reports: readonly Due<ExecutionReport>[];
  readonly stats: PaperStats;
}

/** Writes a venue down. The result shares nothing with it. */
export function saveVenue(venue: Venue, now: number): PaperSnapshot {
  const remembered = new Set(venue.trades.values());
  const snapshot: PaperSnapshot = {
    version: VERSION,
    runId: venue.settings.runId,
    now,
    seq: venue.agenda.seq,
    wallOffset: venue.wallOffset ?? null,
    account: venue.account.save(),
    markets: [...venue.markets.values()].map(saveMarket),
    open: [...venue.open.values()],
    done: [...venue.done.values()],
    trades: [...venue.trades],
    forgotten: [...venue.pending.values()].filter((trade) => !remembered.has(trade)),
    tradeCount: venue.tradeCount,
    chain: [...venue.chain.values()],
    actions: venue.agenda.actions.entries(),
    reports: venue.agenda.reports.entries(),
    stats: venue.stats,
  };
  return copy(snapshot);
}

/** Fills a fresh venue. Returns its time. @throws {@link MatchpointError} `INVARIANT` when the snapshot is not of this run or version */
export function restoreVenue(venue: Venue, saved: PaperSnapshot): number {
  if (saved.version !== VERSION || saved.runId !== venue.settings.runId) {
    throw new MatchpointError(
      "INVARIANT",
      `a snapshot of run ${saved.runId} (version ${saved.version}) does not fit run ${venue.settings.runId} (version ${VERSION})`,
    );
  }
  const state = copy(saved);
  venue.agenda.seq = state.seq;
  venue.wallOffset = state.wallOffset ?? undefined;
  venue.account.restore(state.account);
  for (const order of state.open) venue.open.set(order.orderId, order);
  for (const order of state.done) venue.done.set(order.orderId, order);
  for (const [number, trade] of state.trades) venue.trades.set(number, trade);
  for (const trade of [...venue.trades.values(), ...state.forgotten]) {
    if (trade.status !== "CONFIRMED" && trade.status !== "FAILED") venue.pending.set(trade.tradeId, trade);
  }
  venue.tradeCount = state.tradeCount;
  for (const entry of state.chain) venue.chain.set(entry.action.actionId, entry);
  for (const market of state.markets) restoreMarket(venue, market);
  for (const entry of state.actions) venue.agenda.actions.push(entry);
  for (const entry of state.reports) venue.agenda.reports.push(entry);
  venue.stats = state.stats;
  return state.now;
}

function saveMarket(market: PaperMarket): SavedMarket {
  const { book, description } = market;
  const levels: number[] = [];
  for (const outcome of (description.mirrored ? [0] : [0, 1]) as Outcome[]) {
    for (const side of SIDES) {
      for (const { price, size } of book.levels(outcome, side, PRICE_ONE))
        levels.push(ladderOf(outcome, side), price, size);
    }
  }
  return {
    description,
    tick: book.tick,
    status: book.status,
    seenWhole: market.seenWhole,
    doubted: market.doubted,
    at: book.updatedAt,
    levels,
    taken: market.taken(),
    resting: market.resting.map((order) => order.orderId),
    payouts: market.payouts ?? null,
    clearAt: market.clearAt ?? null,
  };
}

/**
 * Leads a new book to where the old one was: its levels, whether they stand on a snapshot, and what has been wrong with it
 * since. (A book of two halves that was interrupted comes back with both halves interrupted.)
 */
function restoreMarket(venue: Venue, saved: SavedMarket): void {
  const { description, levels, seenWhole, status } = saved;
  const { marketId } = description;
  const stamp = { marketId, at: saved.at as Nanos, receivedAt: 0 as Millis };
  const market = new PaperMarket({ ...description, tick: saved.tick }, venue.settings.syntheticSize);
  market.description = description;
  for (const outcome of (description.mirrored ? [0] : [0, 1]) as Outcome[]) {
    const own: number[] = [];
    for (let i = 0; i < levels.length; i += 3)
      if (levels[i]! >> 1 === outcome) own.push(...levels.slice(i, i + 3));
    if (own.length === 0 && !seenWhole[outcome] && status === "empty") continue;
    market.apply({ type: "book_snapshot", ...stamp, outcome, levels: own, synthetic: !seenWhole[outcome] });
  }
  if (status === "gapped" || status === "stale" || status === "disconnected") {
    const state = status === "gapped" ? "gap" : status;
    market.apply({ type: "book_continuity", ...stamp, state, reason: "restored" });
  }
  if (saved.doubted && market.usable) {
    const bestBid = (market.book.bid(0) + 1) % PRICE_ONE;
    market.apply({ type: "best_quote", ...stamp, bestBid, bestAsk: market.book.ask(0) });
  }
  market.restoreTaken(saved.taken);
  market.payouts = saved.payouts ?? undefined;
  market.clearAt = saved.clearAt ?? undefined;
  for (const orderId of saved.resting) {
    const order = venue.open.get(orderId);
    if (order !== undefined) market.resting.push(order);
  }
  venue.markets.set(marketId, market);
}

/** A deep copy that is nothing but JSON. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
