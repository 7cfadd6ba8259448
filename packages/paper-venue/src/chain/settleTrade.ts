/** An order as its wallet signed it; amounts, salt and timestamp as decimal numbers. */
export interface ChainOrder {
  readonly salt: number | string;
  readonly maker: string;
  readonly signer: string;
  readonly tokenId: string;
  readonly makerAmount: string;
  readonly takerAmount: string;
  readonly side: "BUY" | "SELL";
  readonly signatureType: number;
  readonly timestamp: string;
  readonly metadata: string;
  readonly builder: string;
  readonly signature: string;
}

/**
 * One side of a match. `fill` is what its maker gives, in millionths: dollars of a BUY, shares of a SELL. `fee` in micro-dollars
 * is paid on top by a BUY and taken out of what a SELL gets.
 */
export interface ChainFill {
  readonly order: ChainOrder;
  readonly fill: number;
  readonly fee: number;
}

/** A match to be settled: one taker and those that it met. */
export interface ChainMatch {
  readonly conditionId: string;
  readonly negRisk?: boolean;
  readonly taker: ChainFill;
  readonly makers: readonly ChainFill[];
}

/** The arguments of the exchange's `matchOrders`. */
export function matchCall({ conditionId, taker, makers }: ChainMatch): readonly unknown[] {
  return [
    conditionId,
    tuple(taker.order),
    makers.map(({ order }) => tuple(order)),
    taker.fill,
    makers.map(({ fill }) => fill),
    taker.fee,
    makers.map(({ fee }) => fee),
  ];
}

function tuple(order: ChainOrder): readonly unknown[] {
  return [
    order.salt,
    order.maker,
    order.signer,
    order.tokenId,
    order.makerAmount,
    order.takerAmount,
    order.side === "BUY" ? 0 : 1,
    order.signatureType,
    order.timestamp,
    order.metadata,
    order.builder,
    order.signature,
  ];
}
