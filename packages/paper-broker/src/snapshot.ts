import {
  MatchpointError,
  type ExecutionReport,
  type MarketDescription,
  type OrderId,
  type SavedBook,
  type Usdc,
} from "@matchpoint/sdk";
import type { AccountState } from "./account.ts";
import type { Action, Due } from "./agenda.ts";
import type { SavedGone } from "./goneLevels.ts";
import { PaperMarket } from "./market.ts";
import type { PaperAction, PaperOrder, PaperStats, PaperTrade } from "./records.ts";
import type { Venue } from "./venue.ts";

const VERSION = 2;

interface SavedMarket {
  readonly description: MarketDescription;
  readonly book: SavedBook;
  readonly taken: readonly (readonly [number, number])[];
  readonly gone: SavedGone;
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
  readonly leastLag: number | null;
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
    leastLag: venue.leastLag ?? null,
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

/** Fills a fresh venue. Returns its time. @throws `MatchpointError` `INVARIANT` when the snapshot is not of this run or version */
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
  venue.leastLag = state.leastLag ?? undefined;
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
  return {
    description: market.description,
    book: market.book.save(),
    taken: market.taken(),
    gone: market.gone.save(),
    resting: market.resting.map((order) => order.orderId),
    payouts: market.payouts ?? null,
    clearAt: market.clearAt ?? null,
  };
}

function restoreMarket(venue: Venue, saved: SavedMarket): void {
  const market = new PaperMarket(saved.description, venue.settings);
  market.book.load(saved.book);
  market.restoreTaken(saved.taken);
  market.gone.restore(saved.gone);
  market.payouts = saved.payouts ?? undefined;
  market.clearAt = saved.clearAt ?? undefined;
  for (const orderId of saved.resting) {
    const order = venue.open.get(orderId);
    if (order !== undefined) market.resting.push(order);
  }
  venue.markets.set(saved.description.marketId, market);
}

/** A deep copy that is nothing but JSON. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
