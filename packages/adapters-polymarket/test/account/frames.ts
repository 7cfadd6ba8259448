import {
  feeSchedule,
  type ExecutionReport,
  type FrameQuarantined,
  type MarketDescription,
  type TradeReport,
} from "@matchpoint/sdk";
import { AccountTokens, createUserDecoder, type UserDecoder } from "../../src/index.ts";
import { market, MARKET, NO, STAMP, YES } from "../support/markets.ts";

export const KEY = "00000000-0000-0000-0000-000000000001";
export const OTHER_KEY = "00000000-0000-0000-0000-000000000002";
export const ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
export const OTHER_ADDRESS = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
export const IDENTITY = { apiKeys: [KEY], addresses: [ADDRESS] };
export const ORDER = `0x${"12".repeat(32)}`;
export const MAKER_ORDER = `0x${"ab".repeat(32)}`;

type Frame = Record<string, unknown>;

export function orderFrame(changes: Frame = {}): Frame {
  return {
    event_type: "order",
    type: "PLACEMENT",
    id: ORDER,
    owner: KEY,
    order_owner: KEY,
    market: MARKET,
    asset_id: YES,
    outcome: "A",
    side: "BUY",
    original_size: "100",
    size_matched: "0",
    price: "0.5",
    order_type: "GTC",
    status: "LIVE",
    associate_trades: null,
    created_at: "1790000000",
    expiration: "0",
    maker_address: ADDRESS,
    timestamp: "1790000000001",
    ...changes,
  };
}

/** A maker's entry; somebody else's unless `ours`. */
export function entry(changes: Frame = {}, ours = false): Frame {
  return {
    order_id: ours ? MAKER_ORDER : `0x${"cd".repeat(32)}`,
    owner: ours ? KEY : OTHER_KEY,
    maker_address: ours ? ADDRESS : OTHER_ADDRESS,
    matched_amount: "25",
    price: "0.5",
    asset_id: YES,
    outcome: "A",
    outcome_index: 0,
    side: "SELL",
    fee_rate_bps: "0",
    ...changes,
  };
}

/** A trade in which we are the taker. */
export function tradeFrame(changes: Frame = {}): Frame {
  return {
    event_type: "trade",
    type: "TRADE",
    id: "t-1",
    taker_order_id: ORDER,
    market: MARKET,
    asset_id: YES,
    outcome: "A",
    side: "BUY",
    size: "25",
    price: "0.5",
    status: "MATCHED",
    match_time: "1790000000",
    last_update: "1790000000",
    owner: KEY,
    trade_owner: KEY,
    maker_address: ADDRESS,
    trader_side: "TAKER",
    fee_rate_bps: "0",
    bucket_index: 0,
    transaction_hash: "",
    maker_orders: [entry()],
    timestamp: "1790000000123",
    ...changes,
  };
}

/** A trade in which we are a maker: the taker is somebody else. */
export function makerFrame(own: Frame, changes: Frame = {}): Frame {
  return tradeFrame({
    owner: OTHER_KEY,
    trade_owner: KEY,
    maker_address: OTHER_ADDRESS,
    trader_side: "MAKER",
    taker_order_id: `0x${"ef".repeat(32)}`,
    maker_orders: [entry(own, true)],
    ...changes,
  });
}

export const FEE = feeSchedule(50_000, 1, true);

export function newDecoder(markets: readonly MarketDescription[] = [market({ fee: FEE })]): UserDecoder {
  return createUserDecoder({ identity: IDENTITY, tokens: new AccountTokens(markets) });
}

export type Said = ExecutionReport | FrameQuarantined;

/** What a decoder says about frames, given as values or as text. */
export function hear(decoder: UserDecoder, ...frames: readonly unknown[]): Said[] {
  const said: Said[] = [];
  for (const frame of frames) {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    decoder.decode(text, STAMP, (event) => said.push(event));
  }
  return said;
}

/** The one trade report that a frame gives. */
export function heardTrade(frame: unknown): TradeReport {
  const said = hear(newDecoder(), frame);
  const [only] = said;
  if (said.length !== 1 || only?.type !== "trade_report")
    throw new TypeError(`not one trade: ${JSON.stringify(said)}`);
  return only;
}

export { MARKET, NO, STAMP, YES };
