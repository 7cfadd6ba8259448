// Level updates on a ladder of a hundred levels a side: the book alone, changes and statements ready in memory.
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import { MarketBook, type BookDelta, type BookSnapshot, type Millis, type Nanos } from "@matchpoint/sdk";
import { keep, type Setup, type Task } from "../contestant.ts";
import { load, require } from "../foreign.ts";
import { traffic } from "./ingest.ts";

function events(task: Task): {
  readonly first: BookSnapshot;
  readonly deltas: BookDelta[];
  readonly market: ReturnType<typeof traffic>["markets"][0];
} {
  const { frames, markets } = traffic(task);
  const market = markets[0]!;
  let first: BookSnapshot | undefined;
  const deltas: BookDelta[] = [];
  const decoder = createMarketDecoder(new TokenIndex([market]));
  for (const frame of frames) {
    decoder.decode(frame, 0, frame.length, { at: 0 as Nanos, receivedAt: 0 as Millis }, (event) => {
      if (event.type === "book_snapshot") first ??= event;
      if (event.type === "book_delta") deltas.push(event);
    });
  }
  return { first: first!, deltas, market };
}

/** `MarketBook.apply` with everything that it checks; `group` levels in each event. */
function applying(group: number): Setup {
  return (task) => {
    const { first, deltas, market } = events(task);
    const list: BookDelta[] = [];
    for (let i = 0; i < deltas.length; i += group) {
      const some = deltas.slice(i, i + group);
      list.push({ ...some.at(-1)!, levels: some.flatMap(({ levels }) => levels) });
    }
    const passes = group === 1 ? 1_000 : 3_000;
    return {
      size: passes * deltas.length,
      round: () => {
        let check = 0;
        const book = keep(new MarketBook(market));
        for (let i = 0; i < passes; i++) {
          book.apply(first);
          for (const delta of list) check += book.apply(delta);
        }
        return check + book.bid(0);
      },
    };
  };
}

/** One level an event, as the venue sends them. */
export const ours: Setup = applying(1);
/** Many levels an event: the update itself. */
export const oursBulk: Setup = applying(50);

/** ccxt's order book side: `storeArray`, as its handlers call it. */
export const ccxt: Setup = async (task) => {
  const { default: library } = await load("ccxt");
  const { first, deltas } = events(task);
  const exchange = new library.prediction.polymarket();
  const levels = triples(first.levels);
  const changes = deltas.map((delta) => triples(delta.levels)[0]!);
  const passes = 50;
  return {
    size: passes * changes.length,
    round: () => {
      const book = exchange.orderBook({});
      for (let i = 0; i < passes; i++) {
        book.reset({
          bids: levels.filter(({ buy }) => buy).map(({ price, size }) => [price, size]),
          asks: levels.filter(({ buy }) => !buy).map(({ price, size }) => [price, size]),
          timestamp: 0,
        });
        for (const { buy, price, size } of changes) (buy ? book.bids : book.asks).storeArray([price, size]);
      }
      return book.bids[0][0];
    },
  };
};

/** pmxt-core's `handlePriceChange`, on changes of one level that are objects already. */
export const pmxt: Setup = (task) => {
  const { PolymarketWebSocket } = require("pmxt-core/dist/exchanges/polymarket/websocket.js");
  const { first, deltas } = events(task);
  const exchange = new PolymarketWebSocket(async () => ({}), {});
  const levels = triples(first.levels);
  const text = (buy: boolean): { price: string; size: string }[] =>
    levels
      .filter((level) => level.buy === buy)
      .map(({ price, size }) => ({ price: String(price), size: String(size) }));
  const book = { asset_id: "1", bids: text(true), asks: text(false), timestamp: "1790000000000" };
  const changes = deltas.map((delta) => {
    const { buy, price, size } = triples(delta.levels)[0]!;
    const change = { asset_id: "1", price: String(price), size: String(size), side: buy ? "BUY" : "SELL" };
    return { price_changes: [change], timestamp: "1790000000000" };
  });
  const passes = 10;
  return {
    size: passes * changes.length,
    round: () => {
      for (let i = 0; i < passes; i++) {
        exchange.handleBookSnapshot(book);
        for (const change of changes) exchange.handlePriceChange(change);
      }
      return exchange.orderBooks.get("1").bids[0].price;
    },
  };
};

function triples(flat: readonly number[]): { buy: boolean; price: number; size: number }[] {
  const found = [];
  for (let i = 0; i < flat.length; i += 3) {
    found.push({ buy: flat[i] === 0, price: flat[i + 1]! / 10_000, size: flat[i + 2]! / 1_000_000 });
  }
  return found;
}
