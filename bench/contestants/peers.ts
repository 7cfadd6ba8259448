// The peers, each called as its own README does. Their socket is replaced by an object that hands each frame to the very
// listener that they put on theirs, so no network is measured. They are not typed here: they are only there once installed.
import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import type { Contestant, Setup } from "../contestant.ts";
import { load, require, type Foreign } from "../foreign.ts";
import type { Traffic } from "../traffic.ts";
import { traffic } from "./ingest.ts";

/** Frames between two turns of the event loop: about what one read of a socket (64 KiB) brings. */
const BATCH = 64;

const tokensOf = ({ markets }: Traffic): string[] =>
  markets.flatMap(({ outcomes }) => outcomes.map(({ tokenId }) => tokenId as string));

/** Hands all frames over, in batches; then waits until what they set off has run. */
async function feed<T>(frames: readonly T[], take: (frame: T) => void): Promise<void> {
  for (let i = 0; i < frames.length; i++) {
    take(frames[i]!);
    if (i % BATCH === BATCH - 1) await turn();
  }
  await turn();
  await turn();
}

/** The `ws` socket as `@nevuamarkets/poly-websockets` uses it. */
class FakeWs extends EventEmitter {
  readonly readyState = 1;
  send(): void {}
  ping(): void {}
  close(): void {}
}

function connect(manager: Foreign): FakeWs {
  const socket = new FakeWs();
  manager.connect = async () => {
    manager.wsClient = socket;
    manager.setupEventHandlers();
    socket.emit("open");
  };
  return socket;
}

/** README: a manager with `onBook`, `onPriceChange` and the derived `onPolymarketPriceUpdate`. It takes bytes and keeps the book. */
export const nevua: Setup = async (task) => {
  const { WSSubscriptionManager } = require("@nevuamarkets/poly-websockets");
  const made = traffic(task);
  let seen = 0;
  const count = async (events: readonly unknown[]): Promise<void> => {
    seen += events.length;
  };
  const manager = new WSSubscriptionManager({
    onBook: count,
    onPriceChange: count,
    onPolymarketPriceUpdate: count,
    onError: fail,
  });
  const socket = connect(manager);
  await manager.addSubscriptions(tokensOf(made));
  await turn();
  return contestant(
    made,
    async () => {
      const before = seen;
      await feed(made.frames, (frame) => socket.emit("message", frame));
      return seen - before;
    },
    () => manager.clearState(),
  );
};

async function fail(error: Error): Promise<void> {
  throw error;
}

/** `watchOrderBook` in a loop per token, as its README does; the frames come in through the library that it is built on. */
export const pmxt: Setup = async (task) => {
  const { PolymarketWebSocket } = require("pmxt-core/dist/exchanges/polymarket/websocket.js");
  const made = traffic(task);
  const exchange = new PolymarketWebSocket(async () => ({}), { watchTimeoutMs: 0 });
  await exchange.ensureInitialized();
  const socket = connect(exchange.manager);
  const tokens = tokensOf(made);
  await exchange.manager.addSubscriptions(tokens);
  await turn();
  const loops = watching(tokens, (token) => exchange.watchOrderBook(token));
  return contestant(
    made,
    async () => {
      const before = loops.seen;
      await feed(made.frames, (frame) => socket.emit("message", frame));
      return loops.seen - before;
    },
    () => exchange.close(),
  );
};

/** Only its own handlers behind a `JSON.parse`: the least that it could cost. */
export const pmxtHandlers: Setup = (task) => {
  const { PolymarketWebSocket } = require("pmxt-core/dist/exchanges/polymarket/websocket.js");
  const made = traffic(task);
  const exchange = new PolymarketWebSocket(async () => ({}), {});
  const texts = made.frames.map((frame) => frame.toString());
  return contestant(made, () => {
    for (const text of texts) {
      for (const event of JSON.parse(text)) {
        if (event.event_type === "book") exchange.handleBookSnapshot(event);
        else if (event.event_type === "price_change") exchange.handlePriceChange(event);
        else exchange.handleTrade(event);
      }
    }
    return exchange.orderBooks.size;
  });
};

/** `watchOrderBook` in a loop per token, as its README does; frames as text, as its socket's `onmessage` has them. */
export const ccxt: Setup = async (task) => {
  const { default: library } = await load("ccxt");
  const made = traffic(task);
  const exchange = new library.prediction.polymarket();
  exchange.outcomes = {};
  exchange.outcomes_by_id = {};
  for (const { marketId, outcomes } of made.markets) {
    for (const { tokenId, name } of outcomes) {
      const outcome = {
        outcome: `${marketId}:${name}`,
        outcomeId: tokenId,
        market: marketId,
        label: name,
        info: {},
      };
      exchange.outcomes[outcome.outcome] = outcome;
      exchange.outcomes_by_id[tokenId] = outcome;
    }
  }
  const client = exchange.client(exchange.urls.api.ws);
  client.connect = () => client.connected;
  client.send = async () => undefined;
  client.isOpen = () => true;
  client.connected.resolve(true);
  const texts = made.frames.map((frame) => frame.toString());
  const loops = watching(tokensOf(made), (token) => exchange.watchOrderBook(token));
  await turn();
  return contestant(made, async () => {
    const before = loops.seen;
    client.onMessage({ data: "PONG" }); // what its heartbeat waits for
    await feed(texts, (data) => client.onMessage({ data }));
    return loops.seen - before;
  });
};

/** Calls a `watch…` method again as soon as it answers, for each token. */
function watching(tokens: readonly string[], watch: (token: string) => Promise<Foreign>): { seen: number } {
  const loops = { seen: 0 };
  const loop = async (token: string): Promise<void> => {
    for (;;) {
      const found = await watch(token);
      loops.seen += found.bids.length > 0 ? 1 : 0;
    }
  };
  for (const token of tokens) void loop(token);
  return loops;
}

/** The global `WebSocket` as `@polymarket/client` uses it. */
class FakeWebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static last: FakeWebSocket;
  readyState = 1;
  readonly listeners: ((event: { data: unknown }) => void)[] = [];

  constructor() {
    super();
    FakeWebSocket.last = this;
    setImmediate(() => this.dispatchEvent(new Event("open")));
  }
  override addEventListener(type: string, listener: Foreign, options?: Foreign): void {
    if (type === "message") this.listeners.push(listener);
    else super.addEventListener(type, listener, options);
  }
  send(text: string): void {
    // Unanswered, its heartbeat would close the socket after half a minute.
    if (text === "PING") for (const listener of this.listeners) listener({ data: "PONG" });
  }
  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

/** `for await` over `client.subscribe`, which checks every event and keeps no book. */
function official(subscriptions: number): Setup {
  return async (task) => {
    Object.assign(globalThis, { WebSocket: FakeWebSocket });
    const { createPublicClient } = await load("@polymarket/client");
    const made = traffic(task);
    const client = createPublicClient();
    const tokens = tokensOf(made);
    const each = tokens.length / subscriptions;
    let seen = 0;
    for (let i = 0; i < subscriptions; i++) {
      const stream = await client.subscribe([
        { topic: "market", tokenIds: tokens.slice(i * each, (i + 1) * each) },
      ]);
      void (async () => {
        for await (const event of stream) seen += (event as { type: string }).type.length;
      })();
    }
    const texts = made.frames.map((frame) => frame.toString());
    return contestant(made, async () => {
      const before = seen;
      const { listeners } = FakeWebSocket.last;
      await feed(texts, (data) => {
        for (const listener of listeners) listener({ data });
      });
      return seen - before;
    });
  };
}

export const official1: Setup = official(1);
export const official20: Setup = official(20);

function contestant(made: Traffic, round: () => number | Promise<number>, close?: () => unknown): Contestant {
  return {
    size: made.frames.length,
    round,
    close: async () => {
      await close?.();
    },
  };
}
