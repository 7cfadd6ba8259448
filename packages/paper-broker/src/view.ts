import type {
  Balances,
  ChainStatus,
  ActionId,
  MarketId,
  OpenOrder,
  OrderEvidence,
  OrderId,
  Outcome,
  Shares,
  Trade,
  Usdc,
  VenuePosition,
} from "@matchpoint/sdk";
import { Account } from "./account.ts";
import type { AccountId } from "./exchange.ts";
import { ownLegs, tradeOf, type PaperStats } from "./records.ts";
import type { Venue } from "./venue.ts";

/** What the venue would answer if it were asked now. */
export interface PaperView {
  /** An order on its way there is `absent`, as is one that ended long ago. */
  order(orderId: OrderId): OrderEvidence;
  /** Resting and delayed orders, in order of submission. */
  openOrders(marketId?: MarketId): OpenOrder[];
  /** Trades from a number on (counted from 0 over the run, other accounts' included), as far as they are remembered. */
  trades(from?: number): { readonly trades: Trade[]; readonly next: number };
  /** What is held, empty positions left out. `matched` counts trades that have not failed, `settled` confirmed ones. */
  positions(): VenuePosition[];
  /** Collateral by all trades that have not failed; what open orders hold back is included. */
  balances(): Balances;
  /** Collateral that a new order could use now. */
  free(): Usdc;
  chainStatus(actionId: ActionId): ChainStatus | undefined;
  /** Of the whole venue. */
  stats(): Readonly<PaperStats>;
}

/** An account's view of a venue. */
export function viewOf(venue: Venue, id: AccountId): PaperView {
  const account = (): Account => venue.accounts.get(id) ?? new Account(0, venue.settings.gate);
  return {
    order(orderId) {
      const order = venue.order(orderId);
      if (order?.account !== id || order.stage === "in_flight") return { kind: "absent" };
      return { kind: "found", status: order.status, matched: order.matched as Shares };
    },
    openOrders(marketId) {
      const found: OpenOrder[] = [];
      for (const { account: owner, orderId, intent, stage, matched } of venue.open.values()) {
        if (owner !== id || stage === "in_flight" || (marketId !== undefined && intent.marketId !== marketId))
          continue;
        const { outcome, side, limit, size } = intent;
        found.push({
          orderId,
          marketId: intent.marketId,
          outcome,
          side,
          price: limit,
          size,
          matched: matched as Shares,
        });
      }
      return found;
    },
    trades(from = 0) {
      const trades: Trade[] = [];
      for (const [number, match] of venue.trades) {
        if (number < from) continue;
        for (const { account: owner, leg, liquidity } of ownLegs(match)) {
          if (owner === id) trades.push(tradeOf(match, leg, liquidity));
        }
      }
      return { trades, next: venue.tradeCount };
    },
    positions() {
      const found: VenuePosition[] = [];
      for (const [marketId, pair] of account().holdings()) {
        pair.forEach(({ matched, settled, locked }, outcome) => {
          if (matched === 0 && settled + locked === 0) return;
          const shown = Math.max(0, settled + locked);
          found.push({
            marketId,
            outcome: outcome as Outcome,
            matched: matched as Shares,
            settled: shown as Shares,
          });
        });
      }
      return found;
    },
    balances: () => ({ collateral: account().cash as Usdc }),
    free: () => account().free() as Usdc,
    chainStatus: (actionId) => account().chain.get(actionId)?.status,
    stats: () => ({ ...venue.stats }),
  };
}
