// From an event to the code that takes it: nothing but the call, and the queue in between.
import { EventEmitter } from "node:events";
import { Bus, type BookDelta, type Nanos, type MarketId, type Millis } from "@matchpoint/sdk";
import { keep, type Contestant, type Setup } from "../contestant.ts";

const EVENTS = 200_000;

const made = (): BookDelta[] =>
  Array.from({ length: EVENTS }, (_, i) => ({
    type: "book_delta",
    marketId: `m${i % 10}` as MarketId,
    levels: [0, 5_000, 1_000_000],
    bestBid: 5_000,
    bestAsk: 5_010,
    at: i as Nanos,
    receivedAt: i as Millis,
  }));

function over(events: readonly BookDelta[], passes: number, pass: () => number): Contestant {
  return {
    size: events.length * passes,
    round: () => {
      let check = 0;
      for (let i = 0; i < passes; i++) check += pass();
      return check;
    },
  };
}

/** Handlers per market, called directly. */
export const direct: Setup = () => {
  const events = made();
  const handlers = new Map<string, (event: BookDelta) => void>();
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    handlers.set(`m${i}`, (event) => {
      sum += event.levels[1]! + i;
    });
  }
  return over(events, 20, () => {
    sum = 0;
    for (const event of events) handlers.get(event.marketId)!(event);
    return sum;
  });
};

/** The bus: a queue per market with its marks and its merging, filled and drained event by event. */
export const bus: Setup = () => {
  const events = made();
  return over(events, 10, () => {
    const queues = keep(new Bus());
    let sum = 0;
    for (const event of events) {
      queues.offer(event);
      for (let next = queues.take(); next !== undefined; next = queues.take())
        sum += (next as BookDelta).levels[1]!;
    }
    return sum;
  });
};

/** `node:events`. */
export const emitter: Setup = () => {
  const events = made();
  const emitting = new EventEmitter();
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    emitting.on(`m${i}`, (event: BookDelta) => {
      sum += event.levels[1]! + i;
    });
  }
  return over(events, 20, () => {
    sum = 0;
    for (const event of events) emitting.emit(event.marketId, event);
    return sum;
  });
};
