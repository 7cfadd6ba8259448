import { complement, type Nanos, type OrderId, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import type { Core } from "../core.ts";
import { luck } from "../derive.ts";
import { Engine } from "../engine/engine.ts";
import { nanos } from "../time.ts";
import { AgentWallet } from "./agentOrders.ts";
import type { Market } from "./listing.ts";

const ENDOWMENT = 10_000_000_000_000 as Usdc;
const LEVELS = 4;
/** The least and the most size of a level, in shares. */
const SMALL = 50;
const LARGE = 400;

interface Quoting {
  readonly market: Market;
  fair: number;
  /** Whether somebody says what it is worth: then it does not walk by itself. */
  told: boolean;
  round: number;
  open: readonly OrderId[];
}

/**
 * Makers for markets without any: one per market quotes both outcomes around a fair price that walks by the seed, or that they are
 * told, and a taker buys a little now and then. They are accounts of the exchange like everybody, with their own money.
 */
export class Agents {
  readonly #core: Core;
  readonly #maker: AgentWallet;
  readonly #taker: AgentWallet;
  readonly #quoting = new Map<Market, Quoting>();

  constructor(core: Core) {
    this.#core = core;
    this.#maker = new AgentWallet(core, "maker");
    this.#taker = new AgentWallet(core, "taker");
  }

  /** Begins to quote. */
  start(at: Nanos): void {
    for (const wallet of [this.#maker, this.#taker]) {
      this.#core.engine.exchange.deposit(wallet.account, ENDOWMENT);
      this.#core.settling.endow(wallet.account, ENDOWMENT);
    }
    this.#core.settling.knowOwn((orderId) => this.#maker.signed(orderId) ?? this.#taker.signed(orderId));
    for (const market of this.#core.markets.all) {
      const fair = market.listing.fair ?? 5_000;
      const quoting: Quoting = { market, fair, told: false, round: 0, open: [] };
      this.#quoting.set(market, quoting);
      this.#quote(quoting, at);
    }
  }

  /** What the first outcome of a market is worth from now on, in 1e-4 dollars: they quote around it at once. */
  told(market: Market, fair: number, at: Nanos): void {
    const quoting = this.#quoting.get(market);
    if (quoting === undefined || market.payouts !== undefined) return;
    const before = this.#middle(quoting);
    quoting.told = true;
    quoting.fair = fair;
    if (this.#middle(quoting) !== before || quoting.open.length === 0) this.#requote(quoting, at);
  }

  #luck(quoting: Quoting, what: string): number {
    const { marketId } = quoting.market.description;
    return luck(this.#core.settings.seed, `${what}|${marketId}|${quoting.round}`);
  }

  #quote(quoting: Quoting, at: Nanos): void {
    const { market } = quoting;
    if (market.payouts !== undefined) return;
    quoting.round++;
    // Mostly still, sometimes a step of a tick or two: a fair price between 10 and 90 cents.
    if (!quoting.told && market.description.acceptingOrders) {
      if (this.#luck(quoting, "move") < 0.3)
        quoting.fair += (Math.floor(this.#luck(quoting, "step") * 5) - 2) * market.description.tick;
      quoting.fair = Math.min(9_000, Math.max(1_000, quoting.fair));
    }
    this.#requote(quoting, at);
    if (market.description.acceptingOrders && this.#luck(quoting, "take") < 0.15) this.#take(quoting, at);
    const wait = 800 + Math.floor(this.#luck(quoting, "wait") * 1_600);
    this.#core.agenda.plan(at + nanos(wait), (due) => this.#quote(quoting, due as Nanos));
  }

  /** What they quote around: on the grid, with room for a bid and an ask. */
  #middle({ market, fair }: Quoting): number {
    const { tick } = market.description;
    return Math.min(10_000 - 2 * tick, Math.max(2 * tick, Math.round(fair / tick) * tick));
  }

  /** Takes their orders back and makes new ones. */
  #requote(quoting: Quoting, at: Nanos): void {
    const { market } = quoting;
    for (const orderId of quoting.open) this.#core.engine.cancel(this.#maker.account, orderId, at);
    quoting.open = [];
    const { tick, acceptingOrders } = market.description;
    if (!acceptingOrders) return;
    const middle = this.#middle(quoting);
    const open: OrderId[] = [];
    for (let level = 1; level <= LEVELS; level++) {
      for (const outcome of [0, 1] as const) {
        const own = outcome === 0 ? middle : complement(middle as Price);
        const size = SMALL + Math.floor(this.#luck(quoting, `size|${level}|${outcome}`) * (LARGE - SMALL));
        const orderId = this.#buy(this.#maker, market, outcome, own - level * tick, size, "GTC", at);
        if (orderId !== undefined) open.push(orderId);
      }
    }
    quoting.open = open;
  }

  #take(quoting: Quoting, at: Nanos): void {
    const { market } = quoting;
    const outcome = this.#luck(quoting, "side") < 0.5 ? 0 : 1;
    const ask = this.#core.engine.exchange.book(market.description.marketId, outcome).asks[0];
    if (ask === undefined) return;
    const size = 10 * (1 + Math.floor(this.#luck(quoting, "amount") * 3));
    this.#buy(this.#taker, market, outcome, ask.price, size, "FAK", at);
  }

  #buy(
    wallet: AgentWallet,
    market: Market,
    outcome: 0 | 1,
    price: number,
    shares: number,
    orderType: "GTC" | "FAK",
    at: Nanos,
  ): OrderId | undefined {
    const { tick, marketId } = market.description;
    if (price < tick || price > 10_000 - tick) return undefined;
    // Whole tens of shares, so that their price is whole cents on every grid.
    const dollars = shares * price * 100;
    const orderId = wallet.order(market, outcome, dollars, shares * 1_000_000, at);
    const intent = Engine.intent(
      {
        marketId,
        outcome,
        side: "buy",
        orderType,
        // A maker that took something would be held by the taker delay, and its quote be out of its hands.
        postOnly: orderType === "GTC",
        limit: price as Price,
        size: (shares * 1_000_000) as Shares,
        ...(orderType === "FAK" ? { spend: dollars as Usdc } : {}),
      },
      orderId,
    );
    this.#core.engine.place(wallet.account, { orderId, intent }, undefined, at);
    return orderId;
  }
}
