import type { CoreEvent } from "@matchpoint/sdk";
import { expect } from "vitest";
import { decodeAll } from "../support/decode.ts";
import { market, MARKET, YES } from "../support/markets.ts";

/** Both ways of reading must agree; returns what they say. */
export function decode(frame: unknown, changes = {}): CoreEvent[] {
  const text = typeof frame === "string" ? frame : JSON.stringify(frame);
  const scanned = decodeAll([text], [market(changes)]);
  const parsed = decodeAll([text], [market(changes)], { read: "parser" });
  expect(scanned.events).toEqual(parsed.events);
  return scanned.events;
}

export const change = (
  asset: string,
  price: string,
  size: string,
  side: string,
  bid: string,
  ask: string,
) => ({
  asset_id: asset,
  price,
  size,
  side,
  hash: "56621a121a47ed9333273e21c83b660cff37ae50",
  best_bid: bid,
  best_ask: ask,
});

export const changes = (...list: unknown[]) => ({
  market: MARKET,
  price_changes: list,
  timestamp: "1790000000200",
  event_type: "price_change",
});

export const book = (fields: object = {}) => ({
  market: MARKET,
  asset_id: YES,
  timestamp: "1790000000123",
  hash: "a1",
  bids: [
    { price: "0.48", size: "30" },
    { price: "0.49", size: "20.5" },
  ],
  asks: [
    { price: "0.53", size: "60.000001" },
    { price: "0.52", size: "25" },
  ],
  tick_size: "0.01",
  event_type: "book",
  last_trade_price: "0.5",
  ...fields,
});
