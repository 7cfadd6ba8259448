import { MatchpointError } from "@matchpoint/sdk";

/** The highest price in mills ($0.001); prices of resting orders lie strictly between 0 and this. */
export const MILLS = 1_000;

/** Which way an order goes, in terms of the first outcome: buying the second at q is selling the first at 1 - q. */
export type BookSide = "bid" | "ask";

/** Who an order belongs to; told of its fills. */
export interface OrderOwner {
  /** `size` micro-shares of the owner's order matched at `price` mills. */
  onFill(order: RestingOrder, size: number, price: number): void;
}

/** An order in the book. */
export interface RestingOrder {
  readonly owner: OrderOwner;
  readonly market: number;
  readonly side: BookSide;
  readonly price: number;
  /** Which outcome's token it was made for; decides how it is shown. */
  readonly token: 0 | 1;
  /** Micro-shares left; 0 once it is filled or cancelled. */
  size: number;
}

/** A part of a match at one price. */
export interface Fill {
  readonly price: number;
  readonly size: number;
  /** The token that the first maker used there. */
  readonly token: 0 | 1;
}

interface Level {
  total: number;
  /** Oldest first; from `head` on. */
  orders: RestingOrder[];
  head: number;
}

/**
 * The one book of a market, both outcomes in it: price-time priority, the taker gets the maker's price. It is never crossed,
 * because an order that would cross matches first.
 */
export class SimBook {
  readonly #levels: { readonly bid: (Level | undefined)[]; readonly ask: (Level | undefined)[] } = {
    bid: [],
    ask: [],
  };
  #bid = 0;
  #ask = MILLS;
  /** No bid has ever been lower, no ask higher. */
  #lowest = MILLS;
  #highest = 0;

  /** Best bid in mills; 0 when there is none. */
  get bid(): number {
    return this.#bid;
  }

  /** Best ask in mills; 1,000 when there is none. */
  get ask(): number {
    return this.#ask;
  }

  /** Micro-shares at a level. */
  sizeAt(side: BookSide, price: number): number {
    return this.#levels[side][price]?.total ?? 0;
  }

  /** Calls back with every level, the best first. */
  eachLevel(side: BookSide, visit: (price: number, size: number) => void): void {
    if (side === "bid") {
      for (let price = this.#bid; price >= this.#lowest; price--) this.#visit(side, price, visit);
    } else {
      for (let price = this.#ask; price <= this.#highest; price++) this.#visit(side, price, visit);
    }
  }

  #visit(side: BookSide, price: number, visit: (price: number, size: number) => void): void {
    const size = this.sizeAt(side, price);
    if (size > 0) visit(price, size);
  }

  /** All orders, for a venue that cancels them. */
  orders(): RestingOrder[] {
    const list: RestingOrder[] = [];
    for (const side of ["bid", "ask"] as const) {
      for (const level of this.#levels[side]) {
        if (level === undefined) continue;
        for (let i = level.head; i < level.orders.length; i++) {
          if (level.orders[i]!.size > 0) list.push(level.orders[i]!);
        }
      }
    }
    return list;
  }

  /** Puts an order at the end of its level's queue. It must not cross. @throws `MatchpointError` `INVARIANT` */
  rest(order: RestingOrder): void {
    wholeMicros(order.size);
    const levels = this.#levels[order.side];
    const level = (levels[order.price] ??= { total: 0, orders: [], head: 0 });
    level.orders.push(order);
    level.total += order.size;
    if (order.side === "bid" && order.price < this.#lowest) this.#lowest = order.price;
    if (order.side === "ask" && order.price > this.#highest) this.#highest = order.price;
    if (order.side === "bid" && order.price > this.#bid) this.#bid = order.price;
    if (order.side === "ask" && order.price < this.#ask) this.#ask = order.price;
  }

  /** Takes an order out. False when nothing of it was left. */
  cancel(order: RestingOrder): boolean {
    if (order.size === 0) return false;
    const level = this.#levels[order.side][order.price]!;
    level.total -= order.size;
    order.size = 0;
    this.#tidy(order.side, order.price, level);
    return true;
  }

  /**
   * Matches up to `size` micro-shares against the other side, down to `limit`; returns what matched, level by level. `onLevel`
   * is called after each of them, when the book is as that left it.
   */
  take(side: BookSide, size: number, limit: number, onLevel: (fill: Fill) => void): Fill[] {
    wholeMicros(size);
    const fills: Fill[] = [];
    const other: BookSide = side === "bid" ? "ask" : "bid";
    let left = size;
    while (left > 0) {
      const price = other === "ask" ? this.#ask : this.#bid;
      const beyond = side === "bid" ? price > limit : price < limit;
      if (price === 0 || price === MILLS || beyond) break;
      const level = this.#levels[other][price]!;
      const got = this.#fill(level, left, price);
      fills.push(got);
      left -= got.size;
      this.#tidy(other, price, level);
      onLevel(got);
    }
    return fills;
  }

  #fill(level: Level, wanted: number, price: number): Fill {
    let left = wanted;
    let token: 0 | 1 | undefined;
    while (left > 0 && level.head < level.orders.length) {
      const order = level.orders[level.head]!;
      if (order.size > 0) {
        token ??= order.token;
        const part = Math.min(order.size, left);
        order.size -= part;
        level.total -= part;
        left -= part;
        order.owner.onFill(order, part, price);
      }
      if (order.size === 0) level.head += 1;
    }
    return { price, size: wanted - left, token: token ?? 0 };
  }

  #tidy(side: BookSide, price: number, level: Level): void {
    if (level.total === 0) {
      this.#levels[side][price] = undefined;
      if (side === "bid" && price === this.#bid) this.#bid = this.#seek("bid", price - 1, -1, 0);
      if (side === "ask" && price === this.#ask) this.#ask = this.#seek("ask", price + 1, 1, MILLS);
    } else if (level.head > 64 && level.head * 2 > level.orders.length) {
      level.orders = level.orders.slice(level.head);
      level.head = 0;
    }
  }

  #seek(side: BookSide, from: number, step: 1 | -1, none: number): number {
    const levels = this.#levels[side];
    for (let price = from; price > 0 && price < MILLS; price += step) {
      if (levels[price] !== undefined) return price;
    }
    return none;
  }
}

function wholeMicros(size: number): void {
  if (!Number.isSafeInteger(size) || size <= 0) {
    throw new MatchpointError("INVARIANT", `an order of ${size} micro-shares`, { where: "SimBook" });
  }
}
