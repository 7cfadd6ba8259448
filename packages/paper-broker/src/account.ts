import type { ActionId, MarketId, Outcome } from "@matchpoint/sdk";
import type { TradeLeg } from "./exchange.ts";
import type { UseGate } from "./options.ts";
import { fullBuckets, type BucketState } from "./realism/buckets.ts";
import type { PaperAction } from "./records.ts";

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
  readonly chain: readonly PaperAction[];
  readonly buckets: BucketState;
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
  /** The newest chain actions, by their ids. */
  readonly chain = new Map<ActionId, PaperAction>();
  /** What is left of the requests that it may send. */
  buckets = fullBuckets();
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

  /** Its side of a match. What it gives is gone at once, what it gets becomes usable as the gate says. */
  matched(marketId: MarketId, { outcome, side, size, cost, fee }: TradeLeg): void {
    const held = this.holding(marketId, outcome);
    if (side === "buy") {
      this.cash -= cost + fee;
      held.matched += size;
      return;
    }
    this.cash += cost - fee;
    if (this.#gate !== "matched") this.incoming += cost - fee;
    held.matched -= size;
    held.mined -= size;
    held.settled -= size;
  }

  /** The match is mined. */
  mined(marketId: MarketId, { outcome, side, size, cost, fee }: TradeLeg): void {
    if (side === "buy") this.holding(marketId, outcome).mined += size;
    else if (this.#gate === "mined") this.incoming -= cost - fee;
  }

  /** The mined match is final. */
  confirmed(marketId: MarketId, { outcome, side, size, cost, fee }: TradeLeg): void {
    if (side === "buy") this.holding(marketId, outcome).settled += size;
    else if (this.#gate === "confirmed") this.incoming -= cost - fee;
  }

  /** The match is void: exactly what {@link Account.matched} did, and {@link Account.mined} if it was mined, is undone. */
  voided(marketId: MarketId, { outcome, side, size, cost, fee }: TradeLeg, mined: boolean): void {
    const held = this.holding(marketId, outcome);
    if (side === "buy") {
      this.cash += cost + fee;
      held.matched -= size;
      if (mined) held.mined -= size;
      return;
    }
    this.cash -= cost - fee;
    if (this.#gate === "confirmed" || (this.#gate === "mined" && !mined)) this.incoming -= cost - fee;
    held.matched += size;
    held.mined += size;
    held.settled += size;
  }

  save(): AccountState {
    const { cash, incoming, reserved } = this;
    return {
      cash,
      incoming,
      reserved,
      holdings: [...this.#holdings].map(([marketId, [a, b]]) => [marketId, [{ ...a }, { ...b }]]),
      chain: [...this.chain.values()],
      buckets: { ...this.buckets },
    };
  }

  restore(state: AccountState): void {
    this.cash = state.cash;
    this.incoming = state.incoming;
    this.reserved = state.reserved;
    this.#holdings.clear();
    for (const [marketId, [a, b]] of state.holdings) this.#holdings.set(marketId, [{ ...a }, { ...b }]);
    for (const entry of state.chain) this.chain.set(entry.action.actionId, entry);
    this.buckets = { ...state.buckets };
  }
}
