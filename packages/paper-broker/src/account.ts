import type { MarketId, Outcome } from "@matchpoint/sdk";
import type { UseGate } from "./options.ts";

/** Shares of one outcome, in micro-shares. A sell leaves all three counts at its match; a buy joins them one by one. */
export interface Holding {
  /** By trades that did not fail. */
  matched: number;
  /** By trades that are at least mined. May be negative while shares sold early are still on their way in. */
  mined: number;
  /** By trades that are confirmed. */
  settled: number;
  /** Taken by a chain action under way (already out of `mined` and `settled`). */
  locked: number;
  /** Offered by open sell orders. */
  offered: number;
}

/** Plain JSON of an {@link Account}. */
export interface AccountState {
  readonly cash: number;
  readonly incoming: number;
  readonly reserved: number;
  readonly holdings: readonly (readonly [MarketId, readonly [Holding, Holding]])[];
}

function empty(): Holding {
  return { matched: 0, mined: 0, settled: 0, locked: 0, offered: 0 };
}

/** One pool of collateral for all markets, and shares per outcome. Everything in integer micro-units. */
export class Account {
  /** Collateral by all trades that did not fail. */
  cash: number;
  /** Part of `cash` that came from sells and cannot be used yet. */
  incoming = 0;
  /** Part of `cash` that open buys and pending splits will need. */
  reserved = 0;
  readonly #gate: UseGate;
  readonly #holdings = new Map<MarketId, [Holding, Holding]>();

  constructor(cash: number, gate: UseGate) {
    this.cash = cash;
    this.#gate = gate;
  }

  holding(marketId: MarketId, outcome: Outcome): Holding {
    let pair = this.#holdings.get(marketId);
    if (pair === undefined) {
      pair = [empty(), empty()];
      this.#holdings.set(marketId, pair);
    }
    return pair[outcome];
  }

  holdings(): ReadonlyMap<MarketId, readonly [Holding, Holding]> {
    return this.#holdings;
  }

  /** Dollars that a new order may use. */
  free(): number {
    return this.cash - this.incoming - this.reserved;
  }

  /** Shares that back sell orders, open ones included. */
  backing(held: Holding): number {
    if (this.#gate === "matched") return held.matched - held.locked;
    return this.#gate === "mined" ? held.mined : held.settled;
  }

  save(): AccountState {
    const { cash, incoming, reserved } = this;
    return {
      cash,
      incoming,
      reserved,
      holdings: [...this.#holdings].map(([marketId, [a, b]]) => [marketId, [{ ...a }, { ...b }]]),
    };
  }

  restore(state: AccountState): void {
    this.cash = state.cash;
    this.incoming = state.incoming;
    this.reserved = state.reserved;
    this.#holdings.clear();
    for (const [marketId, [a, b]] of state.holdings) this.#holdings.set(marketId, [{ ...a }, { ...b }]);
  }
}
