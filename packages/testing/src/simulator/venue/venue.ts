import type { MarketDescription } from "@matchpoint/sdk";
import type { Listing } from "../description.ts";
import type { ResolvedOptions } from "../options.ts";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Link } from "../sources/link.ts";
import { MarketFrames } from "./marketFrames.ts";
import { MILLS, SimBook, type BookSide, type Fill, type OrderOwner, type RestingOrder } from "./simBook.ts";

const TICK = 10;
const FINE_TICK = 1;
/** Beyond these best prices the venue changes to the finer tick, and stays there. */
const FINE_ABOVE = 960;
const FINE_BELOW = 40;
const LAG_MS = { low: 18, high: 55 } as const;
const HICCUP = 0.0008;

interface VenueMarket {
  readonly description: MarketDescription;
  readonly book: SimBook;
  readonly frames: MarketFrames;
  tick: number;
  lastTrade: number;
  open: boolean;
}

/** What a taker asks for: fill what can be filled, and kill the rest. */
export interface TakeRequest {
  readonly market: number;
  /** `bid` buys the first outcome (or sells the second). */
  readonly side: BookSide;
  /** Micro-shares. */
  readonly size: number;
  /** The worst price, in mills of the first outcome. */
  readonly limit: number;
  /** The token it is made for. */
  readonly token: 0 | 1;
}

/**
 * The venue: one book per market, a delay for marketable orders, the clearing at the scheduled start, tick sizes, resolution;
 * and the market channel that tells of all this. It knows nothing of the match.
 */
export class Venue {
  readonly markets: readonly VenueMarket[];
  readonly #scheduler: Scheduler;
  readonly #link: Link;
  readonly #rng: Prng;
  readonly #takerDelayMs: number;
  #connected = false;

  constructor(options: ResolvedOptions, listing: Listing, scheduler: Scheduler, link: Link) {
    this.#scheduler = scheduler;
    this.#link = link;
    this.#rng = new Prng(options.seed, "venue");
    this.#takerDelayMs = options.takerDelayMs;
    this.markets = listing.markets.map((description, index) => ({
      description,
      book: new SimBook(),
      frames: new MarketFrames(description, listing.gammaIds[index]!, options.startsAt, options.seed),
      tick: TICK,
      lastTrade: MILLS / 2,
      open: true,
    }));
  }

  /** Opens the market channel: a book of every token that is still traded, as one array. */
  subscribe(): void {
    this.#connected = true;
    const now = this.#scheduler.now;
    const books = this.markets.filter(({ open }) => open).flatMap((market) => this.#books(market, now));
    if (books.length > 0) this.#send(`[${books.join(",")}]`);
  }

  /** Loses the channel until {@link Venue.subscribe} is called again. */
  disconnect(): void {
    this.#connected = false;
  }

  /** Rests an order at the end of its level. `undefined` when it would cross, is off the grid or the market is closed. */
  rest(owner: OrderOwner, request: TakeRequest): RestingOrder | undefined {
    const { market: index, side, size, limit: price, token } = request;
    const market = this.markets[index]!;
    if (!market.open || size <= 0 || price <= 0 || price >= MILLS || price % market.tick !== 0)
      return undefined;
    if (side === "bid" ? price >= market.book.ask : price <= market.book.bid) return undefined;
    const order: RestingOrder = { owner, market: index, side, price, token, size };
    market.book.rest(order);
    this.#tell(market, side, price, token);
    this.#checkTick(market);
    return order;
  }

  cancel(order: RestingOrder): void {
    const market = this.markets[order.market]!;
    if (!market.book.cancel(order) || !market.open) return;
    this.#tell(market, order.side, order.price, order.token);
  }

  /** Sends a marketable order. The venue holds it for a while; makers may leave meanwhile. */
  take(request: TakeRequest, filled: (size: number, price: number) => void): void {
    this.#scheduler.after(this.#takerDelayMs, () => {
      const market = this.markets[request.market]!;
      if (!market.open || request.size <= 0) return;
      const other: BookSide = request.side === "bid" ? "ask" : "bid";
      const fills = market.book.take(request.side, request.size, request.limit, ({ price, token }) => {
        this.#tell(market, other, price, token);
      });
      if (fills.length === 0) return;
      for (const { size, price } of fills) filled(size, price);
      this.#tellFills(market, request, fills);
      this.#checkTick(market);
    });
  }

  /** Cancels every resting order, as the venue does at the scheduled start. */
  clear(): void {
    for (const market of this.markets) {
      if (!market.open) continue;
      // Level by level, as orders() gives them, so that each message states the best prices as they are then.
      const orders = market.book.orders();
      orders.forEach((order, index) => {
        market.book.cancel(order);
        const next = orders[index + 1];
        const last = next === undefined || next.price !== order.price || next.side !== order.side;
        if (last) this.#tell(market, order.side, order.price, order.token);
      });
    }
  }

  /** Ends trading; with a winner the channel says so. */
  resolve(index: number, winner: 0 | 1 | undefined): void {
    const market = this.markets[index]!;
    market.open = false;
    for (const order of market.book.orders()) market.book.cancel(order);
    if (winner !== undefined && this.#connected)
      this.#send(market.frames.resolved(winner, this.#scheduler.now));
  }

  #books(market: VenueMarket, now: number): string[] {
    const { frames, book, tick, lastTrade } = market;
    return [frames.book(book, 0, tick, lastTrade, now), frames.book(book, 1, tick, lastTrade, now)];
  }

  #tell(market: VenueMarket, side: BookSide, price: number, token: 0 | 1): void {
    if (!this.#connected) return;
    this.#send(market.frames.priceChange(market.book, side, price, token, this.#scheduler.now));
  }

  #tellFills(market: VenueMarket, request: TakeRequest, fills: readonly Fill[]): void {
    const { side, token } = request;
    const now = this.#scheduler.now;
    market.lastTrade = fills[fills.length - 1]!.price;
    if (!this.#connected) return;
    for (const { price, size } of fills) this.#send(market.frames.lastTrade(side, price, size, token, now));
    for (const book of this.#books(market, now)) this.#send(book);
  }

  #checkTick(market: VenueMarket): void {
    const { book, tick } = market;
    if (tick === FINE_TICK || (book.bid <= FINE_ABOVE && book.ask >= FINE_BELOW)) return;
    market.tick = FINE_TICK;
    if (!this.#connected) return;
    const now = this.#scheduler.now;
    for (const token of [0, 1] as const)
      this.#send(market.frames.tickSizeChange(token, tick, FINE_TICK, now));
  }

  #send(body: string): void {
    const rng = this.#rng;
    const hiccup = rng.chance(HICCUP) ? rng.between(150, 900) : 0;
    this.#link.send(this.#scheduler.now, rng.between(LAG_MS.low, LAG_MS.high) + hiccup, body);
  }
}
