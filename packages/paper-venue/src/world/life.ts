import type { MarketDescription, Nanos, Price, Usdc } from "@matchpoint/sdk";
import type { Core } from "../core.ts";
import type { TradeRecord } from "../engine/records.ts";
import type { Market, UmaStatus } from "./listing.ts";

const HIGH = 9_600;
const LOW = 400;
const FINE = 10;
const COARSE = 100;
/** Middle prices that are kept per market. */
const MAX_HISTORY = 20_000;

/** What changes about markets: grid, delay, start, resolution; and fills that come to nothing. */
export class Life {
  readonly #core: Core;
  /** Trades that a fault watches until they are mined. */
  readonly #watched = new Map<string, { readonly record: TradeRecord; readonly middle: number }>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Lists a market anew with other values. */
  change(market: Market, change: Partial<MarketDescription>, at: Nanos): void {
    const { engine, channels } = this.#core;
    const { tick } = market.description;
    engine.list(market, { ...market.description, ...change }, at);
    if (change.tick !== undefined && change.tick !== tick)
      channels.market.tickChanged(market, tick, change.tick, at);
  }

  /** The best prices of a market are others than they were. */
  moved(market: Market, bid: Price | undefined, ask: Price | undefined, at: number): void {
    const { settings, wall } = this.#core;
    const middle = ((bid ?? 0) + (ask ?? 10_000)) / 2;
    const { history } = market;
    const t = wall.seconds(at);
    if (history.at(-1)?.t === t) history.pop();
    history.push({ t, p: middle });
    if (history.length > MAX_HISTORY) history.shift();
    this.#haunt(market, middle);
    const beyond = (bid ?? 0) > HIGH || (ask !== undefined && ask < LOW);
    if (settings.tickChanges && beyond && !market.refined && market.description.tick === COARSE) {
      market.refined = true;
      // Not in the middle of telling a book.
      this.#core.agenda.plan(at, (due) => {
        if (market.description.tick === COARSE && market.payouts === undefined)
          this.change(market, { tick: FINE as Price }, due as Nanos);
      });
    }
  }

  /** A trade was matched: a fault may have it fail on the chain. Returns whether it will for certain. */
  matched(record: TradeRecord, at: number): boolean {
    const { trade, market } = record;
    const { faults, engine } = this.#core;
    const addresses = [trade.taker, ...trade.makers].flatMap(({ account }) => account ?? []);
    const strike = faults.strike("ghost_fill", { addresses, market: trade.marketId }, at);
    if (strike === undefined) return false;
    if (strike.text("when") === "adverse") {
      const middle = market.history.at(-1)?.p ?? trade.taker.price;
      this.#watched.set(record.id, { record, middle });
    } else {
      engine.exchange.failTrade(trade.tradeId);
      return true;
    }
    return false;
  }

  /** Somebody proposed or disputed an outcome at the oracle. */
  oracle(market: Market, status: UmaStatus): void {
    market.uma = status;
  }

  /** The market is resolved: what rests is cancelled, and nothing is traded any more. */
  resolve(market: Market, payouts: readonly [Usdc, Usdc], at: Nanos): void {
    const { engine, wall, channels } = this.#core;
    if (market.payouts !== undefined) return;
    market.payouts = payouts;
    market.uma = "resolved";
    market.closedAt = wall.millis(at);
    engine.exchange.observe({
      type: "market_resolution",
      marketId: market.description.marketId,
      payouts,
      source: "uma",
      at,
      receivedAt: wall.millis(at),
    });
    engine.advance(at);
    this.#core.settling.resolved(market, payouts);
    if (payouts[0] !== payouts[1]) channels.market.resolved(market, payouts[0] > payouts[1] ? 0 : 1, at);
  }

  /** Has watched trades fail whose taker would have won by the price's move since. */
  #haunt(market: Market, middle: number): void {
    for (const [tradeId, { record, middle: then }] of this.#watched) {
      const { trade } = record;
      if (record.status !== "MATCHED" && record.status !== "RETRYING") this.#watched.delete(tradeId);
      if (record.market !== market) continue;
      const up = (trade.taker.side === "buy") === (trade.taker.outcome === 0);
      if (up ? middle <= then : middle >= then) continue;
      this.#watched.delete(tradeId);
      this.#core.engine.exchange.failTrade(trade.tradeId);
      this.#core.settling.doom(tradeId);
    }
  }
}
