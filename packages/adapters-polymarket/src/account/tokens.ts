import {
  NO_FEE,
  type FeeSchedule,
  type MarketDescription,
  type MarketId,
  type Outcome,
} from "@matchpoint/sdk";

/** What a token id stands for on our own trades. */
export interface AccountToken {
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  /** The schedule that the taker fee is counted with: the venue's trade records do not state the fee. */
  readonly fee: FeeSchedule;
}

/**
 * Finds market, outcome and fees by token id. Keep markets in here for as long as trades of theirs may be reported.
 *
 * @example
 * ```ts
 * import { AccountTokens } from "@matchpoint/adapters-polymarket";
 * new AccountTokens().get("71321045679252212594626385532706912750332728571942532289631379312455583992563"); // undefined
 * ```
 */
export class AccountTokens {
  readonly #byId = new Map<string, AccountToken>();
  readonly #fallback: FeeSchedule;

  /** @param fallback the fees of markets that state none; absent: none, as the venue's records mean it */
  constructor(markets: Iterable<MarketDescription> = [], fallback: FeeSchedule = NO_FEE) {
    this.#fallback = fallback;
    for (const market of markets) this.add(market);
  }

  /** Adds a market, or takes over what has changed of it. */
  add(market: MarketDescription): void {
    const fee = market.fee ?? this.#fallback;
    const { marketId, outcomes } = market;
    this.#byId.set(outcomes[0].tokenId, { marketId, outcome: 0, fee });
    this.#byId.set(outcomes[1].tokenId, { marketId, outcome: 1, fee });
  }

  /** What a token id stands for; `undefined` when no market with it was added. */
  get(tokenId: string): AccountToken | undefined {
    return this.#byId.get(tokenId);
  }
}
