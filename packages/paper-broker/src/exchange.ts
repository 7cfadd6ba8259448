import type {
  Capabilities,
  CoreEvent,
  ExecutionCommand,
  ExecutionReport,
  MarketDescription,
  MarketId,
  Nanos,
  OrderId,
  OrderStatus,
  Outcome,
  PreparedOrder,
  Price,
  Shares,
  Side,
  TradeId,
  TradeStatus,
  Usdc,
} from "@matchpoint/sdk";
import type { PaperSnapshot } from "./snapshot.ts";
import type { PaperView } from "./view.ts";

/** Whose an order is. A name of the caller's choice, such as a wallet's address. */
export type AccountId = string;

/**
 * The paper venue for many accounts, as one synchronous, deterministic fold: the accounts trade with each other over one book
 * per market, YES and NO as one, and with whatever liquidity the book events show that it is told (a recording, a simulator).
 * A paper broker is this exchange with one account.
 */
export interface PaperExchange {
  readonly capabilities: Capabilities;
  /**
   * Adds dollars to an account, which is opened by it. A negative amount takes them away, as far as they are free. Returns
   * what was moved.
   * @throws `MatchpointError` `UNIT_INVALID` when it is no whole number of micro-dollars, `UNIT_OVERFLOW` when the account would
   * hold more than 2^53 of them
   */
  deposit(account: AccountId, collateral: Usdc): Usdc;
  /** Tells what happened in the outside world, in log order: listings, book events of others, prints, resolutions. */
  observe(event: CoreEvent): void;
  /** Hands over a command of an account at a monotonic time that is not before any seen so far. */
  submit(account: AccountId, command: ExecutionCommand, at: Nanos): void;
  /** When something is due next; `undefined` when the exchange is idle. */
  nextDue(): Nanos | undefined;
  /** Does everything that is due up to and at `to`, and tells it in order. */
  advance(to: Nanos, emit: (news: ExchangeNews) => void): void;
  /** What the exchange would answer an account that asked now. Unknown accounts hold nothing. */
  view(account: AccountId): PaperView;
  market(marketId: MarketId): MarketDescription | undefined;
  /** Any account's order: open, or finished and not forgotten yet. */
  order(orderId: OrderId): ExchangeOrder | undefined;
  trade(tradeId: TradeId): ExchangeTrade | undefined;
  /**
   * The public book of one outcome, best level first: what others show, less what was taken of it, and what all accounts have
   * resting. While what others show is not known, nothing of it is in the book.
   */
  book(marketId: MarketId, outcome: Outcome): PublicBook;
  /**
   * Makes a trade fail when it is mined next. Returns whether it still can: it is MATCHED or RETRYING, and no chain of its own
   * decides.
   */
  failTrade(tradeId: TradeId): boolean;
  /**
   * With `settlement: "told"`: says what became of a match. MATCHED and RETRYING can become MINED, RETRYING or FAILED; MINED
   * CONFIRMED or FAILED. Returns whether it did; anything else changes nothing.
   * @throws `MatchpointError` `INVARIANT` when `at` is before a time seen already
   */
  settleTrade(tradeId: TradeId, status: TradeStatus, at: Nanos): boolean;
  /**
   * With `settlement: "told"`: what the chain moved into an account beside its trades, or, when `amount` is negative, out of it:
   * dollars, or shares of an outcome. Unlike {@link PaperExchange.deposit} it takes what is not free too; open orders that
   * nothing backs any more are invalid then, the newest first.
   * @throws `MatchpointError` `INVARIANT` when `at` is before a time seen already or the exchange settles by itself;
   * `UNIT_INVALID` when the amount is no whole number of millionths
   */
  transfer(account: AccountId, asset: Asset, amount: number, at: Nanos): void;
  /**
   * The venue itself cancels what an account has resting, at once; `detail` goes into the reports. Orders on their way or
   * held by the taker delay stay. Returns how many were cancelled.
   * @throws `MatchpointError` `INVARIANT` when `at` is before a time seen already
   */
  expireAll(account: AccountId, detail: string, at: Nanos): number;
  /** The whole state as plain JSON, sharing nothing with the exchange. */
  snapshot(): PaperSnapshot;
  /**
   * Takes over a snapshot; only into a new exchange made with the same options.
   * @throws `MatchpointError` `INVARIANT`
   */
  restore(snapshot: PaperSnapshot): void;
}

/** What an account can hold: dollars, or shares of an outcome. */
export type Asset = "collateral" | { readonly marketId: MarketId; readonly outcome: Outcome };

/** One level of a public book. */
export interface PublicLevel {
  readonly price: Price;
  readonly size: Shares;
}

/** A public book of one outcome, best level first. */
export interface PublicBook {
  readonly bids: readonly PublicLevel[];
  readonly asks: readonly PublicLevel[];
}

/** What an exchange tells: to one account, or to everyone. */
export type ExchangeNews =
  /** To the account alone. */
  | { readonly kind: "report"; readonly account: AccountId; readonly report: ExecutionReport }
  /** A match, and each later state of it. */
  | { readonly kind: "trade"; readonly trade: ExchangeTrade; readonly at: Nanos }
  /** The public book of a market is not what it was. Told once per instant, after everything else of that instant. */
  | { readonly kind: "book"; readonly marketId: MarketId; readonly at: Nanos };

/** An order of an account. */
export interface ExchangeOrder {
  readonly account: AccountId;
  readonly order: PreparedOrder;
  readonly status: OrderStatus;
  /** Whether it is on its way, held by the taker delay, in the book, or over. */
  readonly stage: "in_flight" | "delayed" | "resting" | "done";
  readonly matched: Shares;
  /** When it took its place in the book, or arrived, in nanoseconds. */
  readonly since: Nanos;
  readonly trades: readonly TradeId[];
}

/** One side of a match. `account` is absent for liquidity of the outside world. */
export interface TradeLeg {
  readonly account?: AccountId;
  readonly orderId?: OrderId;
  /** The leg's own outcome and side: in a mint both sides buy, in a merge both sell. */
  readonly outcome: Outcome;
  readonly side: Side;
  readonly price: Price;
  readonly size: Shares;
  readonly cost: Usdc;
  readonly fee: Usdc;
}

/** A taker's match at one price with the makers that it met there, in their order of priority. */
export interface ExchangeTrade {
  readonly tradeId: TradeId;
  readonly marketId: MarketId;
  readonly taker: TradeLeg;
  readonly makers: readonly TradeLeg[];
  readonly status: TradeStatus;
  readonly matchedAt: Nanos;
}
