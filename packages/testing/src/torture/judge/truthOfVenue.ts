import type { ChainEntry, HistoryEntry, VenueOrderEntry, VenueTradeEntry } from "../history.ts";
import { worthOf } from "./account.ts";

/** What truly became of an order: what was sent, what arrived, and the venue's last word. */
export interface TrueOrder {
  readonly orderId: string;
  /** Lineage of the program that sent it. */
  lineage: number | undefined;
  posts: number;
  /** When it left last, in the world's time, and for which market. */
  postedAt: number;
  marketId: string | undefined;
  /** What came to the engine: the order as it was sent, or only what the network made of it. */
  arrived: "sent" | "copied" | undefined;
  /** When that was, in the world's time. */
  arrivedAt: number;
  /** What the program was told when it sent it. */
  reply: string | undefined;
  status: VenueOrderEntry["status"] | undefined;
  /** Everything that the venue has ever said of it. */
  readonly said: Set<VenueOrderEntry["status"]>;
  /** Shares that were matched, whether they settled or not. */
  matched: number;
}

interface TrueTrade {
  readonly entry: VenueTradeEntry;
  status: VenueTradeEntry["status"];
  /** When it was matched, or failed. */
  bookedAt: number;
}

/** Cash and shares as they must be when all that truly happened is added up: one account per lineage, and the wallet's own. */
export class TrueBooks {
  cash = 0;
  readonly positions = new Map<string, number>();
  /** When something was last booked. */
  changedAt = -1;

  /** The books as they are now. */
  copy(): TrueBooks {
    const next = new TrueBooks();
    next.cash = this.cash;
    next.changedAt = this.changedAt;
    for (const [key, shares] of this.positions) next.positions.set(key, shares);
    return next;
  }

  move(marketId: string, outcome: number, shares: number): void {
    const key = `${marketId} ${outcome}`;
    this.positions.set(key, (this.positions.get(key) ?? 0) + shares);
  }
}

/** The venue's and the chain's own history, added up by double entry. */
export class TruthOfVenue {
  readonly orders = new Map<string, TrueOrder>();
  readonly wallet = new TrueBooks();
  readonly byLineage = new Map<number, TrueBooks>();
  readonly payouts = new Map<string, readonly [number, number]>();
  /** Dollars that were moved by somebody else. */
  transferred = false;
  readonly #trades = new Map<string, TrueTrade>();
  readonly #actions = new Map<string, ChainEntry>();

  constructor(collateral: number) {
    this.wallet.cash = collateral;
  }

  booksOf(lineage: number): TrueBooks {
    let books = this.byLineage.get(lineage);
    if (books === undefined) {
      books = new TrueBooks();
      this.byLineage.set(lineage, books);
    }
    return books;
  }

  order(orderId: string): TrueOrder {
    let order = this.orders.get(orderId);
    if (order === undefined) {
      order = {
        orderId,
        lineage: undefined,
        posts: 0,
        postedAt: -Infinity,
        marketId: undefined,
        arrived: undefined,
        arrivedAt: 0,
        reply: undefined,
        status: undefined,
        said: new Set(),
        matched: 0,
      };
      this.orders.set(orderId, order);
    }
    return order;
  }

  /** Trades of ours that are neither confirmed nor failed. */
  *unsettled(): IterableIterator<VenueTradeEntry> {
    for (const { entry, status } of this.#trades.values())
      if (status !== "CONFIRMED" && status !== "FAILED") yield entry;
  }

  /** Trades of a line of starts that have stood, or have failed, since before a moment. */
  *tradesOf(lineage: number, before: number): IterableIterator<readonly [VenueTradeEntry, boolean]> {
    for (const { entry, status, bookedAt } of this.#trades.values()) {
      if (bookedAt < before && this.order(entry.orderId).lineage === lineage)
        yield [entry, status !== "FAILED"];
    }
  }

  /** Books with a trade of somebody else's that a person has said to be the account's own: as it stands at the venue. */
  addTrade(books: TrueBooks, orderId: string, tradeId: string): void {
    const known = this.#trades.get(`${orderId} ${tradeId}`);
    if (known !== undefined && known.status !== "FAILED") move(books, known.entry, 1);
  }

  /** Dollars that an action of a line of starts has brought, once it is final. */
  broughtBy(lineage: number, actionId: string): number {
    const known = this.#actions.get(`${lineage} ${actionId}`);
    return known?.status === "FINAL" ? (known.proceeds ?? this.#worth(known)) : 0;
  }

  /** @param lineageOf - whose a life is */
  take(entry: HistoryEntry, lineageOf: (life: number) => number): void {
    switch (entry.kind) {
      case "post": {
        const order = this.order(entry.orderId);
        order.posts += 1;
        order.postedAt = entry.at;
        order.marketId = entry.intent.marketId;
        order.lineage ??= lineageOf(entry.life);
        return;
      }
      case "post_reply":
        this.order(entry.orderId).reply = entry.outcome;
        return;
      case "arrival": {
        const order = this.order(entry.orderId);
        if (order.arrived === undefined) order.arrivedAt = entry.at;
        order.arrived = entry.copy === 1 ? "sent" : (order.arrived ?? "copied");
        return;
      }
      case "venue_order": {
        const order = this.order(entry.orderId);
        order.status = entry.status;
        order.said.add(entry.status);
        return;
      }
      case "venue_trade":
        this.#trade(entry);
        return;
      case "chain":
        this.#chain(entry, lineageOf(entry.life));
        return;
      case "transfer":
        this.transferred = true;
        if (entry.marketId === undefined) this.wallet.cash += entry.amount;
        else this.wallet.move(entry.marketId, entry.outcome ?? 0, entry.amount);
        return;
      case "resolution":
        this.payouts.set(entry.marketId, entry.payouts);
        return;
      default:
        return;
    }
  }

  #trade(entry: VenueTradeEntry): void {
    const key = `${entry.orderId} ${entry.tradeId}`;
    const known = this.#trades.get(key);
    if (known === undefined) {
      this.#trades.set(key, { entry, status: entry.status, bookedAt: entry.at });
      this.order(entry.orderId).matched += entry.size;
      if (entry.status !== "FAILED") this.#book(entry, 1, entry.at);
      return;
    }
    if (known.status === "FAILED") return;
    known.status = entry.status;
    if (entry.status !== "FAILED") return;
    known.bookedAt = entry.at;
    this.#book(known.entry, -1, entry.at);
  }

  #book(entry: VenueTradeEntry, sign: 1 | -1, at: number): void {
    const { lineage } = this.order(entry.orderId);
    const books = lineage === undefined ? [this.wallet] : [this.wallet, this.booksOf(lineage)];
    for (const each of books) {
      each.changedAt = at;
      move(each, entry, sign);
    }
  }

  /** An action is what it is by its id and the one who asked for it; it is final once. */
  #chain(entry: ChainEntry, lineage: number): void {
    const { action, status, proceeds } = entry;
    const key = `${lineage} ${action.actionId}`;
    const known = this.#actions.get(key);
    if (known?.status === "FINAL") return;
    this.#actions.set(key, entry);
    if (status !== "FINAL") return;
    const sign = action.kind === "split" ? 1 : -1;
    const cash = proceeds ?? this.#worth(entry);
    for (const books of [this.wallet, this.booksOf(lineage)]) {
      books.changedAt = entry.at;
      books.cash += cash;
      for (const outcome of [0, 1] as const)
        books.move(action.marketId, outcome, sign * action.amounts[outcome]);
    }
  }

  #worth({ action: { kind, marketId, amounts } }: ChainEntry): number {
    if (kind === "merge") return amounts[0];
    if (kind === "split") return 0 - amounts[0];
    const [first, second] = this.payouts.get(marketId) ?? [0, 0];
    return worthOf(amounts[0], first) + worthOf(amounts[1], second);
  }
}

function move(
  books: TrueBooks,
  { marketId, outcome, side, size, cost, fee }: VenueTradeEntry,
  sign: 1 | -1,
): void {
  books.cash += sign * (side === "buy" ? 0 - cost - fee : cost - fee);
  books.move(marketId, outcome, sign * (side === "buy" ? size : 0 - size));
}
