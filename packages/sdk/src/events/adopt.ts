import type { MarketId, OrderId, RunId } from "../ids.ts";
import type { Price, Shares, Usdc } from "../units/index.ts";
import type { ChainAction } from "./execution.ts";
import type { Outcome, Side } from "./market.ts";
import type { AdoptedTrade } from "./reconcile.ts";
import type { Stamped } from "./stamp.ts";

/**
 * Why something is taken over that this run did not do itself. `restart`: an earlier run of the account did it, as its journal says.
 * `rounding`: the venue rounds otherwise; at most the dust of a comparison. `operator`: a person has said that it is the account's.
 */
export type AdoptReason = "restart" | "rounding" | "operator";

/**
 * What is taken over.
 *
 * - `account`: the state of orders, trades, chain actions and money at the end of an earlier run's journal.
 * - `order`: an order that rests at the venue; `matched` is what trades must still explain. It is cancelled at the next start.
 * - `trade`: a trade of the account that no journal has.
 * - `position`: shares that came (or, negative, went) otherwise, with the dollars that they count as.
 * - `cash`: collateral that came or went otherwise.
 * - `rebate`: collateral that came as makers' rebates: profit, where `cash` is a deposit.
 * - `complete`: nothing more is taken over; from here on the run trades.
 */
export type Adoption =
  | {
      readonly kind: "account";
      /** The run whose journal it is from, and how many lines of it were read. */
      readonly runId: RunId;
      readonly lines: number;
      /** Plain JSON; the engine's `CarriedAccount`. */
      readonly state: unknown;
    }
  | {
      readonly kind: "order";
      readonly orderId: OrderId;
      readonly marketId: MarketId;
      readonly outcome: Outcome;
      readonly side: Side;
      readonly price: Price;
      readonly size: Shares;
      readonly matched: Shares;
    }
  | { readonly kind: "trade"; readonly trade: AdoptedTrade }
  | {
      readonly kind: "position";
      readonly marketId: MarketId;
      readonly outcome: Outcome;
      readonly shares: Shares;
      readonly cost: Usdc;
    }
  | { readonly kind: "cash"; readonly amount: Usdc }
  | { readonly kind: "rebate"; readonly amount: Usdc }
  | { readonly kind: "complete" };

/** Something was taken over. Journaled like everything else, so that a journal alone says where every share came from. */
export interface Adopted extends Stamped {
  readonly type: "adopted";
  readonly reason: AdoptReason;
  /** What showed it, in words: a journal's line, the venue's or the chain's answer. */
  readonly evidence: string;
  readonly what: Adoption;
}

/** A live run is about to ask for a chain action; nothing has been sent yet. */
export interface ChainRequested extends Stamped {
  readonly type: "chain_requested";
  readonly action: ChainAction;
}
