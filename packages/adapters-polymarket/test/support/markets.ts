import {
  id,
  type MarketDescription,
  type MarketId,
  type Millis,
  type Nanos,
  type Price,
  type ReceiveStamp,
  type Shares,
} from "@matchpoint/sdk";

export const YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
export const NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
export const MARKET = id<MarketId>("0xdd22472e552920b8438158ea7238bfadfa4f736aa4cee91a6b86c39ead110917");

export function market(
  changes: Partial<MarketDescription> = {},
  tokens: readonly [string, string] = [YES, NO],
): MarketDescription {
  return {
    marketId: MARKET,
    title: "A vs B",
    outcomes: [
      { tokenId: id(tokens[0]), name: "A" },
      { tokenId: id(tokens[1]), name: "B" },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    ...changes,
  };
}

export const STAMP: ReceiveStamp = { at: 5 as Nanos, receivedAt: 1_790_000_000_500 as Millis };
