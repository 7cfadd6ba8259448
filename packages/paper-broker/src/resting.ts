import { complement, PRICE_ONE, type MarketTrade, type Price, type Side } from "@matchpoint/sdk";
import { fillResting } from "./fills.ts";
import type { PaperMarket } from "./market.ts";
import type { Matching } from "./matching.ts";
import type { FillModel } from "./options.ts";
import type { PaperOrder } from "./records.ts";
import type { Venue } from "./venue.ts";
import { fellLikely, fellWorst, passedBy, passLikely, passWorst } from "./queue.ts";
import { NOBODY, walk } from "./walk.ts";

/** How eager an order is: of two that could trade, the one that bids more (or asks less) comes first, then the older one. */
function eagerFirst(a: PaperOrder, b: PaperOrder): number {
  return eagerness(b) - eagerness(a) || a.seq - b.seq;
}

/** The same where accounts compete: of two equally eager ones (given in that order) the one that entered the book first. */
function eagerBefore(a: PaperOrder, b: PaperOrder): number {
  return eagerness(b) - eagerness(a);
}

function eagerness({ intent }: PaperOrder): number {
  return intent.side === "buy" ? intent.limit : PRICE_ONE - intent.limit;
}

/**
 * When resting orders are filled by the outside world.
 *
 * | | `queue`, `worst_queue` | `touch` | `through` |
 * |---|---|---|---|
 * | print at our price, taker against us | what exceeds the shares ahead of us | the printed size | – |
 * | print beyond our price, taker against us | the printed size | same | same |
 * | the other side shows size at our price | that size | same | – |
 * | the other side shows size beyond our price | that size | same | same |
 *
 * *Ahead* is the size displayed at our price when we joined. Prints at the price use it up; how it shrinks when others cancel is
 * where the two queues differ (`queue.ts`). A trade shows twice, as a print and as a smaller
 * level, in either order, and counts once: what a level change took off `ahead` is credited against prints of the next
 * `print_match_ms`. A print that says that it happened before an order was there does not concern it; one that does not say
 * when is first taken for what the level lost in the `print_match_ms` before the order joined. Prints by takers on our own
 * side took the other ladder, which counts by what it shows. Size that the
 * other side shows is consumed by the same rule as a taker's. Fills are at our own price; the orders of all accounts share what
 * comes by price, then by age. While the venue restarts nothing is filled.
 */
export class Resting {
  readonly #venue: Venue;
  readonly #matching: Matching;
  readonly #model: FillModel;
  readonly #window: number;
  readonly #exponent: number;
  readonly #first: (a: PaperOrder, b: PaperOrder) => number;

  constructor(venue: Venue, matching: Matching) {
    this.#venue = venue;
    this.#matching = matching;
    this.#model = venue.settings.fillModel;
    this.#window = venue.settings.printMatch;
    this.#exponent = venue.settings.queueExponent;
    this.#first = venue.settings.shared ? eagerBefore : eagerFirst;
  }

  /** After a change of the book, when orders of ours rest in it. */
  onBook(market: PaperMarket, now: number): void {
    if (!market.usable || this.#venue.openness(now).mode === "RESTARTING") return;
    let crossed = 0;
    let blind = 0;
    for (const order of market.resting) {
      if (order.blind) {
        blind++;
        continue;
      }
      const shown = market.displayed(order);
      if (this.#model === "queue") fellLikely(order, shown, this.#exponent, this.#window, now);
      else fellWorst(order, shown, this.#window, now);
      if (this.#met(order, market)) crossed++;
    }
    if (blind > 0) {
      for (const order of market.resting.filter((each) => each.blind))
        this.#matching.enterBlind(order, market, now);
    }
    if (crossed > 0) {
      const met = market.resting.filter((order) => this.#met(order, market)).sort(this.#first);
      for (const order of met) this.#trade(order, market, now);
    }
  }

  /** After a public trade, when orders of ours rest in its market. */
  onPrint(market: PaperMarket, print: MarketTrade, now: number): void {
    if (this.#venue.openness(now).mode === "RESTARTING") return;
    const { occurredAt } = print;
    let left = print.size as number;
    const hit = market.resting.filter((order) => {
      if (!reaches(print, order, market)) return false;
      if (occurredAt === undefined || occurredAt >= this.#venue.venueWall(order.restedAt)) return true;
      // It happened before the order was there. What its level lost by it was seen before, or has been credited since.
      if (printPrice(print, order) === order.intent.limit) {
        const before = Math.min(print.size, order.prior);
        order.prior -= before;
        const since = print.size - before;
        if (this.#model === "queue") passLikely(order, Math.min(since, order.lost), this.#window, now);
        else order.credit = Math.max(0, order.credit - since);
      }
      return false;
    });
    hit.sort(this.#first);
    for (const order of hit) {
      const { limit, size } = order.intent;
      let ours = left;
      if (printPrice(print, order) !== limit) {
        passedBy(order);
      } else if (this.#model === "through") {
        continue;
      } else if (this.#model !== "touch") {
        const pass = this.#model === "queue" ? passLikely : passWorst;
        ours = pass(order, this.#later(order, left, occurredAt, now), this.#window, now);
      }
      const filled = market.whole(Math.min(ours, size - order.matched), limit);
      if (filled <= 0) continue;
      left -= filled;
      fillResting(this.#venue, order, market, filled, now);
    }
  }

  /** What of a print may have happened since an order is there: all, when it says so; else not what its level lost before. */
  #later(order: PaperOrder, printed: number, occurredAt: number | undefined, now: number): number {
    if (occurredAt !== undefined || order.prior === 0) return printed;
    if (now - order.restedAt > this.#window) order.prior = 0;
    const earlier = Math.min(printed, order.prior);
    order.prior -= earlier;
    return printed - earlier;
  }

  /** The worst price of the other side that fills an order. */
  #reach({ intent }: PaperOrder): Price {
    if (this.#model !== "through") return intent.limit;
    return (intent.side === "buy" ? intent.limit - 1 : intent.limit + 1) as Price;
  }

  #met(order: PaperOrder, market: PaperMarket): boolean {
    return !order.blind && market.meets(order.intent.outcome, order.intent.side, this.#reach(order));
  }

  #trade(order: PaperOrder, market: PaperMarket, now: number): void {
    const { outcome, side, size } = order.intent;
    const taker = { outcome, side, limit: this.#reach(order) };
    let sum = 0;
    for (const { price, outside } of walk(market, taker, { shares: size - order.matched }, NOBODY).met) {
      market.take(outcome, side, price, outside);
      sum += outside;
    }
    if (sum === 0) return;
    fillResting(this.#venue, order, market, sum, now);
  }
}

/** Whether a print was by a taker against an order, at its price or beyond. */
function reaches(print: MarketTrade, order: PaperOrder, market: PaperMarket): boolean {
  const { outcome, side, limit } = order.intent;
  if (order.blind || (outcome !== print.outcome && !market.description.mirrored)) return false;
  const taker: Side = outcome === print.outcome ? print.side : print.side === "buy" ? "sell" : "buy";
  if (taker === side) return false;
  const price = printPrice(print, order);
  return side === "buy" ? price <= limit : price >= limit;
}

/** A print's price seen from an order's outcome. */
function printPrice(print: MarketTrade, order: PaperOrder): Price {
  return order.intent.outcome === print.outcome ? print.price : complement(print.price);
}
