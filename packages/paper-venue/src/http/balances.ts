import type { ExchangeTrade, PaperExchange, TradeLeg } from "@matchpoint/paper-broker";
import type { Faults } from "../faults/faults.ts";
import type { TradeRecord } from "../engine/records.ts";
import type { Market } from "../world/listing.ts";

/** Collateral, or shares of one outcome. */
export type Asset = "collateral" | { readonly market: Market; readonly outcome: 0 | 1 };

/** An account's money as the chain has it, and what the venue holds against it. In millionths. */
export interface Figures {
  /** On the chain: what was mined. */
  readonly balance: number;
  /** Held back by open orders. */
  readonly active: number;
  /** Owed for matches that are not mined yet. */
  readonly matched: number;
}

/** What accounts have, and the cache of it that production reads from. */
export class Balances {
  readonly #exchange: PaperExchange;
  readonly #pending: () => Iterable<TradeRecord>;
  readonly #faults: Faults;
  readonly #known = new Set<string>();
  readonly #met: (account: string) => void;
  /** Balances of before a fault made them stale, by account and asset. */
  readonly #frozen = new Map<string, number>();
  readonly #markets: readonly Market[];

  constructor(
    exchange: PaperExchange,
    markets: readonly Market[],
    pending: () => Iterable<TradeRecord>,
    faults: Faults,
    met: (account: string) => void,
  ) {
    this.#met = met;
    this.#exchange = exchange;
    this.#markets = markets;
    this.#pending = pending;
    this.#faults = faults;
  }

  /** Takes note of an account, so that a fault can make its balances stale. */
  know(account: string): void {
    if (this.#known.has(account)) return;
    this.#known.add(account);
    this.#met(account);
  }

  /** As it is. */
  figures(account: string, asset: Asset): Figures {
    const view = this.#exchange.view(account);
    let owed = 0;
    let coming = 0;
    for (const { trade } of this.#pending()) {
      for (const leg of legsOf(trade)) {
        if (leg.account !== account) continue;
        if (asset === "collateral") {
          if (leg.side === "buy") owed += leg.cost + leg.fee;
          else coming += leg.cost - leg.fee;
        } else if (trade.marketId === asset.market.description.marketId && leg.outcome === asset.outcome) {
          if (leg.side === "buy") coming += leg.size;
          else owed += leg.size;
        }
      }
    }
    let held: number;
    let active: number;
    if (asset === "collateral") {
      held = view.balances().collateral;
      active = Math.max(0, held - coming - view.free());
    } else {
      const { marketId } = asset.market.description;
      held =
        view.positions().find((p) => p.marketId === marketId && p.outcome === asset.outcome)?.matched ?? 0;
      active = view
        .openOrders(marketId)
        .filter((order) => order.side === "sell" && order.outcome === asset.outcome)
        .reduce((sum, order) => sum + order.size - order.matched, 0);
    }
    return { balance: held + owed - coming, active, matched: owed };
  }

  /** Keeps every balance as it is now, for a fault that makes them stale. */
  freeze(): void {
    for (const account of this.#known) {
      this.#frozen.set(keyOf(account, "collateral"), this.figures(account, "collateral").balance);
      for (const market of this.#markets) {
        for (const outcome of [0, 1] as const) {
          const asset = { market, outcome };
          this.#frozen.set(keyOf(account, asset), this.figures(account, asset).balance);
        }
      }
    }
  }

  /** As the venue's cache has it. */
  cached(account: string, asset: Asset, at: number): number {
    const { balance } = this.figures(account, asset);
    const frozen = this.#frozen.get(keyOf(account, asset));
    if (frozen === undefined || frozen === balance) return balance;
    const strike = this.#faults.strike("stale_balance", { addresses: [account] }, at);
    return strike === undefined ? balance : frozen;
  }

  /** What `/balance-allowance/update` does. */
  refresh(account: string, asset: Asset): void {
    this.#frozen.delete(keyOf(account, asset));
  }
}

function keyOf(account: string, asset: Asset): string {
  return asset === "collateral" ? account : `${account}|${asset.market.tokenId(asset.outcome)}`;
}

/** Every side of a match. */
export function legsOf(trade: ExchangeTrade): readonly TradeLeg[] {
  return [trade.taker, ...trade.makers];
}
