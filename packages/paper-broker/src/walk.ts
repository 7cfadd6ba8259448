import {
  complement,
  notional,
  sharesFor,
  type Outcome,
  type Price,
  type Shares,
  type Side,
  type Usdc,
} from "@matchpoint/sdk";
import { crosses } from "./checks.ts";
import type { AccountId } from "./exchange.ts";
import { makerCost } from "./funds.ts";
import type { PaperMarket } from "./market.ts";
import type { PaperOrder } from "./records.ts";

/** Who takes: an outcome and a side, and the worst price that is good enough. */
export interface Taker {
  readonly outcome: Outcome;
  readonly side: Side;
  readonly limit: Price;
}

/** How much to look for. */
export type Wanted = { readonly shares: number } | { readonly usdc: number };

/** What a taker takes of a resting order. */
export interface MakerPart {
  readonly order: PaperOrder;
  readonly size: Shares;
}

/** What a taker meets at one price, seen from the taker's outcome. */
export interface Met {
  readonly price: Price;
  /** All of it. */
  readonly size: Shares;
  /** The taker's exact dollars for all of it, without fee. */
  readonly cost: Usdc;
  /** How much of it others show, and the taker's dollars for that part. */
  readonly outside: Shares;
  readonly outsideCost: Usdc;
  /** How many of the makers come before the first of those shares. */
  readonly outsideAfter: number;
  /** Orders of accounts, in their order of priority. */
  readonly makers: readonly MakerPart[];
}

/** No resting orders: the walk of somebody who meets only what others show. */
export const NOBODY: readonly PaperOrder[] = [];

/**
 * Resting orders that a taker would trade with, best price first, then by who entered the book first.
 *
 * @param except an account whose own orders are left out
 */
export function counterparts(
  market: PaperMarket,
  taker: Taker,
  except: AccountId | undefined,
): readonly PaperOrder[] {
  let found: PaperOrder[] | undefined;
  for (const order of market.resting) {
    if (order.account === except || order.blind) continue;
    if (crosses(order.intent, taker, market.description.mirrored)) (found ??= []).push(order);
  }
  if (found === undefined) return NOBODY;
  const { outcome, side } = taker;
  const sign = side === "buy" ? 1 : -1;
  return found.sort((a, b) => sign * (priceFor(a, outcome) - priceFor(b, outcome)));
}

/**
 * What a taker finds at its limit or better, best price first: up to the amount wanted, in whole grains. At one price shares
 * that others showed before an order entered come before it, later ones behind it.
 */
export function walk(
  market: PaperMarket,
  taker: Taker,
  wanted: Wanted,
  orders: readonly PaperOrder[],
): { readonly met: Met[]; readonly complete: boolean } {
  const met: Met[] = [];
  if (!market.usable) return { met, complete: false };
  const { outcome, side, limit } = taker;
  const buy = side === "buy";
  const levels = market.opposite(outcome, side, limit);
  const purse = new Purse(wanted, market);
  let level = 0;
  let order = 0;
  for (;;) {
    const shown = levels[level];
    const open = shown !== undefined && (buy ? shown.price <= limit : shown.price >= limit);
    if (!open && order >= orders.length) return { met, complete: false };
    const resting = order < orders.length ? priceFor(orders[order]!, outcome) : undefined;
    let price: Price;
    if (!open) price = resting!;
    else if (resting === undefined) price = shown.price;
    else price = (buy ? Math.min(shown.price, resting) : Math.max(shown.price, resting)) as Price;
    const here = open && shown.price === price ? market.left(outcome, side, shown) : -1;
    if (here >= 0) level++;
    const from = order;
    while (order < orders.length && priceFor(orders[order]!, outcome) === price) order++;
    const one = new LevelWalk(price, taker, purse, market);
    one.take(here, orders, from, order);
    if (one.size > 0) met.push(one);
    if (purse.done) return { met, complete: true };
  }
}

/** The price of a resting order as a taker in an outcome sees it. */
export function priceFor({ intent }: PaperOrder, outcome: Outcome): Price {
  return intent.outcome === outcome ? intent.limit : complement(intent.limit);
}

/**
 * A taker's dollars for a part of a resting order. The maker's own dollars are exact over all its fills; the taker pays what
 * the maker gets, gets what the maker pays, and in a mint or merge has the rest of the dollar per share: it bears the rounding.
 */
export function takerCost({ order, size }: MakerPart, outcome: Outcome): Usdc {
  const cost = makerCost(order, size);
  return (order.intent.outcome === outcome ? cost : size - cost) as Usdc;
}

/** What a taker still wants. */
class Purse {
  done = false;
  readonly #byDollars: boolean;
  #left: number;

  readonly #market: PaperMarket;

  constructor(wanted: Wanted, market: PaperMarket) {
    this.#market = market;
    this.#byDollars = "usdc" in wanted;
    this.#left = "usdc" in wanted ? wanted.usdc : wanted.shares;
  }

  /** How much of a piece of liquidity it takes; `done` when no more is wanted after it. */
  wants(piece: number, price: Price): number {
    const most = this.#byDollars
      ? this.#market.whole(sharesFor(this.#left as Usdc, price), price)
      : this.#left;
    this.done = most <= piece;
    return this.done ? most : piece;
  }

  pay(size: number, dollars: number): void {
    this.#left -= this.#byDollars ? dollars : size;
  }
}

/** The walk through one price. */
class LevelWalk implements Met {
  readonly price: Price;
  size = 0 as Shares;
  cost = 0 as Usdc;
  outside = 0 as Shares;
  outsideCost = 0 as Usdc;
  outsideAfter = 0;
  readonly makers: MakerPart[] = [];
  readonly #taker: Taker;
  readonly #purse: Purse;
  readonly #market: PaperMarket;

  constructor(price: Price, taker: Taker, purse: Purse, market: PaperMarket) {
    this.#market = market;
    this.price = price;
    this.#taker = taker;
    this.#purse = purse;
  }

  /** @param shown what others have there; -1 when they show no such level */
  take(shown: number, orders: readonly PaperOrder[], from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const order = orders[i]!;
      const ahead = Math.min(shown, this.#market.whole(order.ahead, this.price)) - this.outside;
      if (ahead > 0 && this.#others(ahead)) return;
      if (this.#order(order)) return;
    }
    if (shown >= 0) this.#others(shown - this.outside);
  }

  /** Takes of what others show; returns whether the taker has enough. */
  #others(piece: number): boolean {
    const size = this.#purse.wants(piece, this.price);
    if (size <= 0) return this.#purse.done;
    if (this.outside === 0) this.outsideAfter = this.makers.length;
    const total = (this.outside + size) as Shares;
    const cost = notional(total, this.price, this.#taker.side === "buy" ? "up" : "down");
    this.#add(size, cost - this.outsideCost);
    this.outside = total;
    this.outsideCost = cost;
    return this.#purse.done;
  }

  /** Takes of a resting order; returns whether the taker has enough. */
  #order(order: PaperOrder): boolean {
    const size = this.#purse.wants(order.intent.size - order.matched, this.price) as Shares;
    if (size <= 0) return this.#purse.done;
    const part: MakerPart = { order, size };
    this.makers.push(part);
    this.#add(size, takerCost(part, this.#taker.outcome));
    return this.#purse.done;
  }

  #add(size: number, cost: number): void {
    this.size = (this.size + size) as Shares;
    this.cost = (this.cost + cost) as Usdc;
    this.#purse.pay(size, cost);
  }
}
