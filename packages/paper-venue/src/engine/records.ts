import type { ExchangeTrade } from "@matchpoint/paper-broker";
import type { Millis, OrderId, OrderType, Outcome, Price, Shares, TradeStatus } from "@matchpoint/sdk";
import type { WireOrder } from "../order/parse.ts";
import type { Market } from "../world/listing.ts";

/** An order's state as the wire names it. A refused FAK or FOK order has the reason behind `CANCELED_`. */
export type WireStatus = "LIVE" | "MATCHED" | "DELAYED" | "UNMATCHED" | "INVALID" | `CANCELED${string}`;

/** An order that came over the wire. */
export interface OrderRecord {
  readonly orderId: OrderId;
  /** As its wallet signed it. */
  readonly signed: WireOrder;
  /** The wallet whose money it trades with, in lower case: the exchange's account. */
  readonly account: string;
  /** The API key that owns it. */
  readonly owner: string;
  /** As it was sent. */
  readonly maker: string;
  readonly market: Market;
  readonly outcome: Outcome;
  readonly side: "BUY" | "SELL";
  readonly orderType: OrderType;
  readonly original: Shares;
  readonly limit: Price;
  /** Unix seconds; "0" for none. */
  readonly expiration: string;
  readonly createdAt: Millis;
  status: WireStatus;
  matched: number;
  /** Dollars and shares that its matches as a taker moved. */
  takerDollars: number;
  takerShares: number;
  readonly trades: string[];
  /** When it was over. */
  endedAt: Millis | undefined;
}

/** A trade as the wire shows it. */
export interface TradeRecord {
  /** UUID. */
  readonly id: string;
  readonly market: Market;
  trade: ExchangeTrade;
  status: TradeStatus;
  readonly matchedAt: Millis;
  /** The match in nanoseconds of wall time, as text. */
  readonly matchedNano: string;
  updatedAt: Millis;
  /** Empty until it is mined. */
  transactionHash: string;
  /** Why a chain would not have it. */
  failure?: string;
}
