import {
  MatchpointError,
  type MarketDescription,
  type MarketId,
  type OrderId,
  type SavedBook,
  type Usdc,
} from "@matchpoint/sdk";
import type { AccountState } from "./account.ts";
import type { Action, Agenda, Due } from "./agenda.ts";
import type { AccountId, ExchangeNews } from "./exchange.ts";
import type { SavedGone } from "./goneLevels.ts";
import { PaperMarket, type LastPrint } from "./market.ts";
import type { PaperMatch, PaperOrder, PaperStats } from "./records.ts";
import type { Venue } from "./venue.ts";

const VERSION = 4;

type ReportEntry = ReturnType<Agenda["reports"]["entries"]>[number];
type TradeEntry = Agenda["trades"][number];

interface SavedMarket {
  readonly description: MarketDescription;
  /** Absent where another venue keeps the book. */
  readonly book: SavedBook | null;
  readonly taken: readonly (readonly [number, number])[];
  readonly gone: SavedGone | null;
  readonly resting: readonly OrderId[];
  readonly told: readonly number[];
  readonly payouts: readonly [Usdc, Usdc] | null;
  readonly clearAt: number | null;
  readonly heardAt: number;
  readonly lastPrint: LastPrint | null;
}

/** A paper broker's or exchange's whole state as plain JSON. Restore it only where the same options were given. */
export interface PaperSnapshot {
  readonly version: number;
  readonly runId: string;
  readonly now: number;
  readonly seq: number;
  readonly wallOffset: number | null;
  readonly leastLag: number | null;
  /** Whether it is an exchange's. */
  readonly shared: boolean;
  readonly accounts: readonly (readonly [AccountId, AccountState])[];
  readonly markets: readonly SavedMarket[];
  readonly open: readonly PaperOrder[];
  readonly done: readonly PaperOrder[];
  /** Trades with their numbers, oldest first. */
  readonly trades: readonly (readonly [number, PaperMatch])[];
  /** Pending trades that are no longer among the remembered ones. */
  readonly forgotten: readonly PaperMatch[];
  readonly tradeCount: number;
  readonly actions: readonly Due<Action>[];
  /** Reports and news of trades that are still to be told, and markets whose books are. */
  readonly reports: readonly Due<ExchangeNews>[];
  readonly news: readonly Due<ExchangeNews>[];
  readonly books: readonly (readonly [MarketId, number])[];
  /** Restarts that accounts know of. */
  readonly toldClosed: readonly (readonly [AccountId, number])[];
  readonly stats: PaperStats;
  /** A broker's other scenarios. */
  readonly shadows: readonly PaperSnapshot[];
}

/** Writes a venue down. The result shares nothing with it. */
export function saveVenue(venue: Venue): PaperSnapshot {
  const remembered = new Set(venue.trades.values());
  const snapshot: PaperSnapshot = {
    version: VERSION,
    runId: venue.settings.runId,
    now: venue.now,
    seq: venue.agenda.seq,
    wallOffset: venue.wallOffset ?? null,
    leastLag: venue.leastLag ?? null,
    shared: venue.settings.shared,
    accounts: [...venue.accounts].map(([id, account]) => [id, account.save()]),
    markets: [...venue.markets.values()].map(saveMarket),
    open: [...venue.open.values()],
    done: [...venue.done.values()],
    trades: [...venue.trades],
    forgotten: [...venue.pending.values()].filter((trade) => !remembered.has(trade)),
    tradeCount: venue.tradeCount,
    actions: venue.agenda.actions.entries(),
    reports: venue.agenda.reports.entries(),
    news: venue.agenda.trades,
    books: [...venue.agenda.books],
    toldClosed: [...venue.toldClosed],
    stats: venue.stats,
    shadows: [],
  };
  return copy(snapshot);
}

/**
 * Fills a fresh venue.
 * @param keeper a venue that was filled before and keeps the books for both
 * @throws `MatchpointError` `INVARIANT` when the snapshot is not of this run, version or kind of venue
 */
export function restoreVenue(venue: Venue, saved: PaperSnapshot, keeper?: Venue): void {
  if (saved.version !== VERSION || saved.runId !== venue.settings.runId) {
    throw new MatchpointError(
      "INVARIANT",
      `a snapshot of run ${saved.runId} (version ${saved.version}) does not fit run ${venue.settings.runId} (version ${VERSION})`,
    );
  }
  if (saved.shared !== venue.settings.shared) {
    throw new MatchpointError(
      "INVARIANT",
      "a paper broker's snapshot does not fit an exchange, nor the other way round",
    );
  }
  const state = copy(saved);
  venue.now = state.now;
  venue.agenda.seq = state.seq;
  venue.wallOffset = state.wallOffset ?? undefined;
  venue.leastLag = state.leastLag ?? undefined;
  for (const [id, account] of state.accounts) venue.account(id).restore(account);
  for (const order of state.open) venue.open.set(order.orderId, order);
  for (const order of state.done) venue.done.set(order.orderId, order);
  for (const [number, trade] of state.trades) venue.trades.set(number, trade);
  for (const trade of [...venue.trades.values(), ...state.forgotten]) {
    if (trade.status !== "CONFIRMED" && trade.status !== "FAILED") venue.pending.set(trade.tradeId, trade);
  }
  venue.tradeCount = state.tradeCount;
  for (const market of state.markets) restoreMarket(venue, market, keeper);
  for (const entry of state.actions) venue.agenda.actions.push(entry);
  for (const entry of state.reports) venue.agenda.reports.push(entry as ReportEntry);
  venue.agenda.trades.push(...(state.news as TradeEntry[]));
  for (const [marketId, at] of state.books) venue.agenda.books.set(marketId, at);
  for (const [account, until] of state.toldClosed) venue.toldClosed.set(account, until);
  venue.stats = state.stats;
}

function saveMarket(market: PaperMarket): SavedMarket {
  return {
    description: market.description,
    book: market.follows ? null : market.book.save(),
    taken: market.taken(),
    gone: market.follows ? null : market.gone.save(),
    resting: market.resting.map((order) => order.orderId),
    told: market.told,
    payouts: market.payouts ?? null,
    clearAt: market.clearAt ?? null,
    heardAt: market.heardAt,
    lastPrint: market.lastPrint ?? null,
  };
}

function restoreMarket(venue: Venue, saved: SavedMarket, keeper: Venue | undefined): void {
  const market = new PaperMarket(
    saved.description,
    venue.settings,
    keeper?.markets.get(saved.description.marketId),
  );
  if (saved.book !== null) market.book.load(saved.book);
  market.restoreTaken(saved.taken);
  if (saved.gone !== null) market.gone.restore(saved.gone);
  market.heardAt = saved.heardAt;
  market.lastPrint = saved.lastPrint ?? undefined;
  market.told = saved.told;
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
