import type { TradeLeg } from "@matchpoint/paper-broker";
import type { Nanos, OrderId, Usdc } from "@matchpoint/sdk";
import { UNLIMITED } from "../auth/accounts.ts";
import type { ChainFill, ChainOrder } from "../chain/settleTrade.ts";
import type { ChainHoldings, Settled } from "../contract.ts";
import type { Core } from "../core.ts";
import type { Asset } from "../http/balances.ts";
import type { WireOrder } from "../order/parse.ts";
import { nanos } from "../time.ts";
import { AgentWallet } from "../world/agentOrders.ts";
import type { Market } from "../world/listing.ts";
import type { TradeRecord } from "./records.ts";

const HOUSE_DOLLARS = 1_000_000_000_000_000 as Usdc;

/**
 * The fold's side of a chain that settles: hands it matches, and takes over what it says of them and of what accounts have. Where
 * nothing but memory settles it does nothing.
 *
 * Nothing is counted twice: the chain's figure of an account is compared with what the venue holds it to be, matches that are not
 * mined left out. Only the difference, which is what a wallet did by itself, is moved.
 */
export class ChainSettling {
  readonly #core: Core;
  /** Signs for liquidity of the outside world. */
  readonly #house: AgentWallet;
  /** The orders of the venue's own makers. */
  #own: (orderId: string) => WireOrder | undefined = () => undefined;
  /** Matches that are to revert, by their wire id. */
  readonly #doomed = new Set<string>();
  /** Matches that were not sent yet. */
  readonly #waiting = new Set<string>();

  constructor(core: Core) {
    this.#core = core;
    this.#house = new AgentWallet(core, "house");
  }

  get #on(): boolean {
    return this.#core.settings.settlesOnChain;
  }

  start(): void {
    this.endow(this.#house.account, HOUSE_DOLLARS);
  }

  /** Says where orders are that did not come over the wire. */
  knowOwn(own: (orderId: string) => WireOrder | undefined): void {
    this.#own = own;
  }

  /** A wallet of the venue's own gets its dollars and approvals. */
  endow(address: string, dollars: Usdc): void {
    if (this.#on) this.#core.effect({ kind: "fund", address, dollars, own: true, raw: false });
  }

  /** Gives an account dollars, `raw` ones that it has to wrap first; returns what it gets. */
  fund(address: string, dollars: Usdc, raw: boolean): Usdc {
    const { balances, engine } = this.#core;
    balances.know(address);
    if (!this.#on) return engine.exchange.deposit(address, dollars);
    const given = Math.max(0, dollars) as Usdc;
    if (given > 0) this.#core.effect({ kind: "fund", address, dollars: given, own: false, raw });
    return given;
  }

  /** An account was seen for the first time. */
  met(address: string): void {
    if (this.#on) this.#core.effect({ kind: "watch", address });
  }

  /** Whether a key signs for a contract wallet. A chain knows only those that were linked before. */
  link(owner: string, signatureType: number, wallet: string): boolean {
    const { accounts } = this.#core;
    return this.#on
      ? accounts.wallet(owner, signatureType) === wallet
      : accounts.link(owner, signatureType, wallet);
  }

  /** A contract wallet belongs to a key from now on. */
  linked(owner: string, signatureType: 1 | 2 | 3, wallet: string): void {
    if (!this.#on) return;
    this.#core.effect({ kind: "adopt", wallet, owner, signatureType });
    this.#core.balances.know(wallet);
  }

  /** A match: to be settled a little later. */
  matched(record: TradeRecord, doomed: boolean, at: number): void {
    if (!this.#on) return;
    const { taker, makers, marketId } = record.trade;
    const match = {
      conditionId: marketId,
      negRisk: record.market.description.negRisk,
      taker: this.#fill(taker, record.market, at),
      makers: makers.map((leg) => this.#fill(leg, record.market, at)),
    };
    this.#waiting.add(record.id);
    if (doomed) this.doom(record.id);
    this.#core.agenda.plan(at + nanos(this.#core.settings.minedMs), () => {
      this.#waiting.delete(record.id);
      this.#core.effect({
        kind: "settle",
        tradeId: record.id,
        match,
        doomed: this.#doomed.delete(record.id),
      });
    });
  }

  /** A match is to revert, if it was not sent yet. */
  doom(wireId: string): void {
    if (this.#waiting.has(wireId)) this.#doomed.add(wireId);
  }

  /** What the chain says of a match. */
  settled(tradeId: string, { status, transactionHash, reason }: Settled, at: Nanos): boolean {
    const { engine, channels } = this.#core;
    const record = engine.trades.get(tradeId);
    if (record === undefined) return false;
    const moved = transactionHash !== undefined && transactionHash !== record.transactionHash;
    if (moved) record.transactionHash = transactionHash;
    if (reason !== undefined) record.failure = reason;
    const became = engine.exchange.settleTrade(record.trade.tradeId, status, at);
    engine.advance(at);
    // After a reorganisation it is mined as before, by another transaction.
    if (!became && moved && record.status === status) channels.user.trade(record, at);
    return became;
  }

  /** What an account has on the chain. */
  holds({ address, dollars, shares, allowances, operators }: ChainHoldings, at: Nanos): void {
    const { accounts, engine, markets } = this.#core;
    const standing = accounts.standing(address);
    for (const [spender, amount] of allowances) standing.allowances.set(spender, amount);
    for (const [spender, may] of operators) standing.operators.set(spender, may ? UNLIMITED : 0n);
    this.#reconcile(address, "collateral", dollars, at);
    for (const market of markets.all) {
      for (const outcome of [0, 1] as const) {
        const held = shares.get(market.tokenId(outcome));
        if (held !== undefined) this.#reconcile(address, { market, outcome }, held, at);
      }
    }
    engine.advance(at);
  }

  /** A market was resolved. */
  resolved(market: Market, payouts: readonly [Usdc, Usdc]): void {
    if (this.#on) this.#core.effect({ kind: "resolve", conditionId: market.description.marketId, payouts });
  }

  #reconcile(account: string, asset: Asset, held: number, at: Nanos): void {
    const { balances, engine } = this.#core;
    const moved = held - balances.figures(account, asset).balance;
    if (moved === 0) return;
    const what =
      asset === "collateral"
        ? asset
        : ({ marketId: asset.market.description.marketId, outcome: asset.outcome } as const);
    engine.exchange.transfer(account, what, moved, at);
  }

  #fill(leg: TradeLeg, market: Market, at: number): ChainFill {
    const { orderId, side, size, cost, fee } = leg;
    const signed =
      orderId === undefined
        ? undefined
        : (this.#core.engine.orders.get(orderId)?.signed ?? this.#own(orderId));
    if (signed !== undefined) return { order: chainOrder(signed), fill: side === "buy" ? cost : size, fee };
    // Who signed nothing is of the outside world. The house stands for it, and holds no shares: in place of selling it buys the other outcome.
    const [outcome, dollars] =
      side === "buy" ? ([leg.outcome, cost] as const) : ([leg.outcome === 0 ? 1 : 0, size - cost] as const);
    const houseId: OrderId = this.#house.order(market, outcome, dollars, size, at);
    return { order: chainOrder(this.#house.signed(houseId)!), fill: dollars, fee: 0 };
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
