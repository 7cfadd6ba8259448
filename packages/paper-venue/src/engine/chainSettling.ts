import type { TradeLeg } from "@matchpoint/paper-broker";
import type { Nanos, Usdc } from "@matchpoint/sdk";
import type { ChainFill, ChainOrder } from "../chain/settleTrade.ts";
import type { Settled } from "../contract.ts";
import type { Core } from "../core.ts";
import type { WireOrder } from "../order/parse.ts";
import { nanos } from "../time.ts";
import type { Market } from "../world/listing.ts";
import type { TradeRecord } from "./records.ts";

/** How long a match that cannot be settled looks as if it could. */
const DOOMED_MS = 2_000;

/** Hands matches to a chain and takes over what it says. Without a chain it does nothing. */
export class ChainSettling {
  readonly #core: Core;
  /** The orders of the venue's own makers. */
  #own: (orderId: string) => WireOrder | undefined = () => undefined;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Says where orders are that did not come over the wire. */
  knowOwn(own: (orderId: string) => WireOrder | undefined): void {
    this.#own = own;
  }

  /** A match: to be settled, unless it is doomed or one of its sides signed nothing, as liquidity of a recording has not. */
  matched(record: TradeRecord, doomed: boolean, at: number): void {
    if (!this.#core.settings.settlesOnChain) return;
    const { taker, makers, marketId } = record.trade;
    const fill = this.#fill(taker);
    const fills = makers.flatMap((leg) => this.#fill(leg) ?? []);
    if (doomed || fill === undefined || fills.length < makers.length) {
      this.#core.agenda.plan(at + nanos(DOOMED_MS), (due) => {
        this.settled(record.id, { status: "FAILED" }, due as Nanos);
      });
      return;
    }
    const { negRisk } = record.market.description;
    this.#core.effect({
      kind: "settle",
      tradeId: record.id,
      match: { conditionId: marketId, negRisk, taker: fill, makers: fills },
    });
  }

  /** What the chain says of a match. */
  settled(tradeId: string, { status, transactionHash }: Settled, at: Nanos): boolean {
    const { engine } = this.#core;
    const record = engine.trades.get(tradeId);
    if (record === undefined) return false;
    if (transactionHash !== undefined) record.transactionHash = transactionHash;
    const became = engine.exchange.settleTrade(record.trade.tradeId, status, at);
    engine.advance(at);
    return became;
  }

  /** An account got dollars. */
  funded(address: string, dollars: Usdc, own: boolean): void {
    if (this.#core.settings.settlesOnChain) this.#core.effect({ kind: "fund", address, dollars, own });
  }

  /** A market was resolved. */
  resolved(market: Market, payouts: readonly [Usdc, Usdc]): void {
    if (this.#core.settings.settlesOnChain)
      this.#core.effect({ kind: "resolve", conditionId: market.description.marketId, payouts });
  }

  #fill(leg: TradeLeg): ChainFill | undefined {
    if (leg.orderId === undefined) return undefined;
    const signed = this.#core.engine.orders.get(leg.orderId)?.signed ?? this.#own(leg.orderId);
    if (signed === undefined) return undefined;
    return { order: chainOrder(signed), fill: leg.side === "buy" ? leg.cost : leg.size, fee: leg.fee };
  }
}

/** What a wallet signed: everything but the expiration. */
function chainOrder(order: WireOrder): ChainOrder {
  const { salt, maker, signer, tokenId, makerAmount, takerAmount } = order;
  const { side, signatureType, timestamp, metadata, builder, signature } = order;
  const amounts = { makerAmount, takerAmount };
  return {
    salt,
    maker,
    signer,
    tokenId,
    ...amounts,
    side,
    signatureType,
    timestamp,
    metadata,
    builder,
    signature,
  };
}
