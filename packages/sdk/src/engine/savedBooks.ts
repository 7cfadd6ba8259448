import { MatchpointError } from "../errors.ts";
import type { ChainAction, MarketDescription } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import type { ChainStoreSnapshot, OrderStoreSnapshot } from "../orders/index.ts";
import type { LedgerSnapshot } from "../portfolio/index.ts";
import type { BreakerCounts } from "../risk/index.ts";
import type { SavedSystem, SavedTrading } from "../trading/index.ts";
import type { Millis, Nanos, Usdc } from "../units/index.ts";
import type { AdoptDesk, SavedAdoption } from "./adoptDesk.ts";
import { restoreAccount } from "./carried.ts";
import type { Floor } from "./floor.ts";
import type { SavedForeign } from "./foreignLatch.ts";
import type { SavedLoss } from "./lossDesk.ts";
import type { MarketDesk } from "./marketDesk.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { RiskDesk } from "./riskDesk.ts";
import type { SettlementDesk } from "./settlementDesk.ts";
import type { SavedStops } from "./stopDesk.ts";

/** A market as a core that only keeps the books knows it. */
export interface SavedMarket {
  readonly market: MarketDescription;
  readonly trading: SavedTrading;
  readonly payouts?: readonly [Usdc, Usdc];
  readonly chain?: ChainAction;
  readonly chainRetryAt: Nanos;
  readonly chainReverts: number;
  readonly agreements: number;
}

/**
 * All that a core which only keeps the books (`bookkeeping`) knows, as plain JSON with that run's own times: a core that takes it up and
 * is then given the rest of the log is the one that was given all of it. What has no say in the account is left out (books, truth, rates).
 *
 * Whoever changes what the books are made of, or how an event moves them, raises its `version`: what another version has saved is not used.
 */
export interface SavedBooks {
  readonly version: 3;
  readonly now: Nanos;
  readonly wall: Millis;
  readonly funded: boolean;
  readonly orders: OrderStoreSnapshot;
  readonly chains: ChainStoreSnapshot;
  readonly ledger: LedgerSnapshot;
  readonly system: SavedSystem;
  readonly markets: readonly SavedMarket[];
  readonly halted: boolean;
  readonly haltedUnlisted: readonly MarketId[];
  readonly foreign?: SavedForeign;
  readonly recovering: boolean;
  readonly live: boolean;
  readonly resuming: boolean;
  readonly intents: number;
  readonly untilForget: number;
  readonly actions: number;
  readonly breakers: readonly (readonly [MarketId, BreakerCounts])[];
  readonly loss: SavedLoss;
  readonly stops: SavedStops;
  readonly adoption: SavedAdoption;
}

/** The desks that know something of the books. */
export interface BookDesks {
  readonly market: MarketDesk;
  readonly orders: OrderDesk;
  readonly settlement: SettlementDesk;
  readonly risk: RiskDesk;
  readonly adopt: AdoptDesk;
  /** Ties a market to what it is about. */
  readonly link: (entry: MarketEntry) => void;
}

/** What the desks know now. */
export function saveBooks(floor: Floor, desks: BookDesks, funded: boolean): SavedBooks {
  const { orders, settlement, risk, adopt } = desks;
  const foreign = floor.foreign.save();
  return {
    version: 3,
    now: floor.now,
    wall: floor.wall,
    funded,
    orders: floor.orders.snapshot(),
    chains: floor.chains.snapshot(),
    ledger: floor.ledger.snapshot(),
    system: floor.system.save(),
    markets: Array.from(floor.markets.values(), saveMarket),
    halted: floor.haltedByOperator,
    haltedUnlisted: [...floor.haltedUnlisted],
    ...(foreign === undefined ? {} : { foreign }),
    recovering: floor.recovering,
    live: floor.live,
    resuming: floor.resuming,
    intents: orders.intents,
    untilForget: orders.untilForget,
    actions: settlement.actions,
    breakers: risk.breakers.save(),
    loss: risk.loss.save(),
    stops: risk.stops.save(),
    adoption: adopt.save(),
  };
}

/**
 * Takes up what {@link saveBooks} gave, in a core to which nothing has happened yet.
 * @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER`, `JOURNAL_CORRUPT` when it is none
 */
export function loadBooks(floor: Floor, desks: BookDesks, saved: SavedBooks): void {
  const { version, orders, chains, ledger } = saved;
  if ((version as number) !== 3)
    throw new MatchpointError("JOURNAL_SCHEMA_NEWER", `saved books have version ${String(version)}, not 3`);
  const { stores } = restoreAccount({ version: 1, orders, chains, ledger });
  floor.now = saved.now;
  floor.wall = saved.wall;
  floor.orders = stores.orders;
  floor.chains = stores.chains;
  floor.ledger = stores.ledger;
  floor.system.load(saved.system);
  floor.haltedByOperator = saved.halted;
  for (const marketId of saved.haltedUnlisted) floor.haltedUnlisted.add(marketId);
  floor.foreign.load(saved.foreign);
  floor.recovering = saved.recovering;
  floor.live = saved.live;
  floor.resuming = saved.resuming;
  desks.orders.load(saved);
  desks.settlement.goOn(saved.actions);
  desks.adopt.load(saved.adoption);
  const { breakers, loss, stops } = desks.risk;
  for (const [marketId, counts] of saved.breakers) breakers.goOn(marketId, counts);
  loss.load(saved.loss);
  stops.goOn(saved.stops.killed, saved.stops.strategies, saved.stops.missteps);
  for (const market of saved.markets) loadMarket(floor, desks, market);
}

function saveMarket(entry: MarketEntry): SavedMarket {
  const { market, trading, payouts, chain, chainRetryAt, chainReverts, agreements } = entry;
  return {
    market,
    trading: trading.save(),
    ...(payouts === undefined ? {} : { payouts }),
    ...(chain === undefined ? {} : { chain }),
    chainRetryAt,
    chainReverts,
    agreements,
  };
}

function loadMarket(floor: Floor, desks: BookDesks, saved: SavedMarket): void {
  const entry = desks.market.make(saved.market);
  floor.markets.set(saved.market.marketId, entry);
  desks.link(entry);
  entry.trading.load(saved.trading);
  entry.payouts = saved.payouts;
  entry.chain = saved.chain;
  entry.chainRetryAt = saved.chainRetryAt;
  entry.chainReverts = saved.chainReverts;
  entry.agreements = saved.agreements;
}
