import type { Balances, OpenOrder, Trade, VenuePosition } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import type { ChainAction, OrderStatus, Outcome, TradeStatus } from "../events/index.ts";
import type { MarketId, OrderId } from "../ids.ts";
import { mulDiv, SHARES_ONE, type Usdc } from "../units/index.ts";

/** The venue's side of a comparison: what an `ExecutionAdapter` fetched at one moment. */
export interface VenueAccount {
  readonly positions: readonly VenuePosition[];
  readonly balances: Balances;
  readonly openOrders: readonly OpenOrder[];
  /** Every trade that may not be counted here yet; more do no harm. */
  readonly trades: readonly Trade[];
}

/** Shares that the core holds to be its own. */
export interface HeldPosition {
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  readonly matched: number;
  /** Less what is bought and not confirmed: negative while shares are sold early. */
  readonly settled: number;
}

/** An order that is not over here. `matched` counts failed trades too, as the venue does. */
export interface HeldOrder {
  readonly orderId: OrderId;
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  readonly status: OrderStatus;
  readonly size: number;
  readonly matched: number;
}

/** A chain action under way, and the dollars that it brings once final (a split: takes). */
export interface HeldAction {
  readonly action: ChainAction;
  readonly cash: number;
}

/** What the core holds to be true of the account. Plain data, amounts in integers of a millionth. */
export interface HeldAccount {
  readonly cash: number;
  readonly positions: readonly HeldPosition[];
  readonly orders: readonly HeldOrder[];
  readonly pending: readonly HeldAction[];
}

/** The core's side of a comparison: its account, and what it knows of the orders and trades that the venue named. */
export interface ExpectedAccount extends HeldAccount {
  /** Whose the orders are that the venue named. */
  readonly owners: ReadonlyMap<OrderId, "ours" | "retired" | "foreign">;
  /** Where the trades stand that the venue named, by {@link tradeKey}; those that are not counted here are left out. */
  readonly trades: ReadonlyMap<string, TradeStatus | "retired">;
}

/** What a comparison reads of a core. */
export type ReconciledCore = Pick<Core, "orders" | "ledger" | "markets"> &
  Partial<Pick<Core, "awaitsComparison" | "ownChannel">>;

/** One trade may match several orders, so a trade id alone is no key. */
export function tradeKey({ orderId, tradeId }: Pick<Trade, "orderId" | "tradeId">): string {
  return `${orderId} ${tradeId}`;
}

/** What a core holds to be true now. */
export function heldAccount(core: ReconciledCore): HeldAccount {
  const { ledger, orders } = core;
  const positions: HeldPosition[] = [];
  for (const marketId of ledger.markets()) {
    for (const outcome of [0, 1] as const) {
      const { matched } = ledger.position(marketId, outcome);
      const settled = matched - ledger.unconfirmed(marketId, outcome);
      positions.push({ marketId, outcome, matched, settled });
    }
  }
  const open: HeldOrder[] = [];
  for (const { orderId, status, intent, grossMatched } of orders.allOpen()) {
    if (orderId === undefined) continue;
    const { marketId, outcome, size } = intent;
    open.push({ orderId, marketId, outcome, status, size, matched: grossMatched });
  }
  const pending: HeldAction[] = [];
  for (const { chain: action, payouts } of core.markets()) {
    if (action !== undefined) pending.push({ action, cash: cashOf(action, payouts) });
  }
  return { cash: ledger.cash, positions, orders: open, pending };
}

/** What a core expects the venue to say. Reads only: nothing of the core is kept. */
export function expectedAccount(core: ReconciledCore, venue: VenueAccount): ExpectedAccount {
  const owners = new Map<OrderId, "ours" | "retired" | "foreign">();
  const trades = new Map<string, TradeStatus | "retired">();
  for (const { orderId } of venue.openOrders) owners.set(orderId, core.orders.ownership(orderId));
  for (const trade of venue.trades) {
    const { orderId, tradeId } = trade;
    owners.set(orderId, core.orders.ownership(orderId));
    const status = core.orders.tradeStatus(orderId, tradeId);
    if (status !== undefined) trades.set(tradeKey(trade), status);
  }
  return { ...heldAccount(core), owners, trades };
}

function cashOf({ kind, amounts }: ChainAction, payouts: readonly [Usdc, Usdc] | undefined): number {
  if (kind === "merge") return amounts[0];
  if (kind === "split") return 0 - amounts[0];
  if (payouts === undefined) return 0;
  return (
    mulDiv(amounts[0], payouts[0], SHARES_ONE, "down") + mulDiv(amounts[1], payouts[1], SHARES_ONE, "down")
  );
}
